"""Is the site alive, is it ready, how far behind is it: /healthz/live, /healthz/ready, /metrics.

`live` proves that the process answers, and touches nothing. `ready` proves
the parts that a request or a mail needs. `metrics` gives the same figures,
and django-prometheus' own, to a monitor.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.utils import timezone

from gkc_site.celery import app
from gkc_site.models import Heartbeat
from search.api import ELASTICSEARCH, behind, embedded_consumer, is_rebuilding
from touchpoints.models import Delivery

# Beat ticks every BEAT_INTERVAL_S; this many missed ticks, and at least a
# minute, mean that beat, broker or worker is gone.
MISSED_BEATS = 6
SHORTEST_BEAT_LIMIT_S = 60
LEDGER_LIMIT_S = 300
INDEX_LIMIT_S = 60
BROKER_TIMEOUT_S = 2

_migrated = set()  # aliases whose migrations were seen applied: code and plan cannot part later


@dataclass(frozen=True)
class Finding:
    """What one check found. `lag_s`: seconds behind, None where there is none to tell.

    `note`: what goes on meanwhile, in a word for machines.
    """

    name: str
    is_ok: bool
    lag_s: float | None = None
    note: str = ""


def findings() -> list[Finding]:
    """Every check, each on its own: one that fails does not hide the others."""
    checks: list[tuple[str, Callable[[], Finding]]] = [
        ("database", database),
        ("migrations", migrations),
        ("broker", broker),
        ("beat", beat),
        ("ledger", ledger),
        ("index", index),
    ]
    if settings.SEARCH_ENGINE == ELASTICSEARCH:
        checks.append(("elasticsearch", elasticsearch))
    return [_guarded(name, check) for name, check in checks]


def _guarded(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception:  # whatever it was, the part is not ready
        return Finding(name, is_ok=False)


def database() -> Finding:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding("database", is_ok=True)


def migrations() -> Finding:
    """No migration of this code is missing in the database."""
    if connection.alias not in _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return Finding("migrations", is_ok=False)
        _migrated.add(connection.alias)
    return Finding("migrations", is_ok=True)


def broker() -> Finding:
    """A connection opens within BROKER_TIMEOUT_S."""
    with app.connection_for_write(connect_timeout=BROKER_TIMEOUT_S) as opened:
        opened.ensure_connection(
            max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_TIMEOUT_S
        )
        opened.default_channel  # noqa: B018 - Redis connects with its first channel
    return Finding("broker", is_ok=True)


def beat() -> Finding:
    """Age of the last heartbeat, which beat sent, the broker carried and a worker wrote."""
    at = Heartbeat.objects.filter(name=Heartbeat.BEAT).values_list("at", flat=True).first()
    if at is None:
        return Finding("beat", is_ok=False)
    limit_s = max(SHORTEST_BEAT_LIMIT_S, MISSED_BEATS * settings.BEAT_INTERVAL_S)
    return _lag("beat", at, limit_s)


def ledger() -> Finding:
    """Age of the oldest delivery that is due and that nobody sends."""
    now = timezone.now()
    oldest = Delivery.objects.claimable(now).aggregate(oldest=Min("due_at"))["oldest"]
    return _lag("ledger", oldest, LEDGER_LIMIT_S)


def index() -> Finding:
    """Age of the oldest change that this host's index has not followed.

    Only this host counts: what one that is gone left behind would never catch up.
    While the index is filled anew it says so. With SQLite the site is ready all the
    same, since it has no other host; with PostgreSQL the lag decides.
    """
    note = "rebuilding" if is_rebuilding() else ""
    if connection.vendor == "sqlite":
        # It changes in the object's transaction.
        return Finding("index", is_ok=True, lag_s=0.0, note=note)
    return replace(_lag("index", _oldest(embedded_consumer()), INDEX_LIMIT_S), note=note)


def elasticsearch() -> Finding:
    """Likewise Elasticsearch. Its lag is for a monitor: meanwhile this host's index answers."""
    lag_s = _lag("elasticsearch", _oldest(ELASTICSEARCH), INDEX_LIMIT_S).lag_s
    return Finding("elasticsearch", is_ok=True, lag_s=lag_s)


def _oldest(consumer: str) -> datetime.datetime | None:
    return behind(consumer).aggregate(oldest=Min("changed_at"))["oldest"]


def _lag(name: str, since: datetime.datetime | None, limit_s: float) -> Finding:
    """`since` None: nothing waits."""
    lag_s = (timezone.now() - since).total_seconds() if since else 0.0
    return Finding(name, is_ok=lag_s <= limit_s, lag_s=round(max(lag_s, 0.0), 1))
