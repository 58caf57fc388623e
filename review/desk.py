"""What waits for reviewers, leads, editors and translators: lines of 'Waiting for you'."""

from collections.abc import Iterator
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from network.languages import autonym
from network.permissions import holds, is_member, standing
from network.registry import DeskItem, Menu, desk_items, desk_places
from review.models import Flag
from review.permissions import can_read_spread
from review.registry import QueueRow, flaggables, reviewables

MINUTES_TO_ANSWER = 5


def items(user) -> Iterator[DeskItem]:
    """One line a thing. Two queries for somebody for whom nothing waits."""
    if not is_member(user):
        return
    for reviewable in reviewables():
        for row in reviewable.waiting(user):
            yield _item(row)


def _item(row: QueueRow) -> DeskItem:
    review = _("Review this story from %(place)s.")
    if row.waits:
        review = _(
            "Review this story from %(place)s. "
            "Your days begin when the working translation is there."
        )
    what, action = {
        "review": (review, _("Review")),
        "assign": (
            _("Nobody can take this story from %(place)s. Name a reviewer."),
            pgettext("action", "Name"),
        ),
        "appeal": (
            _("The author of this story from %(place)s appeals, and no editor has it yet."),
            pgettext("action", "Answer"),
        ),
        "translate": (
            _("The reviewer does not read this language. Put the story into %(language)s."),
            _("Translate"),
        ),
    }[row.kind]
    url = reverse("review_case", args=[row.key])
    if row.kind == "translate":
        url = reverse("review_translate", args=[row.key]) + "?" + urlencode({"to": row.to_language})
    return DeskItem(
        title=row.title,
        what=what % {"place": row.place, "language": autonym(row.to_language)},
        url=url,
        since=row.since,
        due=row.due,
        minutes=row.minutes,
        state=row.state,
        state_label=row.state_label,
        action=action,
        language=row.language,
    )


def flags(user) -> Iterator[DeskItem]:
    """Readers' marks that wait for this person's answer. Two queries at most, for all kinds."""
    if not is_member(user):
        return
    wanted = None
    for flaggable in flaggables():
        mine = flaggable.waiting(user)
        if mine is not None:
            mine &= Q(kind=flaggable.kind)
            wanted = mine if wanted is None else wanted | mine
    if wanted is None:
        return
    for flag in Flag.objects.open().filter(wanted).order_by("raised_at", "pk"):
        yield DeskItem(
            title=flag.title,
            what=_("A reader has marked a defect here. Mend it, or say why the text stands."),
            url=reverse("flag", args=[flag.pk]),
            since=flag.raised_at,
            minutes=MINUTES_TO_ANSWER,
            state="returned",
            state_label=pgettext("mark at a defect", "Marked"),
            action=pgettext("action", "Answer"),
            language=flag.language,
        )


def places(user) -> Iterator[Menu]:
    """The review desk, for whoever reviews."""
    if holds(user, "campaigner", "lead", "editor"):
        yield Menu(_("Review desk"), partial(reverse, "review_desk"), 20)
    if can_read_spread(user):
        yield Menu(_("How reviewers score"), partial(reverse, "review_spread"), 45)
    for mandate in standing(user).mandates:
        if mandate.role == "lead" and mandate.review_area_id:
            area = mandate.review_area
            yield Menu(area.name, partial(reverse, "review_area", args=[area.slug]), 25)


def register() -> None:
    """Called once, from the app's ready()."""
    desk_places.register("review", places)
    desk_items.register("review", items)
    desk_items.register("review_flags", flags)
