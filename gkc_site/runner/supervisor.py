"""Starts the children, waits for the site, restarts what dies, ends everything."""

import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from gkc_site.runner import services
from gkc_site.runner.children import Child, Guard, die_with

READY_WITHIN_S = 120
STOP_WITHIN_S = 8
BROKER_WITHIN_S = 15
ANSWER_WITHIN_S = 5


class CannotStart(Exception):
    """The message says what to do."""


class Stopped(Exception):
    """A signal asked for the end."""


class Supervisor:
    """One running site. `run()` returns the exit status."""

    def __init__(self, home: Path, port: int):
        self.home = home
        self.port = port
        self.children: list[Child] = []
        self.broker: Child | None = None
        self.guard: Guard | None = None
        self.stop_is_asked = False
        self.is_stopping = False
        self.wakeup, self._wakeup_in = os.pipe()
        os.set_blocking(self._wakeup_in, False)
        os.set_blocking(self.wakeup, False)

    def run(self) -> int:
        """Prepare, start, watch, until a signal comes."""
        signal.set_wakeup_fd(self._wakeup_in, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake up
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.on_signal)
        lock = self.lock_home()
        try:
            self.refuse_taken_port()
            self.guard = Guard()
            env = self.start_broker()
            self.prepare(env)
            self.start_children(env)
            self.wait_until_ready()
            self.announce()
            while True:
                self.watch()
        except Stopped:
            return 0
        except CannotStart as reason:
            say(str(reason))
            return 1
        finally:
            self.stop()
            lock.close()

    def on_signal(self, number, frame) -> None:
        """The first asks the children to stop; a second kills them.

        Only noted here, so that no start of a child is cut in half; see pause().
        """
        if not self.stop_is_asked:
            self.stop_is_asked = True
            return
        for child in [*self.children, self.broker]:
            if child is not None and child.is_running:
                os.killpg(child.process.pid, signal.SIGKILL)

    def lock_home(self):
        """Two supervisors on one home would start two brokers on the same data."""
        self.home.mkdir(parents=True, exist_ok=True)
        lock = (self.home / "runner.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"A site is running in {self.home} already. Stop it, or set GKC_HOME.")
            sys.exit(1)
        return lock

    def refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                raise CannotStart(
                    f"Port {self.port} is in use. Take another: PORT={self.port + 1} make run"
                ) from None

    def prepare(self, env: dict[str, str]) -> None:
        """Tables, pages, static files, demo, in a process that ends afterwards."""
        log = self.home / "logs" / "prepare.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        parent = os.getpid()
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [services.PYTHON, "-m", "gkc_site.runner.prepare"],
                stderr=errors,
                env=env,
                cwd=services.ROOT,
                start_new_session=True,
                preexec_fn=lambda: die_with(parent),
            )
            self.guard.add(process.pid)
            try:
                while process.poll() is None:
                    self.pause(1.0)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGTERM)
                    process.wait()
                self.guard.remove(process.pid)
        if process.returncode:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise CannotStart(f"{tail}\nThe site could not be prepared; all of it: {log}")

    def child(self, name: str, command: list[str], env: dict[str, str]) -> Child:
        log = self.home / "logs" / f"{name}.log"
        child = Child(name, command, log, env, services.ROOT, self.guard)
        child.start()
        return child

    def start_broker(self) -> dict[str, str]:
        """The embedded broker, unless the operator names one; returns the others' environment."""
        command = None
        if not os.environ.get("GKC_BROKER_URL"):
            command = services.broker_command(self.home)
        env = services.child_environment(self.home, self.port, has_broker=command is not None)
        if command:
            services.broker_socket(self.home).unlink(missing_ok=True)
            self.broker = self.child("broker", command, env)
            self.wait_for_broker()
        return env

    def start_children(self, env: dict[str, str]) -> None:
        """What needs the prepared tables."""
        self.children += [
            self.child("web", services.web_command(self.port), env),
            self.child("worker", services.worker_command(), env),
            self.child("beat", services.beat_command(), env),
        ]

    def wait_for_broker(self) -> None:
        deadline = time.monotonic() + BROKER_WITHIN_S
        path = str(services.broker_socket(self.home))
        while time.monotonic() < deadline and self.broker.is_running:
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    probe.connect(path)
                    return
                except OSError:
                    self.pause(0.05)
        raise CannotStart(f"{self.broker.last_lines()}\nThe broker did not start.")

    def wait_until_ready(self) -> None:
        """Until the site answers /healthz/live."""
        web = self.children[0]
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            self.watch(0.1)
            if self.answers():
                return
        raise CannotStart(f"{web.last_lines()}\nThe site did not start; all of it: {web.log}")

    def answers(self) -> bool:
        url = f"http://127.0.0.1:{self.port}/healthz/live"
        try:
            with urllib.request.urlopen(url, timeout=ANSWER_WITHIN_S) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def is_rebuilding(self) -> bool:
        """Whether the site says that its search index is being made anew."""
        url = f"http://127.0.0.1:{self.port}/healthz/ready"
        try:
            try:
                answer = urllib.request.urlopen(url, timeout=ANSWER_WITHIN_S)
            except urllib.error.HTTPError as error:
                answer = error  # no beat yet: not ready, and the parts all the same
            with answer:
                return json.load(answer)["checks"]["index"].get("note") == "rebuilding"
        except (urllib.error.URLError, OSError, ValueError, KeyError):
            return False  # nothing is known of it

    def announce(self) -> None:
        """One line with the address, what is not whole yet, then the demo logins."""
        say(f"ready: http://127.0.0.1:{self.port}/en/")
        if self.is_rebuilding():
            say(
                "  The search index is being made anew; until that is done, searches find a part."
                " See manage.py search_status."
            )
        logins = self.home / "demo-logins.json"
        if logins.exists():
            for login in json.loads(logins.read_text()):
                say(f"  {login['role']:<22} {login['email']:<34} {login['password']}")

    def watch(self, timeout_s: float = 1.0) -> None:
        """Wait for an event, then start again what ended and has waited long enough."""
        self.pause(timeout_s)
        self.guard.ensure()
        for child in filter(None, [self.broker, *self.children]):
            if child.is_running:
                continue
            if child.start_again_at is None:
                status = child.process.returncode
                wait_s = child.note_end()
                say(
                    f"{child.name} ended (status {status}); "
                    f"starting it again in {wait_s:.0f} s; see {child.log}"
                )
            elif time.monotonic() >= child.start_again_at:
                child.start()

    def pause(self, timeout_s: float) -> None:
        """Sleep until a signal (a child's end is one) or the timeout.

        Raises Stopped when a signal has asked for the end.
        """
        ready, _out, _err = select.select([self.wakeup], [], [], timeout_s)
        if ready:
            os.read(self.wakeup, 512)
        if self.stop_is_asked and not self.is_stopping:
            raise Stopped

    def stop(self) -> None:
        """Ask all but the broker to stop, then the broker; kill what does not."""
        self.is_stopping = True
        for group in (self.children, [self.broker] if self.broker else []):
            for child in group:
                child.ask_to_stop()
            deadline = time.monotonic() + STOP_WITHIN_S
            while any(child.is_running for child in group) and time.monotonic() < deadline:
                self.pause(0.1)
            for child in group:
                child.kill()
        if self.guard:
            self.guard.close()


def say(line: str) -> None:
    print(line, flush=True)
