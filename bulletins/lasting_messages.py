"""The question whether a story's results last."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletins.messages import authors, case_message
from bulletins.models import LastingCheck
from bulletins.permissions import is_author
from touchpoints.registry import Kind, Message, register


def words_asked(case, data, user) -> Message | None:
    """To the authors: passed over once it is answered, or the story is off."""
    waits = LastingCheck.objects.filter(case=case, answer="").exists()
    if not waits or not case.is_published or not is_author(user, case):
        return None
    return case_message(
        case,
        _("Do the results last? %(title)s"),
        _("“%(title)s” (%(number)s) was published three months ago. Do its results hold?"),
        _("One minute is enough. A worse figure is worth as much to your readers as a better one."),
        url=reverse("case_lasting", args=[case.number]),
        action=_("Say what became of it"),
    )


ASKED = register(
    Kind("bulletins.lasting_asked", authors, gettext_lazy("the story’s authors"), words_asked)
)
