"""What people are told after a session: evaluation, practice, certificate, reflection (R18).

Words are made at sending, in the receiver's language, from the state of
things then; an occasion that has passed says nothing.
"""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.localize import date_text
from network.models import User
from touchpoints.registry import Kind, Message, register
from workshops.messages import is_still_theirs, person, session_url
from workshops.models import EvaluationRequest
from workshops.titles import titles_for


# --- audiences ----------------------------------------------------------------------
def attendee(proof, data) -> list:
    """Whose practice it is."""
    return [proof.enrolment.user]


def judges(proof, data) -> list:
    """The trainers of the session and the coordinators of its programme, but for the attendee."""
    session = proof.enrolment.session
    key = session.programme.programme_key
    everywhere = User.objects.holding("coordinator", scope="global")
    of_this = User.objects.holding("coordinator", programme_key=key)
    people = User.objects.filter(is_active=True).filter(
        Q(taught_sessions=session)
        | Q(pk__in=everywhere.values("pk"))
        | Q(pk__in=of_this.values("pk"))
    )
    return list(people.exclude(pk=proof.enrolment.user_id).distinct())


def holder(certificate, data) -> list:
    """Whose certificate it is."""
    return [certificate.user]


def owner(reflection, data) -> list:
    """Who does what a reflection says."""
    return [reflection.owner]


# --- words --------------------------------------------------------------------------
def title_of(programme, user) -> str:
    """The programme's title in the receiver's languages."""
    return titles_for([programme], user.reading_languages)[programme.pk].title


def _names(session, user) -> dict[str, str]:
    return {"title": title_of(session.programme, user), "day": date_text(session.first_day)}


def evaluation_words(subject, *lines):
    """To an attendee: nothing once they have answered."""

    def words(enrolment, data, user) -> Message | None:
        row = EvaluationRequest.objects.filter(enrolment=enrolment, has_answered=False)
        if not row.exists():
            return None
        session = enrolment.session
        names = _names(session, user)
        return Message(
            subject=str(subject) % names,
            lines=tuple(str(line) % names for line in lines),
            url=reverse("session_evaluation", args=[session.number]),
            action=_("Say what you think"),
        )

    return words


def corrected_words(enrolment, data, user) -> Message:
    """To the person whose attendance was corrected."""
    names = _names(enrolment.session, user)
    if enrolment.state == "attended":
        said = _("By the list you attended “%(title)s” on %(day)s.") % names
    else:
        said = _("By the list you did not attend “%(title)s” on %(day)s.") % names
    return Message(
        subject=_("Attendance corrected: %(title)s, %(day)s") % names,
        lines=(said, data.get("reason", "")),
        url=session_url(enrolment.session),
        action=_("Open the session"),
    )


def practice_asked_words(enrolment, data, user) -> Message | None:
    """To an attendee who is to show practice."""
    proof = getattr(enrolment, "proof", None)
    if proof is None or proof.state != "due":
        return None
    return _practice(
        proof,
        user,
        _("Show your practice: %(title)s"),
        _("“%(title)s” goes on in your daily work: do what you learned, then show it."),
        _("You have until %(due)s: a text, a file or a case story."),
    )


def _practice(proof, user, subject: str, *lines: str, more: str = "", action: str = "") -> Message:
    session = proof.enrolment.session
    names = _names(session, user) | {"due": date_text(proof.due_on)}
    shown = [line % names for line in lines]
    return Message(
        subject=subject % names,
        lines=tuple(filter(None, [*shown, more])),
        url=reverse("session_practice", args=[session.number]),
        action=action or _("Show your practice"),
    )


def practice_reminder_words(proof, data, user) -> Message | None:
    """To an attendee: nothing once it is handed in, or has another last day."""
    if proof.state not in ("due", "returned") or proof.due_on.isoformat() != data.get("due_on"):
        return None
    return _practice(
        proof,
        user,
        _("Until %(due)s: your practice of %(title)s"),
        _("Your proof of practice for “%(title)s” is awaited until %(due)s."),
        _("Without it there is no certificate. If you need more time, ask the coordinator."),
    )


def handed_in_words(proof, data, user) -> Message | None:
    """To trainers and coordinators: nothing once it is answered."""
    if proof.state != "handed_in":
        return None
    session = proof.enrolment.session
    names = _names(session, user) | {"person": proof.enrolment.user.display_name}
    return Message(
        subject=_("Practice to look at: %(person)s, %(title)s") % names,
        lines=(
            _("%(person)s shows practice of “%(title)s”.") % names,
            _("Accept it, or send it back with words that help."),
        ),
        url=reverse("practice_judge", args=[proof.pk]),
        action=_("Look at it"),
    )


def accepted_words(proof, data, user) -> Message:
    """To the attendee."""
    return _practice(
        proof,
        user,
        _("Accepted: your practice of %(title)s"),
        _("Your proof of practice for “%(title)s” has been accepted."),
        more=data.get("words", ""),
        action=_("Open it"),
    )


def returned_words(proof, data, user) -> Message | None:
    """To the attendee: nothing once it is handed in again."""
    if proof.state != "returned":
        return None
    return _practice(
        proof,
        user,
        _("Sent back: your practice of %(title)s"),
        _("Your proof of practice for “%(title)s” does not count yet."),
        _("You can hand it in again until %(due)s."),
        more=data.get("words", ""),
    )


def extended_words(proof, data, user) -> Message:
    """To the attendee."""
    return _practice(
        proof,
        user,
        _("More time: your practice of %(title)s"),
        _("Your proof of practice for “%(title)s” is now awaited until %(due)s."),
        more=data.get("reason", ""),
    )


def lapsed_words(proof, data, user) -> Message | None:
    """To the attendee: nothing once there is more time."""
    if proof.state != "lapsed":
        return None
    return _practice(
        proof,
        user,
        _("Time is over: your practice of %(title)s"),
        _("The time to show practice of “%(title)s” ended on %(due)s."),
        _("Your attendance stays in your training record; there is no certificate."),
        _("If you need more time, ask the coordinator and say why."),
        action=_("Open it"),
    )


def _certificate(certificate, user, subject: str, *lines: str, more: str = "") -> Message:
    title, _language = certificate.title_in(user.interface_language)
    names = {"title": title, "number": certificate.number}
    return Message(
        subject=subject % names,
        lines=tuple(filter(None, [*(line % names for line in lines), more])),
        url=reverse("certificate", args=[certificate.number]),
        action=_("Open the certificate"),
    )


def given_words(certificate, data, user) -> Message | None:
    """To the holder: nothing once it is revoked."""
    if not certificate.is_valid:
        return None
    return _certificate(
        certificate,
        user,
        _("Your certificate: %(title)s"),
        _("Your certificate for “%(title)s” is there: print it, or pass its address on."),
        _("Whoever has its code can check it, without signing in."),
    )


def revoked_words(certificate, data, user) -> Message:
    """To the holder, with the reason, which the public page does not name."""
    return _certificate(
        certificate,
        user,
        _("Revoked: your certificate for %(title)s"),
        _("Your certificate %(number)s for “%(title)s” no longer counts."),
        _("Who checks it reads that, with the day and the kind of reason."),
        more=data.get("reason", ""),
    )


def reinstated_words(certificate, data, user) -> Message:
    """To the holder."""
    return _certificate(
        certificate,
        user,
        _("Counts again: your certificate for %(title)s"),
        _("Your certificate %(number)s for “%(title)s” counts again."),
        more=data.get("reason", ""),
    )


def reflection_words(reflection, data, user) -> Message | None:
    """To whoever does it: nothing once it is settled."""
    if reflection.is_settled:
        return None
    names = _names(reflection.session, user) | {
        "author": reflection.author.display_name,
        "due": date_text(reflection.due_on),
    }
    return Message(
        subject=_("For you to do: %(title)s, until %(due)s") % names,
        lines=(
            _("After “%(title)s” of %(day)s, %(author)s asks this of you until %(due)s:") % names,
            reflection.action,
        ),
        url=reverse("reflection", args=[reflection.pk]),
        action=_("Open it"),
    )


# --- kinds ----------------------------------------------------------------------------
TO_ATTENDEE = gettext_lazy("the person who attended")
TO_JUDGES = gettext_lazy("the trainers of the session and the coordinators")
TO_HOLDER = gettext_lazy("the holder of the certificate")


def _their(row, user, data) -> bool:
    """What is a person's own stays theirs while they may sign in."""
    return user.is_active


def _register(name: str, audience, label, words, still_for=_their) -> None:
    register(Kind(f"workshops.{name}", audience, label, words, optional=False, still_for=still_for))


_register(
    "evaluation_asked",
    person,
    TO_ATTENDEE,
    evaluation_words(
        gettext_lazy("How was it? %(title)s, %(day)s"),
        gettext_lazy("You attended “%(title)s” on %(day)s. What was it worth to you?"),
        gettext_lazy(
            "Your answers carry no name: trainers read them only together with four others’."
        ),
    ),
    is_still_theirs,
)
_register(
    "evaluation_reminder",
    person,
    TO_ATTENDEE,
    evaluation_words(
        gettext_lazy("Still open: how was %(title)s?"),
        gettext_lazy("Your evaluation of “%(title)s” on %(day)s is still awaited."),
        gettext_lazy("It takes three minutes, and your certificate waits for it."),
    ),
    is_still_theirs,
)
_register("attendance_corrected", person, TO_ATTENDEE, corrected_words, is_still_theirs)
_register("practice_asked", person, TO_ATTENDEE, practice_asked_words, is_still_theirs)
_register("practice_reminder", attendee, TO_ATTENDEE, practice_reminder_words)
_register("practice_accepted", attendee, TO_ATTENDEE, accepted_words)
_register("practice_returned", attendee, TO_ATTENDEE, returned_words)
_register("practice_extended", attendee, TO_ATTENDEE, extended_words)
_register("practice_lapsed", attendee, TO_ATTENDEE, lapsed_words)
register(
    Kind(
        "workshops.practice_handed_in",
        judges,
        TO_JUDGES,
        handed_in_words,
        label=gettext_lazy("Somebody shows practice after a session of mine"),
    )
)
_register("certificate_given", holder, TO_HOLDER, given_words)
_register("certificate_revoked", holder, TO_HOLDER, revoked_words)
_register("certificate_reinstated", holder, TO_HOLDER, reinstated_words)
_register(
    "reflection_given", owner, gettext_lazy("who does what a reflection says"), reflection_words
)
