"""Settings shared by every way to run the site; each value is read from the environment once.

`embedded` (make run), `production` and `test` import this module and say only
what differs. Every GKC_* variable is described in docs/how-to/settings.md.
"""

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from gkc_site.settings.background import *  # noqa: F403
from gkc_site.settings.environment import BASE_DIR, GKC_HOME, env
from gkc_site.settings.search import *  # noqa: F403

DEBUG = False
IS_PRODUCTION = False  # gkc_site.checks asks more of a production site
DEMO_MODE = env.bool("GKC_DEMO", default=False)
SITE_ADDRESS = env.str("GKC_SITE_ADDRESS", default="http://127.0.0.1:8000")

ALLOWED_HOSTS = env.list("GKC_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("GKC_CSRF_TRUSTED_ORIGINS", default=[SITE_ADDRESS])

INSTALLED_APPS = [
    "gkc_site",
    "gkc_site.accounts",
    "silver_book",
    "bulletins",
    "workshops",
    "translations",
    "review",
    "touchpoints",
    "search",
    "network",
    "modeltranslation",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "gkc_site.accounts.users_app.MemberUsersConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "gkc_site.admin_app.GkcAdminConfig",
    "wagtail",
    "modelcluster",
    "taggit",
    "anymail",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_celery_beat",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "health_check",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gkc_site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "gkc_site.middleware.NulMiddleware",
    "gkc_site.middleware.ApiMiddleware",
    "gkc_site.middleware.AdminPolicyMiddleware",
    "gkc_site.middleware.DeskCountMiddleware",
    "gkc_site.middleware.ReadingZoneMiddleware",
    "gkc_site.middleware.FormOnlyMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
    # Last: it runs the admin's tree-changing views itself, past every later check.
    "network.middleware.TreeChangeMiddleware",
]

ROOT_URLCONF = "gkc_site.urls"
WSGI_APPLICATION = "gkc_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gkc_site.context.site",
            ],
        },
    },
]

# --- database -------------------------------------------------------------
# SQLite needs IMMEDIATE: with deferred transactions 70 of 80 concurrent page
# writes failed with "database is locked" (measured; docs/adr/0004).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; "
        "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864; PRAGMA foreign_keys=ON;"
    ),
}
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{GKC_HOME / 'gkc.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# --- people -----------------------------------------------------------------
AUTH_USER_MODEL = "network.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "gkc_site.accounts.backends.MemberBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "gkc_site.accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "gkc_site.accounts.adapter.InvitationOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation proves the address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    # axes counts failures by address and person, and shows its own page at the
    # eighth; allauth's count of five would hide it.
    "login_failed": "60/m/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
AXES_FAILURE_LIMIT = env.int("GKC_LOGIN_FAILURES", default=8)
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["ip_address", "username"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "gkc_site.accounts.backends.attempted_address"
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"

# --- languages --------------------------------------------------------------
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
# Names in their own language: a reader looks for these, not for a translation.
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("en", "English"),
    ("ja", "日本語"),
    ("es", "Español"),
    ("ar", "العربية"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("it", "Italiano"),
    ("pt-br", "Português (Brasil)"),
    ("zh-hans", "简体中文"),
    ("id", "Bahasa Indonesia"),
    ("th", "ไทย"),
]
# Languages whose catalogs must be complete and unfuzzy.
GKC_COMPLETE_LANGUAGES = env.list("GKC_COMPLETE_LANGUAGES", default=["en", "ja", "es", "ar", "fa"])
LOCALE_PATHS = [BASE_DIR / "locale"]
WAGTAIL_I18N_ENABLED = True
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)

# --- Wagtail ----------------------------------------------------------------
WAGTAIL_SITE_NAME = "Global Knowledge Center"
WAGTAILADMIN_BASE_URL = SITE_ADDRESS
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAILIMAGES_IMAGE_MODEL = "network.GkcImage"
WAGTAILDOCS_DOCUMENT_MODEL = "network.GkcDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 25 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "mp4"]
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"webp": "webp", "gif": "png"}
WAGTAIL_FINISH_WORKFLOW_ACTION = "bulletins.workflow.publish_approved_revision"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False
WAGTAILADMIN_COMMENTS_ENABLED = False
# A save is an act here: it takes an approval back, asks the author, makes translations stale.
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = True
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILADMIN_PERMITTED_LANGUAGES = [
    ("en", "English"),
    ("ja", "Japanese"),
    ("es", "Spanish"),
    ("ar", "Arabic"),
    ("fa", "Persian"),
]

# --- translating ------------------------------------------------------------
# A class with wagtail-localize's machine translator interface; without one there are no drafts.
# Not wagtail-localize's own setting: its editor would put a machine's words in unmarked.
MACHINE_TRANSLATOR = env.str("GKC_MACHINE_TRANSLATOR", default="")
MACHINE_TRANSLATOR_OPTIONS = env.json("GKC_MACHINE_TRANSLATOR_OPTIONS", default={})

# --- files ------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("GKC_STATIC_ROOT", default=str(GKC_HOME / "static"))
MEDIA_ROOT = str(GKC_HOME / "media")
MEDIA_URL = "/media/"  # never served: every file goes through a checked view
STORAGES = {
    "default": {"BACKEND": "network.storage.PrivateStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor sends many
FILE_UPLOAD_PERMISSIONS = 0o640

# --- mail -------------------------------------------------------------------
EMAIL_BACKEND = env.str("GKC_EMAIL_BACKEND", default="touchpoints.backends.FileBackend")
EMAIL_FILE_PATH = str(GKC_HOME / "mail")
EMAIL_HOST = env.str("GKC_SMTP_HOST", default="localhost")
EMAIL_PORT = env.int("GKC_SMTP_PORT", default=25)
EMAIL_HOST_USER = env.str("GKC_SMTP_USER", default="")
EMAIL_HOST_PASSWORD = env.str("GKC_SMTP_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("GKC_SMTP_TLS", default=False)
EMAIL_TIMEOUT = 20
# Options of a mail service (django-anymail), as JSON, and the secret of its webhook,
# 'user:password'; without a secret the webhooks are not mounted.
ANYMAIL = env.json("GKC_ANYMAIL", default={})
if env.str("GKC_MAIL_WEBHOOK_SECRET", default=""):
    ANYMAIL["WEBHOOK_SECRET"] = env.str("GKC_MAIL_WEBHOOK_SECRET")
DEFAULT_FROM_EMAIL = env.str("GKC_MAIL_FROM", default="Global Knowledge Center <gkc@gkc.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Right-hand side of every Message-ID.
GKC_MAIL_DOMAIN = env.str("GKC_MAIL_DOMAIN", default="gkc.example")
# How long a sender holds delivery rows (s); longer than an SMTP dialogue's four
# timeouts (touchpoints.E001), or two senders could hold the same row.
DELIVERY_LEASE_S = env.int("GKC_DELIVERY_LEASE_S", default=90)

# --- text of attached files (network.reading) ---------------------------------
READING_TIME_S = env.int("GKC_READING_TIME_S", default=60)
READING_MEMORY_MB = env.int("GKC_READING_MEMORY_MB", default=1024)

# --- safety -----------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gkc_site.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    },
}
RATELIMIT_VIEW = "gkc_site.views.too_many_requests"
RATELIMIT_USE_CACHE = "default"
# A person submits a few stories and sends some dozens of pictures an hour, not more.
SUBMIT_RATE = env.str("GKC_SUBMIT_RATE", default="20/h")
UPLOAD_RATE = env.str("GKC_UPLOAD_RATE", default="120/h")
# Hours for which a file that stopped half-way can be gone on with.
UPLOAD_KEPT_H = env.int("GKC_UPLOAD_KEPT_H", default=72)
# A sheet of people that was looked through waits so long to be loaded (hours).
SHEET_KEPT_H = env.int("GKC_SHEET_KEPT_H", default=24)
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # the admin shows previews in a frame of its own origin
    # django-ratelimit wants a cache that several processes share. The embedded
    # site has one web process; production is checked by gkc_site.E004.
    "django_ratelimit.E003",
    "django_ratelimit.W001",
]

# Probes inside the network speak plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz/", r"^metrics$"]

# --- watching ---------------------------------------------------------------
METRICS_TOKEN = env.str("GKC_METRICS_TOKEN", default="")
DJANGO_STRUCTLOG_CELERY_ENABLED = True  # the request id goes with the task
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "gkc_site.logs.json_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("GKC_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        # They tell every step and every font of every sheet.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        # It tells each request; what fails is told by search itself.
        "elastic_transport": {"level": "ERROR"},
    },
}

# What a visitor sees of this site's languages, in order (docs/how-to/languages.md).
RIGHT_TO_LEFT_LANGUAGES = ("ar", "fa")
SITE_NAME = _("Global Knowledge Center")
