"""Who is told of a visit (R18)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gkc_site.measures.permissions import can_see_brief
from network.localize import date_text
from network.models import User
from touchpoints.registry import Kind, Message, register


def leads(note, data) -> list:
    """The leads of the country's area, but for whoever wrote it."""
    return list(
        User.objects.holding("lead", review_area=note.country.review_area).exclude(pk=note.by_id)
    )


def words(note, data, user) -> Message | None:
    """What was seen, and where it can become a proposal or a story."""
    if not can_see_brief(user, note.country):
        return None
    names = {
        "name": note.by.display_name,
        "country": note.country.name,
        "day": date_text(note.visited_on),
    }
    return Message(
        subject=_("A visit to %(country)s: what %(name)s saw") % names,
        lines=(
            _("%(name)s was in %(country)s on %(day)s and noted:") % names,
            note.text,
            _("You can propose a story because of it, or begin one for an author there."),
        ),
        url=f"{reverse('country_brief', args=[note.country_id.lower()])}#visit-{note.pk}",
        action=_("Open the country brief"),
        reply_to=note.by.email if note.by.is_active else "",
    )


register(
    Kind(
        "gkc_site.visit_logged",
        leads,
        gettext_lazy("the lead campaigners of the country that was visited"),
        words,
        label=gettext_lazy("A visit to a country of mine"),
    )
)
