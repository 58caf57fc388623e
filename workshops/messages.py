"""What the workshops tell people, each kind with its audience (R18).

Words are made at sending, in the receiver's language, from the state of
things then; an occasion that has passed says nothing.
"""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.localize import date_text, moment_text
from network.models import User
from touchpoints.registry import Kind, Message, register
from workshops.calendars import ending, invitation
from workshops.clashes import lines_for
from workshops.models import Enrolment
from workshops.responsible import deciders_of, managers_of
from workshops.seats import count_seats
from workshops.titles import titles_for


# --- audiences ----------------------------------------------------------------------
def person(enrolment, data) -> list:
    """Whose enrolment it is."""
    return [enrolment.user]


def approvers(enrolment, data) -> list:
    """Managers of the person's distributor, but for the person; where there is none, the
    programme's coordinators."""
    person = enrolment.user
    return managers_of(enrolment.distributor, but=person) or deciders_of(
        enrolment.session.programme, but=person
    )


def managers_of_owner(record, data) -> list:
    """Managers of the distributors that the course's owner belongs to, but for the owner."""
    firms = record.user.memberships.current().values("distributor")
    contacts = User.memberships.rel.related_model.objects.current().contacts()
    people = User.objects.filter(pk__in=contacts.filter(distributor__in=firms).values("user"))
    return list(people.exclude(pk=record.user_id))


def those_told(session, data) -> list:
    """Who had or awaited a seat when the session was cancelled."""
    return list(User.objects.filter(pk__in=data.get("people", [])))


def was_told(session, user, data) -> bool:
    """Whoever had a place is told, while they may sign in."""
    return user.is_active


def is_still_theirs(enrolment, user, data) -> bool:
    """A person's own places are theirs, while they may sign in."""
    return user.is_active


# --- words --------------------------------------------------------------------------
def session_url(session) -> str:
    """The session's page."""
    return reverse("session", args=[session.number])


def names_of(session, user) -> dict[str, str]:
    """What every mail about a session names."""
    title = titles_for([session.programme], user.reading_languages)[session.programme_id].title
    return {"title": title, "day": date_text(session.first_day)}


def _said(subject, *lines, action, states=(), more=None, calendar=False):
    """Words for a person about their place; nothing once its state is another.

    With `calendar` the entry for their calendar goes along, or its end.
    """

    def words(enrolment: Enrolment, data, user) -> Message | None:
        if states and enrolment.state not in states:
            return None
        session = enrolment.session
        names = names_of(session, user)
        shown = [str(line) % names for line in lines]
        shown += more(enrolment, data) if more else []
        return Message(
            subject=str(subject) % names,
            lines=tuple(shown),
            url=session_url(session),
            action=str(action),
            attachments=_entry(enrolment, user) if calendar else (),
        )

    return words


def _entry(enrolment: Enrolment, user) -> tuple:
    if enrolment.is_live:
        return (invitation(enrolment.session, user, enrolment),)
    return ending(enrolment.session, user)


def when_and_where(enrolment, data) -> list[str]:
    """When it begins and where; what to do until it does."""
    session = enrolment.session
    lines = [*begins(session), where(session)]
    if data.get("verb") == "approve":
        lines.insert(0, _("Your request has been approved."))
    if session.cancel_until:
        lines.append(
            _("You can give the seat up until %(moment)s.")
            % {"moment": moment_text(session.cancel_until)}
        )
    if session.programme.needs and not enrolment.needs:
        lines.append(
            _(
                "If there is something you do not eat, or need to take part, say it on the "
                "session’s page. Only the coordinator reads it, and it is erased after the session."
            )
        )
    return [*lines, *lines_for(session, enrolment.user)]


def begins(session) -> list[str]:
    """The beginning by the clock of the place, and by the reader's own where that differs."""
    with timezone.override(session.zone):
        there = moment_text(session.starts_at)
    here = moment_text(session.starts_at)
    lines = [_("It begins on %(moment)s.") % {"moment": there}]
    if here != there:
        lines.append(_("In your time zone: %(moment)s.") % {"moment": here})
    return lines


def where(session) -> str:
    """One sentence: the place, or that it is online."""
    if session.place_kind == "online":
        return _("It takes place online; the link stands on its page.")
    if session.place_kind == "lab":
        return _("You take part at a computer, when it suits you.")
    parts = [session.venue, session.city, str(session.country.name) if session.country else ""]
    return _("Place: %(place)s.") % {"place": " · ".join(part for part in parts if part)}


def until_when(enrolment, data) -> list[str]:
    """How long the seat is held."""
    offer = enrolment.open_offer
    if offer is None:
        return []
    return [
        _("It is held for you until %(moment)s. After that it goes to the next person in line.")
        % {"moment": moment_text(offer.expires_at)},
        *lines_for(enrolment.session, enrolment.user),
    ]


def approved(enrolment, data) -> list[str]:
    """Whether a yes came before: a manager's, or the coordinator's."""
    if data.get("verb") == "approve":
        return [_("Your request has been approved.")]
    return []


def reason_given(enrolment, data) -> list[str]:
    """What was written when it happened."""
    return own_or_site(data.get("reason", ""))


def own_or_site(reason: str) -> list[str]:
    """A person's words as they are; the site's own in the receiver's language."""
    return [_(reason)] if reason else []


def words_waiting(enrolment: Enrolment, data, user) -> Message | None:
    """In line: because all seats are taken, or those that are free are kept for other regions."""
    if enrolment.state != "waiting":
        return None
    session = enrolment.session
    names = names_of(session, user)
    seats = count_seats([session])[session.pk]
    if seats.kept_from(enrolment.scope) and not seats.free_for(enrolment.scope):
        names["moment"] = moment_text(seats.kept_until(enrolment.scope))
        said = _(
            "The free seats of “%(title)s” on %(day)s are kept for other regions until %(moment)s. "
            "You are on the waiting list."
        )
    else:
        said = _("All seats of “%(title)s” on %(day)s are taken. You are on the waiting list.")
    return Message(
        subject=_("On the waiting list: %(title)s, %(day)s") % names,
        lines=(
            said % names,
            _("If a seat becomes free, it is held for you and you get a mail."),
            *approved(enrolment, data),
        ),
        url=session_url(session),
        action=_("See your place"),
    )


def words_to_approve(enrolment: Enrolment, data, user) -> Message | None:
    """To who approves it: passed over once answered."""
    if enrolment.state != "requested":
        return None
    session = enrolment.session
    names = names_of(session, user) | {"person": enrolment.user.display_name}
    return Message(
        subject=_("To approve: %(person)s, %(title)s") % names,
        lines=(
            _("%(person)s asks for a seat in “%(title)s”, %(day)s.") % names,
            _("Seats go to those whose approval is there. Please say yes or no."),
        ),
        url=reverse("enrolment", args=[enrolment.pk]),
        action=_("Say yes or no"),
    )


def words_session_cancelled(session, data, user) -> Message:
    """To everybody who had or awaited a seat."""
    names = names_of(session, user)
    return Message(
        subject=_("Cancelled: %(title)s, %(day)s") % names,
        lines=(
            _("“%(title)s” on %(day)s does not take place.") % names,
            *reason_given(session, data),
            _("The catalogue shows other dates."),
        ),
        url=session_url(session),
        action=_("See other dates"),
        attachments=ending(session, user),
    )


def words_course_to_confirm(record, data, user) -> Message | None:
    """To managers: passed over once confirmed."""
    if record.confirmed_at is not None:
        return None
    title = titles_for([record.programme], user.reading_languages)[record.programme_id].title
    names = {"person": record.user.display_name, "title": title, "day": date_text(record.done_on)}
    return Message(
        subject=_("To confirm: %(person)s, %(title)s") % names,
        lines=(_("%(person)s says to have done “%(title)s” on %(day)s.") % names,),
        url=reverse("courses_to_confirm"),
        action=_("Confirm it, or not"),
    )


# --- kinds ----------------------------------------------------------------------------
OPEN_SESSION = gettext_lazy("Open the session")
TO_PERSON = gettext_lazy("the person whose place it is")
TO_MANAGERS = gettext_lazy("the managers of the person’s distributor")
TO_APPROVERS = gettext_lazy(
    "the managers of the person’s distributor; the programme’s coordinators where there is none"
)


def _own(name: str, words) -> None:
    register(
        Kind(
            f"workshops.{name}", person, TO_PERSON, words, optional=False, still_for=is_still_theirs
        )
    )


_own(
    "enrolled",
    _said(
        gettext_lazy("Your seat: %(title)s, %(day)s"),
        gettext_lazy("You have a seat in “%(title)s”."),
        action=OPEN_SESSION,
        states=("enrolled",),
        more=when_and_where,
        calendar=True,
    ),
)
_own("waiting", words_waiting)
_own(
    "offered",
    _said(
        gettext_lazy("A seat for you: %(title)s, %(day)s"),
        gettext_lazy("A seat in “%(title)s” on %(day)s has become free."),
        action=gettext_lazy("Take the seat, or leave it"),
        states=("offered",),
        more=until_when,
        calendar=True,
    ),
)
_own(
    "offer_lapsed",
    _said(
        gettext_lazy("No longer held: %(title)s, %(day)s"),
        gettext_lazy(
            "The seat in “%(title)s” on %(day)s was not taken in time and has been passed on."
        ),
        gettext_lazy("You can join the waiting list again, at its end."),
        action=OPEN_SESSION,
        states=("lapsed",),
        calendar=True,
    ),
)
_own(
    "nominated",
    _said(
        gettext_lazy("Nominated: %(title)s, %(day)s"),
        gettext_lazy("Your distributor’s manager nominates you for “%(title)s” on %(day)s."),
        gettext_lazy("The seat is yours when you say yes, while one is free."),
        action=gettext_lazy("Say yes or no"),
        states=("nominated",),
    ),
)
_own(
    "refused",
    _said(
        gettext_lazy("Not approved: %(title)s, %(day)s"),
        gettext_lazy("A seat in “%(title)s” on %(day)s was not approved."),
        action=OPEN_SESSION,
        states=("refused",),
        more=reason_given,
    ),
)
_own(
    "enrolment_cancelled",
    _said(
        gettext_lazy("Your place is cancelled: %(title)s, %(day)s"),
        gettext_lazy("You no longer have a place in “%(title)s” on %(day)s."),
        action=OPEN_SESSION,
        states=("cancelled",),
        more=reason_given,
        calendar=True,
    ),
)
_own(
    "list_closed",
    _said(
        gettext_lazy("No seat this time: %(title)s, %(day)s"),
        gettext_lazy("You did not get a seat in “%(title)s” on %(day)s."),
        action=gettext_lazy("See other dates"),
        states=("lapsed",),
        more=reason_given,
    ),
)
register(
    Kind(
        "workshops.approval_asked",
        approvers,
        TO_APPROVERS,
        words_to_approve,
        optional=False,
    )
)
register(
    Kind(
        "workshops.course_to_confirm",
        managers_of_owner,
        TO_MANAGERS,
        words_course_to_confirm,
        label=gettext_lazy("A member of mine enters a course"),
    )
)
register(
    Kind(
        "workshops.session_cancelled",
        those_told,
        gettext_lazy("everybody who had or awaited a seat"),
        words_session_cancelled,
        optional=False,
        still_for=was_told,
    )
)
