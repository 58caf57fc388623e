"""The coordinator writes to participants: each gets it once, in their language."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from network.languages import codes
from network.localize import number_text
from network.tree import writing_in_turn
from touchpoints.api import tell_once
from touchpoints.exceptions import AlreadyTold
from workshops.exceptions import DoneAlready, TransitionRefused
from workshops.models import LIVE, Enrolment, EnrolmentState, Session
from workshops.permissions import can_manage_session

MAX_SUBJECT, MAX_BODY = 150, 5000  # characters
KIND = "workshops.to_participants"
# Who can be written to: also afterwards.
WRITABLE = (*LIVE, EnrolmentState.ATTENDED, EnrolmentState.NO_SHOW)
# Language → (subject, text).
Texts = Mapping[str, tuple[str, str]]


def message_participants(
    sessions: Iterable[Session],
    *,
    by,
    texts: Texts,
    once: str,
    states: Iterable[str] = ("enrolled",),
    people: Iterable[int] | None = None,
) -> int:
    """Write to those of the sessions in one of the states, or to those chosen among them.

    Each person gets one mail, however many of the sessions they are in: of the
    first. The mailing is its own log. `once` names this message: a second call
    with it sends nothing. Returns how many mails are queued. Raises
    PermissionDenied, DoneAlready for a message that was sent, or
    TransitionRefused for no text, or nobody to read it.
    """
    texts, sessions = check_texts(texts), sorted(sessions, key=lambda session: session.pk)
    if not all(can_manage_session(by, session) for session in sessions):
        raise PermissionDenied
    rows = Enrolment.objects.filter(session__in=sessions, state__in=set(states) & set(WRITABLE))
    if people is not None:
        rows = rows.filter(user__in=set(people))
    rows = rows.filter(user__is_active=True, user__is_system=False).exclude(user__email="")
    reached: set[int] = set()
    sent = 0
    with writing_in_turn(), transaction.atomic():
        by_session: dict[int, list] = {session.pk: [] for session in sessions}
        for row in rows.select_related("user", "distributor").order_by("session", "pk"):
            if row.user_id not in reached:
                reached.add(row.user_id)
                by_session[row.session_id].append(row)
        if not reached:
            raise TransitionRefused(_("Nobody is chosen who could read it."))
        for session in sessions:
            sent += _send(session, by_session[session.pk], texts, once, by)
    return sent


def _send(session: Session, rows: list[Enrolment], texts: dict, once: str, by) -> int:
    if not rows:
        return 0
    recipients = [
        (row.user, row.distributor, row.user.email, row.user.interface_language, "") for row in rows
    ]
    try:
        tell_once(
            KIND,
            session,
            f"{KIND}:{once}:{session.pk}",
            recipients,
            texts=texts,
            by=by.pk,
            people=[row.user_id for row in rows],
        )
    except AlreadyTold as told:
        raise DoneAlready(_("This message has been sent already.")) from told
    return len(rows)


def check_texts(texts: Texts) -> dict[str, list[str]]:
    """The languages that hold a text, each with subject and text trimmed.

    Raises TransitionRefused where there is none, or half of one, or a book.
    """
    found = {}
    for code, (subject, body) in texts.items():
        subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
        if code not in codes() or not (subject or body):
            continue
        if not (subject and body):
            raise TransitionRefused(_("Write subject and text in each language that you begin."))
        if len(subject) > MAX_SUBJECT or len(body) > MAX_BODY:
            raise TransitionRefused(
                _("At most %(subject)s characters of subject and %(body)s of text can be sent.")
                % {"subject": number_text(MAX_SUBJECT), "body": number_text(MAX_BODY)}
            )
        found[code] = [subject, body]
    if not found:
        raise TransitionRefused(_("Write the message in one language at least."))
    return found
