"""Which rooms `make test-fast` runs."""

import subprocess
from pathlib import Path

import pytest

from scripts import fast_tests

# A repository with nobody's own settings.
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@example.org")


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    """Two rooms with tests, and one commit to each of two files."""
    monkeypatch.setattr(fast_tests, "ROOT", tmp_path)
    for room in ("network", "review"):
        write(tmp_path / f"tests/{room}/test_one.py")
    write(tmp_path / "tests/journeys/test_one.py")
    write(tmp_path / "tests/test_factories.py")
    git("init", "-q", at=tmp_path)
    for name in ("network/models.py", "review/models.py"):
        write(tmp_path / name)
        git("add", ".", at=tmp_path)
        git("commit", "-qm", name, at=tmp_path)
    return tmp_path


def write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")


def git(*words: str, at: Path) -> None:
    subprocess.run([*GIT, *words], cwd=at, check=True)


def test_each_file_belongs_to_the_room_whose_tests_tell_of_it():
    cases = {
        "network/models/pages.py": ["network"],
        "tests/search/elasticsearch/test_api.py": [],
        "tests/search/test_api.py": ["search"],
        "tests/journeys/test_share.py": [],
        "tests/factories/stories.py": ["tests"],
        "tests/conftest.py": ["tests"],
        "tests/permissions/rows_site.py": ["permissions"],
        "gkc_site/accounts/mail.py": ["accounts"],
        "gkc_site/network_import/rows.py": ["accounts"],
        "gkc_site/demo/people.py": ["demo"],
        "gkc_site/home.py": ["gkc_site"],
        "docs/how-to/settings.md": ["gkc_site"],
        "Makefile": ["gkc_site"],
        "locale/ar/LC_MESSAGES/django.po": ["gkc_site"],
    }
    assert {path: fast_tests.rooms_of([path]) for path in cases} == cases
    assert {room for found in cases.values() for room in found} <= set(fast_tests.rooms())


def test_what_is_not_committed_and_the_last_commit_choose_the_rooms(repository, capsys):
    assert fast_tests.rooms() == ["network", "review", "tests"]
    assert fast_tests.choose([]) == ["review"]
    write(repository / "tests/races.py")
    assert fast_tests.choose([]) == ["review", "tests"]
    (repository / "network/models.py").unlink()
    assert fast_tests.choose([]) == ["network", "review", "tests"]
    assert fast_tests.choose(["network"]) == ["network"]
    assert fast_tests.choose(["all"]) == fast_tests.rooms()
    with pytest.raises(SystemExit, match="No such room: book. There are: all, network, review"):
        fast_tests.choose(["book"])


def test_without_a_repository_every_room_runs(repository):
    (repository / ".git").rename(repository / "was")
    assert fast_tests.changed() == []
    assert fast_tests.choose([]) == fast_tests.rooms()


def test_a_room_is_a_folder_and_what_stands_beside_them_are_files(repository):
    assert fast_tests.places(["network", "tests"]) == ["tests/network", "tests/test_factories.py"]
