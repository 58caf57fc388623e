"""Which stories wait for whom. Queries do not grow with the rows."""

from django.db.models import F, Q

from bulletins.models import Case, CaseStoryPage, Stage
from bulletins.permissions import can_answer_appeal, is_author
from bulletins.queries import written_by
from bulletins.timeline import ENDED
from bulletins.transitions.core import STEP_OF
from bulletins.working_words import words_of
from network.models import Mandate
from network.permissions import areas_held, holds, is_editor, standing
from review.api import Decision, Due, dues, judges, reviewed_ids
from review.registry import QueueRow

# About how long each takes, in minutes: shown on the desk, promised to nobody.
MINUTES = {"area": 20, "neutral": 20, "editing": 15, "assign": 3, "appeal": 15, "translate": 25}
LATELY = 100  # stories of the queue of what has ended
_IN_STEP = list(STEP_OF)
_APPEALED = Q(stage=Stage.DECLINED)  # with a holder: an editor who answers the appeal


def queue(user, show: str) -> list[QueueRow]:
    """Oldest first: 'mine' waits for this person, 'area' is all they oversee, 'returned' is
    with its author because this person, or somebody they oversee, asked for changes, 'ended'
    is what was declined, withdrawn or archived lately, where an editor may bring it back."""
    cases = Case.objects.at_desk_of(user)
    if show == "area":
        cases = cases.filter(stage__in=[*_IN_STEP, Stage.SUBMITTED]).filter(_overseen(user))
    elif show == "returned":
        asked = Q(pk__in=reviewed_ids(Case, user, Decision.REQUEST_CHANGES))
        cases = cases.filter(stage=Stage.CHANGES_REQUESTED).filter(asked | _overseen(user))
    elif show == "ended":
        cases = cases.filter(_overseen(user), stage__in=ENDED)
        newest = cases.order_by("-since", "-pk").values_list("pk", flat=True)[:LATELY]
        cases = Case.objects.filter(pk__in=list(newest))
    else:
        cases = cases.filter(_APPEALED | Q(stage__in=_IN_STEP), holder=user)
    cases = _loaded(cases)
    titles, due = _titles(cases), dues(Case, [case.pk for case in cases])
    return [_row(case, titles, due, "review") for case in cases]


def waiting(user) -> list[QueueRow]:
    """What this person must do now: review, name a reviewer, or translate for one.

    Two queries for somebody for whom nothing waits.
    """
    cases = _loaded(
        Case.objects.filter(
            (Q(holder=user) & (_APPEALED | Q(stage__in=_IN_STEP)))
            | _nobodys(user)
            | _perhaps_translated_by(user)
        )
    )
    if not cases:
        return []
    nobodys = [case.pk for case in cases if case.holder_id is None]
    to_name = set(
        Case.objects.filter(_to_name(user), pk__in=nobodys)
        .not_written_by(user)
        .values_list("pk", flat=True)
        if nobodys
        else ()
    )
    wanted = _wanted_languages([case for case in cases if case.holder_id not in (None, user.pk)])
    titles, due, rows = _titles(cases), dues(Case, [case.pk for case in cases]), []
    for case in cases:
        if case.holder_id == user.pk and case.stage in (*STEP_OF, Stage.DECLINED):
            rows.append(_row(case, titles, due, "review"))
        elif case.holder_id is None and case.stage == Stage.DECLINED:
            if can_answer_appeal(user, case, judges(case)):
                rows.append(_row(case, titles, due, "appeal"))
        elif case.holder_id is None and case.pk in to_name:
            rows.append(_row(case, titles, due, "assign"))
        elif case.pk in wanted and _can_help(user, case, wanted[case.pk]):
            rows.append(_row(case, titles, due, "translate", to=wanted[case.pk][0]))
    return rows


def _overseen(user) -> Q:
    if is_editor(user):
        return Q(pk__isnull=False)
    return Q(review_area_id__in=_areas(user, "lead", "campaigner"))


def _nobodys(user) -> Q:
    """Nobody holds it: the lead names somebody; at the editing step, and where the area has no
    lead (`assignment.namers`), an editor, who answers an appeal, too."""
    mine = _to_name(user)
    if is_editor(user):
        mine |= Q(pk__in=Case.objects.appealed().values("pk"))
    return Q(holder__isnull=True) & mine


def _to_name(user) -> Q:
    waiting = Q(stage__in=[Stage.SUBMITTED, *_IN_STEP])
    mine = Q(review_area_id__in=_areas(user, "lead"))
    if is_editor(user):
        led = Mandate.objects.current().filter(role="lead", review_area__isnull=False)
        mine |= Q(stage=Stage.EDITING) | ~Q(review_area_id__in=led.values("review_area_id"))
    return waiting & mine


def _perhaps_translated_by(user) -> Q:
    mine = written_by(user)
    mine |= Q(review_area_id__in=_areas(user, "lead", "campaigner"))
    if holds(user, "translator"):
        mine |= Q(stage__in=_IN_STEP)
    return Q(stage__in=_IN_STEP, holder__isnull=False) & mine


def _can_help(user, case: Case, languages: list[str]) -> bool:
    """Authors always; others where they read the story's language, translators the other too."""
    if is_author(user, case):
        return True
    if any(
        m.role == "translator" and (m.scope == "global" or m.language in languages)
        for m in standing(user).mandates
    ):
        return True
    return (
        case.review_area_id in _areas(user, "lead", "campaigner")
        and case.source_language in user.reading_languages
    )


def _wanted_languages(cases: list[Case]) -> dict[int, list[str]]:
    """Case → the holder's languages, where they read none of the story's and no working
    translation is whole and fresh in one of theirs. Four queries, or none."""
    strange = [
        case
        for case in cases
        if case.stage in STEP_OF and case.source_language not in case.holder.reading_languages
    ]
    words = words_of(strange)
    return {
        case.pk: case.holder.reading_languages
        for case in strange
        if words[case.pk].readable_since(case.holder.reading_languages) is None
    }


def _areas(user, *roles: str) -> list[int]:
    return [area.pk for area in areas_held(user, *roles)]


def _loaded(cases) -> list[Case]:
    return list(
        cases.select_related("distributor__country", "holder")
        .prefetch_related("co_authors")
        .order_by("since", "pk")
    )


def _titles(cases: list[Case]) -> dict[int, str]:
    """Each case's title in its own language. One query."""
    rows = CaseStoryPage.objects.filter(
        case__in=cases, locale__language_code=F("case__source_language")
    ).values_list("case_id", "draft_title", "title")
    return {pk: draft or title for pk, draft, title in rows}


def _row(
    case: Case, titles: dict[int, str], due: dict[int, Due], kind: str, to: str = ""
) -> QueueRow:
    step = STEP_OF.get(case.stage, "")
    until = due.get(case.pk)
    return QueueRow(
        key=case.number,
        title=titles.get(case.pk, case.number),
        language=case.source_language,
        place=str(case.distributor.country.name),
        since=case.since,
        state=case.state_mark,
        state_label=case.get_stage_display(),
        kind=kind,
        holder=case.holder.display_name if case.holder else "",
        due=until.due if until and kind == "review" else None,
        waits=bool(until) and until.due is None,
        minutes=MINUTES.get(step if kind == "review" else kind),
        to_language=to,
    )
