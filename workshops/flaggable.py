"""Lets readers mark defects in programmes and dates (`review.registry.Flaggable`)."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from network.models import User
from network.permissions import holds, is_member, managed_distributors, standing
from review.registry import Flaggable, page_flaggable, register_flaggable
from workshops.audience import coordinated, coordinates_all
from workshops.models import Programme, ProgrammePage, Session
from workshops.page_context import PROGRAMME_FLAGGED_AS, SESSION_FLAGGED_AS
from workshops.permissions import can_edit_version, can_view_session, coordinates, teaches
from workshops.titles import titles_for


def find_programme(key: str, language: str) -> ProgrammePage | None:
    """The live page of a programme in a language."""
    pages = ProgrammePage.objects.filter(programme__key=key, live=True)
    return (
        pages.filter(locale__language_code=language)
        .select_related("programme__distributor__country__review_area", "locale")
        .first()
    )


def find_session(number: str, language: str) -> Session | None:
    """A date, in whatever language one reads it."""
    found = Session.objects.filter(number=number)
    return found.select_related("programme__distributor__country__review_area").first()


def session_title(session: Session) -> str:
    """The programme's English title and the date's number: the same for whoever is told."""
    return (
        f"{titles_for([session.programme], ['en'])[session.programme_id].title} · {session.number}"
    )


def session_address(session: Session) -> str:
    return reverse("session", args=[session.number])


def coordinators_of(programme: Programme | None) -> list[User]:
    """Those of everything and of the programme; of a version also its distributor's managers."""
    if programme is None:
        return []
    people = User.objects.holding("coordinator").distinct()
    found = [one for one in people if coordinates(one, programme)]
    if programme.distributor_id:
        contacts = programme.distributor.memberships.current().contacts()
        managers = User.objects.filter(pk__in=contacts.values("user"), is_active=True)
        found += [one for one in managers if one not in found]
    return found


def programme_of(key: str) -> Programme | None:
    return Programme.objects.filter(key=key).select_related("distributor", "parent").first()


def session_of(number: str) -> Session | None:
    rows = Session.objects.filter(number=number).prefetch_related("trainers")
    return rows.select_related("programme__distributor", "programme__parent").first()


def may_answer_programme(user, key: str) -> bool:
    """Its coordinator; of a version also its distributor's manager."""
    programme = programme_of(key)
    return programme is not None and (
        coordinates(user, programme) or can_edit_version(user, programme)
    )


def keepers_of_session(number: str) -> list[User]:
    """Its trainers, and the coordinators."""
    session = session_of(number)
    if session is None:
        return []
    trainers = [one for one in session.trainers.all() if one.is_active]
    return trainers + [one for one in coordinators_of(session.programme) if one not in trainers]


def may_answer_session(user, number: str) -> bool:
    session = session_of(number)
    return session is not None and (teaches(user, session) or coordinates(user, session.programme))


def _coordinated(user) -> Q | None:
    """Programmes whose coordinator this is: Q() for all, None for none."""
    if coordinates_all(user):
        return Q()
    return coordinated(user) if holds(user, "coordinator") else None


def programmes_waiting(user) -> Q | None:
    """Marks at the programmes that one coordinates, and at one's distributors' versions."""
    if not is_member(user):
        return None
    mine, firms = _coordinated(user), managed_distributors(user)
    if mine == Q():
        return mine
    wanted = mine
    if firms:
        own = Q(distributor__in=firms, parent__isnull=False)
        wanted = own if wanted is None else wanted | own
    if wanted is None:
        return None
    return Q(key__in=Programme.objects.filter(wanted).values("key"))


def sessions_waiting(user) -> Q | None:
    """Marks at the dates that one teaches or coordinates."""
    if not is_member(user):
        return None
    mine = _coordinated(user)
    if mine == Q():
        return mine
    taught = Session.objects.filter(trainers=user).values("number")
    if mine is None:
        return Q(key__in=taught) if "trainer" in standing(user).roles else None
    programmes = Programme.objects.filter(mine).values("pk")
    run = Session.objects.filter(programme__in=programmes).values("number")
    return Q(key__in=taught) | Q(key__in=run)


def register() -> None:
    """Called once, when the room starts."""
    register_flaggable(
        page_flaggable(
            kind=PROGRAMME_FLAGGED_AS,
            label=gettext_lazy("Workshop programme"),
            find=find_programme,
            answerers=lambda key: coordinators_of(programme_of(key)),
            may_answer=may_answer_programme,
            waiting=programmes_waiting,
        )
    )
    register_flaggable(
        Flaggable(
            kind=SESSION_FLAGGED_AS,
            label=gettext_lazy("Workshop date"),
            find=find_session,
            may_see=can_view_session,
            title=session_title,
            url=session_address,
            places=lambda session: [],
            answerers=keepers_of_session,
            may_answer=may_answer_session,
            waiting=sessions_waiting,
        )
    )
