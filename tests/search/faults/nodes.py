"""Nodes of Elasticsearch that a test may kill, stop and start."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from elasticsearch import Elasticsearch  # noqa: TID251 - the network's edge, spoken to directly

from tests.processes import ROOT

SERVICES = ROOT / "scripts" / "services"
HOME = Path(tempfile.gettempdir()) / f"gkc-services-faults-{os.getuid()}"


class Nodes:
    """One node, or a cluster of three, started by scripts/services on ports of their own."""

    def __init__(self, service: str, ports: list[int]):
        self.service = service
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self._environment = os.environ | {
            "GKC_SERVICES": "process",
            "GKC_SERVICES_HOME": str(HOME),
            "ELASTICSEARCH_PORT": str(ports[0]),
            "ELASTICSEARCH_CLUSTER_PORT": str(ports[0]),
            "ELASTICSEARCH_HEAP": "400m",
        }

    @property
    def client(self) -> Elasticsearch:
        return Elasticsearch(self.urls, request_timeout=30, max_retries=3)

    def _services(self, what: str) -> str:
        done = subprocess.run(
            [SERVICES, what, self.service],
            env=self._environment,
            check=True,
            timeout=400,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def start(self) -> None:
        """Start what is down; data of an earlier life is kept."""
        self._services("start")
        self.client.cluster.health(wait_for_status="yellow", timeout="60s")

    def stop(self) -> None:
        self._services("stop")

    def pids(self) -> list[int]:
        return [int(pid) for pid in self._services("pids").split()]

    def kill(self, number: int = 0) -> None:
        """kill -9, and wait until it is gone."""
        pid = self.pids()[number]
        os.kill(pid, signal.SIGKILL)
        until(lambda: not _is_alive(pid), 30)

    def pause(self) -> None:
        """The node is there, takes connections, and answers nothing."""
        for pid in self.pids():
            os.kill(pid, signal.SIGSTOP)

    def resume(self) -> None:
        for pid in self.pids():
            os.kill(pid, signal.SIGCONT)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def until(condition: Callable[[], object], seconds: float, every_s: float = 0.1) -> None:
    """Wait for a condition. Fails after `seconds`."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s"
        pause.wait(every_s)


def starved_s() -> float:
    """Seconds that this thread was ready to run and did not; 0 where the system does not tell."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0
