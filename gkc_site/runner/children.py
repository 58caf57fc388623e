"""One supervised process: its own process group, its own log, restarted with backoff."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FIRST_BACKOFF_S = 1.0
LONGEST_BACKOFF_S = 30.0
STEADY_AFTER_S = 60.0  # a child that lived this long starts with the first backoff again
LARGEST_LOG = 10 * 1024 * 1024  # bytes; at a start the older part moves to .1
PR_SET_PDEATHSIG = 1  # linux/prctl.h

_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def die_with(parent: int) -> None:
    """Linux: this process gets SIGTERM when its parent goes, even by kill -9."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it went before the call
            os._exit(1)


class Guard:
    """The process that ends the groups when the supervisor is killed -9."""

    def __init__(self):
        self.groups: set[int] = set()
        self.process: subprocess.Popen | None = None
        self.start()

    def start(self) -> None:
        """Start it, and tell it of what runs already."""
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for group in self.groups:
            self._say(f"+{group}")

    def add(self, group: int) -> None:
        self.groups.add(group)
        self._say(f"+{group}")

    def remove(self, group: int) -> None:
        self.groups.discard(group)
        self._say(f"-{group}")

    def _say(self, line: str) -> None:
        if self.process.stdin.closed:
            return  # it was let go
        try:
            self.process.stdin.write(f"{line}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self.ensure()

    def ensure(self) -> None:
        """Start it again if somebody killed it."""
        if self.process.poll() is not None:
            self.start()

    def close(self) -> None:
        """Let it go: nothing is left to end."""
        self.process.stdin.close()
        self.process.wait()


@dataclass
class Child:
    """A command that is kept running."""

    name: str
    command: list[str]
    log: Path
    env: Mapping[str, str]
    folder: Path
    guard: Guard
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    backoff_s: float = FIRST_BACKOFF_S
    start_again_at: float | None = field(default=None)

    def start(self) -> None:
        """Start the process as leader of a new session and group."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        parent = os.getpid()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.env),
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=lambda: die_with(parent),
            )
        self.started_at = time.monotonic()
        self.start_again_at = None
        self.guard.add(self.process.pid)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def note_end(self) -> float:
        """The process ended by itself: clear its group away, return seconds to the next start."""
        self.kill()
        now = time.monotonic()
        if now - self.started_at > STEADY_AFTER_S:
            self.backoff_s = FIRST_BACKOFF_S
        wait_s = self.backoff_s
        self.start_again_at = now + wait_s
        self.backoff_s = min(self.backoff_s * 2, LONGEST_BACKOFF_S)
        return wait_s

    def ask_to_stop(self) -> None:
        """SIGTERM to the leader, which ends its own children in order."""
        if self.is_running:
            self.process.terminate()

    def kill(self) -> None:
        """SIGKILL to whatever is left of the group, and reap the leader."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self.process.wait()
        self.guard.remove(self.process.pid)

    def last_lines(self, count: int = 15) -> str:
        """The end of the log, for the console."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
