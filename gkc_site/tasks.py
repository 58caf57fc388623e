"""Tasks that belong to no room."""

from celery import shared_task

from gkc_site.models import Heartbeat


@shared_task(ignore_result=True)
def heartbeat() -> None:
    """Write that beat, broker and worker are alive; /healthz/ready reads its age."""
    Heartbeat.objects.update_or_create(name=Heartbeat.BEAT)
