"""Who writes a story along: the author asks and takes off, a colleague answers and leaves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bulletins.exceptions import TransitionRefused
from bulletins.forms import CoAuthorForm
from bulletins.models import CoAuthorship
from bulletins.permissions import (
    can_answer_co_authorship,
    can_choose_co_authors,
    can_view_case,
)
from bulletins.transitions import answer_co_authorship, end_co_authorship, invite_co_author
from bulletins.transitions.co_authors import JOINABLE
from bulletins.views.access import case_of_author
from network.models import User
from network.permissions import belongs_to


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def co_authors(request, number: str):
    """Who writes along and who is asked; the form, for the author."""
    case = case_of_author(request.user, number)
    may_choose = can_choose_co_authors(request.user, case) and case.stage in JOINABLE
    form, status = None, 200
    if request.method == "POST":
        if not may_choose:
            raise PermissionDenied
        form, status = CoAuthorForm(request.POST, colleagues=_colleagues(case)), 422
        if form.is_valid():
            person, words = form.cleaned_data["person"], form.cleaned_data["words"]
            try:
                invite_co_author(case, person=person, by=request.user, words=words)
            except TransitionRefused as refusal:
                form.add_error(None, refusal)
            else:
                asked = _("%(name)s is asked. You are told of the answer.")
                messages.success(request, asked % {"name": person.display_name})
                return redirect("co_authors", number)
    former = case.former_authors()
    context = {
        "case": case,
        "title": case.headline,
        "former": former,
        "writing": [person for person in case.co_authors.all() if person not in former],
        "asked": list(case.co_authorships.open().select_related("user")),
        "answered": list(case.co_authorships.filter(state="declined").select_related("user")),
        "may_choose": may_choose,
        "form": form or (CoAuthorForm(colleagues=_colleagues(case)) if may_choose else None),
    }
    return render(request, "bulletins/co_authors.html", context, status=status)


def _colleagues(case) -> list[User]:
    """Members of the distributor who neither write it nor are asked. One query."""
    people = User.objects.members_of(case.distributor).filter(is_system=False)
    people = people.exclude(pk=case.author_id).exclude(shared_cases=case)
    people = people.exclude(pk__in=case.co_authorships.current().values("user"))
    return list(people.order_by("first_name", "last_name", "email"))


@login_required
@require_POST
def co_author_end(request, number: str, person: int):
    """Leave the story oneself; or, as its author, take somebody off or no longer ask."""
    case = case_of_author(request.user, number)
    # Nobody's name is told for a key: only whoever writes along, or is asked to.
    here = Q(shared_cases=case) | Q(co_authorships__case=case)
    other = get_object_or_404(User.objects.filter(here).distinct(), pk=person)
    leaves = other.pk == request.user.pk
    try:
        end_co_authorship(case, person=other, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if leaves:
            messages.success(request, _("You no longer write this story."))
            return redirect("desk")
        messages.success(
            request, _("%(name)s no longer writes along.") % {"name": other.display_name}
        )
    return redirect("co_authors", number)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def co_authorship(request, pk: int):
    """What is asked, of whoever is: accept or decline. The text itself comes with the yes."""
    rows = CoAuthorship.objects.select_related("by", "case__author", "case__distributor")
    made = get_object_or_404(rows.filter(user=request.user), pk=pk)
    if request.method == "POST" and request.POST.get("answer") in ("accept", "decline"):
        accepts = request.POST["answer"] == "accept"
        try:
            answer_co_authorship(
                made, by=request.user, accepts=accepts, reason=request.POST.get("reason", "")
            )
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("co_authorship", pk)
        if accepts:
            messages.success(request, _("You write along from now on."))
            return redirect("case_follow", made.case.number)
        messages.success(request, _("Declined. The author is told."))
        return redirect("desk")
    case = made.case
    may_answer = (
        made.is_open
        and case.stage in JOINABLE
        and can_answer_co_authorship(request.user, made)
        and belongs_to(request.user, case.distributor)
    )
    # A working title is for those who are asked now, and for its readers.
    sees = may_answer or can_view_case(request.user, case)
    context = {
        "made": made,
        "case": case,
        "title": case.headline if sees else case.number,
        "may_answer": may_answer,
    }
    return render(request, "bulletins/co_authorship.html", context)
