"""Claim: a section of the book costs at most 1.8 times a bare Wagtail page, in any language.

    python -m benchmarks.reading [--sections 2000] [--requests 60]

Takes in our own book in four languages and a bare Wagtail page, asks sections,
two languages side by side and the contents in turn with the bare page, in one
process, as a visitor and as a member; then adds so many sections more and asks
the contents again, and how current twelve languages of all of them are. Prints
Markdown tables: the median of wall time and of CPU time of the thread, in
milliseconds, SQL queries, kilobytes, and multiples of the bare page's CPU,
which other work on the machine stretches less.
"""

import argparse
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.book import prepare
from benchmarks.content import BARE_TEXT
from benchmarks.counting import ANSWER, ASKED, QUERIES

OWN = Path(__file__).resolve().parent.parent / "silver_book" / "content"
LANGUAGES = ("en", "ja", "ar", "es")
MEMBERS = "gkc_site.accounts.backends.MemberBackend"
TIMES_BARE, TIMES_SINGLE = 1.8, 1.6
MORE = {"visitor": 8, "member": 12}
CONTENTS_MORE, STALENESS_MOST = 6, 5
WARM = 8


@dataclass
class Asked:
    """A page as one kind of reader sees it."""

    name: str
    reader: str
    address: str
    queries: int = 0
    size: int = 0
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        return statistics.median(self.cpu) * 1000

    @property
    def wall_ms(self) -> float:
        return statistics.median(self.wall) * 1000


def fill() -> None:
    """The book, the bare page, what templates need."""
    from django.core.management import call_command
    from wagtail.models import Page

    from benchmarks.barepage.models import BarePage

    call_command("collectstatic", interactive=False, verbosity=0)
    for language in LANGUAGES:
        take_in(OWN / language, language)
    home = Page.objects.get(url_path="/home-en/")
    home.add_child(instance=BarePage(title="Bare", slug="bare", body=BARE_TEXT, locale=home.locale))


def take_in(folder: Path, language: str) -> None:
    from network.models import User
    from silver_book.importing.folder import Report
    from silver_book.importing.load import load
    from silver_book.importing.reading import read_folder

    report = Report()
    by = User.objects.get(is_system=True)
    load(read_folder(folder, language, report), language, report, by=by)


def measure(pages: dict[str, str], requests: int) -> list[Asked]:
    """Every page in turn, as a visitor and as a member."""
    from django.conf import settings
    from django.test import Client

    from network.models import User

    settings.ALLOWED_HOSTS = ["*"]
    member = User.objects.filter(email="reader@example.org").first()
    member = member or User.objects.create_user(email="reader@example.org", password=None)
    rows = []
    for reader in MORE:
        client = Client(headers={"host": "127.0.0.1"})
        if reader == "member":
            client.force_login(member, backend=MEMBERS)
        mine = [Asked(name, reader, address) for name, address in pages.items()]
        for row in mine:
            for _warm in range(WARM):
                answer = client.get(row.address)
                if answer.status_code != 200:
                    raise SystemExit(f"{row.address} answers {answer.status_code}")
            row.size = len(answer.content)
            answer = client.get(row.address, headers={ASKED: QUERIES})
            row.queries = int(answer.headers[ANSWER])
        for _turn in range(requests):
            for row in mine:
                wall, cpu = time.perf_counter(), time.thread_time()
                client.get(row.address)
                row.cpu.append(time.thread_time() - cpu)
                row.wall.append(time.perf_counter() - wall)
        rows += mine
    return rows


def table(rows: list[Asked]) -> None:
    print("| page | reader | p50 | CPU | queries | KB | CPU by bare |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        times = row.cpu_ms / of(rows, "bare", row.reader).cpu_ms
        print(
            f"| {row.name} | {row.reader} | {row.wall_ms:.1f} | {row.cpu_ms:.1f} | {row.queries} "
            f"| {row.size / 1024:.0f} | {times:.2f} |"
        )


def of(rows: list[Asked], name: str, reader: str) -> Asked:
    return next(row for row in rows if (row.name, row.reader) == (name, reader))


def write_many(folder: Path, sections: int) -> None:
    """So many sections more, in English: fifty a part, five a chapter's length."""
    for number in range(sections):
        part = folder / f"{number // 50 + 1:03}-more"
        part.mkdir(parents=True, exist_ok=True)
        if not (part / "_part.md").exists():
            (part / "_part.md").write_text(f"---\ntitle: Part {part.name}\nkey: {part.name}\n---\n")
        (part / f"{number:05}.md").write_text(
            f"---\nid: more-{number}\ntitle: What section {number} says\n---\n\nOne paragraph.\n"
        )


def states_of_all(languages: list[str]) -> tuple[int, float, int]:
    """Queries, CPU seconds and texts of asking how current the whole book is in each language."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from silver_book.models import BookSectionPage
    from translations.api import progress
    from translations.models import TextState

    keys = list(
        BookSectionPage.objects.filter(locale__language_code="en").values_list(
            "translation_key", flat=True
        )
    )
    TextState.objects.bulk_create(
        (
            TextState(object_key=key, path=path, language=language, source_hash="1", text="x")
            for key in keys
            for language in languages
            for path in ("title", "body.x")
        ),
        batch_size=5000,
        ignore_conflicts=True,
    )
    begin = time.thread_time()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = progress(keys)
    return len(asked), time.thread_time() - begin, len(found)


def verdicts(rows: list[Asked], contents: list[Asked], staleness: int) -> bool:
    """Print each aim and whether it is met."""
    print("\n| aim | reader | measured | at most | met |\n|---|---|---|---|---|")
    met = True

    def line(aim: str, reader: str, value: float, most: float) -> None:
        nonlocal met
        met = met and value <= most
        print(f"| {aim} | {reader} | {value:g} | {most:g} | {'yes' if value <= most else 'no'} |")

    for reader, more in MORE.items():
        bare, single = of(rows, "bare", reader), of(rows, "section en", reader)
        for name in ("section en", "section ja", "section ar"):
            row = of(rows, name, reader)
            line(
                f"{name}: CPU by the bare page's",
                reader,
                round(row.cpu_ms / bare.cpu_ms, 2),
                TIMES_BARE,
            )
            line(f"{name}: queries", reader, row.queries, bare.queries + more)
        both = of(rows, "side by side", reader)
        line(
            "side by side by a single page",
            reader,
            round(both.cpu_ms / single.cpu_ms, 2),
            TIMES_SINGLE,
        )
        line(
            "contents: queries",
            reader,
            of(contents, "contents", reader).queries,
            bare.queries + CONTENTS_MORE,
        )
    line("how current twelve languages are: queries", "", staleness, STALENESS_MOST)
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, default=2000)
    parser.add_argument("--requests", type=int, default=60)
    asked = parser.parse_args()
    home = prepare()
    fill()
    from network.languages import codes
    from silver_book.models import BookSectionPage, BookStamp

    page = BookSectionPage.objects.get(key="go-and-see", locale__language_code="en")
    below = page.url_path.removeprefix("/home-en/")
    rows = measure(
        {
            "bare": "/en/bare/",
            "section en": f"/en/{below}",
            "section ja": f"/ja/{below}",
            "section ar": f"/ar/{below}",
            "side by side": f"/en/{below}?beside=ar",
            "contents": "/en/silver-book/",
        },
        asked.requests,
    )
    table(rows)
    write_many(home / "more", asked.sections)
    take_in(home / "more", "en")
    pages = {"bare": "/en/bare/", "contents": "/en/silver-book/", "section en": f"/en/{below}"}
    contents = measure(pages, max(10, asked.requests // 4))
    sections = BookSectionPage.objects.filter(locale__language_code="en").count()
    print(f"\nWith {sections} sections\n")
    table(contents)
    from django.test import Client

    BookStamp.renew()
    begin = time.thread_time()
    Client(headers={"host": "127.0.0.1"}).get("/en/silver-book/")
    print(f"\nThe first after a change: {(time.thread_time() - begin) * 1000:.0f} ms of CPU")
    queries, seconds, texts = states_of_all(codes())
    print(f"\nHow current {texts} texts are: {queries} queries, {seconds * 1000:.0f} ms of CPU")
    return 0 if verdicts(rows, contents, queries) else 1


if __name__ == "__main__":
    sys.exit(main())
