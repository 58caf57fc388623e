"""Tasks that belong to no room."""

from celery import shared_task
from django.conf import settings
from django.core.cache import cache

from gkc_site.models import Heartbeat
from gkc_site.network_import import drafts

# Texts of the demo a beat: half a second each, so that whoever looks at the site does not wait.
DEMO_TEXTS_A_BEAT = 1
LOOK_AGAIN_S = 3600


@shared_task(ignore_result=True)
def heartbeat() -> None:
    """Write that beat, broker and worker are alive; /healthz/ready reads its age."""
    Heartbeat.objects.update_or_create(name=Heartbeat.BEAT)


@shared_task(ignore_result=True)
def forget_stale_sheets() -> int:
    """Forget sheets of people that nobody loaded in time. Idempotent."""
    return drafts.forget_stale()


@shared_task
def finish_demo() -> int:
    """Put the demo's programmes into its other languages, a few a beat, once the site runs.

    Nothing outside demo mode, and nothing once all are there. Returns how many were made.
    """
    if not settings.DEMO_MODE or cache.get("demo-is-finished"):
        return 0
    from gkc_site.demo.workshops.texts import load_workshop_texts

    made = load_workshop_texts(most=DEMO_TEXTS_A_BEAT)
    if not made:
        cache.set("demo-is-finished", True, LOOK_AGAIN_S)
    return made
