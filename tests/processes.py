"""What a test's other processes need to work on the same site."""

import os
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def database_url() -> str:
    """The test database, for another process."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def sender_environment(home: Path, lease_s: int) -> dict[str, str]:
    """The test database, a home and a short lease for a process that sends."""
    return os.environ | {
        "GKC_HOME": str(home),
        "DATABASE_URL": database_url(),
        "GKC_DELIVERY_LEASE_S": str(lease_s),
        "GKC_LOG_LEVEL": "CRITICAL",
    }
