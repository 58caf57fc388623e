"""One way for every change of a session: typed, shown with what it does to people, confirmed.

GET           the form
POST          the preview: what was typed is carried along unseen, with the preview's mark
POST + seen   done, where the change still does what was shown; else the new preview, 409
POST + edit   the form again, as it was typed
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from network.languages import reading_order
from network.localize import number_text
from touchpoints.registry import label_of
from workshops import when
from workshops.exceptions import DoneAlready, TransitionRefused
from workshops.models import EnrolmentState, Session
from workshops.permissions import can_manage_session
from workshops.titles import titles_for
from workshops.transitions.previewing import Effects, PreviewStale, carry_out, foresee

# Not typed by the coordinator: not carried along.
OURS = ("csrfmiddlewaretoken", "seen", "edit", "more")


@dataclass
class Change:
    """A change of sessions: what it is called, its form, and the function that does it.

    `change` takes the valid form and gives the function of previewing. `shown`
    is the template that draws what `describe` gave, above the people.
    """

    sessions: list[Session]
    heading: str
    action: str  # the button's words on the preview
    done: str  # what is said afterwards
    change: Callable
    form: object = None
    involved: Callable | None = None  # form → further sessions that it touches
    describe: Callable | None = None
    template: str = "workshops/coordinating/change.html"
    shown: str = ""
    is_grave: bool = False
    next_url: str = ""
    context: dict = field(default_factory=dict)


def session_of(request, number: str) -> Session:
    """A session that this person coordinates. Raises Http404."""
    rows = Session.objects.select_related(
        "programme", "country", "merged_into", "repeat_of"
    ).prefetch_related("days", "trainers", "quotas__region", "quotas__review_area")
    found = get_object_or_404(rows, number=number)
    if not can_manage_session(request.user, found):
        raise Http404
    return found


def answer(request, what: Change):
    """The response for this step of the change."""
    form = what.form
    if request.method != "POST" and form is not None:
        return _form_page(request, what)
    if form is not None and ("edit" in request.POST or "more" in request.POST):
        form.is_valid()
        if "more" in request.POST:
            form.errors.clear()
        return _form_page(request, what)
    if form is not None and not form.is_valid():
        return _form_page(request, what, status=422)
    sessions = [*what.sessions, *(what.involved(form) if what.involved else ())]
    seen = request.POST.get("seen", "")

    def change():
        return what.change(form)

    try:
        if not seen:
            effects = foresee(sessions, change, describe=what.describe)
            return _preview_page(request, what, effects)
        effects = carry_out(sessions, change, seen=seen, describe=what.describe)
    except PreviewStale as stale:
        messages.error(request, str(stale))
        return _preview_page(request, what, stale.effects, status=409)
    except TransitionRefused as refusal:
        if seen and isinstance(refusal, DoneAlready):
            messages.info(request, str(refusal))
            return redirect(what.next_url)
        if form is None or not form.fields:
            messages.error(request, str(refusal))
            return redirect(what.next_url)
        form.add_error(None, str(refusal))
        return _form_page(request, what, status=409)
    messages.success(request, what.done)
    if effects.mails:
        said = ngettext(
            "%(count)s mail is on its way.", "%(count)s mails are on their way.", effects.mails
        )
        messages.success(request, said % {"count": number_text(effects.mails)})
    return redirect(what.next_url)


def _form_page(request, what: Change, status: int = 200):
    return render(
        request, what.template, _shared(request, what) | {"form": what.form}, status=status
    )


def _preview_page(request, what: Change, effects: Effects, status: int = 200):
    typed = [
        (name, value)
        for name, values in (request.POST or request.GET).lists()
        if name not in OURS
        for value in values
    ]
    context = {
        "effects": effects,
        "people": people_rows(effects),
        "typed": typed,
        "shown": what.shown,
        "action": what.action,
        "is_grave": what.is_grave,
        "has_form": what.form is not None and bool(what.form.fields),
        "nothing": bool(effects.refused) and len(effects.refused) == len(what.sessions),
    }
    return render(
        request,
        "workshops/coordinating/preview.html",
        _shared(request, what) | context,
        status=status,
    )


def _shared(request, what: Change) -> dict:
    session = what.sessions[0] if len(what.sessions) == 1 else None
    shared = {"heading": what.heading, "session": session, "next_url": what.next_url}
    if session is not None:
        titles = titles_for([session.programme], reading_order(request.user))
        shared |= {
            "title": titles[session.programme_id],
            "days": when.days_text(session),
            "place": when.place_text(session),
        }
    return shared | what.context


def people_rows(effects: Effects) -> list[dict]:
    """Who something happens to, those whose place changes first."""
    numbers = _numbers(effects)
    rows = sorted(effects.people, key=lambda one: (not one.changes, one.enrolment.pk))
    return [
        {
            "person": one.enrolment.user.display_name,
            "before": EnrolmentState(one.before[1]).label,
            "after": EnrolmentState(one.after[1]).label,
            "changes": one.before[1] != one.after[1],
            "to": numbers.get(one.after[0], "") if one.after[0] != one.before[0] else "",
            "told": [label_of(kind) for kind in one.told],
            "is_told": bool(one.told),
        }
        for one in rows
    ]


def _numbers(effects: Effects) -> dict[int, str]:
    keys: Iterable[int] = {one.after[0] for one in effects.people if one.after[0] != one.before[0]}
    return dict(Session.objects.filter(pk__in=keys).values_list("pk", "number")) if keys else {}
