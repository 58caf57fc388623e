"""What of this room is translated, and by whom (`translations.registry`)."""

from translations.permissions import can_read_second, can_see_desk, can_translate
from translations.registry import Translatable, register
from workshops.models import ProgrammePage
from workshops.permissions import can_change_programme
from workshops.transitions.publishing import SOURCE_LANGUAGE, publish_translation


def pages_open_to(user):
    """The English pages of current programmes; a distributor's version has one language."""
    if not can_see_desk(user):
        return ProgrammePage.objects.none()
    return (
        ProgrammePage.objects.filter(
            locale__language_code=SOURCE_LANGUAGE,
            programme__archived_at__isnull=True,
            programme__parent__isnull=True,
        )
        .exclude(latest_revision=None)
        .select_related("programme", "locale")
        .order_by("programme__key")
    )


def may_translate(user, page: ProgrammePage, language: str) -> bool:
    """A translator of the language; who changes the programme, in languages that they read. What
    they write, another person reads."""
    if can_translate(user, language):
        return True
    return can_change_programme(user, page.programme) and language in user.reading_languages


def publish(page: ProgrammePage, by) -> bool:
    """A live programme's language goes live at once; another's with its source."""
    source = ProgrammePage.objects.filter(
        translation_key=page.translation_key, locale__language_code=SOURCE_LANGUAGE
    ).first()
    if source is None or not source.live:
        return False
    publish_translation(page, by=by)
    return True


register(
    Translatable(
        model=ProgrammePage,
        open_to=pages_open_to,
        may_translate=may_translate,
        may_read_second=lambda user, page, language: can_read_second(user, language),
        publish=publish,
    )
)
