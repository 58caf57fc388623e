"""What a production site must not be started with. Each has an id, a reason and a hint.

`manage.py check --deploy` asks all of it; the worker and every manage.py
command ask it when they start. An embedded site (make run) is asked nothing.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning, register

SHORTEST_KEY = 50  # characters, as Django's own security.W009
OWN_CACHES = ("locmem", "dummy")
LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "::1"}
KEPT_MAIL = ("FileBackend", "filebased", "console", "locmem", "dummy")


@register("gkc")
def check_production_settings(app_configs, **kwargs):
    """Every finding of the functions below; none outside production."""
    if not settings.IS_PRODUCTION:
        return []
    checks = [_secret, _demo, _hosts, _cache, _broker, _database, _address, _mail]
    return [finding for check in checks for finding in check()]


def _secret():
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        yield Error(
            f"GKC_SECRET_KEY has fewer than {SHORTEST_KEY} characters.",
            hint='Make one: python3 -c "import secrets; print(secrets.token_urlsafe(50))"',
            id="gkc_site.E001",
        )


def _demo():
    if settings.DEMO_MODE:
        yield Error(
            "Demo mode is on: anybody could sign in with a published password.",
            hint="Unset GKC_DEMO.",
            id="gkc_site.E002",
        )


def _hosts():
    hosts = set(settings.ALLOWED_HOSTS)
    if not hosts - LOCAL_HOSTS or "*" in hosts:
        yield Error(
            "GKC_ALLOWED_HOSTS must name the site's hosts, and not '*'.",
            hint="GKC_ALLOWED_HOSTS=gkc.example,localhost",
            id="gkc_site.E003",
        )


def _cache():
    if any(word in settings.CACHES["default"]["BACKEND"].lower() for word in OWN_CACHES):
        yield Error(
            "The cache is not shared: rate limits would count for each process alone.",
            hint="CACHE_URL=redis://host:6379/1",
            id="gkc_site.E004",
        )


def _broker():
    if urlsplit(settings.CELERY_BROKER_URL).scheme in ("", "memory", "filesystem"):
        yield Error(
            "The broker must be one that other machines reach.",
            hint="GKC_BROKER_URL=redis://host:6379/0",
            id="gkc_site.E005",
        )


def _database():
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield Error(
            "Production runs on PostgreSQL.",
            hint="DATABASE_URL=postgres://user:password@host/name",
            id="gkc_site.E006",
        )


def _address():
    address = urlsplit(settings.SITE_ADDRESS)
    if address.scheme != "https" or address.hostname in LOCAL_HOSTS:
        yield Error(
            "GKC_SITE_ADDRESS must be the public https address that links in mails begin with.",
            hint="GKC_SITE_ADDRESS=https://gkc.example",
            id="gkc_site.E007",
        )


def _mail():
    if any(word in settings.EMAIL_BACKEND for word in KEPT_MAIL):
        yield Warning(
            "Mail is kept and not sent.",
            hint="Unset GKC_EMAIL_BACKEND, or name a backend that sends.",
            id="gkc_site.W001",
        )
