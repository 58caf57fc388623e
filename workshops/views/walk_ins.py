"""Who came without a seat is found and added: while the list is open, and a few at a time.

The search answers whoever teaches, so it tells no more than is needed to point
at a person who stands there: name, distributor, and whether they may take part.
What they lack is for the coordinator, who decides about it.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.languages import reading_order
from network.permissions import standing
from workshops.eligibility import eligibility
from workshops.exceptions import TransitionRefused
from workshops.models import Enrolment, Session
from workshops.permissions import coordinates
from workshops.seats import count_seats
from workshops.titles import titles_for
from workshops.transitions import walk_in
from workshops.transitions.attendance import LISTED, refuse_walk_ins
from workshops.views.attendance import session_of_team
from workshops.views.finding import (
    LETTERS,
    chosen_member,
    is_enough,
    is_too_often,
    members_called,
    typed_words,
)

RATE = "60/h"  # searches and additions of whoever takes a list


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_walk_in(request, number: str):
    """Find a member by name or address; whether they may take part is shown."""
    session = session_of_team(request, number)
    typed = request.POST if request.method == "POST" else request.GET
    words, reason = typed_words(typed), typed.get("reason", "")
    context = {"q": words, "reason": reason, "letters": LETTERS}
    try:
        refuse_walk_ins(session, timezone.now())
    except TransitionRefused as refusal:
        status = 409 if words or request.method == "POST" else 200
        return _page(request, session, context | {"refused": str(refusal)}, status)
    if (words or request.method == "POST") and is_too_often(request, "walk-in", RATE):
        refused = _("That is many in an hour. Try again later.")
        return _page(request, session, context | {"refused": refused}, 429)
    status = 200
    if request.method == "POST":
        try:
            made = walk_in(session, chosen_member(request), by=request.user, reason=reason)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
            status = 409
        else:
            messages.success(
                request,
                _("%(person)s is on the list now.") % {"person": made.user.display_name},
            )
            return redirect("session_attendance", number)
    if is_enough(words):
        context |= _candidates(session, words, request.user) | {"is_enough": True}
    return _page(request, session, context, status)


def _page(request, session: Session, context: dict, status: int):
    programme = session.programme
    context |= {
        "session": session,
        "title": titles_for([programme], reading_order(request.user))[programme.pk],
        "seats": count_seats([session])[session.pk],
    }
    return render(request, "workshops/walk_in.html", context, status=status)


def _candidates(session: Session, words: str, user) -> dict:
    """Members who fit the words, each with where they are already, and whether they may come."""
    programme, decides = session.programme, coordinates(user, session.programme)
    people = members_called(words)
    rows = Enrolment.objects.counting().filter(session=session, user__in=people)
    listed = set(rows.filter(state__in=LISTED).values_list("user", flat=True))
    names = {}
    if decides:
        titles = titles_for(list(programme.requires.all()), reading_order(user))
        names = {pk: title.title for pk, title in titles.items()}
    return {
        "rows": [
            {
                "person": person,
                "firm": ", ".join(str(m.distributor) for m in standing(person).memberships),
                "listed": person.pk in listed,
                "eligibility": eligibility(
                    person, programme, nominated=True, titles=names, about=True
                ),
            }
            for person in people
        ],
        "decides": decides,
    }
