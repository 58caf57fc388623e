"""A trainer's reflection after a session, and what came of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.languages import reading_order
from network.models import User
from network.working_days import local_day
from workshops import when
from workshops.exceptions import TransitionRefused
from workshops.models import Reflection
from workshops.permissions import can_read_reflection, can_reflect, can_settle_reflection
from workshops.proof_forms import FollowUpForm, ReflectionForm
from workshops.titles import titles_for
from workshops.transitions import follow_up, write_reflection
from workshops.views.sessions import session_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_reflect(request, number: str):
    """Gap, from what to what by when, whose it is, what they do (R35)."""
    session = session_for(request.user, number)
    if not can_reflect(request.user, session):
        raise PermissionDenied
    form = ReflectionForm(
        request.POST or None,
        people=_owners(session),
        today=local_day(timezone.now(), request.user.time_zone),
        initial={"owner": request.user.pk},
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                write_reflection(session, by=request.user, **form.cleaned_data)
            except TransitionRefused as refusal:
                status = 409
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("Noted. It comes back to the desk on its day."))
                return redirect("session_results", number)
    context = {
        "session": session,
        "title": titles_for([session.programme], reading_order(request.user))[session.programme_id],
        "days": when.days_text(session),
        "form": form,
    }
    return render(request, "workshops/reflect.html", context, status=status)


def _owners(session):
    """Who may own an action: the session's trainers, and the coordinators."""
    coordinators = User.objects.holding("coordinator")
    found = User.objects.filter(is_active=True).filter(
        Q(taught_sessions=session) | Q(pk__in=coordinators.values("pk"))
    )
    return found.distinct().order_by("last_name", "first_name", "pk")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reflection(request, pk: int):
    """One reflection with its steps; its owner says what came of it."""
    rows = Reflection.objects.select_related("session__programme", "owner", "author")
    found = get_object_or_404(rows.prefetch_related("steps__by", "session__trainers"), pk=pk)
    if not can_read_reflection(request.user, found):
        raise Http404
    may_settle = can_settle_reflection(request.user, found)
    form, status = FollowUpForm(request.POST or None), 200
    if request.method == "POST":
        if not may_settle:
            raise PermissionDenied
        status = 400
        if form.is_valid():
            try:
                follow_up(found, by=request.user, **form.cleaned_data)
            except TransitionRefused as refusal:
                status = 409
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("Noted."))
                return redirect("reflection", pk)
    context = {
        "reflection": found,
        "session": found.session,
        "title": titles_for([found.session.programme], reading_order(request.user))[
            found.session.programme_id
        ],
        "days": when.days_text(found.session),
        "form": form,
        "may_settle": may_settle and not found.is_settled,
    }
    return render(request, "workshops/reflection.html", context, status=status)
