"""Who came without a seat is found and added: while the list is open, and a few at a time.

The search answers whoever teaches, so it tells no more than is needed to point
at a person who stands there: name, distributor, and whether they may take part.
What they lack is for the coordinator, who decides about it.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_ratelimit.core import is_ratelimited

from network.languages import reading_order
from network.models import User
from network.permissions import standing, with_standing
from workshops.eligibility import eligibility, with_courses
from workshops.exceptions import TransitionRefused
from workshops.models import Enrolment, Session
from workshops.permissions import coordinates
from workshops.seats import count_seats
from workshops.titles import titles_for
from workshops.transitions import walk_in
from workshops.transitions.attendance import LISTED, refuse_walk_ins
from workshops.views.attendance import session_of_team

RATE = "60/h"  # searches and additions of one person
LETTERS = 3  # of a name, at least
FOUND_AT_MOST = 10
MOST_WORDS, MOST_TYPED = 4, 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_walk_in(request, number: str):
    """Find a member by name or address; whether they may take part is shown."""
    session = session_of_team(request, number)
    typed = request.POST if request.method == "POST" else request.GET
    words, reason = typed.get("q", "").strip()[:MOST_TYPED], typed.get("reason", "")
    context = {"q": words, "reason": reason, "letters": LETTERS}
    try:
        refuse_walk_ins(session, timezone.now())
    except TransitionRefused as refusal:
        status = 409 if words or request.method == "POST" else 200
        return _page(request, session, context | {"refused": str(refusal)}, status)
    is_asking = bool(words) or request.method == "POST"
    if is_asking and is_ratelimited(
        request, group="walk-in", key="user", rate=RATE, increment=True
    ):
        refused = _("That is many in an hour. Try again later.")
        return _page(request, session, context | {"refused": refused}, 429)
    status = 200
    if request.method == "POST":
        try:
            made = walk_in(session, _chosen(request), by=request.user, reason=reason)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
            status = 409
        else:
            messages.success(
                request,
                _("%(person)s is on the list now.") % {"person": made.user.display_name},
            )
            return redirect("session_attendance", number)
    is_enough = sum(not sign.isspace() for sign in words) >= LETTERS
    if is_enough:
        context |= _candidates(session, words, request.user)
    return _page(request, session, context | {"is_enough": is_enough}, status)


def _page(request, session: Session, context: dict, status: int):
    programme = session.programme
    context |= {
        "session": session,
        "title": titles_for([programme], reading_order(request.user))[programme.pk],
        "seats": count_seats([session])[session.pk],
    }
    return render(request, "workshops/walk_in.html", context, status=status)


def _chosen(request) -> User:
    """The person named by the form. Raises TransitionRefused for nobody."""
    pk = request.POST.get("person", "")
    person = User.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 10 else None
    if person is None or not person.is_active or person.is_system:
        raise TransitionRefused(_("Choose the person first."))
    return person


def _candidates(session: Session, words: str, user) -> dict:
    """Members who fit the words, each with where they are already, and whether they may come."""
    programme, decides = session.programme, coordinates(user, session.programme)
    found = User.objects.filter(is_active=True, is_system=False)
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__iexact=word)
        )
    people = found.order_by("last_name", "first_name", "pk")[:FOUND_AT_MOST]
    people = with_courses(with_standing(people))
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
