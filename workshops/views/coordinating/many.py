"""One thing done to several sessions: shown for each with what it does, then confirmed once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.languages import reading_order
from network.numbers import row_keys
from workshops import when
from workshops.models import Enrolment, Session
from workshops.permissions import coordinates_any
from workshops.session_forms import MessageForm, MoreSeatsForm, ReasonForm
from workshops.titles import titles_for
from workshops.transitions import (
    add_seats,
    cancel_session,
    message_participants,
    open_session,
)
from workshops.transitions.messaging import WRITABLE
from workshops.transitions.previewing import each
from workshops.views.coordinating.people import languages_for, readers, written
from workshops.views.coordinating.preview import Change, answer

MOST = 100  # sessions at once


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_many(request, step: str):
    """Open, cancel, write to, or add seats to the ticked sessions (`?session=` for each)."""
    if not coordinates_any(request.user):
        raise PermissionDenied
    if step not in STEPS:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    keys = row_keys(given.getlist("session"))
    rows = Session.objects.coordinated_by(request.user).filter(pk__in=keys)
    sessions = list(
        rows.select_related("programme").prefetch_related("days").order_by("starts_at", "pk")[:MOST]
    )
    if not sessions:
        messages.error(request, _("Tick at least one session."))
        return redirect("session_table")
    what = STEPS[step](request, sessions)
    what.next_url = reverse("session_table")
    titles = titles_for({one.programme for one in sessions}, reading_order(request.user))
    what.context |= {
        "sessions": [
            (session, titles[session.programme_id], when.days_text(session)) for session in sessions
        ],
        "keys": [session.pk for session in sessions],
    }
    return answer(request, what)


def _open(request, sessions) -> Change:
    return Change(
        sessions=sessions,
        heading=_("Open these sessions"),
        action=_("Open them"),
        done=_("Open: people can enrol from now on."),
        change=lambda typed: each(sessions, lambda one: open_session(one, by=request.user)),
    )


def _cancel(request, sessions) -> Change:
    return Change(
        sessions=sessions,
        heading=_("Cancel these sessions"),
        action=_("Cancel them"),
        done=_("Cancelled. Everybody is told."),
        change=lambda typed: each(
            sessions,
            lambda one: cancel_session(one, by=request.user, reason=typed.cleaned_data["reason"]),
        ),
        form=ReasonForm(_data(request)),
        is_grave=True,
    )


def _seats(request, sessions) -> Change:
    return Change(
        sessions=sessions,
        heading=_("Add seats to these sessions"),
        action=_("Add the seats"),
        done=_("The seats are added."),
        change=lambda typed: each(
            sessions,
            lambda one: add_seats(one, typed.cleaned_data["extra"], by=request.user),
        ),
        form=MoreSeatsForm(_data(request)),
    )


def _message(request, sessions) -> Change:
    rows = list(
        Enrolment.objects.filter(session__in=sessions, state__in=WRITABLE).select_related("user")
    )
    form = MessageForm(_data(request), languages=languages_for(sessions, rows), may_choose=False)

    def send(typed: MessageForm):
        return message_participants(
            sessions,
            by=request.user,
            texts=typed.texts(),
            once=typed.key(),
            states=typed.states,
        )

    return Change(
        sessions=sessions,
        heading=_("Write to the participants of these sessions"),
        action=_("Send it"),
        done=_("Sent."),
        change=send,
        form=form,
        describe=lambda count: {"count": count, "texts": written(form)},
        template="workshops/coordinating/message.html",
        shown="workshops/coordinating/shown_message.html",
        context={"readers": readers(rows)},
    )


def _data(request):
    """What was typed; nothing on the way here from the table."""
    return request.POST if request.method == "POST" else None


STEPS = {"open": _open, "cancel": _cancel, "seats": _seats, "message": _message}
