"""A manager answers requests; members enter courses they did, managers confirm them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.languages import reading_order
from network.permissions import managed_distributors
from workshops import when
from workshops.clashes import clashes_of
from workshops.eligibility import eligibility
from workshops.exceptions import TransitionRefused
from workshops.forms import CourseForm, DecisionForm, TakeOutForm
from workshops.models import CourseRecord, Enrolment
from workshops.permissions import (
    can_approve_enrolment,
    can_cancel_enrolment,
    can_manage_session,
    can_see_courses_to_confirm,
    can_withdraw_course,
)
from workshops.seats import count_seats
from workshops.titles import titles_for
from workshops.transitions import (
    approve,
    cancel_enrolment,
    confirm_course,
    enter_course,
    refuse,
    withdraw_course,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enrolment(request, pk: int):
    """A request: who asks, what the programme asks for; the manager says yes or no."""
    rows = Enrolment.objects.select_related(
        "user", "distributor", "session__programme", "session__country"
    )
    found = get_object_or_404(rows, pk=pk)
    if not can_approve_enrolment(request.user, found):
        raise Http404
    form = DecisionForm(request.POST or None, initial={"decision": "approve"})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _decide(found, form.cleaned_data, by=request.user)
            except TransitionRefused as refusal:
                status = 409
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("The person is told your answer."))
                return redirect("desk")
    session, programme = found.session, found.session.programme
    titles = titles_for([programme, *programme.requires.all()], reading_order(request.user))
    names = {pk: title.title for pk, title in titles.items()}
    context = {
        "enrolment": found,
        "session": session,
        "title": titles[programme.pk],
        "days": when.days_text(session),
        "place": when.place_text(session),
        "seats": count_seats([session])[session.pk],
        "eligibility": eligibility(found.user, programme, nominated=True, titles=names, about=True),
        "clashes": clashes_of(session, [found.user_id], reading_order(request.user)).get(
            found.user_id, []
        ),
        "form": form,
    }
    return render(request, "workshops/enrolment.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enrolment_take_out(request, pk: int):
    """A manager or coordinator gives up somebody's place for them, also after the last moment at
    which the person can."""
    rows = Enrolment.objects.select_related("user", "distributor", "session__programme")
    found = get_object_or_404(rows, pk=pk)
    if found.user_id == request.user.pk or not can_cancel_enrolment(request.user, found):
        raise Http404
    form, status = TakeOutForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                cancel_enrolment(found, by=request.user, reason=form.cleaned_data["reason"])
            except TransitionRefused as refusal:
                status = 409
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The place is given up, and the person is told."))
                is_desk = can_manage_session(request.user, found.session)
                return redirect("desk_session" if is_desk else "session", found.session.number)
    programme = found.session.programme
    context = {
        "enrolment": found,
        "session": found.session,
        "title": titles_for([programme], reading_order(request.user))[programme.pk],
        "days": when.days_text(found.session),
        "form": form,
    }
    return render(request, "workshops/take_out.html", context, status=status)


def _decide(found: Enrolment, given: dict, *, by) -> None:
    if given["decision"] == "approve":
        approve(found, by=by)
    else:
        refuse(found, by=by, reason=given["reason"])


# --- courses done -----------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_courses(request):
    """What one did, confirmed or not; another is entered below."""
    order = reading_order(request.user)
    form = CourseForm(request.POST or None, user=request.user, order=order)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                enter_course(request.user, **form.cleaned_data)
            except TransitionRefused as refusal:
                form.add_error("done_on", str(refusal))
            else:
                messages.success(request, _("Your distributor’s manager is asked to confirm it."))
                return redirect("my_courses")
    return my_courses_page(request, form=form, status=status)


def my_courses_page(request, *, form=None, address: str = "", status: int = 200):
    """Courses done, and what to subscribe to; `address` is a new one, shown this once."""
    order = reading_order(request.user)
    form = form or CourseForm(user=request.user, order=order)
    records = list(request.user.course_records.select_related("programme", "confirmed_by"))
    titles = titles_for({record.programme for record in records}, order)
    context = {
        "rows": [{"record": one, "title": titles[one.programme_id]} for one in records],
        "form": form,
        "calendar_address": address,
    }
    return render(request, "workshops/my_courses.html", context, status=status)


@login_required
@require_safe
@never_cache
def courses_to_confirm(request):
    """Courses that members of one's distributors say to have done; for administrators of those
    whom no manager can vouch for."""
    if not can_see_courses_to_confirm(request.user):
        raise PermissionDenied
    rows = CourseRecord.objects.to_confirm_by(request.user)
    records = list(rows.select_related("user", "programme").order_by("entered_at", "pk"))
    titles = titles_for({one.programme for one in records}, reading_order(request.user))
    context = {
        "rows": [{"record": one, "title": titles[one.programme_id]} for one in records],
        "manages": bool(managed_distributors(request.user)),
    }
    return render(request, "workshops/courses_to_confirm.html", context)


@login_required
@require_POST
def course_change(request, pk: int, action: str):
    """Confirm a course, or take an unconfirmed entry back."""
    record = get_object_or_404(CourseRecord.objects.select_related("user"), pk=pk)
    if not can_withdraw_course(request.user, record):
        raise Http404
    if action not in ("confirm", "withdraw"):
        raise Http404
    try:
        if action == "confirm":
            confirm_course(record, by=request.user)
            messages.success(request, _("The course counts from now on."))
        else:
            withdraw_course(record, by=request.user)
            messages.success(request, _("The entry is gone."))
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    is_own = record.user_id == request.user.pk
    return redirect("my_courses" if is_own else "courses_to_confirm")
