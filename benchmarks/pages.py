"""Claim: a story page costs at most twice a bare Wagtail page, with 20 stories or 5,000.

    python -m benchmarks.pages [--quick] [--stories 5000] [--port 8790] [--server granian]

Serves a throw-away home with the demo content, and again with so many stories
more, by the web server and settings of `make run`. Asks home, story, issue and
search pages as a visitor and as a member over kept-alive connections, each in
turn with a bare Wagtail page of the same process. Prints a Markdown table:
times in milliseconds with one client, requests a second with one and eight,
CPU milliseconds of the server's thread, SQL queries, kilobytes of HTML, and p50
and CPU as multiples of the bare page's. Where the machine is busy with other
things, the times wait for it and the CPU does not. Leaves nothing behind.
"""

import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.counting import ANSWER, ASKED, CPU, QUERIES
from gkc_site.runner.services import WEB_THREADS, web_command

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 8
TURN = 10  # requests for one page before the next has its turn: both see the same machine
CPU_TURN = 3
READY_WITHIN_S = 60
# The aims of issue 3.
TIMES_BARE = 2.0
QUERIES_MORE = {"visitor": 8, "member": 12}
TIMES_DEMO = 1.3


@dataclass
class Measured:
    """One page as one kind of reader."""

    page: str
    reader: str
    queries: int = 0
    size: int = 0  # bytes
    times: list[float] = field(default_factory=list)  # seconds
    cpu: list[float] = field(default_factory=list)  # seconds of the server's thread
    at_once: float = 0.0  # requests a second with CLIENTS clients

    @property
    def p50(self) -> float:
        return statistics.median(self.times) * 1000

    @property
    def cpu_ms(self) -> float:
        return statistics.median(self.cpu) * 1000

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1] * 1000

    @property
    def alone(self) -> float:
        """Requests a second with one client."""
        return len(self.times) / sum(self.times)


def prepared(home: Path, *arguments: str) -> dict:
    """Run benchmarks.content for a home; what to ask."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.content", *arguments],
        cwd=ROOT,
        env=environment(home),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def environment(home: Path) -> dict[str, str]:
    return os.environ | {"GKC_HOME": str(home), "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}


def command(server: str, port: int) -> list[str]:
    """`make run`'s own web server, or gunicorn with as many threads."""
    if server == "granian":
        return web_command(port)
    return [
        *(sys.executable, "-m", "gunicorn", "--workers", "1", "--worker-class", "gthread"),
        *("--threads", str(WEB_THREADS), "--bind", f"127.0.0.1:{port}"),
        *("--keep-alive", "30", "--log-level", "warning", "--no-control-socket"),
        "gkc_site.wsgi:application",
    ]


@contextmanager
def served(home: Path, server: str, port: int):
    """The web server over a home, until the block ends."""
    process = subprocess.Popen(command(server, port), cwd=ROOT, env=environment(home))
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while True:
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise SystemExit("the web server does not start") from None
                time.sleep(0.1)  # noqa: TID251  (a start has no event to wait for)
        yield
    finally:
        process.terminate()
        process.wait(30)


class Client:
    """One kept-alive connection."""

    def __init__(self, port: int, cookie: str = ""):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": cookie} if cookie else {}

    def ask(self, address: str, **headers: str) -> tuple[bytes, http.client.HTTPResponse]:
        self.connection.request("GET", address, headers=self.headers | headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{address} answers {answer.status}")
        return content, answer


def measure(port: int, asked: dict, requests: int, seconds: float) -> list[Measured]:
    """Every page as a visitor and as a member."""
    addresses = asked["addresses"]
    cookies = {reader: asked["cookie"] if reader == "member" else "" for reader in QUERIES_MORE}
    clients = {reader: Client(port, cookie) for reader, cookie in cookies.items()}
    rows = [Measured(name, reader) for reader in clients for name in addresses]
    for row in rows:
        for _warm in range(WEB_THREADS * 4):  # templates, connections, caches of each thread
            clients[row.reader].ask(addresses[row.page])
        content, answer = clients[row.reader].ask(addresses[row.page], **{ASKED: QUERIES})
        row.queries, row.size = int(answer.headers[ANSWER]), len(content)
    for _turn in range(max(1, requests // TURN)):
        for row in rows:
            for _request in range(TURN):
                begin = time.perf_counter()
                clients[row.reader].ask(addresses[row.page])
                row.times.append(time.perf_counter() - begin)
            for _request in range(CPU_TURN):
                answer = clients[row.reader].ask(addresses[row.page], **{ASKED: CPU})[1]
                row.cpu.append(float(answer.headers[ANSWER]))
    for row in rows:
        row.at_once = together(port, cookies[row.reader], addresses[row.page], seconds)
    return rows


def together(port: int, cookie: str, address: str, seconds: float) -> float:
    """Requests a second that CLIENTS clients get."""
    end = time.perf_counter() + seconds
    counts = [0] * CLIENTS

    def go(number: int) -> None:
        client = Client(port, cookie)
        while time.perf_counter() < end:
            client.ask(address)
            counts[number] += 1

    threads = [threading.Thread(target=go, args=(n,)) for n in range(CLIENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begin)


def table(rows: list[Measured], stories: int) -> None:
    """Print the rows of one home."""
    bare = {row.reader: row for row in rows if row.page == "bare"}
    print(f"\n{stories} published stories\n")
    print(
        f"| page | reader | p50 | p95 | /s, 1 | /s, {CLIENTS} | CPU "
        "| queries | KB | p50 by bare | CPU by bare |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row.page} | {row.reader} | {row.p50:.1f} | {row.p95:.1f} | {row.alone:.0f} "
            f"| {row.at_once:.0f} | {row.cpu_ms:.1f} | {row.queries} | {row.size / 1024:.0f} "
            f"| {row.p50 / bare[row.reader].p50:.2f} "
            f"| {row.cpu_ms / bare[row.reader].cpu_ms:.2f} |"
        )


def verdicts(demo: list[Measured], many: list[Measured]) -> bool:
    """Print each aim and whether it is met."""
    print("\n| aim | reader | measured | at most | met |\n|---|---|---|---|---|")
    met = True

    def line(aim: str, reader: str, value: float, most: float) -> None:
        nonlocal met
        met = met and value <= most
        print(f"| {aim} | {reader} | {value:g} | {most:g} | {'yes' if value <= most else 'no'} |")

    def of(rows: list[Measured], page: str, reader: str) -> Measured:
        return next(row for row in rows if (row.page, row.reader) == (page, reader))

    for reader, more in QUERIES_MORE.items():
        for rows, home in ((demo, "demo"), (many, "many stories")):
            story, bare = of(rows, "story", reader), of(rows, "bare", reader)
            ratio = round(story.p50 / bare.p50, 2)
            line(f"story's p50 by the bare page's, {home}", reader, ratio, TIMES_BARE)
        line("story's queries", reader, story.queries, bare.queries + more)
        home_queries = max(of(rows, "home", reader).queries for rows in (demo, many))
        line("home's queries", reader, home_queries, bare.queries + more)
        # Against the bare page of the same run: the machine is not the same twice.
        slower = round(ratio / (of(demo, "story", reader).p50 / of(demo, "bare", reader).p50), 2)
        line("story's p50, many stories by demo", reader, slower, TIMES_DEMO)
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer requests and 500 stories")
    parser.add_argument("--stories", type=int, help="how many generated stories (5000)")
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--server", choices=["granian", "gunicorn"], default="granian")
    chosen = parser.parse_args()
    stories = chosen.stories or (500 if chosen.quick else 5000)
    requests, seconds = (50, 1.0) if chosen.quick else (300, 4.0)
    homes = Path(tempfile.mkdtemp(prefix="gkc-bench-"))
    try:
        measured = []
        for name in ("demo", "many"):
            if name == "demo":
                asked = prepared(homes / name)
            else:
                shutil.copytree(homes / "demo", homes / name)
                asked = prepared(homes / name, "--stories", str(stories))
            with served(homes / name, chosen.server, chosen.port):
                rows = measure(chosen.port, asked, requests, seconds)
            table(rows, asked["stories"])
            measured.append(rows)
        return 0 if verdicts(*measured) else 1
    finally:
        shutil.rmtree(homes)


if __name__ == "__main__":
    sys.exit(main())
