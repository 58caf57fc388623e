"""The coordinator enrols one person: found by name or address, seen whether the session is open to
them, then a seat or a place in line by one button."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.languages import reading_order
from network.localize import number_text
from network.numbers import uuid_key
from network.permissions import standing
from workshops import when
from workshops.clashes import clashes_of
from workshops.eligibility import eligibility
from workshops.exceptions import TransitionRefused
from workshops.models import Enrolment, ExceptionRequest, Session
from workshops.seats import count_seats, scope_of
from workshops.session_forms.fields import click_key
from workshops.titles import titles_for
from workshops.transitions import enrol
from workshops.transitions.core import refuse_closed
from workshops.views.coordinating.preview import session_of
from workshops.views.finding import (
    LETTERS,
    chosen_member,
    is_enough,
    is_too_often,
    members_called,
    typed_words,
)

RATE = "300/h"  # searches and additions: a coordinator has whole groups to enter


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_add_person(request, number: str):
    """GET ?q= finds; POST enrols whom the row names. Some twenty queries, however many are
    found."""
    session, is_post = session_of(request, number), request.method == "POST"
    words, status = typed_words(request.POST if is_post else request.GET), 200
    context = {"q": words, "letters": LETTERS}
    if (words or is_post) and is_too_often(request, "add-person", RATE):
        refused = _("That is many in an hour. Try again later.")
        return _page(request, session, context | {"refused": refused}, 429)
    if is_post:
        try:
            person = chosen_member(request)
            once = click_key(uuid_key(request.POST.get("once", "")), person.pk)
            made = enrol(session, person, by=request.user, once=once)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
            status = 409
        else:
            if once is not None and made.group_key == once:
                messages.success(request, said_of(made))
            else:
                messages.info(request, there_already(made))
            return redirect("desk_session", number)
    try:
        refuse_closed(session, timezone.now())
    except TransitionRefused as closed:
        context |= {"refused": str(closed)}
    else:
        if is_enough(words):
            context |= {"is_enough": True, "rows": _candidates(session, words, request.user)}
    return _page(request, session, context, status)


def said_of(made: Enrolment) -> str:
    """What the coordinator hears of the place that was just taken."""
    names = {"person": made.user.display_name}
    if made.state == "enrolled":
        return _("%(person)s has a seat, and is told so by mail.") % names
    if made.state == "waiting":
        names["place"] = number_text(made.place_in_line())
        return (
            _("%(person)s is on the waiting list, at place %(place)s, and is told so by mail.")
            % names
        )
    return there_already(made)


def there_already(found: Enrolment) -> str:
    """Of a place that somebody has, or had, by another way."""
    return _("%(person)s is there already: %(state)s.") % {
        "person": found.user.display_name,
        "state": found.get_state_display(),
    }


def _page(request, session: Session, context: dict, status: int):
    programme = session.programme
    context |= {
        "session": session,
        "title": titles_for([programme], reading_order(request.user))[programme.pk],
        "days": when.days_text(session),
        "seats": count_seats([session])[session.pk],
        "once": uuid.uuid4(),
    }
    return render(request, "workshops/coordinating/add_person.html", context, status=status)


def _candidates(session: Session, words: str, reader) -> list[dict]:
    """Members who fit the words: where they are already, what they lack, what they would get."""
    programme, people, order = session.programme, members_called(words), reading_order(reader)
    prefetch_related_objects([programme], "requires")
    rows = Enrolment.objects.counting().filter(session=session, user__in=people)
    there = {row.user_id: row for row in rows}
    asked = ExceptionRequest.objects.open().filter(programme=programme, user__in=people)
    asked = {row.user_id: row for row in asked}
    titles = titles_for(list(programme.requires.all()), order)
    names = {pk: title.title for pk, title in titles.items()}
    clashes = clashes_of(session, people, order)
    team = {one.pk for one in session.trainers.all()}
    seats = count_seats([session])[session.pk]
    return [
        {
            "person": person,
            "firm": ", ".join(str(m.distributor) for m in standing(person).memberships),
            "there": there.get(person.pk),
            "is_reader": person.pk == reader.pk,
            "teaches": person.pk in team,
            "eligibility": eligibility(person, programme, nominated=True, titles=names, about=True),
            "asked": asked.get(person.pk),
            "clashes": clashes.get(person.pk, []),
            **_prospect(seats, scope_of(person, programme)),
        }
        for person in people
    ]


def _prospect(seats, scope) -> dict:
    """A seat, or a place in line (`place`), as it stands now."""
    if seats.free_for(scope) > 0:
        return {"place": None}
    return {"place": seats.waiting + 1, "is_kept": bool(seats.kept_from(scope))}
