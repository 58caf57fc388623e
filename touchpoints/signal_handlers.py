"""What mail services report about our mails (django-anymail's tracking events)."""

import structlog
from anymail.signals import EventType, RejectReason, tracking
from django.dispatch import receiver

from network.models import User
from touchpoints.registry import kind
from touchpoints.returns import deliveries_of, is_hard, note_bounce, note_complaint
from touchpoints.transitions import choose_mail

log = structlog.get_logger(__name__)

# Reasons that say something about the mailbox itself, not about the day or our name.
GONE_FOR_GOOD = {RejectReason.INVALID, RejectReason.BOUNCED}
CAME_BACK = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}


@receiver(tracking)
def on_tracking(sender, event, esp_name, **kwargs) -> None:
    """Bounces, complaints and 'unsubscribe'; openings and clicks are not looked at."""
    if event.event_type not in (CAME_BACK | {EventType.COMPLAINED, EventType.UNSUBSCRIBED}):
        return
    rows = _rows(event)
    address = event.recipient or (rows[0].address if rows else "")
    if not address:
        log.warning("mail_event_without_receiver", service=esp_name, event=event.event_type)
        return
    words = " ".join(filter(None, [event.description, event.mta_response]))
    if event.event_type == EventType.UNSUBSCRIBED:
        _stop(rows, address)
    elif event.event_type == EventType.COMPLAINED or event.reject_reason == RejectReason.SPAM:
        note_complaint(rows, address, words=words, at=event.timestamp)
    else:
        hard = event.reject_reason in GONE_FOR_GOOD or is_hard(None, words)
        note_bounce(rows, address, hard=hard, words=words, at=event.timestamp)


def _rows(event) -> list:
    for mark in ((event.metadata or {}).get("delivery"), event.message_id):
        if rows := deliveries_of(mark or ""):
            return rows
    return []


def _stop(rows, address: str) -> None:
    """The receiver pressed the service's own button: the kind ends, or all that is optional."""
    user = User.objects.filter(email=address.lower()).first()
    if user is None:
        return
    try:
        kinds = [row.mailing.kind for row in rows if kind(row.mailing.kind).optional]
    except KeyError:
        kinds = []
    choose_mail(user, dict.fromkeys(kinds or [""], False))
