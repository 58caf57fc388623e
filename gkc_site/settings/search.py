"""Search: which engine answers, where its index lies, how long it is waited for."""

from gkc_site.settings.environment import GKC_HOME, env

SEARCH_ENGINE = env.str("GKC_SEARCH_ENGINE", default="embedded")
SEARCH_INDEX_PATH = env.str("GKC_SEARCH_INDEX", default=str(GKC_HOME / "search.sqlite3"))
# Several nodes, separated by commas.
ELASTICSEARCH_URLS = env.list("GKC_ELASTICSEARCH_URL", default=[])
ELASTICSEARCH_USER = env.str("GKC_ELASTICSEARCH_USER", default="")
ELASTICSEARCH_PASSWORD = env.str("GKC_ELASTICSEARCH_PASSWORD", default="")
ELASTICSEARCH_API_KEY = env.str("GKC_ELASTICSEARCH_API_KEY", default="")
ELASTICSEARCH_CA = env.str("GKC_ELASTICSEARCH_CA", default="")
ELASTICSEARCH_PREFIX = env.str("GKC_ELASTICSEARCH_PREFIX", default="gkc-")
# How long a reader's page waits, and how long a writer (s). After a failure nobody
# asks for a pause: the embedded engine answers.
ELASTICSEARCH_TIMEOUT_S = env.float("GKC_ELASTICSEARCH_TIMEOUT_S", default=0.5)
ELASTICSEARCH_WRITE_TIMEOUT_S = env.float("GKC_ELASTICSEARCH_WRITE_TIMEOUT_S", default=15.0)
ELASTICSEARCH_PAUSE_S = env.float("GKC_ELASTICSEARCH_PAUSE_S", default=60.0)
ELASTICSEARCH_PLUGINS = env.list("GKC_ELASTICSEARCH_PLUGINS", default=[])
# Requests of a person, or of an address, before a pause: '<number>/<s, m, h or d>'.
SEARCH_RATE = env.str("GKC_SEARCH_RATE", default="120/m")
COMPLETION_RATE = env.str("GKC_COMPLETION_RATE", default="240/m")
API_RATE = env.str("GKC_API_RATE", default="60/m")
