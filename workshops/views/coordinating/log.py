"""A session's log: what happened to people's places, and who was kept out and why.

Two tables make one log, page by page and as a file; only the coordinator sees it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import CharField, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network.languages import reading_order
from network.localize import number_text
from network.tables import csv_file
from workshops import eligibility
from workshops.models import (
    EnrolmentEvent,
    EnrolmentState,
    EntryRefusal,
    Hindrance,
    Programme,
    Session,
)
from workshops.titles import titles_for
from workshops.views.coordinating.preview import session_of

OLDEST, NEWEST = ("at", "table", "pk"), ("-at", "-table", "-pk")
KEPT_OUT = "kept_out"  # what happened, where the others name a transition
_HAPPENED, _REFUSED = "happened", "refused"


def log_of(session: Session) -> QuerySet:
    """Where each line stands: its moment, table and key. To be put in order."""
    return _places(EnrolmentEvent.objects.filter(enrolment__session=session), _HAPPENED).union(
        _places(EntryRefusal.objects.filter(session=session), _REFUSED), all=True
    )


def _places(rows: QuerySet, table: str) -> QuerySet:
    named = rows.order_by().annotate(table=Value(table, CharField()))
    return named.values_list("at", "table", "pk")


@dataclass(frozen=True)
class Line:
    """A line of the log. `before` and `after` are states, '' where nobody came in."""

    at: object
    person: str
    distributor: str
    verb: str
    before: str
    after: str
    reason: str
    by: str

    @property
    def what(self) -> str:
        """What happened, in words."""
        if self.verb == KEPT_OUT:
            return _("Was not let in")
        if self.before and self.before != self.after:
            return _("%(before)s, then: %(after)s") % {"before": self.before, "after": self.after}
        return self.after


def lines_of(places: Iterable, reader) -> list[Line]:
    """The lines that stand at these places, in their order. Four queries, however many."""
    places = list(places)
    keys: dict[str, list[int]] = {_HAPPENED: [], _REFUSED: []}
    for _at, table, pk in places:
        keys[table].append(pk)
    events = EnrolmentEvent.objects.select_related("enrolment__user", "enrolment__distributor")
    events = events.select_related("by").in_bulk(keys[_HAPPENED])
    refusals = EntryRefusal.objects.select_related("user", "distributor", "by")
    refusals = refusals.in_bulk(keys[_REFUSED])
    courses = _courses(refusals.values(), reader)
    return [
        _of_event(events[pk]) if table == _HAPPENED else _of_refusal(refusals[pk], courses)
        for _at, table, pk in places
    ]


def lines_in_words(places: Iterable, reader) -> list[dict]:
    """As the page draws them."""
    return [
        {
            "at": line.at,
            "person": line.person,
            "what": line.what,
            "reason": line.reason,
            "by": line.by,
        }
        for line in lines_of(places, reader)
    ]


def _of_event(event: EnrolmentEvent) -> Line:
    """Our own reasons in the reader's language, people's as they are."""
    firm = event.enrolment.distributor
    return Line(
        at=event.at,
        person=event.enrolment.user.display_name,
        distributor=firm.name if firm else "",
        verb=event.verb,
        before=str(EnrolmentState(event.old).label) if event.old else "",
        after=str(EnrolmentState(event.new).label),
        reason=_(event.reason) if event.reason else "",
        by=event.by.display_name,
    )


def _of_refusal(refusal: EntryRefusal, courses: Mapping[str, str]) -> Line:
    return Line(
        at=refusal.at,
        person=refusal.user.display_name,
        distributor=refusal.distributor.name if refusal.distributor else "",
        verb=KEPT_OUT,
        before="",
        after="",
        reason=reason_of(refusal, courses),
        by=refusal.by.display_name,
    )


# --- why -----------------------------------------------------------------------------------
def reason_of(refusal: EntryRefusal, courses: Mapping[str, str]) -> str:
    """In sentences; `courses` maps the key of a programme to its title for the reader."""
    if refusal.why != Hindrance.NOT_ELIGIBLE or not refusal.lacks:
        return str(Hindrance(refusal.why).label)
    return " ".join(_lack(one, refusal, courses) for one in refusal.lacks)


def _lack(missing: Mapping, refusal: EntryRefusal, courses: Mapping[str, str]) -> str:
    what, by = missing["what"], missing.get("by")
    if what == eligibility.YEARS:
        return ngettext(
            "%(years)s year of experience was missing.",
            "%(years)s years of experience were missing.",
            by,
        ) % {"years": number_text(by)}
    course = courses.get(missing.get("course", ""), missing.get("course", ""))
    words = {
        eligibility.ARCHIVED: _("This programme is no longer given."),
        eligibility.SIGN_IN: _("This account is closed."),
        eligibility.MEMBERSHIP: _("It is for members of a distributor."),
        eligibility.DISTRIBUTOR: _("It is for members of another distributor."),
        eligibility.CONFIRMATION: _(
            "The years of experience are not yet confirmed by the distributor’s manager."
        ),
        eligibility.COURSE: _("“%(course)s” is missing: it comes first."),
        eligibility.COURSE_CONFIRMATION: _(
            "“%(course)s” is not yet confirmed by the distributor’s manager."
        ),
        eligibility.NOMINATION: _("The distributor’s manager nominates who comes."),
    }
    return words[what] % {"course": course}


def _courses(refusals: Iterable[EntryRefusal], reader) -> dict[str, str]:
    """Titles of the courses that were missing. Two queries, where any was."""
    keys = {one["course"] for row in refusals for one in row.lacks if "course" in one}
    if not keys:
        return {}
    programmes = list(Programme.objects.filter(key__in=keys))
    titles = titles_for(programmes, reading_order(reader))
    return {one.key: titles[one.pk].title for one in programmes}


# --- the file --------------------------------------------------------------------------------
@login_required
@require_safe
@never_cache
def session_log(request, number: str):
    """All of it, the oldest first, as CSV."""
    session = session_of(request, number)
    head = [
        *(_("When"), _("Time zone"), _("Person"), _("Distributor"), _("What")),
        *(_("State before"), _("State after"), _("Reason"), pgettext("person", "By")),
    ]
    lines = lines_of(log_of(session).order_by(*OLDEST), request.user)
    rows = [
        [
            timezone.localtime(line.at, session.zone).isoformat(timespec="seconds"),
            session.time_zone,
            line.person,
            line.distributor,
            line.verb,
            line.before,
            line.after,
            line.reason,
            line.by,
        ]
        for line in lines
    ]
    return csv_file(f"log-{session.number}", [head, *rows])
