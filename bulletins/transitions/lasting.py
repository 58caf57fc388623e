"""Does it last? The author is asked once, ninety days after publication; the answer stands."""

import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import AnswerIncomplete, TransitionRefused
from bulletins.models import Case, LastingCheck, Lasts, Stage
from bulletins.permissions import is_author
from bulletins.transitions.core import changing, record
from network.calendars import calendar_of
from touchpoints.api import tell

ASK_AFTER = datetime.timedelta(days=90)  # of publication
ANSWER_DAYS = 10  # working days of the author's own calendar to answer
MOST_A_RUN = 200  # stories in one sweep
MAX_WORDS = LastingCheck._meta.get_field("words").max_length


def to_ask(now: datetime.datetime):
    """Published stories of authors who were not asked yet; an archive's tellers are not."""
    return Case.objects.filter(
        stage=Stage.PUBLISHED,
        is_published=True,
        is_archive=False,
        published_at__lte=now - ASK_AFTER,
        lasting__isnull=True,
        author__is_active=True,
    ).order_by("published_at", "pk")


def ask_whether_it_lasts(now: datetime.datetime | None = None) -> int:
    """Ask whose day has come, each once. Returns how many.

    Row and message are one transaction: killed between two stories, the next
    run goes on; run twice at once, the second finds the row.
    """
    now, asked = now or timezone.now(), 0
    for case in to_ask(now)[:MOST_A_RUN]:
        with transaction.atomic():
            locked = Case.objects.select_for_update().get(pk=case.pk)
            if not to_ask(now).filter(pk=locked.pk).exists():
                continue
            due = days_to_answer(locked.author, now)
            LastingCheck.objects.create(case=locked, asked_at=now, due=due)
            tell("bulletins.lasting_asked", locked)
            asked += 1
    return asked


def days_to_answer(author, now: datetime.datetime) -> datetime.datetime:
    """Until when an author answers who is asked now."""
    return calendar_of(author).end_after(now, ANSWER_DAYS)


def answer_lasting(
    case: Case,
    *,
    by,
    answer: str,
    figures: dict[str, Decimal] | None = None,
    measured_on: datetime.date | None = None,
    words: str = "",
) -> LastingCheck:
    """An author says whether the results hold, with figures in the story's own KPI rows.

    'Better' and 'worse' need a figure and its day. Raises PermissionDenied,
    AnswerIncomplete, or TransitionRefused where nothing is asked, it is
    answered, or a row is not the story's.
    """
    figures = figures or {}
    with changing(case) as locked:
        if not is_author(by, locked):
            raise PermissionDenied
        check = LastingCheck.objects.select_for_update().filter(case=locked).first()
        if check is None or locked.stage != Stage.PUBLISHED:
            raise TransitionRefused(_("Nobody asks about the results of this story now."))
        if check.answer:
            raise TransitionRefused(_("This is answered already; the answer stands with its date."))
        if answer not in Lasts.values:
            raise AnswerIncomplete("answer", _("Choose what became of the results."))
        known = {str(key) for key in locked.results.values_list("measure_key", flat=True)}
        if not set(figures) <= known:
            raise TransitionRefused(_("This row is no longer in the story. Look at it again."))
        if answer in (Lasts.BETTER, Lasts.WORSE) and known and not figures:
            raise AnswerIncomplete("figures", _("Give at least one figure as it is now."))
        if figures and measured_on is None:
            raise AnswerIncomplete("measured_on", _("Say on which day you measured it."))
        if measured_on and measured_on > timezone.localdate():
            raise AnswerIncomplete("measured_on", _("This day is still to come."))
        words = words.strip()
        if len(words) > MAX_WORDS:
            raise AnswerIncomplete("words", _("This text is too long. Shorten it, then save."))
        check.answer, check.words = answer, words
        check.figures = {key: str(value) for key, value in figures.items()}
        check.measured_on = measured_on if figures else None
        check.answered_by, check.answered_at = by, timezone.now()
        check.save()
        record(locked, locked.stage, verb="lasting", by=by, holder=locked.holder, reason=words)
        return check
