"""An issue's texts by language: the grid, and asking for them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.issue_forms import RequestForm
from bulletins.models import BulletinIssue
from bulletins.planning.grid import grid
from bulletins.transitions.asking_languages import ask_languages
from bulletins.views.issues import editors_only
from network.languages import autonym, codes
from translations.worklist import translators_by_language


@editors_only
def issue_languages(request, pk: int):
    """Pieces × languages with state, translator and due day; the form asks for them."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    languages = [code for code in codes() if code != "en"]
    form = RequestForm(
        request.POST if request.method == "POST" else None,
        languages=languages,
        translators=translators_by_language(languages),
    )
    if request.method == "POST" and form.is_valid():
        refused = ask_languages(issue, by=request.user, wanted=form.wanted())
        for language, why in refused:
            messages.warning(
                request,
                _("%(language)s: %(why)s") % {"language": autonym(language), "why": why},
            )
        messages.success(request, _("Asked for. The texts are on the translators' desk."))
        return redirect("issue_languages", issue.pk)
    context = {"issue": issue, "grid": grid(issue, timezone.localdate()), "form": form}
    return render(
        request, "bulletins/issue_languages.html", context, status=422 if form.is_bound else 200
    )
