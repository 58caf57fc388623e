"""`make run`: one machine, SQLite, the embedded search, demo content."""

import secrets

from gkc_site.runner.services import broker_socket
from gkc_site.settings.base import *  # noqa: F403
from gkc_site.settings.base import BROKER_FOLDER, CELERY_BROKER_URL, GKC_HOME, env

DEMO_MODE = env.bool("GKC_DEMO", default=True)


if CELERY_BROKER_URL == "filesystem://":
    if broker_socket(GKC_HOME).exists():  # `make run` is up: talk to its worker
        CELERY_BROKER_URL = f"redis+socket://{broker_socket(GKC_HOME)}"
        CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 10}
    else:
        for folder in ("messages", "control"):  # kombu makes no parents
            (BROKER_FOLDER / folder).mkdir(parents=True, exist_ok=True)


def _kept_secret() -> str:
    """The signing key of this home folder: made once, kept beside the database."""
    GKC_HOME.mkdir(parents=True, exist_ok=True)
    path = GKC_HOME / "secret-key"
    try:
        with path.open("x") as new:
            path.chmod(0o600)
            new.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = env.str("GKC_SECRET_KEY", default="") or _kept_secret()
