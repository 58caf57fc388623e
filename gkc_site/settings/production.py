"""Production: PostgreSQL, Redis, HTTPS. Secrets only from the environment, refused when missing."""

from gkc_site.settings.base import *  # noqa: F403
from gkc_site.settings.base import env

SECRET_KEY = env.str("GKC_SECRET_KEY")
IS_PRODUCTION = True
DEMO_MODE = False
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
CACHES = {"default": env.cache("CACHE_URL")}
CELERY_BROKER_URL = env.str("GKC_BROKER_URL")
EMAIL_BACKEND = env.str("GKC_EMAIL_BACKEND", default="touchpoints.backends.SMTPBackend")

SECURE_SSL_REDIRECT = env.bool("GKC_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("GKC_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
