"""A campaigner's first screen, which fits forty minutes, and the next dates of the coaching log."""

import datetime
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulletins.flow.board import title_of, with_words
from bulletins.flow.coaching import silent, to_keep
from bulletins.models import Case, Stage
from bulletins.planning.dates import end_of
from bulletins.response_rules import areas_of
from network.localize import date_text
from network.registry import DeskItem, desk_items, desk_sections
from review.api import oldest_question, reviewer_due

FITS = 40  # minutes: a campaigner has another job
# About how long each takes, in minutes. With three silent distributors they fit together.
MINUTES = {"next": 20, "late": 5, "question": 5, "silent": 3, "date": 5}
SILENT = 3
# A next date comes to the desk so long before its day.
AHEAD = datetime.timedelta(days=7)
IN_REVIEW = (Stage.AREA_REVIEW, Stage.NEUTRAL_REVIEW, Stage.EDITING)


@dataclass(frozen=True)
class Task:
    """One thing on the first screen, a tap away."""

    kind: str  # a key of MINUTES
    label: str  # which of the things it is
    title: str
    what: str
    url: str
    language: str = ""  # of the title; '' for the page's
    due: datetime.datetime | None = None
    is_late: bool = False

    @property
    def minutes(self) -> int:
        return MINUTES[self.kind]


def first_screen(user):
    """Next review, the one longest over its clock, oldest question, three silent distributors.

    Four queries for a campaigner or lead, none for others.
    """
    areas = areas_of(user)
    if not areas:
        return
    now = timezone.now()
    tasks = [*_next(user, now), *_late(user, areas, now), *_question(user, now)]
    tasks += _silent(user, areas)
    yield {
        "template": "bulletins/desk_campaigner.html",
        "context": {"tasks": tasks, "minutes": sum(task.minutes for task in tasks)},
        "is_first": True,
    }


def _next(user, now):
    """What is due first of what this person reviews; what waits for a translation comes last."""
    case = _in_review(Case.objects.filter(holder=user)).first()
    if case is not None:
        yield _review(
            case,
            now,
            kind="next",
            label=_("Next review"),
            what=_("Read it, comment, decide."),
        )


def _late(user, areas: list, now):
    """In the person's areas, with somebody else. Their own late ones come first as it is."""
    here = Q(review_area__in=areas) | Q(deciding_area__in=areas)
    cases = Case.objects.at_desk_of(user).filter(here).exclude(holder=user)
    case = _in_review(cases).filter(due__lt=now).first()
    if case is not None:
        yield _review(
            case,
            now,
            kind="late",
            label=_("Longest over its clock"),
            what=_("%(name)s has it. See what holds it up.") % {"name": case.holder.display_name},
        )


def _in_review(cases: QuerySet) -> QuerySet:
    found = with_words(cases.filter(stage__in=IN_REVIEW)).annotate(due=reviewer_due(Case))
    return found.select_related("holder").order_by(F("due").asc(nulls_last=True), "since", "pk")


def _review(case: Case, now, **words) -> Task:
    return Task(
        title=title_of(case),
        url=reverse("review_case", args=[case.number]),
        language=case.source_language,
        due=case.due,
        is_late=case.due is not None and case.due < now,
        **words,
    )


def _question(user, now):
    question = oldest_question(user)
    if question is not None:
        yield Task(
            kind="question",
            label=_("Oldest question"),
            title=question.text[:120],
            what=_("%(person)s asked on %(day)s. Answer, or hand it on.")
            % {"person": question.by.display_name, "day": date_text(question.asked_at)},
            url=reverse("question", args=[question.pk]),
            language=question.text_language,
            due=question.due,
            is_late=question.due is not None and question.due < now,
        )


def _silent(user, areas: list):
    for firm in silent(user, areas, SILENT):
        if firm.last_sign is None:
            what = _("No story and no response yet.")
        else:
            what = _("No story and no response since %(day)s.") % {"day": date_text(firm.last_sign)}
        if firm.agreed_on is not None:
            again = _("You speak again on %(day)s.") % {"day": date_text(firm.agreed_on)}
            what = f"{what} {again}"
        yield Task(
            kind="silent",
            label=_("Silent distributor"),
            title=firm.name,
            what=what,
            url=reverse("coaching", args=[firm.code]),
        )


def next_dates(user):
    """Next dates of the coaching log that come within a week, or have passed. One query."""
    if not areas_of(user):
        return
    for note in to_keep(user, timezone.localdate() + AHEAD):
        yield DeskItem(
            title=note.distributor.name,
            what=_("You meant to speak with %(whom)s again on %(day)s.")
            % {"whom": note.whom, "day": date_text(note.next_on)},
            url=reverse("coaching", args=[note.distributor.code]),
            since=note.at,
            due=end_of(note.next_on),
            minutes=MINUTES["date"],
            state="review",
            state_label=pgettext("desk", "Coaching"),
            action=pgettext("action", "Speak"),
        )


def connect() -> None:
    """Called once, from the app's ready()."""
    desk_sections.register("bulletins.campaigner", first_screen)
    desk_items.register("bulletins.coaching", next_dates)
