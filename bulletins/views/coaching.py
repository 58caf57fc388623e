"""The coaching log: whom a campaigner spoke with at each distributor, and when again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bulletins.exceptions import AnswerIncomplete, TransitionRefused
from bulletins.flow.coaching import log_rows
from bulletins.flow.rules import (
    can_read_coaching,
    can_see_coaching,
    can_write_coaching,
    coaching_areas,
)
from bulletins.models import CoachingNote
from bulletins.response_forms import CoachingNoteForm
from bulletins.response_rules import can_coach
from bulletins.transitions import settle_coaching, write_coaching
from network.models import Distributor, Membership, ReviewArea

SHOWN = 100  # notes of a distributor


@login_required
@never_cache
@require_safe
def coaching_log(request):
    """Each distributor with the last note and the next date. Two queries over the areas'."""
    if not can_see_coaching(request.user):
        raise PermissionDenied
    areas = coaching_areas(request.user)
    known = list(ReviewArea.objects.all()) if areas is None else areas
    slug = request.GET.get("area", "")
    area = next((one for one in known if one.slug == slug), None)
    if slug and area is None:
        raise Http404
    context = {
        "areas": sorted(known, key=lambda one: one.name),
        "area": area,
        "rows": log_rows(request.user, [area] if area else areas),
        "today": timezone.localdate(),
    }
    return render(request, "bulletins/coaching_log.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def coaching(request, code: str):
    """One distributor's notes, and a form for its area's campaigners. What was typed and
    refused is shown again."""
    firm = get_object_or_404(Distributor.objects.select_related("country__review_area"), code=code)
    if not can_read_coaching(request.user, firm):
        raise PermissionDenied
    may_write = can_write_coaching(request.user, firm)
    form, status = CoachingNoteForm(request.POST or None), 200
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        status = 422
        try:
            if form.is_valid():
                write_coaching(firm, by=request.user, **form.cleaned_data)
                messages.success(request, _("The note stands in the coaching log."))
                return redirect("coaching", firm.code)
        except AnswerIncomplete as gap:
            form.add_error(gap.field, str(gap))
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
    notes = CoachingNote.objects.filter(distributor=firm).select_related("by", "settled_by")
    contacts = Membership.objects.current().contacts().filter(distributor=firm)
    context = {
        "firm": firm,
        "form": form,
        "may_write": may_write and firm.is_active,
        "may_mail": can_coach(request.user, firm),
        "notes": notes[:SHOWN],
        "contacts": contacts.select_related("user").order_by("-contact", "pk"),
        "today": timezone.localdate(),
    }
    return render(request, "bulletins/coaching.html", context, status=status)


@login_required
@require_POST
def coaching_settle(request, pk: int):
    """The next date is kept, or falls away."""
    note = get_object_or_404(CoachingNote.objects.select_related("distributor__country"), pk=pk)
    settle_coaching(note, by=request.user)
    messages.success(request, _("The date is settled."))
    return redirect("coaching", note.distributor.code)
