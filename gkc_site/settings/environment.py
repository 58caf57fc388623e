"""Where settings come from, and the folder that everything is written to."""

from pathlib import Path

import environ

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# Everything the site writes: database, media, mail, broker, index.
GKC_HOME = Path(env.str("GKC_HOME", default=str(BASE_DIR / ".gkc"))).resolve()
