"""What is told on the way to opening a story to everyone (R7), each kind with its audience."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletins.issue_messages import editors
from bulletins.messages import case_message, desk_url, managers, review_url
from touchpoints.registry import Kind, Message, register


def words_consent(case, data, user) -> Message | None:
    """To the managers: passed over once consent was given or the story went."""
    if case.consent_by_id is not None or not case.is_published:
        return None
    return case_message(
        case,
        _("May everyone read it? %(title)s"),
        _("The story “%(title)s” (%(number)s) is to be opened to everyone, outside readers too."),
        _("Nothing is opened without your consent."),
        url=desk_url(case),
        action=_("Read it and decide"),
    )


def words_clearance(case, data, user) -> Message | None:
    """To the editors: passed over once it is open to everyone, or the consent ended."""
    if case.consent_by_id is None or case.cleared_at is not None or not case.is_published:
        return None
    return case_message(
        case,
        _("To open to everyone: %(title)s"),
        _("The distributor of “%(title)s” (%(number)s) agrees that everyone may read it."),
        _("An editor looks at it once more and opens it."),
        url=review_url(case),
        action=_("Read it and decide"),
    )


CONSENT = register(
    Kind(
        "bulletins.consent_asked",
        managers,
        gettext_lazy("the managers of the story’s distributor"),
        words_consent,
    )
)
CLEARANCE = register(
    Kind("bulletins.clearance_asked", editors, gettext_lazy("the editors"), words_clearance)
)
