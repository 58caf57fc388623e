"""`make run`: one machine, SQLite, the embedded search, demo content."""

import secrets

from gkc_site.settings.base import *  # noqa: F403
from gkc_site.settings.base import GKC_HOME, env

DEMO_MODE = env.bool("GKC_DEMO", default=True)


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
