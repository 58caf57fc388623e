"""Does it last? The author's answer, and the editors' list of what is not answered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bulletins.exceptions import AnswerIncomplete, TransitionRefused
from bulletins.figures.titles import titles_of
from bulletins.lasting_forms import LastingForm
from bulletins.models import LastingCheck, Stage
from bulletins.story_parts import changes
from bulletins.transitions import answer_lasting
from bulletins.views.access import case_of_author
from network.permissions import is_editor

LISTED = 200


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case_lasting(request, number: str):
    """The question with the story's figures; 404 where nobody asks."""
    case = case_of_author(request.user, number)
    check = LastingCheck.objects.filter(case=case).first()
    page = case.source_page()
    if check is None or page is None:
        raise Http404
    known = {str(key) for key in case.results.values_list("measure_key", flat=True)}
    form = LastingForm(request.POST or None, changes=changes(page), known=known)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                answer_lasting(
                    case,
                    by=request.user,
                    answer=given["answer"],
                    figures=form.figures,
                    measured_on=given["measured_on"],
                    words=given["words"],
                )
            except AnswerIncomplete as missing:
                form.add_error(missing.field if missing.field in form.fields else None, missing)
            except TransitionRefused as refusal:
                messages.error(request, str(refusal))
                return redirect("case_follow", case.number)
            else:
                messages.success(request, _("Thank you. The answer stands with the story."))
                return redirect("case_follow", case.number)
    context = {"case": case, "check": check, "title": page.title, "form": form}
    return render(request, "bulletins/lasting.html", context, status=status)


@login_required
@require_safe
def lasting_open(request):
    """What is asked and not answered, the longest first: for editors."""
    if not is_editor(request.user):
        raise PermissionDenied
    checks = list(
        LastingCheck.objects.filter(answer="", case__stage=Stage.PUBLISHED)
        .select_related("case__author", "case__distributor__country")
        .order_by("due", "pk")[:LISTED]
    )
    now = timezone.now()
    words = titles_of([check.case for check in checks], request.user)
    rows = [
        {
            "check": check,
            "shown": words.get(check.case_id),
            "is_late": check.due < now,
        }
        for check in checks
    ]
    return render(request, "bulletins/lasting_open.html", {"rows": rows})
