"""One's own days away, on the profile."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.absences import enter_absence, remove_absence
from network.exceptions import ChangeRefused
from network.forms import AbsenceForm
from network.models import Absence


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile_away(request):
    """Enter days away, or take some out (`remove=<pk>`)."""
    form, status = AbsenceForm(request.POST or None), 200
    mine = Absence.objects.filter(user=request.user)
    if request.method == "POST" and "remove" in request.POST:
        pk = request.POST["remove"]
        remove_absence(get_object_or_404(mine, pk=pk if pk.isdecimal() else 0), by=request.user)
        messages.success(request, _("The days away are removed."))
        return redirect("profile_away")
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                enter_absence(request.user, by=request.user, **form.cleaned_data)
            except ChangeRefused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("The days away are entered."))
                return redirect("profile_away")
    context = {"form": form, "absences": mine.to_come(timezone.localdate())}
    return render(request, "accounts/away.html", context, status=status)
