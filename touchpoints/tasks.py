"""The sweep that empties the ledger's queue."""

from celery import shared_task

from touchpoints import sending


@shared_task(ignore_result=True)
def send_due() -> int:
    """Send what is due. Idempotent: the truth is the ledger's rows."""
    return sending.send_due()
