"""Background work: indexes follow the document versions."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from search.following import follow_elasticsearch as follow_changes
from search.upkeep import follow, keep_elasticsearch

# What a call after a commit looks at; the sweep looks at all.
_LATELY = timedelta(minutes=10)


@shared_task
def follow_versions() -> None:
    """Bring this host's index up to date; see search.upkeep.follow."""
    follow()


@shared_task
def follow_elasticsearch(*, lately: bool = False) -> None:
    """Send changes to Elasticsearch. Idempotent; the sweep also mends its indexes."""
    if lately:
        follow_changes(since=timezone.now() - _LATELY)
    else:
        keep_elasticsearch()
