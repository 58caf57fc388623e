"""Make the evaluation set of search from real manuals in Debian packages.

    python -m benchmarks.search.corpus OUT [--cache DIR] [--most 12000] [--each 240]

Fetches the packages of packages.txt into the cache with `apt-get download`
(needs Debian and a fresh `apt-get update`), unpacks their manuals there
without installing anything, and writes into OUT:

- corpus.jsonl: {"id", "lang", "title", "body"} a line;
- tune.jsonl, report.jsonl: {"lang", "q", "relevant", "class"} a line, the two
  halves of the questions: tune on one, report the other.

The same packages give the same files. debian-handbook and LibreOffice's help
are left out on purpose: they are kept for the acceptance.
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.search.manuals import Section, language_and_file, sections
from benchmarks.search.queries import plain, questions

SEED = 20_261_122
LANGUAGES = ("en", "ja", "es", "ar", "fa", "fr", "de", "it", "pt-br", "zh-hans", "id", "th")
PACKAGES = Path(__file__).with_name("packages.txt")
#: Questions of class `cross` a language, both halves together.
CROSS = 120


def fetch(names: list[str], cache: Path) -> list[Path]:
    """The packages' files; what the cache has is not fetched again."""
    cache.mkdir(parents=True, exist_ok=True)
    kept = {path.name.split("_")[0]: path for path in sorted(cache.glob("*.deb"))}
    missing = [name for name in names if name not in kept]
    if missing:
        subprocess.run(["apt-get", "-q", "download", *missing], cwd=cache, check=True)
        kept = {path.name.split("_")[0]: path for path in sorted(cache.glob("*.deb"))}
    return [kept[name] for name in names]


def unpack(package: Path, into: Path) -> Path:
    """The manuals of a package below `into`; nothing else is unpacked."""
    root = into / package.stem
    if root.exists():
        return root
    part = into / f"{package.stem}.part"
    process = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
        for member in tar:
            name = member.name.removeprefix("./")
            if member.isfile() and language_and_file(name):
                target = part / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(tar.extractfile(member).read())
    if process.wait():
        raise SystemExit(f"{package.name} cannot be unpacked")
    part.mkdir(exist_ok=True)
    part.rename(root)
    return root


def read(roots: Iterable[Path]) -> Iterator[Section]:
    """All sections, in a fixed order."""
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.is_file():
                yield from sections(root, path)


def chosen(found: Iterable[Section], most: int) -> list[Section]:
    """At most `most` sections a language, the same places in all; exact copies once.

    Places are taken by their hash, so that translations come together.
    """
    by_language: dict[str, dict[tuple[str, str], Section]] = defaultdict(dict)
    for section in found:
        by_language[section.lang].setdefault((section.title, section.body), section)
    kept = []
    for language in LANGUAGES:
        ordered = sorted(by_language[language].values(), key=lambda s: (_hash(s.place), s))
        kept += ordered[:most]
    return kept


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def cross(kept: list[Section], each: int) -> tuple[list[dict], set[str]]:
    """Questions whose answers stand in other languages only, and the ids that must go for it.

    A section's title is asked; the section and all of that title in its
    language leave the corpus. Right are its translations.
    """
    places: dict[str, dict[str, Section]] = defaultdict(dict)
    titles: dict[tuple[str, str], list[str]] = defaultdict(list)
    for section in kept:
        places[section.place].setdefault(section.lang, section)
        titles[section.lang, plain(section.title)].append(identity(section))
    made: list[dict] = []
    gone: set[str] = set()
    used: set[str] = set()
    for language in LANGUAGES:
        dice = random.Random(f"{SEED} cross {language}")
        able = [p for p in sorted(places) if language in places[p] and len(places[p]) > 1]
        # No more than one in twenty: a scarce language keeps its sections.
        most = min(each, sum(s.lang == language for s in kept) // 20)
        count = 0
        for place in dice.sample(able, len(able)):
            section = places[place][language]
            same = titles[language, plain(section.title)]
            others = [s for code, s in sorted(places[place].items()) if code != language]
            # A language without the translation of a title shows the original: no question.
            others = [s for s in others if plain(s.title) != plain(section.title)]
            if count == most:
                break
            if place in used or not others or len(same) > 3 or len(section.title) < 8:
                continue
            used.add(place)
            gone.update(same)
            made.append({"lang": language, "q": section.title, "class": "cross",
                         "relevant": sorted(identity(s) for s in others)})  # fmt: skip
            count += 1
    made = [q | {"relevant": [i for i in q["relevant"] if i not in gone]} for q in made]
    return [question for question in made if question["relevant"]], gone


def identity(section: Section) -> str:
    """A short name that stays as long as the section's text does."""
    return f"{section.lang}-{_hash(' '.join(section))[:14]}"


def write(path: Path, rows: Iterable[dict]) -> int:
    """One JSON object a line; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("out", type=Path)
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    options.add_argument("--cache", type=Path, default=home / "gkc-search-corpus")
    options.add_argument("--most", type=int, default=12_000, help="sections a language")
    options.add_argument("--each", type=int, default=240, help="questions a class and language")
    asked = options.parse_args()

    names = PACKAGES.read_text().split()
    packages = fetch(names, asked.cache)
    roots = [unpack(package, asked.cache / "unpacked") for package in packages]
    kept = chosen(read(roots), asked.most)
    crossing, gone = cross(kept, CROSS)
    rows = [
        {"id": identity(s), "lang": s.lang, "title": s.title, "body": s.body}
        for s in kept
        if identity(s) not in gone
    ]
    asked.out.mkdir(parents=True, exist_ok=True)
    write(asked.out / "corpus.jsonl", rows)
    halves: dict[str, list[dict]] = {"tune": [], "report": []}
    for language in LANGUAGES:
        own = [row for row in rows if row["lang"] == language]
        made = questions(own, language, asked.each, SEED)
        made += [question for question in crossing if question["lang"] == language]
        for question in made:
            # By the answer: what one half asks about, the other does not.
            first = question["relevant"][0]
            halves["tune" if int(_hash(first), 16) % 2 else "report"].append(question)
    for name, some in halves.items():
        write(asked.out / f"{name}.jsonl", some)
    _report(rows, halves)


def _report(rows: list[dict], halves: dict[str, list[dict]]) -> None:
    counts = Counter(row["lang"] for row in rows)
    print(f"{len(rows)} sections:", ", ".join(f"{code} {counts[code]}" for code in LANGUAGES))
    for name, some in halves.items():
        classes = Counter(question["class"] for question in some)
        print(f"{name}: {len(some)} questions:", dict(sorted(classes.items())))


if __name__ == "__main__":
    sys.exit(main())
