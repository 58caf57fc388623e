"""The test suite: a throw-away home, fast hashes, mail kept in memory."""

import os
import tempfile

os.environ.setdefault("GKC_HOME", tempfile.mkdtemp(prefix="gkc-test-"))

from gkc_site.settings.base import *  # noqa: E402, F403

SECRET_KEY = "tests only: this key signs nothing that leaves the machine"  # noqa: S105
DEMO_MODE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "network.storage.PrivateStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = os.environ.get("GKC_TEST_BROKER_URL", "memory://")
# Test processes that share a Redis must not take each other's messages.
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": f"test-{os.getpid()}-"}
AXES_ENABLED = True
LOGGING["loggers"] |= {
    name: {"level": "WARNING"} for name in ("django_tasks", "wagtail", "axes", "django_structlog")
}
