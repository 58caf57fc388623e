"""Desk lines of 'does it last?': the authors' own, and one for editors. One query each."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulletins.desk import titles
from bulletins.models import Case, LastingCheck, Stage
from bulletins.queries import written_by
from network.localize import number_text
from network.permissions import is_editor, is_member
from network.registry import DeskItem, desk_items

MINUTES = 3


def own_items(user):
    """Stories of which this person is asked whether the results last. Two queries at most."""
    if not is_member(user):
        return
    mine = Case.objects.filter(written_by(user), stage=Stage.PUBLISHED)
    rows = list(
        LastingCheck.objects.filter(answer="", case__in=mine.values("pk")).select_related("case")
    )
    words = titles([row.case for row in rows]) if rows else {}
    for row in rows:
        yield DeskItem(
            title=words.get(row.case_id, row.case.number),
            language=row.case.source_language,
            what=_("Do the results still hold, three months after publication?"),
            url=reverse("case_lasting", args=[row.case.number]),
            since=row.asked_at,
            due=row.due,
            minutes=MINUTES,
            state="published",
            state_label=row.case.get_stage_display(),
            action=_("Answer"),
        )


def editors_items(user):
    """How many authors have not answered in time. One query."""
    if not is_editor(user):
        return
    late = LastingCheck.objects.filter(
        answer="", case__stage=Stage.PUBLISHED, due__lt=timezone.now()
    ).aggregate(count=Count("pk"), since=Min("due"))
    if not late["count"]:
        return
    yield DeskItem(
        title=_("Results not yet looked at again"),
        what=ngettext(
            "%(count)s author has not said in time whether the results last.",
            "%(count)s authors have not said in time whether the results last.",
            late["count"],
        )
        % {"count": number_text(late["count"])},
        url=reverse("lasting_open"),
        since=late["since"],
        minutes=MINUTES,
        state="published",
        state_label=_("Not answered"),
        action=_("See the list"),
    )


def connect() -> None:
    """Called once, from the app's ready()."""
    desk_items.register("bulletins.lasting", own_items)
    desk_items.register("bulletins.lasting_late", editors_items)
