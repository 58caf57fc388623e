"""What a trainer's desk shows: one's dates, and who comes, with level and language."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from network.permissions import is_member
from review.models import Question
from workshops.models import CourseRecord, Enrolment, Level, Reflection, Session
from workshops.page_context import PROGRAMME_FLAGGED_AS, SESSION_FLAGGED_AS

LISTED = ("enrolled", "attended", "no_show", "offered", "waiting")
LEVELS = list(Level.values)


@dataclass(frozen=True)
class Comer:
    """One person of the roster. `level` is the highest of the courses they did, as confirmed."""

    enrolment: Enrolment
    level: str = ""
    courses: list = field(default_factory=list)

    @property
    def level_label(self) -> str:
        return Level(self.level).label if self.level else ""


def taught_by(user) -> QuerySet[Session]:
    """One's dates, with the people who have a seat counted. One query with the programmes."""
    if not is_member(user):
        return Session.objects.none()
    seated = Count("enrolments", filter=Q(enrolments__state__in=["enrolled", "attended"]))
    waiting = Count("enrolments", filter=Q(enrolments__state="waiting"))
    mine = Session.objects.filter(pk__in=user.taught_sessions.values("pk"))
    return mine.select_related("programme", "country").annotate(seated=seated, waiting=waiting)


def roster(session: Session) -> list[Comer]:
    """Who comes, then who waits; each with level, years and language. Two queries."""
    rows = Enrolment.objects.filter(session=session, state__in=LISTED)
    rows = rows.select_related("user", "distributor__country")
    people = sorted(
        rows, key=lambda row: (LISTED.index(row.state), row.user.last_name, row.user.pk)
    )
    done: dict[int, dict] = {}  # each course once, however often it was done
    records = CourseRecord.objects.confirmed().filter(user__in=[row.user_id for row in people])
    for record in records.select_related("programme").order_by("done_on", "pk"):
        done.setdefault(record.user_id, {})[record.programme_id] = record.programme
    return [
        Comer(
            enrolment=row,
            level=max(
                (one.level for one in done.get(row.user_id, {}).values()),
                key=LEVELS.index,
                default="",
            ),
            courses=list(done.get(row.user_id, {}).values()),
        )
        for row in people
    ]


def questions_at(sessions: Iterable[Session]) -> dict[int, list[Question]]:
    """Session → questions at it and at its programme that readers read, newest first. One query."""
    sessions = list(sessions)
    places = Q(kind=SESSION_FLAGGED_AS, key__in=[one.number for one in sessions])
    places |= Q(kind=PROGRAMME_FLAGGED_AS, key__in=[one.programme.key for one in sessions])
    found: dict[tuple[str, str], list[Question]] = {}
    for question in Question.objects.shown().filter(places).with_people().order_by("-pk"):
        found.setdefault((question.kind, question.key), []).append(question)
    return {
        one.pk: sorted(
            [
                *found.get((SESSION_FLAGGED_AS, one.number), []),
                *found.get((PROGRAMME_FLAGGED_AS, one.programme.key), []),
            ],
            key=lambda question: -question.pk,
        )
        for one in sessions
    }


def last_reflections(user, sessions: Iterable[Session]) -> dict[int, Reflection]:
    """Programme → what this trainer wrote last after teaching it (R35). One query."""
    found: dict[int, Reflection] = {}
    programmes = {one.programme_id for one in sessions}
    rows = Reflection.objects.filter(author=user, session__programme__in=programmes)
    for row in rows.select_related("session", "owner").order_by("pk"):
        found[row.session.programme_id] = row
    return found
