"""Stories that nobody has, and reviewers who are gone or away: the sweep finds somebody.

Computed from state, so that a missed beat is caught up and nothing is done
twice: whoever cannot be found waits on the lead's desk, and is looked for
again with the next beat.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins import assignment
from bulletins.guard import inside_transition
from bulletins.models import Case, CaseEvent, CaseStoryPage, Stage
from bulletins.permissions import can_decide_case
from bulletins.transitions.core import STEP_OF, changing, source_page
from bulletins.transitions.handing import STAGE_OF, give_to, next_reviewer
from bulletins.working_words import readable_since
from network.calendars import calendars_of
from network.models import Absence, Mandate, Membership, User
from network.tree import tree_change
from review.api import (
    Decision,
    close_review,
    gave_away,
    mostly_away,
    open_reviewer,
    running_clocks,
    told_once,
)
from review.turns import Turn, open_reviews
from search.api import mark_changed
from touchpoints.api import tell, tell_each

MOST_A_RUN = 200  # stories in one transaction


# --- stories that nobody has ------------------------------------------------------------
def waiting_for_somebody():
    """Stories in review that no reviewer has: the longest first."""
    return Case.objects.filter(holder__isnull=True, stage__in=[Stage.SUBMITTED, *STEP_OF]).order_by(
        "since", "pk"
    )


@dataclass
class _Given:
    """A story and who gets it."""

    case: Case
    step: str
    person: User
    old: str


def give_out_waiting(
    *, by, now: datetime.datetime | None = None, most: int = MOST_A_RUN
) -> list[Case]:
    """Give stories that nobody has to whoever is eligible by now. Returns those given out.

    One transaction, the same queries for any number of stories and reviewers:
    open reviews are counted once, then in memory. Whoever asks at the same
    moment waits for the tree's lock, and counts what was given out.
    """
    if not waiting_for_somebody().exists():
        return []
    with tree_change(), inside_transition():
        rows = waiting_for_somebody().select_for_update(of=("self",))
        # Prefetched, not joined: a thousand stories share some firms and fifteen areas.
        around = (
            *("co_authors", "co_authorships", "author", "review_area", "deciding_area"),
            "distributor__country",
        )
        cases = list(rows.prefetch_related(*around)[:most])
        now = now or timezone.now()
        given, pools = _match(cases, now)
        _write(given, pools, by=by, now=now)
    return [row.case for row in given]


def _match(cases: list[Case], now: datetime.datetime) -> tuple[list[_Given], dict]:
    """Who gets which, in order; each choice counts for the next."""
    pools: dict[str, assignment.Pool] = {}
    given = []
    by_step: dict[str, list[Case]] = {}
    for case in cases:
        by_step.setdefault(STEP_OF.get(case.stage, "area"), []).append(case)
    for step, waiting in by_step.items():
        kind = "editing" if step == "editing" else "campaigning"
        pool = pools.setdefault(kind, assignment.pool_for(step, now))
        passed = gave_away(Case, [case.pk for case in waiting], step)
        for case in waiting:
            without = passed.get(case.pk, ())
            if step == "area":
                area, person = assignment.area_reviewer(case, without=without, pool=pool)
                if person is not None:
                    own = area.pk == case.review_area_id
                    case.deciding_area = None if own else area
            elif step == "neutral":
                person = assignment.neutral_reviewer(case, without=without, pool=pool)
            else:
                person = assignment.editor_for(case, without=without, pool=pool)
            if person is not None:
                pool.take(person)
                given.append(_Given(case, step, person, case.stage))
    return given, pools


def _write(given: list[_Given], pools: dict, *, by, now: datetime.datetime) -> None:
    """The rows that `give_to` would write one by one: projection, event, review, clock, mail."""
    if not given:
        return
    cases = [row.case for row in given]
    revisions = _newest_revisions(cases)
    neutral = [(row.case, row.person) for row in given if row.step == "neutral"]
    readable = readable_since(neutral)
    events, turns = [], []
    for row in given:
        case = row.case
        case.stage, case.holder, case.since = STAGE_OF[row.step], row.person, now
        events.append(
            CaseEvent(
                case=case,
                at=now,
                verb="assign",
                old=row.old,
                new=case.stage,
                holder=row.person,
                by=by,
                revision_id=revisions.get(case.pk),
            )
        )
        pool = pools["editing" if row.step == "editing" else "campaigning"]
        turns.append(
            Turn(
                case,
                row.step,
                row.person.pk,
                pool.calendars[row.person.pk],
                assignment.clock_days(case, row.step),
                revisions.get(case.pk),
                waits=row.step == "neutral" and case.pk not in readable,
            )
        )
    CaseEvent.objects.bulk_create(events, batch_size=500)
    open_reviews(turns, by=by)
    _project(given, now)
    tell_each("bulletins.review_assigned", [(row.case, {"step": row.step}) for row in given])
    for case in cases:
        # What is not published is in no index, whoever has it.
        if case.is_published:
            mark_changed(case)


def _project(given: list[_Given], now: datetime.datetime) -> None:
    """Stage, holder and since of the stories, as the reviews just opened have them.

    A statement a step and one for each neighbour that decides: what
    `bulk_update` writes for 1,000 stories takes Django longer to put together
    than all the rest (benchmarks/review.py).
    """
    by_step: dict[str, list[int]] = {}
    by_area: dict[int | None, list[int]] = {}
    for row in given:
        by_step.setdefault(row.step, []).append(row.case.pk)
        if row.step == "area":
            by_area.setdefault(row.case.deciding_area_id, []).append(row.case.pk)
    for step, ids in by_step.items():
        Case.objects.filter(pk__in=ids).update(
            stage=STAGE_OF[step], since=now, holder=open_reviewer(Case)
        )
    for area, ids in by_area.items():
        Case.objects.filter(pk__in=ids).exclude(deciding_area=area).update(deciding_area=area)


def _newest_revisions(cases: list[Case]) -> dict[int, int]:
    """Case id → the newest revision of the author's page. One query."""
    languages = {case.pk: case.source_language for case in cases}
    rows = CaseStoryPage.objects.filter(case__in=list(languages)).values_list(
        "case_id", "locale__language_code", "latest_revision_id"
    )
    return {pk: revision for pk, language, revision in rows if languages[pk] == language}


# --- reviewers who are gone or away -----------------------------------------------------
def replace_reviewers(*, by, now: datetime.datetime | None = None, most: int = MOST_A_RUN) -> int:
    """Hand on the reviews of who can no longer decide them, or is away for most of what is left.

    The log says why, and the lead is told; where nobody is free for an absent
    reviewer, the lead is told once and the review stays. Returns how many
    reviews moved.
    """
    now = now or timezone.now()
    moved = 0
    for case in _held_by_the_gone().order_by("pk")[:most]:
        moved += replace_gone(case, case.holder, by=by)
    for case, clock in _held_by_the_absent(now)[:most]:
        moved += _replace_absent(case, clock, by=by, now=now)
    return moved


def replace_gone(case: Case, user, *, by) -> bool:
    """Give the step to the next eligible person, or to nobody: then the lead is told.

    False where `user` no longer has it, or can still decide it.
    """
    with changing(case) as locked:
        step = STEP_OF.get(locked.stage)
        if step is None or locked.holder_id != user.pk or can_decide_case(user, locked, step):
            return False
        reason = _("%(name)s left and can no longer review it.") % {"name": user.display_name}
        nominee = next_reviewer(locked, step, without=user)
        _move(locked, user, nominee, step=step, by=by, reason=reason)
        return True


def _replace_absent(case: Case, clock, *, by, now: datetime.datetime) -> bool:
    with changing(case) as locked:
        step, user = STEP_OF.get(locked.stage), clock.person
        if step is None or locked.holder_id != user.pk:
            return False
        pool = assignment.pool_for(step, now)
        nominee = next_reviewer(locked, step, without=user, pool=pool, present=True)
        if nominee is None:
            if told_once(clock, "away"):
                tell("review.reviewer_away", clock)
            return False
        reason = _("%(name)s is away.") % {"name": user.display_name}
        _move(locked, user, nominee, step=step, by=by, reason=reason)
        return True


def _move(case: Case, former, nominee, *, step: str, by, reason: str) -> None:
    revision = source_page(case).get_latest_revision()
    close_review(case, decision=Decision.HANDED_ON, by=by, reason=reason)
    give_to(case, nominee, step=step, by=by, reason=reason, revision=revision)
    if nominee is not None:
        tell("bulletins.review_moved", case, step=step, former=former.pk, reason=reason)


def _held_by_the_gone():
    """Stories whose holder lost the mandate, the firm or the account, or joined the author's firm.

    One query; `can_decide_case` has the last word.
    """
    mandates = Mandate.objects.current().filter(user=OuterRef("holder"))
    campaigns = mandates.filter(role__in=["campaigner", "lead"])
    in_area = campaigns.filter(
        Q(scope="global")
        | Q(review_area=Coalesce(OuterRef("deciding_area"), OuterRef("review_area")))
    )
    belongs = Membership.objects.current().filter(user=OuterRef("holder"))
    edits = Exists(mandates.filter(role="editor")) | Q(
        holder__is_superuser=True, holder__is_active=True
    )
    gone = (
        (Q(stage=Stage.AREA_REVIEW) & ~Exists(in_area))
        | (Q(stage=Stage.NEUTRAL_REVIEW) & ~(Exists(campaigns) & Exists(belongs)))
        | (Q(stage=Stage.EDITING) & ~edits)
        | Exists(belongs.filter(distributor=OuterRef("distributor")))
    )
    return (
        Case.objects.filter(gone, stage__in=list(STEP_OF), holder__isnull=False)
        .select_related("holder", "distributor__country", "review_area", "deciding_area")
        .prefetch_related("co_authors", "co_authorships")
    )


def _held_by_the_absent(now: datetime.datetime) -> list[tuple]:
    """(case, clock) of reviewers who are away for most of what is left of their days."""
    today, day = now.date(), datetime.timedelta(days=1)
    away = Absence.objects.within(today - day, today + day).values("user")
    clocks = list(running_clocks(Case).filter(person__in=away).select_related("person", "review"))
    calendars = calendars_of(clock.person_id for clock in clocks)
    clocks = [clock for clock in clocks if mostly_away(clock, calendars[clock.person_id], now)]
    cases = Case.objects.in_bulk([clock.review.object_id for clock in clocks])
    return [
        (cases[clock.review.object_id], clock)
        for clock in clocks
        if clock.review.object_id in cases
    ]
