"""What every template is given."""

from django.conf import settings
from django.utils import translation

from network import languages


def site(request) -> dict:
    """Language, direction and the site's name; no query."""
    code = translation.get_language() or settings.LANGUAGE_CODE
    return {
        "site_name": settings.SITE_NAME,
        "language_tag": languages.tag(code),
        "direction": languages.direction(code),
        "demo_mode": settings.DEMO_MODE,
    }
