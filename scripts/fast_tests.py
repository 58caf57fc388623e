"""The quick tests of the rooms that a change touches: a minute's answer, not a proof.

    python scripts/fast_tests.py MARKERS [ROOM …]

Without a room: those of what is not committed yet and of the last commit. `all`
runs every room. The first line names what runs, so that nobody takes a part for
the whole. Standard library only; ends with pytest's own code.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Nothing in them is quick: their libraries (browser, Elasticsearch) are not even loaded.
NOT_FAST = ("tests/journeys", "tests/search/elasticsearch", "tests/search/faults")
# What stands in tests/ itself: the factories' test, and who sees what over all rooms.
SHARED = "tests"
# The site's own tests read the documents, the Makefile and the catalogs too.
SITE = "gkc_site"
# Parts of the site with a folder of tests of their own.
PARTS = {"accounts": "accounts", "network_import": "accounts", "demo": "demo"}
NO_TESTS = 5  # pytest's code where nothing was chosen


def rooms() -> list[str]:
    """What may be asked for: every folder of quick tests, and what stands beside them."""
    folders = (ROOT / "tests").iterdir()
    with_tests = [
        folder.name
        for folder in folders
        if f"tests/{folder.name}" not in NOT_FAST and any(folder.rglob("test_*.py"))
    ]
    return sorted([*with_tests, SHARED])


def rooms_of(paths: Iterable[str]) -> list[str]:
    """The rooms whose tests may tell of a change to these files; a journey is nobody's."""
    known = rooms()
    found = set()
    for path in paths:
        first, _, rest = path.partition("/")
        second = rest.partition("/")[0]
        if path.startswith(NOT_FAST):
            continue
        if first == "tests":
            found.add(second if second in known else SHARED)
        elif first == SITE:
            found.add(PARTS.get(second, SITE))
        else:
            found.add(first if first in known else SITE)
    return sorted(found)


def changed() -> list[str]:
    """Files that are not committed, and those of the last commit; none without git."""
    commands = (
        ["diff", "--name-only", "--no-renames", "-z", "HEAD"],
        ["ls-files", "--others", "--exclude-standard", "-z"],
        ["show", "--name-only", "--no-renames", "--first-parent", "-m", "-z", "--format=", "HEAD"],
    )
    paths = []
    if shutil.which("git") is None:
        return []
    for command in commands:
        done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            return []  # an unpacked archive
        paths += done.stdout.split("\0")
    return sorted({path for path in paths if path})


def places(chosen: list[str]) -> list[str]:
    """Where pytest looks for the tests of these rooms."""
    found = []
    for room in chosen:
        if room == SHARED:
            found += sorted(str(file.relative_to(ROOT)) for file in ROOT.glob("tests/test_*.py"))
        else:
            found.append(f"tests/{room}")
    return found


def choose(asked: list[str]) -> list[str]:
    """The rooms to run. Ends with a message where one is unknown."""
    known = rooms()
    if unknown := sorted(set(asked) - {*known, "all"}):
        sys.exit(f"No such room: {', '.join(unknown)}. There are: all, {', '.join(known)}.")
    if "all" in asked:
        return known
    return sorted(set(asked)) or rooms_of(changed()) or known


def main() -> None:
    markers, *asked = sys.argv[1:]
    chosen = choose(asked)
    if chosen == rooms():
        sys.stdout.write("Quick tests of all rooms.\n")
    else:
        sys.stdout.write(f"Quick tests of {', '.join(chosen)} ONLY (ROOM=all runs every room).\n")
    sys.stdout.flush()
    os.chdir(ROOT)
    run = [".venv/bin/python", "-m", "pytest", "-m", markers, *places(chosen)]
    run += [f"--ignore={place}" for place in NOT_FAST]
    # Whole files to a process each, the dear ones first (tests/conftest.py).
    run += ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder", "-q"]
    code = subprocess.run(run).returncode
    sys.exit(0 if code == NO_TESTS else code)


if __name__ == "__main__":
    main()
