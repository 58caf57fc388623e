"""A migrated, bootstrapped template database, copied for every worker.

A full migrate takes 12 to 30 s and `--nomigrations` gives a Wagtail without
root or locale, so the template is made once and kept under `.cache/`, keyed
by the hash of all migrations and of the bootstrap. A test that needs real
transactions gets its database back from the template instead of a flush,
which would take the bootstrap with it.
"""

import fcntl
import hashlib
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import translation

from gkc_site.catalogs.compile import compile_catalogs

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
SLOW_WEIGHT = 8  # a slow test costs so many others (measured)


def pytest_configure(config):
    """Compile the catalogs once, before Django reads them."""
    if not hasattr(config, "workerinput"):
        compile_catalogs()


def pytest_collection_modifyitems(config, items):
    """Whole files go to the workers of `--dist loadfile`: the dear ones first, or one would
    begin when the other workers have nothing left."""
    if not hasattr(config, "workerinput"):
        return
    weights = Counter()
    for item in items:
        weights[item.path] += SLOW_WEIGHT if item.get_closest_marker("slow") else 1
    items.sort(key=lambda item: (-weights[item.path], str(item.path)))


def template_key() -> str:
    """Changes with any migration, the bootstrap, or a pinned version."""
    import django
    import wagtail

    digest = hashlib.sha256(f"{django.__version__} {wagtail.__version__}".encode())
    for path in sorted(
        [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")]
        + [*ROOT.glob("*/reference/*.toml")]
        + [ROOT / "gkc_site/bootstrap.py", ROOT / "gkc_site/reference.py"]
        + [ROOT / "requirements.txt"]
        + [ROOT / "search/analysis.py", *ROOT.glob("search/engines/*.py")]
        + [ROOT / "gkc_site/search_documents.py"]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class SqliteTemplate:
    """A file that is copied."""

    def __init__(self, worker: str):
        self.template = CACHE / f"template-{template_key()}.sqlite3"
        self.copy = CACHE / f"test-{os.getpid()}-{worker}.sqlite3"

    def make(self) -> None:
        building = self.template.with_suffix(f".{os.getpid()}")
        self.use(building)
        call_command("migrate", verbosity=0)
        call_command("bootstrap", verbosity=0)
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        building.rename(self.template)

    def exists(self) -> bool:
        return self.template.exists()

    def use(self, path: Path) -> None:
        connections.close_all()
        settings.DATABASES["default"]["NAME"] = str(path)
        connection.settings_dict["NAME"] = str(path)

    def restore(self) -> None:
        connections.close_all()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.copy}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.copy)
        self.use(self.copy)

    def drop(self) -> None:
        connections.close_all()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.copy}{suffix}").unlink(missing_ok=True)


class PostgresTemplate:
    """A database that others are created from."""

    def __init__(self, worker: str):
        self.template = f"gkc_template_{template_key()}"
        self.copy = f"gkc_test_{os.getpid()}_{worker}"

    def _admin(self, sql: str):
        import psycopg

        wanted = settings.DATABASES["default"]
        with psycopg.connect(
            host=wanted["HOST"],
            port=wanted["PORT"],
            user=wanted["USER"],
            password=wanted["PASSWORD"],
            dbname="postgres",
            autocommit=True,
        ) as admin:
            cursor = admin.execute(sql)
            return cursor.fetchall() if cursor.description else None

    def exists(self) -> bool:
        return bool(self._admin(f"SELECT 1 FROM pg_database WHERE datname = '{self.template}'"))

    def make(self) -> None:
        building = f"{self.template}_building"
        self._admin(f"DROP DATABASE IF EXISTS {building}")
        self._admin(f"CREATE DATABASE {building}")
        self.use(building)
        call_command("migrate", verbosity=0)
        call_command("bootstrap", verbosity=0)
        connections.close_all()
        self._admin(f"ALTER DATABASE {building} RENAME TO {self.template}")

    def use(self, name: str) -> None:
        connections.close_all()
        settings.DATABASES["default"]["NAME"] = name
        connection.settings_dict["NAME"] = name

    def restore(self) -> None:
        connections.close_all()
        self._admin(f"DROP DATABASE IF EXISTS {self.copy} WITH (FORCE)")
        self._admin(f"CREATE DATABASE {self.copy} TEMPLATE {self.template}")
        self.use(self.copy)

    def drop(self) -> None:
        connections.close_all()
        self._admin(f"DROP DATABASE IF EXISTS {self.copy} WITH (FORCE)")


@pytest.fixture(scope="session")
def database_template(worker_id, django_db_blocker):
    """The template of this database vendor, made if it is missing."""
    CACHE.mkdir(exist_ok=True)
    kind = PostgresTemplate if connection.vendor == "postgresql" else SqliteTemplate
    template = kind(worker_id)
    # Only whoever needs the same template waits for whoever makes it.
    with (CACHE / f"template-{template_key()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with django_db_blocker.unblock():
            if not template.exists():
                template.make()
    return template


@pytest.fixture(scope="session")
def worker_id(request):
    """xdist's worker, or 'main'."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def django_db_setup(database_template, django_db_blocker):
    """Give this worker its copy."""
    with django_db_blocker.unblock():
        database_template.restore()

    def restore_instead_of_flush(case):
        database_template.restore()

    TransactionTestCase._fixture_teardown = restore_instead_of_flush
    yield
    with django_db_blocker.unblock():
        database_template.drop()


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language active in the thread: the next test would reverse addresses
    in it, and pass or fail by the order of tests."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path_factory, worker_id):
    """Media, mail and locks of a worker stay its own."""
    from django.core.cache import cache

    home = tmp_path_factory.getbasetemp() / f"home-{worker_id}"
    home.mkdir(exist_ok=True)
    settings.GKC_HOME = home
    settings.MEDIA_ROOT = str(home / "media")
    settings.EMAIL_FILE_PATH = str(home / "mail")
    settings.SEARCH_INDEX_PATH = str(home / "search.sqlite3")
    for file in home.glob("search.sqlite3*"):
        file.unlink()  # beside PostgreSQL: no rollback reaches it
    cache.clear()
