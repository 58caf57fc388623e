"""Settings that would make mail go out twice or not at all."""

from django.conf import settings
from django.core import checks

from touchpoints.claims import ANSWERS_A_MAIL


@checks.register("touchpoints")
def check_lease(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """The lease outlasts a mail, and the Message-ID's domain is a domain."""
    found: list[checks.CheckMessage] = []
    if settings.EMAIL_TIMEOUT is None or (
        settings.DELIVERY_LEASE_S <= ANSWERS_A_MAIL * settings.EMAIL_TIMEOUT
    ):
        found.append(
            checks.Error(
                "GKC_DELIVERY_LEASE_S is shorter than a slow mail server's four answers.",
                hint=f"Set it above {ANSWERS_A_MAIL} times EMAIL_TIMEOUT.",
                id="touchpoints.E001",
            )
        )
    domain = settings.GKC_MAIL_DOMAIN
    if not domain or not all(c.isalnum() or c in "-." for c in domain):
        found.append(
            checks.Error(
                "GKC_MAIL_DOMAIN is not a domain name.",
                hint="It stands in every Message-ID, for example mail.example.org.",
                id="touchpoints.E002",
            )
        )
    return found
