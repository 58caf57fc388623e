"""The settings of `make run`, with the bare page and a way to ask a page for its queries."""

from gkc_site.settings.embedded import *  # noqa: F403
from gkc_site.settings.embedded import INSTALLED_APPS, LOGGING, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.barepage"]
MIDDLEWARE = ["benchmarks.counting.count", *MIDDLEWARE]
RATELIMIT_ENABLE = False  # one address asks everything
LOGGING["root"]["level"] = "ERROR"
LOGGING["loggers"] |= {
    name: {"level": "ERROR"} for name in ("django_tasks", "wagtail", "axes", "django_structlog")
}
