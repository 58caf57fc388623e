"""Settings of this room that would fail at a member's request instead of at the start."""

import re

from django.conf import settings
from django.core import checks

# django-ratelimit's form: 20/h, 5/10m
_RATE = re.compile(r"\d+/\d*[smhd]")


@checks.register("bulletins")
def check_rates(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Every rate of the share form can be read."""
    return [
        checks.Error(
            f"GKC_{name} is not a rate: {getattr(settings, name)!r}.",
            hint="A number, a slash and a period: 20/h, 5/10m.",
            id="bulletins.E001",
        )
        for name in ("SUBMIT_RATE", "UPLOAD_RATE")
        if not _RATE.fullmatch(getattr(settings, name))
    ]
