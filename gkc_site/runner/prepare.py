"""Bring a home folder up to date: catalogs, tables, bootstrap, static files, demo.

    python -m gkc_site.runner.prepare

One process for all steps, since each start of Django costs seconds. Each step
is quick when there is nothing to do.
"""

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from gkc_site.catalogs.compile import compile_catalogs


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gkc_site.settings.embedded")
    step("catalogs", compile_catalogs)  # before Django reads them

    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command, get_commands

    step("tables", migrate)
    step("pages and groups", lambda: call_command("bootstrap", stdout=sys.stderr))
    step("static files", collect_static_files)
    if settings.DEMO_MODE and "demo" in get_commands():
        step("demo content", lambda: call_command("demo", stdout=sys.stderr))


def step(name: str, work) -> None:
    """Do it; tell the console when it took longer than a second."""
    started = time.monotonic()
    work()
    took_s = time.monotonic() - started
    if took_s > 1:
        print(f"{name}: {took_s:.0f} s", flush=True)


def migrate() -> None:
    """Apply what is missing. Asked first, since an empty `migrate` costs two seconds."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def collect_static_files() -> None:
    """Collect, hash and compress, unless nothing changed since (10 s against 0.2 s)."""
    from django.conf import settings
    from django.core.management import call_command

    target = Path(settings.STATIC_ROOT)
    stamp = target / ".collected"
    digest = static_digest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=target.exists())
    stamp.write_text(digest)


def static_digest() -> str:
    """Changes with any source of static files and with the way they are stored."""
    from django.conf import settings

    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for line in static_sources():
        digest.update(line.encode())
    return digest.hexdigest()


def static_sources() -> Iterator[str]:
    """Name, size and time of each file that the finders would collect."""
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            yield f"{name} {status.st_size} {status.st_mtime_ns}\n"


if __name__ == "__main__":
    sys.exit(main())
