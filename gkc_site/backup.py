"""One archive of a home folder, and back: database, media, mail, secret.

The archive is a plain tar: `database.sqlite3` made by VACUUM INTO (a whole,
consistent copy while the site runs), `media/`, `mail/`, `secret-key`,
`demo-logins.json`, and `manifest.json` with the sha256 of each of them. What
can be made again (static files, search index, broker, logs) is left out. A
site on PostgreSQL is backed up by pg_dump; docs/how-to/backup.md says how.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

FORMAT = 1
DATABASE = "database.sqlite3"
MANIFEST = "manifest.json"
FOLDERS = ("media", "mail")
FILES = ("secret-key", "demo-logins.json")
BLOCK = 1024 * 1024  # bytes read at a time


class BackupError(Exception):
    """The archive cannot be written or must not be trusted; the message says why."""


def write_archive(home: Path, database: Path, target: Path) -> int:
    """Write `target` (never half: aside, then renamed); returns the number of files."""
    if not database.exists():
        raise BackupError(f"no database at {database}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        copy = Path(folder) / DATABASE
        copy_database(database, copy)
        archive = Path(folder) / "archive.tar"
        sums = {}
        with tarfile.open(archive, "w") as tar:
            for name, path in [(DATABASE, copy), *kept_files(home)]:
                sums[name] = checksum(path)
                tar.add(path, arcname=name)
            manifest = {
                "format": FORMAT,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "files": sums,
            }
            add_text(tar, MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
        archive.chmod(0o600)  # it holds the secret key and every address
        with archive.open("rb") as written:
            os.fsync(written.fileno())
        archive.replace(target)
    return len(sums)


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy without free pages; readers and writers go on meanwhile."""
    with sqlite3.connect(source) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()


def kept_files(home: Path) -> Iterator[tuple[str, Path]]:
    """(name in the archive, path) of what cannot be made again."""
    for name in FILES:
        if (home / name).is_file():
            yield name, home / name
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            # A name that begins with a dot is a file still being written.
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path.relative_to(home).as_posix(), path


def checksum(path: Path) -> str:
    """sha256, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    """One more member, from memory."""
    member = tarfile.TarInfo(name)
    member.size = len(text.encode())
    tar.addfile(member, io.BytesIO(text.encode()))


def unpack(archive: Path, home: Path) -> Path | None:
    """Put the archive's files into `home`; returns where the former home was moved, or None.

    Nothing is touched before every file is unpacked and its checksum is right.
    Raises BackupError.
    """
    home.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=home.parent, prefix=f".{home.name}-restore-"))
    try:
        verify(archive, aside)
        (aside / DATABASE).rename(aside / "gkc.sqlite3")
        moved = None
        if home.exists() and any(home.iterdir()):
            moved = home.with_name(f"{home.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
            home.rename(moved)
        elif home.exists():
            home.rmdir()
        aside.chmod(0o750)
        aside.rename(home)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return moved


def verify(archive: Path, folder: Path) -> None:
    """Unpack into `folder` and compare every file with the manifest."""
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")  # refuses paths that leave the folder
    except (OSError, tarfile.TarError) as error:
        raise BackupError(f"{archive} cannot be read: {error}") from error
    manifest_path = folder / MANIFEST
    if not manifest_path.exists():
        raise BackupError(f"{archive} holds no {MANIFEST}")
    manifest = json.loads(manifest_path.read_text())
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{archive} has format {manifest.get('format')}, expected {FORMAT}")
    manifest_path.unlink()
    found = {
        path.relative_to(folder).as_posix(): checksum(path)
        for path in folder.rglob("*")
        if path.is_file()
    }
    wanted = manifest["files"]
    wrong = sorted(
        name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name)
    )
    if wrong or DATABASE not in wanted:
        raise BackupError(f"{archive} is damaged: {', '.join(wrong) or DATABASE}")
