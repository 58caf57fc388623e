"""What people are told when a session changes, and what its coordinator and trainers are.

Like `messages`: words are made at sending, in the receiver's language.
"""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from network.localize import date_text, moment_text, money_text
from network.models import User
from touchpoints.registry import Kind, Message, register
from workshops import when
from workshops.calendars import invitation, invitations
from workshops.clashes import lines_for
from workshops.messages import begins, names_of, session_url, those_told, was_told, where
from workshops.models import Session
from workshops.seats import count_seats, taken_words


# --- who still gets it ------------------------------------------------------------------
def still_takes_part(session, user, data) -> bool:
    """Trainers, and who has a place in it still, while they may sign in."""
    if not user.is_active:
        return False
    if session.trainers.filter(pk=user.pk).exists():
        return True
    return session.enrolments.live().filter(user=user).exists()


def still_teaches(session, user, data) -> bool:
    """Who was named and not released since."""
    return user.is_active and session.trainers.filter(pk=user.pk).exists()


def still_decides(session, user, data) -> bool:
    """Who was asked, while they may sign in."""
    return user.is_active and user.pk in data.get("people", [])


# --- words ------------------------------------------------------------------------------
def words_session_moved(session, data, user) -> Message | None:
    """To those enrolled and the trainers: another time or place, or other terms; nothing once it is
    cancelled."""
    if session.state == "cancelled":
        return None
    names = names_of(session, user)
    has_place = session.enrolments.live().filter(user=user).exists()
    was, terms = data.get("was", {}), _terms(session, data.get("terms", ()), has_place)
    if was:
        lines = [_("“%(title)s” has another time or place.") % names, *_before(was), *_now(session)]
    elif terms:
        lines = [_("Something is new about “%(title)s” on %(day)s.") % names]
    else:  # a trainer, whom other terms of enrolment do not concern
        return None
    stays = _("Your place stays yours. If you cannot come, give it up on the session’s page.")
    return Message(
        subject=_("Changed: %(title)s, %(day)s") % names,
        lines=(*lines, *terms, stays, *(_clashes(session, user) if was else ())),
        url=session_url(session),
        action=_("Open the session"),
        attachments=invitations(session, user) if was else (),
    )


def _terms(session, changed, has_place: bool) -> list[str]:
    """Of what changed, how it is now; until when one may leave and the fee are for who has a
    place."""
    lines = []
    if "languages" in changed:
        names = {"languages": when.languages_text(session)}
        lines.append(_("Now it is taught in: %(languages)s.") % names)
    if "fee" in changed and has_place:
        lines.append(_fee(session.priced))
    if "cancel_until" in changed and has_place:
        if session.cancel_until is None:
            lines.append(_("Now you can give the seat up until it begins."))
        else:
            moment = {"moment": moment_text(session.cancel_until)}
            lines.append(_("Now you can give the seat up until %(moment)s.") % moment)
    return lines


def _fee(priced) -> str:
    if not priced.fee_amount:
        return _("Now it costs nothing.")
    return _("Now the fee is %(amount)s %(currency)s a person.") % {
        "amount": money_text(priced.fee_amount),
        "currency": priced.fee_currency,
    }


def _before(was: dict) -> list[str]:
    days = was.get("days") or []
    if not days:
        return []
    start = datetime.datetime.fromisoformat(days[0][0])
    with timezone.override(when.zone_of(was.get("zone") or "UTC")):
        return [_("Before: it began on %(moment)s.") % {"moment": moment_text(start)}]


def _now(session) -> list[str]:
    """The beginning where it happens, and in the reader's own zone where that differs."""
    with timezone.override(session.zone):
        there = moment_text(session.starts_at)
    here = moment_text(session.starts_at)
    lines = [
        _("Now: %(days)s, from %(moment)s.") % {"days": when.days_text(session), "moment": there}
    ]
    if here != there:
        lines.append(_("In your time zone: %(moment)s.") % {"moment": here})
    return [*lines, where(session)]


def words_session_confirmed(session, data, user) -> Message | None:
    """To those with a place and the trainers; nothing once it is cancelled, or moved into doubt."""
    if session.state != "confirmed":
        return None
    names = names_of(session, user) | {"day": when.days_text(session)}
    mine = session.enrolments.live().filter(user=user).first()
    lines = [_("“%(title)s” on %(day)s takes place.") % names, *begins(session), where(session)]
    if mine is not None and mine.state != "enrolled":
        lines.append(
            _("You have no seat yet: %(state)s.") % {"state": mine.get_state_display()},
        )
    return Message(
        subject=_("It takes place: %(title)s, %(day)s") % names,
        lines=tuple(lines),
        url=session_url(session),
        action=_("Open the session"),
    )


def _clashes(session, user) -> list[str]:
    """Other seats at that time, for who has one here: a trainer or who waits has not."""
    seated = session.enrolments.filter(user=user, state__in=["offered", "enrolled"])
    return lines_for(session, user) if seated.exists() else []


def words_session_merged(session, data, user) -> Message | None:
    """To those who came from the other session."""
    if session.state == "cancelled":
        return None
    names = names_of(session, user)
    mine = session.enrolments.live().filter(user=user).first()
    if mine is None:
        return None
    other = Session.objects.filter(pk=data.get("was")).first()
    return Message(
        subject=_("Another date: %(title)s, %(day)s") % names,
        lines=(
            _("Your session of “%(title)s” was merged with another one.") % names,
            *(
                [_("Before: %(days)s.") % {"days": when.days_text(other)}]
                if other is not None
                else []
            ),
            *_now(session),
            _("Your place came along: %(state)s.") % {"state": mine.get_state_display()},
            _("If you cannot come on this date, give it up on the session’s page."),
            *_clashes(session, user),
        ),
        url=session_url(session),
        action=_("Open the session"),
        attachments=invitations(session, user, was=other),
    )


def words_trainer_named(session, data, user) -> Message | None:
    """To who teaches."""
    if session.state == "cancelled":
        return None
    names = names_of(session, user) | {"day": when.days_text(session)}
    return Message(
        subject=_("You teach: %(title)s, %(day)s") % names,
        lines=(
            _("You are named as a trainer of “%(title)s”.") % names,
            *begins(session),
            where(session),
        ),
        url=session_url(session),
        action=_("Open the session"),
        attachments=invitations(session, user),
    )


def words_trainer_released(session, data, user) -> Message:
    """To who teaches it no longer."""
    names = names_of(session, user)
    return Message(
        subject=_("You no longer teach: %(title)s, %(day)s") % names,
        lines=(_("You are no longer a trainer of “%(title)s” on %(day)s.") % names,),
        url=session_url(session),
        action=_("Open the session"),
        attachments=(invitation(session, user),),
    )


def words_to_participants(session, data, user) -> Message | None:
    """The coordinator's words, in the first language of the reader that they were written in."""
    texts = data.get("texts") or {}
    order = [get_language(), *user.reading_languages, "en", *texts]
    subject, body = next((texts[code] for code in order if code in texts), ("", ""))
    if not body:
        return None
    writer = User.objects.filter(pk=data.get("by"), is_active=True).first()
    names = names_of(session, user)
    return Message(
        subject=subject,
        lines=(
            *[part for part in body.split("\n\n") if part.strip()],
            _("You get this because of “%(title)s”, %(day)s.") % names,
        ),
        url=session_url(session),
        action=_("Open the session"),
        reply_to=writer.email if writer else "",
    )


def _people_there(session) -> str:
    taken = count_seats([session])[session.pk].taken
    return taken_words(taken, session.minimum)


def _to_decide(late: bool):
    def words(session, data, user) -> Message | None:
        if session.state != "open" or session.starts_at <= timezone.now():
            return None
        names = names_of(session, user)
        names["decide"] = date_text(session.decide_on)
        asked = (
            _("“%(title)s” on %(day)s was to be decided on %(decide)s, and nobody has said a word.")
            if late
            else _("Does “%(title)s” on %(day)s take place? Today is the day to decide.")
        )
        subject = _("Overdue: %(title)s, %(day)s") if late else _("Go or no-go: %(title)s, %(day)s")
        return Message(
            subject=subject % names,
            lines=(
                asked % names,
                _people_there(session),
                _("Confirm it, move it, merge it with another, or cancel it."),
            ),
            url=reverse("desk_session", args=[session.number]),
            action=_("Decide"),
        )

    return words


# --- kinds --------------------------------------------------------------------------------
TO_THOSE_IN_IT = gettext_lazy("those who have or await a seat, and the trainers")
TO_TRAINERS = gettext_lazy("the trainers it is about")


def _register(name: str, label, words, still_for) -> None:
    register(
        Kind(f"workshops.{name}", those_told, label, words, optional=False, still_for=still_for)
    )


_register("session_moved", TO_THOSE_IN_IT, words_session_moved, still_takes_part)
_register("session_confirmed", TO_THOSE_IN_IT, words_session_confirmed, still_takes_part)
_register(
    "session_merged",
    gettext_lazy("those whose session was merged with another"),
    words_session_merged,
    still_takes_part,
)
_register("trainer_named", TO_TRAINERS, words_trainer_named, still_teaches)
_register("trainer_released", TO_TRAINERS, words_trainer_released, was_told)
_register(
    "to_participants",
    gettext_lazy("the participants whom the coordinator chose"),
    words_to_participants,
    was_told,
)
_register(
    "decision_asked",
    gettext_lazy("the coordinators of the programme"),
    _to_decide(late=False),
    still_decides,
)
_register(
    "decision_late",
    gettext_lazy("the coordinators of the programme and the administrators"),
    _to_decide(late=True),
    still_decides,
)
