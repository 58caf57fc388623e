"""A backup comes back whole, or not at all."""

import fcntl
import io
import os
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from gkc_site.backup import BackupError, unpack, write_archive

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    (home / "media" / "images").mkdir(parents=True)
    (home / "static").mkdir()
    (home / "static" / "gkc.css").write_text("can be made again")
    (home / "media" / "images" / "砂漠.png").write_bytes(b"picture")
    (home / "media" / ".new-upload").write_bytes(b"half")
    (home / "secret-key").write_text("key")
    database = sqlite3.connect(home / "gkc.sqlite3")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE story (title TEXT)")
    database.execute("INSERT INTO story VALUES ('Fire at Jeddah')")
    database.commit()
    yield home
    database.close()


def titles(home):
    with sqlite3.connect(home / "gkc.sqlite3") as database:
        found = [row[0] for row in database.execute("SELECT title FROM story")]
    database.close()
    return found


def test_what_was_written_comes_back(home, tmp_path):
    archive = tmp_path / "backups" / "gkc.tar"
    # The writer still holds its connection: the last row is in the WAL only.
    assert write_archive(home, home / "gkc.sqlite3", archive) == 3
    target = tmp_path / "other"
    assert unpack(archive, target) is None
    assert titles(target) == ["Fire at Jeddah"]
    assert (target / "media" / "images" / "砂漠.png").read_bytes() == b"picture"
    assert sorted(path.name for path in target.iterdir()) == ["gkc.sqlite3", "media", "secret-key"]
    assert archive.stat().st_mode & 0o077 == 0


def test_the_former_home_is_moved_aside(home, tmp_path):
    archive = tmp_path / "gkc.tar"
    write_archive(home, home / "gkc.sqlite3", archive)
    (home / "media" / "later.png").write_bytes(b"later")
    moved = unpack(archive, home)
    assert (moved / "media" / "later.png").read_bytes() == b"later"
    assert not (home / "media" / "later.png").exists()


def damaged(archive, name, content):
    """A copy of the archive in which one member has another content, or is gone."""
    changed = archive.with_name("damaged.tar")
    with tarfile.open(archive) as source, tarfile.open(changed, "w") as target:
        for member in source:
            data = source.extractfile(member).read()
            if member.name == name:
                if content is None:
                    continue
                data = content
            member.size = len(data)
            target.addfile(member, io.BytesIO(data))
    return changed


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("database.sqlite3", b"not a database"),
        ("media/images/砂漠.png", None),
        ("manifest.json", None),
        ("manifest.json", b'{"format": 99}'),
    ],
)
def test_a_damaged_archive_touches_nothing(home, tmp_path, name, content):
    archive = tmp_path / "gkc.tar"
    write_archive(home, home / "gkc.sqlite3", archive)
    with pytest.raises(BackupError):
        unpack(damaged(archive, name, content), home)
    assert titles(home) == ["Fire at Jeddah"]
    assert [path.name for path in tmp_path.iterdir() if "restore" in path.name] == []


def test_a_cut_archive_touches_nothing(home, tmp_path):
    archive = tmp_path / "gkc.tar"
    write_archive(home, home / "gkc.sqlite3", archive)
    with archive.open("r+b") as file:
        file.truncate(2000)
    with pytest.raises(BackupError):
        unpack(archive, home)
    assert titles(home) == ["Fire at Jeddah"]


def test_a_running_site_is_not_overwritten(home, tmp_path, settings, monkeypatch):
    settings.GKC_HOME = home
    # In place, and put back: every thread that opens the database later reads this very dict.
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    with (home / "runner.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="is running"):
            call_command("restore", str(tmp_path / "gkc.tar"))


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_whole_site_is_backed_up_and_restored(database_template, tmp_path):
    home = tmp_path / "home"
    (home / "media").mkdir(parents=True)
    (home / "gkc.sqlite3").write_bytes(database_template.template.read_bytes())
    (home / "media" / "photo.jpg").write_bytes(b"photo")
    with sqlite3.connect(home / "gkc.sqlite3") as database:
        database.execute("UPDATE wagtailcore_page SET title = 'Kept' WHERE slug = 'home-en'")
    database.close()
    env = {**os.environ, "GKC_HOME": str(home)}
    for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL"):
        env.pop(name, None)

    def manage(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    archive = tmp_path / "gkc.tar"
    manage("backup", str(archive))
    with sqlite3.connect(home / "gkc.sqlite3") as database:
        database.execute("UPDATE wagtailcore_page SET title = 'Lost' WHERE slug = 'home-en'")
    database.close()
    assert "the former home lies in" in manage("restore", str(archive))
    with sqlite3.connect(home / "gkc.sqlite3") as database:
        query = "SELECT title FROM wagtailcore_page WHERE slug = 'home-en'"
        assert database.execute(query).fetchone() == ("Kept",)
    database.close()
    assert (home / "media" / "photo.jpg").read_bytes() == b"photo"
