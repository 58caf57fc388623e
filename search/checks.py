"""What search must not be started with. Each has an id, a reason and a hint."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning, register

from search.engines import ENGINES

# A page has a second; the embedded engine needs its part of it where Elasticsearch is slow.
LONGEST_WAIT_S = 0.8
# Plugins whose tokenizers we know how to use.
PLUGINS = ("analysis-kuromoji", "analysis-smartcn", "analysis-icu")


@register("search")
def check_search_settings(app_configs, **kwargs):
    """Every finding of the functions below."""
    checks = [_engine]
    if settings.SEARCH_ENGINE == "elasticsearch":
        checks += [_address, _key, _times, _plugins]
    return [finding for check in checks for finding in check()]


def _engine():
    if settings.SEARCH_ENGINE not in ENGINES:
        yield Error(
            f"There is no search engine '{settings.SEARCH_ENGINE}'.",
            hint=f"GKC_SEARCH_ENGINE is one of {', '.join(ENGINES)}.",
            id="search.E001",
        )


def _address():
    addresses = [urlsplit(url) for url in settings.ELASTICSEARCH_URLS]
    if not addresses or any(a.scheme not in ("http", "https") or not a.port for a in addresses):
        yield Error(
            "Elasticsearch is to answer searches, but its address is not known.",
            hint="GKC_ELASTICSEARCH_URL=https://host:9200, several with commas between them.",
            id="search.E002",
        )
        return
    if settings.IS_PRODUCTION and any(address.scheme == "http" for address in addresses):
        yield Warning(
            "Texts and passwords go to Elasticsearch unencrypted.",
            hint="Use https, or a network that only the site's machines share.",
            id="search.W001",
        )


def _key():
    if settings.ELASTICSEARCH_API_KEY and settings.ELASTICSEARCH_USER:
        yield Error(
            "Elasticsearch is given an API key and a user; only one may be used.",
            hint="Unset GKC_ELASTICSEARCH_USER or GKC_ELASTICSEARCH_API_KEY.",
            id="search.E003",
        )


def _times():
    if not 0 < settings.ELASTICSEARCH_TIMEOUT_S <= LONGEST_WAIT_S:
        yield Error(
            f"A page would wait {settings.ELASTICSEARCH_TIMEOUT_S} s for Elasticsearch, and could"
            " not be answered within a second when it is slow.",
            hint=f"GKC_ELASTICSEARCH_TIMEOUT_S is above 0 and at most {LONGEST_WAIT_S}.",
            id="search.E004",
        )


def _plugins():
    unknown = set(settings.ELASTICSEARCH_PLUGINS) - set(PLUGINS)
    if unknown:
        yield Error(
            f"The search knows no use for {', '.join(sorted(unknown))}.",
            hint=f"GKC_ELASTICSEARCH_PLUGINS takes {', '.join(PLUGINS)}.",
            id="search.E005",
        )
