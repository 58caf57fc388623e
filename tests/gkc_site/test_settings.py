"""Production refuses to start half configured, and every variable is described."""

import os
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "how-to" / "settings.md"
READ = re.compile(
    r"""(?:env\.\w+|environ\.get|os\.environ\.get|environ\.setdefault|env\.setdefault)\(\s*"([A-Z_]+)\""""
)
# Not ours: make's and Python's own.
FOREIGN = {"MAKELEVEL", "DJANGO_SETTINGS_MODULE"}
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "gkc_site.settings.production",
    "GKC_SECRET_KEY": string.ascii_letters,
    "DATABASE_URL": "postgres://gkc:word@db.example/gkc",
    "CACHE_URL": "redis://redis.example:6379/1",
    "GKC_BROKER_URL": "redis://redis.example:6379/0",
    "GKC_SITE_ADDRESS": "https://gkc.example",
    "GKC_ALLOWED_HOSTS": "gkc.example,localhost",
}


def production(tmp_path, **changes):
    env = {"PATH": os.environ["PATH"], "GKC_HOME": str(tmp_path), **PRODUCTION, **changes}
    return {name: value for name, value in env.items() if value is not None}


def test_every_variable_that_is_read_is_described():
    sources = [*ROOT.glob("gkc_site/settings/*.py"), *ROOT.glob("gkc_site/runner/*.py")]
    read = {name for path in sources for name in READ.findall(path.read_text())} - FOREIGN
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE.read_text(), re.MULTILINE))
    assert described == read


@pytest.mark.parametrize("name", ["GKC_SECRET_KEY", "DATABASE_URL", "CACHE_URL", "GKC_BROKER_URL"])
def test_production_refuses_to_start_without_a_secret(tmp_path, name):
    done = subprocess.run(
        [sys.executable, "-c", "import gkc_site.settings.production"],
        cwd=ROOT,
        env=production(tmp_path, **{name: None}),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"Set the {name} environment variable" in done.stderr


@pytest.mark.slow
def test_the_deploy_check_is_clean(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=production(tmp_path),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.fixture
def sound(settings):
    """Settings with which production may start."""
    settings.IS_PRODUCTION = True
    settings.SECRET_KEY = PRODUCTION["GKC_SECRET_KEY"]
    settings.DEMO_MODE = False
    settings.ALLOWED_HOSTS = ["gkc.example"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    settings.CELERY_BROKER_URL = "redis://redis.example/0"
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
    settings.SITE_ADDRESS = "https://gkc.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def found():
    return [finding.id for finding in run_checks(tags=["gkc"])]


def test_sound_settings_pass(sound):
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "short", "gkc_site.E001"),
        ("DEMO_MODE", True, "gkc_site.E002"),
        ("ALLOWED_HOSTS", ["*"], "gkc_site.E003"),
        ("ALLOWED_HOSTS", ["127.0.0.1", "localhost"], "gkc_site.E003"),
        (
            "CACHES",
            {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            "gkc_site.E004",
        ),
        ("CELERY_BROKER_URL", "filesystem://", "gkc_site.E005"),
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3"}}, "gkc_site.E006"),
        ("SITE_ADDRESS", "http://gkc.example", "gkc_site.E007"),
        ("SITE_ADDRESS", "https://localhost", "gkc_site.E007"),
        ("EMAIL_BACKEND", "touchpoints.backends.FileBackend", "gkc_site.W001"),
    ],
)
def test_each_weakness_is_named(sound, name, value, expected):
    setattr(sound, name, value)
    assert found() == [expected]


def test_an_embedded_site_is_asked_nothing(sound):
    sound.IS_PRODUCTION = False
    sound.SECRET_KEY = "short"
    assert found() == []


@pytest.mark.parametrize("rate", ["20", "many/h", "20/w", ""])
def test_a_rate_that_cannot_be_read_is_named_at_the_start(settings, rate):
    settings.UPLOAD_RATE = rate
    assert [finding.id for finding in run_checks(tags=["bulletins"])] == ["bulletins.E001"]


def test_rates_that_can_be_read_pass(settings):
    settings.UPLOAD_RATE, settings.SUBMIT_RATE = "5/10m", "20/h"
    assert run_checks(tags=["bulletins"]) == []
