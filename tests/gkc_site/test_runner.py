"""`make run` ends every process it started, however it ends, and starts again what dies."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from gkc_site.runner import guard as guard_module
from gkc_site.runner import services
from gkc_site.runner.children import FIRST_BACKOFF_S, Child, Guard
from gkc_site.runner.prepare import collect_static_files, static_digest

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="watches processes by pidfd")
# A leader with a child of its own: both must go.
FAMILY = """
import subprocess, sys
inner = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print(inner.pid, flush=True)
inner.wait()
"""


def ended(pids, within_s=60.0):
    """Wait until each process has ended; False when one lives on."""
    deadline = time.monotonic() + within_s
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        ready, _out, _err = select.select([handle], [], [], max(0, deadline - time.monotonic()))
        os.close(handle)
        if not ready:
            return False
    return True


def until(condition, within_s=120.0):
    """Wait for a true answer, and return it."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        select.select([], [], [], 0.1)
    raise AssertionError(f"not true within {within_s} s")


@pytest.fixture
def guard():
    guard = Guard()
    yield guard
    guard.close()


@pytest.fixture
def make_child(tmp_path, guard):
    made = []

    def make(code):
        command = [sys.executable, "-u", "-c", code]
        child = Child("child", command, tmp_path / "child.log", os.environ, tmp_path, guard)
        child.start()
        made.append(child)
        return child

    yield make
    for child in made:
        child.kill()


def test_a_killed_child_takes_its_own_children_along(make_child):
    child = make_child(FAMILY)
    inner = int(until(lambda: child.log.read_text().strip()))
    child.kill()
    assert ended([child.process.pid, inner])


def test_each_early_end_doubles_the_wait(make_child):
    child = make_child("raise SystemExit(3)")
    waits = []
    for _start in range(3):
        assert child.process.wait(timeout=60) == 3
        waits.append(child.note_end())
        child.start()
    assert waits == [FIRST_BACKOFF_S, 2 * FIRST_BACKOFF_S, 4 * FIRST_BACKOFF_S]


def test_the_guard_ends_the_groups_it_was_told_of(make_child, guard):
    kept, ended_before = make_child(FAMILY), make_child(FAMILY)
    until(lambda: len(kept.log.read_text().split()) == 2)
    guard.remove(ended_before.process.pid)
    guard.process.stdin.close()  # what the kernel does when the supervisor is killed
    assert kept.process.wait(timeout=60) == -signal.SIGTERM
    assert ended_before.is_running


def test_the_guard_kills_what_does_not_stop(make_child):
    child = make_child(
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); signal.pause()"
    )
    until(lambda: child.log.read_text() == "deaf\n")
    guard_module.end({child.process.pid}, grace_s=0.3)
    assert child.process.wait(timeout=60) == -signal.SIGKILL


def test_a_killed_guard_is_replaced_and_told_again(make_child, guard):
    child = make_child(FAMILY)
    guard.process.kill()
    guard.process.wait()
    guard.ensure()
    guard.process.stdin.close()
    assert child.process.wait(timeout=60) == -signal.SIGTERM


def test_a_long_home_gets_a_short_socket(tmp_path):
    assert services.broker_socket(tmp_path / "home").parent == tmp_path / "home" / "broker"
    long_home = tmp_path / ("x" * 120)
    assert len(str(services.broker_socket(long_home))) <= services.LONGEST_SOCKET_PATH
    assert services.broker_socket(long_home) != services.broker_socket(tmp_path / ("y" * 120))


def test_static_files_are_collected_once(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a{}")
    settings.STATICFILES_DIRS = [source]
    from django.contrib.staticfiles.finders import get_finder

    get_finder.cache_clear()
    collect_static_files()
    collected = settings.STATIC_ROOT / "a.css"
    assert collected.read_text() == "a{}"
    collected.write_text("untouched")
    collect_static_files()
    assert collected.read_text() == "untouched"
    before = static_digest()
    (source / "a.css").write_text("a{b:c}")
    assert static_digest() != before
    collect_static_files()
    assert collected.read_text() == "a{b:c}"
    get_finder.cache_clear()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(tmp_path, database_template, tmp_path_factory, worker_id):
    """Start the whole site in a home that is migrated already."""
    home = tmp_path / "home"
    home.mkdir()
    static = tmp_path_factory.getbasetemp() / f"static-{worker_id}"
    started = []

    def begin(**more):
        port = free_port()
        env = dict(os.environ) | {"GKC_HOME": str(home), "PORT": str(port)} | more
        env["GKC_STATIC_ROOT"] = str(static)  # collected once for all of these tests
        env["GKC_DEMO"] = "0"  # tests/demo loads it; here it would cost each start a minute
        for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "GKC_BROKER_URL", "MAKELEVEL"):
            env.pop(name, None)
        process = subprocess.Popen(
            [sys.executable, "-m", "gkc_site.runner"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, port

    (home / "gkc.sqlite3").write_bytes(database_template.template.read_bytes())
    (home / "demo-logins.json").write_text(
        json.dumps([{"role": "author", "email": "a@example.test", "password": "secret words"}])
    )
    yield begin
    for process in started:
        process.kill()
        process.wait()


def read_until_ready(process):
    """Lines up to the one that says ready."""
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith("ready:"):
            return lines
    raise AssertionError("\n".join(lines))


def children_of(pid):
    """Every descendant."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *children_of(int(child))]
    return found


@linux
@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_whole_site_starts_heals_and_ends(start, number):
    process, port = start()
    assert read_until_ready(process)[-1] == f"ready: http://127.0.0.1:{port}/en/"
    assert process.stdout.readline().split(maxsplit=2) == [
        "author",
        "a@example.test",
        "secret words\n",
    ]
    started = children_of(process.pid)
    assert len(started) >= 5  # guard, broker, web and its worker, worker, beat

    def is_ready():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/ready") as answer:
                return answer.status == 200
        except OSError:
            return False

    until(is_ready, within_s=180)  # beat, broker and worker carried a heartbeat
    process.send_signal(number)
    process.wait(timeout=120)
    assert ended(started)
    if number != signal.SIGKILL:
        assert process.returncode == 0


@linux
@pytest.mark.slow
@pytest.mark.sqlite
def test_a_dead_child_is_started_again(start):
    process, port = start()
    read_until_ready(process)
    web = next(
        pid
        for pid in children_of(process.pid)
        if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    os.kill(web, signal.SIGKILL)
    process.stdout.readline()  # the login
    assert process.stdout.readline().startswith("web ended (status -9); starting it again in 1 s")

    def answers():
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/live").status == 200
        except OSError:
            return False

    until(answers)
    assert ended([web])
    process.terminate()
    assert process.wait(timeout=120) == 0


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_taken_port_is_named(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process, _port = start(PORT=str(port))
        said, _errors = process.communicate(timeout=120)
        assert said == f"Port {port} is in use. Take another: PORT={port + 1} make run\n"
        assert process.returncode == 1
