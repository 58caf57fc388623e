"""Whether a programme is open to a person, and what is missing by how much (R27, R28).

One function, asked by the catalogue, the session's page, every enrolment and
the promotion of the waiting list alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.localize import number_text
from network.permissions import belongs_to, is_member, standing
from network.working_days import local_day

# What may be missing.
SIGN_IN, MEMBERSHIP, YEARS, CONFIRMATION = "sign_in", "membership", "years", "confirmation"
COURSE, COURSE_CONFIRMATION, NOMINATION = "course", "course_confirmation", "nomination"
DISTRIBUTOR, ARCHIVED = "distributor", "archived"
# What a coordinator may make an exception from; the rest is not theirs to give.
EXCUSABLE = frozenset({YEARS, CONFIRMATION, COURSE, COURSE_CONFIRMATION})


@dataclass(frozen=True)
class Missing:
    """One thing that keeps a programme closed. `sentence` says it to the person.

    `by` is how much is missing, in years; `programme` the course that is asked for.
    """

    what: str
    sentence: str
    by: int | None = None
    programme: object = None


@dataclass(frozen=True)
class Eligibility:
    """`open`: the person may enrol, or ask for approval. `missing` is empty then.

    `nominated_only`: all else is there, and the manager's nomination is the way in.
    `may_ask`: an exception from all that is missing can be asked for.
    """

    open: bool
    missing: tuple[Missing, ...] = ()

    @property
    def sentence(self) -> str:
        """What is missing, in one line."""
        return " ".join(one.sentence for one in self.missing)

    @property
    def nominated_only(self) -> bool:
        return [one.what for one in self.missing] == [NOMINATION]

    @property
    def may_ask(self) -> bool:
        lacks = {one.what for one in self.missing} - {NOMINATION}
        return bool(lacks) and lacks <= EXCUSABLE


@dataclass
class Done:
    """What a person did and was allowed: programme id → whether a record of it is confirmed (a
    version's counts for its parent), and programmes with an exception in force."""

    courses: dict[int, bool] = field(default_factory=dict)
    exceptions: set[int] = field(default_factory=set)


def _load(people: Iterable) -> None:
    """Fill in what these people did and were allowed, an exception up to the end of its last day
    where the person is. Two queries."""
    rows = list(people)
    owner, found, now = rows[0].__class__, {}, timezone.now()  # a lazy one on a request
    for person in rows:
        person._courses_done = found.setdefault(person.pk, Done())
    today = {person.pk: local_day(now, person.time_zone) for person in rows}
    records = owner.course_records.rel.related_model.objects
    exceptions = owner.exception_requests.rel.related_model.objects
    # Two plain queries: to build their union took longer than both.
    entered = records.filter(user__in=list(found)).order_by()
    for user, programme, parent, confirmed_at in entered.values_list(
        "user", "programme", "programme__parent", "confirmed_at"
    ):
        courses = found[user].courses
        for pk in filter(None, (programme, parent)):
            courses[pk] = courses.get(pk, False) or confirmed_at is not None
    allowed = exceptions.in_force(now).filter(user__in=list(found)).order_by()
    for user, programme, until in allowed.values_list("user", "programme", "until"):
        if until >= today[user]:
            found[user].exceptions.add(programme)


def done_by(user) -> Done:
    """What this person did and was allowed. Two queries, kept on the user object as standing is."""
    if not is_member(user):
        return Done()
    kept = getattr(user, "_courses_done", None)
    if kept is None:
        _load([user])
        kept = user._courses_done
    return kept


def courses_done(user) -> dict[int, bool]:
    """Programme id → whether a record of it is confirmed."""
    return done_by(user).courses


def with_courses(people) -> list:
    """The people with their courses and exceptions loaded: two queries for all of them."""
    people = list(people)
    if people:
        _load(people)
    return people


def forget_courses(user) -> None:
    """Drop what was loaded, after a record or an exception of this person changed."""
    user.__dict__.pop("_courses_done", None)


def eligibility(
    user, programme, *, nominated: bool = False, titles=None, about: bool = False
) -> Eligibility:
    """What this person lacks for the programme.

    `nominated`: their manager's nomination stands or is being made. `titles`
    maps a programme's id to its title for the reader; the working name where
    it has none. `about`: somebody else reads it, a manager or the coordinator.
    Queries: the person's standing and courses once, and `requires` unless
    prefetched.
    """
    missing = tuple(_missing(user, programme, nominated, titles or {}, about))
    return Eligibility(open=not missing, missing=missing)


def _missing(user, programme, nominated: bool, titles, about: bool) -> Iterable[Missing]:
    if programme.is_archived:
        yield Missing(ARCHIVED, _("This programme is no longer given."))
    if not is_member(user):
        yield Missing(
            SIGN_IN,
            _("This account is closed.")
            if about
            else _("Sign in to see whether it is open to you."),
        )
        return
    if not standing(user).distributor_ids:
        yield Missing(MEMBERSHIP, _("It is for members of a distributor."))
    if programme.distributor_id and not belongs_to(user, programme.distributor):
        yield Missing(
            DISTRIBUTOR,
            _("It is for members of %(distributor)s.") % {"distributor": programme.distributor},
        )
    lacks = [*_experience(user, programme, about), *_courses(user, programme, titles, about)]
    if lacks and programme.pk not in done_by(user).exceptions:
        yield from lacks
    if programme.entry == "nomination" and not nominated:
        yield Missing(
            NOMINATION,
            _("The distributor’s manager nominates who comes.")
            if about
            else _("Your distributor’s manager nominates who comes."),
        )


def _experience(user, programme, about: bool) -> Iterable[Missing]:
    need = programme.min_years
    if not need:
        return
    have = user.years_of_experience
    if have is None:
        yield Missing(YEARS, _no_years(need, about), by=need)
    elif have < need:
        yield Missing(YEARS, _too_few_years(need, have, about), by=need - have)
    elif user.post_confirmed_at is None:
        yield Missing(
            CONFIRMATION,
            _("The years of experience are not yet confirmed by the distributor’s manager.")
            if about
            else _("Your years of experience are not yet confirmed by your distributor’s manager."),
        )


def _no_years(need: int, about: bool) -> str:
    if about:
        words = ngettext(
            "It asks for %(need)s year of experience; the profile names none.",
            "It asks for %(need)s years of experience; the profile names none.",
            need,
        )
    else:
        words = ngettext(
            "It asks for %(need)s year of experience; your profile names none.",
            "It asks for %(need)s years of experience; your profile names none.",
            need,
        )
    return words % {"need": number_text(need)}


def _too_few_years(need: int, have: int, about: bool) -> str:
    short = need - have
    if about:
        words = ngettext(
            "%(short)s year of experience is missing: it asks for %(need)s, "
            "the profile names %(have)s.",
            "%(short)s years of experience are missing: it asks for %(need)s, "
            "the profile names %(have)s.",
            short,
        )
    else:
        words = ngettext(
            "%(short)s year of experience is missing: it asks for %(need)s, you have %(have)s.",
            "%(short)s years of experience are missing: it asks for %(need)s, you have %(have)s.",
            short,
        )
    return words % {
        "short": number_text(short),
        "need": number_text(need),
        "have": number_text(have),
    }


def _courses(user, programme, titles, about: bool) -> Iterable[Missing]:
    wanted = list(programme.requires.all())
    done = courses_done(user) if wanted else {}
    for course in wanted:
        title = titles.get(course.pk) or course.name
        if course.pk not in done:
            yield Missing(
                COURSE,
                _("“%(course)s” is missing: it comes first.") % {"course": title},
                programme=course,
            )
        elif not done[course.pk]:
            words = (
                _("“%(course)s” is not yet confirmed by the distributor’s manager.")
                if about
                else _("“%(course)s” is not yet confirmed by your distributor’s manager.")
            )
            yield Missing(COURSE_CONFIRMATION, words % {"course": title}, programme=course)


def did_this_year(user, programme) -> bool:
    """Whether a confirmed record of the programme stands in the year that it is where the person
    is (R29). One query."""
    year = local_day(timezone.now(), user.time_zone).year
    records = user.course_records.confirmed()
    return records.filter(programme=programme, done_on__year=year).exists()
