"""The trainer's desk: my dates, and of each who comes, what it is taught with, what was asked."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network.languages import autonym, reading_order
from workshops import when
from workshops.handouts import shown
from workshops.models import Session
from workshops.permissions import (
    can_read_roster,
    can_see_teaching,
)
from workshops.seats import count_seats
from workshops.teaching import last_reflections, questions_at, roster, taught_by
from workshops.titles import titles_for

PAST_SHOWN = 12


@login_required
@require_safe
@never_cache
def teaching(request):
    """My dates, the next first, then the last ones. Seven queries at most."""
    if not can_see_teaching(request.user):
        raise PermissionDenied
    now, mine = timezone.now(), taught_by(request.user)
    ahead = list(mine.filter(ends_at__gte=now).exclude(state="cancelled").order_by("starts_at"))
    over = list(mine.filter(ends_at__lt=now).order_by("-starts_at")[:PAST_SHOWN])
    everything = [*ahead, *over]
    titles = titles_for({one.programme for one in everything}, reading_order(request.user))
    asked, written = questions_at(everything), last_reflections(request.user, everything)

    def line(session: Session) -> dict:
        return {
            "session": session,
            "title": titles[session.programme_id],
            "days": when.days_text(session),
            "place": when.place_text(session),
            "languages": when.languages_text(session),
            "open": sum(question.is_open for question in asked[session.pk]),
            "reflection": written.get(session.programme_id),
        }

    context = {"ahead": [line(one) for one in ahead], "over": [line(one) for one in over]}
    return render(request, "workshops/teaching.html", context)


@login_required
@require_safe
@never_cache
def teaching_session(request, number: str):
    """Who comes, with level and language; materials, questions, the last reflection."""
    rows = Session.objects.select_related("programme__distributor", "country")
    session = get_object_or_404(rows.prefetch_related("trainers", "days"), number=number)
    if not can_read_roster(request.user, session):
        raise Http404
    people = roster(session)
    titles = titles_for(
        {session.programme} | {one for comer in people for one in comer.courses},
        reading_order(request.user),
    )
    languages: dict[str, int] = {}
    for comer in people:
        languages[comer.enrolment.language] = languages.get(comer.enrolment.language, 0) + 1
    context = {
        "session": session,
        "title": titles[session.programme_id],
        "days": when.days_text(session),
        "hours": when.hours_text(session),
        "place": when.place_text(session),
        "seats": count_seats([session])[session.pk],
        "people": [
            {
                "comer": comer,
                "enrolment": comer.enrolment,
                "language": autonym(comer.enrolment.language),
                "courses": [titles[one.pk].title for one in comer.courses],
            }
            for comer in people
        ],
        "languages": [(autonym(code), count) for code, count in sorted(languages.items())],
        "materials": list(shown(request, session.materials.select_related("document")).values()),
        "questions": questions_at([session])[session.pk],
        "reflection": last_reflections(request.user, [session]).get(session.programme_id),
    }
    return render(request, "workshops/teaching_session.html", context)
