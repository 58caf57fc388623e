"""What people are told after a session: evaluation, practice, certificate, reflection (R18).

Words are made at sending, in the receiver's language, from the state of
things then; an occasion that has passed says nothing.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.localize import date_text
from network.models import User
from touchpoints.registry import Kind, Message, register
from workshops.messages import is_still_theirs, names_of, person, session_url, those_told
from workshops.models import EvaluationRequest
from workshops.responsible import coordinators_of

OPEN_IT, SHOW_IT = gettext_lazy("Open it"), gettext_lazy("Show your practice")


# --- audiences ----------------------------------------------------------------------
def attendee(proof, data) -> list:
    """Whose practice it is."""
    return [proof.enrolment.user]


def judges(proof, data) -> list:
    """The trainers of the session and the coordinators of its programme, but for the attendee."""
    session = proof.enrolment.session
    attendee = proof.enrolment.user
    trainers = User.objects.filter(is_active=True, taught_sessions=session).exclude(pk=attendee.pk)
    people = [*trainers, *coordinators_of(session.programme, but=attendee)]
    return sorted(set(people), key=lambda person: person.pk)


def holder(certificate, data) -> list:
    """Whose certificate it is."""
    return [certificate.user]


def owner(reflection, data) -> list:
    """Who does what a reflection says."""
    return [reflection.owner]


# --- words --------------------------------------------------------------------------
def _saying(
    names,
    url,
    subject,
    *lines,
    action=OPEN_IT,
    stands=lambda row, data, user: True,
    more=lambda row, data: "",
):
    """Words about a row of one kind: nothing where the occasion no longer `stands`.

    `names` and `url` say how the kind is called and where it leads; `more` is a
    person's own words, below ours.
    """

    def words(row, data, user) -> Message | None:
        if not stands(row, data, user):
            return None
        known = names(row, user)
        said = [str(line) % known for line in lines]
        return Message(
            subject=str(subject) % known,
            lines=tuple(filter(None, [*said, more(row, data)])),
            url=url(row),
            action=str(action),
        )

    return words


def _given(name: str):
    """What somebody wrote when it happened."""
    return lambda row, data: data.get(name, "")


def _in_state(*states: str):
    """Nothing once the row went on."""
    return lambda row, data, user: row.state in states


# How a kind is called, and where it leads.
def _of_place(enrolment, user) -> dict[str, str]:
    return names_of(enrolment.session, user)


def _of_proof(proof, user) -> dict[str, str]:
    return names_of(proof.enrolment.session, user) | {
        "due": date_text(proof.due_on),
        "person": proof.enrolment.user.display_name,
    }


def _of_certificate(certificate, user) -> dict[str, str]:
    title, _language = certificate.title_in(user.interface_language)
    return {"title": title, "number": certificate.number}


def _of_reflection(reflection, user) -> dict[str, str]:
    return names_of(reflection.session, user) | {
        "author": reflection.author.display_name,
        "due": date_text(reflection.due_on),
    }


def _at_session(name: str):
    return lambda row: reverse(name, args=[row.session.number])


def _at_practice(proof) -> str:
    return reverse("session_practice", args=[proof.enrolment.session.number])


def _at_certificate(certificate) -> str:
    return reverse("certificate", args=[certificate.number])


def _at_reflection(reflection) -> str:
    return reverse("reflection", args=[reflection.pk])


def _is_awaited(enrolment, data, user) -> bool:
    rows = EvaluationRequest.objects.filter(enrolment=enrolment, has_answered=False)
    return rows.exists()


def _owes_practice(enrolment, data, user) -> bool:
    proof = getattr(enrolment, "proof", None)
    return proof is not None and proof.state == "due"


def _has_that_day(proof, data, user) -> bool:
    """Still owed, and its last day is the one that was spoken of."""
    return proof.state in ("due", "returned") and proof.due_on.isoformat() == data.get("due_on")


def _has_not_reflected(session, data, user) -> bool:
    return not session.reflections.filter(author=user).exists()


def _is_overdue(reflection, data, user) -> bool:
    """Still open, and no other day was named since."""
    return not reflection.is_settled and reflection.due_on.isoformat() == data.get("due_on")


def corrected_words(enrolment, data, user) -> Message:
    """To the person whose attendance was corrected."""
    names = names_of(enrolment.session, user)
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


# --- kinds ----------------------------------------------------------------------------
TO_ATTENDEE = gettext_lazy("the person who attended")
TO_JUDGES = gettext_lazy("the trainers of the session and the coordinators")
TO_HOLDER = gettext_lazy("the holder of the certificate")


def _register(name: str, audience, label, words, still_for=is_still_theirs) -> None:
    register(Kind(f"workshops.{name}", audience, label, words, optional=False, still_for=still_for))


def _evaluation(name: str, subject, *lines) -> None:
    words = _saying(
        _of_place,
        _at_session("session_evaluation"),
        subject,
        *lines,
        action=gettext_lazy("Say what you think"),
        stands=_is_awaited,
    )
    _register(name, person, TO_ATTENDEE, words)


def _practice(name: str, subject, *lines, action=SHOW_IT, **options) -> None:
    words = _saying(_of_proof, _at_practice, subject, *lines, action=action, **options)
    _register(f"practice_{name}", attendee, TO_ATTENDEE, words)


def _certificate(name: str, subject, *lines, **options) -> None:
    action = gettext_lazy("Open the certificate")
    words = _saying(_of_certificate, _at_certificate, subject, *lines, action=action, **options)
    _register(f"certificate_{name}", holder, TO_HOLDER, words)


_evaluation(
    "evaluation_asked",
    gettext_lazy("How was it? %(title)s, %(day)s"),
    gettext_lazy("You attended “%(title)s” on %(day)s. What was it worth to you?"),
    gettext_lazy("Your answers carry no name: trainers read them only together with four others’."),
)
_evaluation(
    "evaluation_reminder",
    gettext_lazy("Still open: how was %(title)s?"),
    gettext_lazy("Your evaluation of “%(title)s” on %(day)s is still awaited."),
    gettext_lazy("It takes three minutes, and your certificate waits for it."),
)
_register("attendance_corrected", person, TO_ATTENDEE, corrected_words)
_register(
    "practice_asked",
    person,
    TO_ATTENDEE,
    _saying(
        lambda enrolment, user: _of_proof(enrolment.proof, user),
        _at_session("session_practice"),
        gettext_lazy("Show your practice: %(title)s"),
        gettext_lazy("“%(title)s” goes on in your daily work: do what you learned, then show it."),
        gettext_lazy("You have until %(due)s: a text, a file or a case story."),
        action=SHOW_IT,
        stands=_owes_practice,
    ),
)
_practice(
    "reminder",
    gettext_lazy("Until %(due)s: your practice of %(title)s"),
    gettext_lazy("Your proof of practice for “%(title)s” is awaited until %(due)s."),
    gettext_lazy("Without it there is no certificate. If you need more time, ask the coordinator."),
    stands=_has_that_day,
)
_practice(
    "accepted",
    gettext_lazy("Accepted: your practice of %(title)s"),
    gettext_lazy("Your proof of practice for “%(title)s” has been accepted."),
    action=OPEN_IT,
    more=_given("words"),
)
_practice(
    "returned",
    gettext_lazy("Sent back: your practice of %(title)s"),
    gettext_lazy("Your proof of practice for “%(title)s” does not count yet."),
    gettext_lazy("You can hand it in again until %(due)s."),
    stands=_in_state("returned"),
    more=_given("words"),
)
_practice(
    "extended",
    gettext_lazy("More time: your practice of %(title)s"),
    gettext_lazy("Your proof of practice for “%(title)s” is now awaited until %(due)s."),
    more=_given("reason"),
)
_practice(
    "lapsed",
    gettext_lazy("Time is over: your practice of %(title)s"),
    gettext_lazy("The time to show practice of “%(title)s” ended on %(due)s."),
    gettext_lazy("Your attendance stays in your training record; there is no certificate."),
    gettext_lazy("If you need more time, ask the coordinator and say why."),
    action=OPEN_IT,
    stands=_in_state("lapsed"),
)
register(
    Kind(
        "workshops.practice_handed_in",
        judges,
        TO_JUDGES,
        _saying(
            _of_proof,
            lambda proof: reverse("practice_judge", args=[proof.pk]),
            gettext_lazy("Practice to look at: %(person)s, %(title)s"),
            gettext_lazy("%(person)s shows practice of “%(title)s”."),
            gettext_lazy("Accept it, or send it back with words that help."),
            action=gettext_lazy("Look at it"),
            stands=_in_state("handed_in"),
        ),
        label=gettext_lazy("Somebody shows practice after a session of mine"),
    )
)
_certificate(
    "given",
    gettext_lazy("Your certificate: %(title)s"),
    gettext_lazy("Your certificate for “%(title)s” is there: print it, or pass its address on."),
    gettext_lazy("Whoever has its code can check it, without signing in."),
    stands=lambda certificate, data, user: certificate.is_valid,
)
_certificate(
    "revoked",
    gettext_lazy("Revoked: your certificate for %(title)s"),
    gettext_lazy("Your certificate %(number)s for “%(title)s” no longer counts."),
    gettext_lazy("Who checks it reads that, with the day and the kind of reason."),
    more=_given("reason"),
)
_certificate(
    "reinstated",
    gettext_lazy("Counts again: your certificate for %(title)s"),
    gettext_lazy("Your certificate %(number)s for “%(title)s” counts again."),
    more=_given("reason"),
)

# --- reflections ------------------------------------------------------------------------
TO_OWNER = gettext_lazy("who does what a reflection says")
_register(
    "reflection_given",
    owner,
    TO_OWNER,
    _saying(
        _of_reflection,
        _at_reflection,
        gettext_lazy("For you to do: %(title)s, until %(due)s"),
        gettext_lazy("After “%(title)s” of %(day)s, %(author)s asks this of you until %(due)s:"),
        stands=lambda reflection, data, user: not reflection.is_settled,
        more=lambda reflection, data: reflection.action,
    ),
)
_register(
    "reflection_overdue",
    owner,
    TO_OWNER,
    _saying(
        _of_reflection,
        _at_reflection,
        gettext_lazy("Overdue since %(due)s: what changes after “%(title)s”?"),
        gettext_lazy(
            "After “%(title)s” of %(day)s this was to be done until %(due)s. "
            "Say what came of it, or name a new day."
        ),
        stands=_is_overdue,
        more=lambda reflection, data: reflection.action,
    ),
)
_register(
    "reflection_awaited",
    those_told,
    gettext_lazy("the trainers who noted nothing after a session"),
    _saying(
        names_of,
        lambda session: reverse("session_reflect", args=[session.number]),
        gettext_lazy("What will you change? %(title)s, %(day)s"),
        gettext_lazy("You taught “%(title)s” on %(day)s, and its list is closed."),
        gettext_lazy("Note what you will change: the gap, the day, whose it is and what is done."),
        action=gettext_lazy("Reflect"),
        stands=_has_not_reflected,
    ),
    lambda session, user, data: user.is_active and session.trainers.filter(pk=user.pk).exists(),
)
