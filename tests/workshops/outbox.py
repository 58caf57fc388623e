"""What went out, and what people were told."""

from django.core import mail

from touchpoints.models import Delivery
from touchpoints.sending import send_due


def mails() -> list:
    """What went out since the last time."""
    send_due()
    found, mail.outbox = mail.outbox, []
    return found


def told(user) -> list[str]:
    """Kinds of message that the person was told, in order."""
    rows = Delivery.objects.filter(user=user).order_by("pk")
    return [name.split(".")[1] for name in rows.values_list("mailing__kind", flat=True)]
