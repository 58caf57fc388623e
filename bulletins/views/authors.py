"""Stories whose author left: whoever answers for the distributor names a new one."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bulletins.exceptions import TransitionRefused
from bulletins.forms import NewAuthorForm
from bulletins.models import Case, CaseStoryPage
from bulletins.transitions import name_author
from network.localize import number_text
from network.models import Distributor, Membership, User

LISTED = 200  # stories; the others follow when these have an author


@dataclass
class Left:
    """A story that is left behind."""

    case: Case
    title: str


@dataclass
class Group:
    """What one person left at one distributor, with its form."""

    author: User
    distributor: Distributor
    rows: list[Left] = field(default_factory=list)
    form: NewAuthorForm | None = None

    @property
    def key(self) -> str:
        """Its place on the page, and the prefix of its form."""
        return f"of-{self.author.pk}-{self.distributor.pk}"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authors_to_name(request):
    """A form for each author who left: which stories go to whom. Five queries, however many."""
    groups, status = _groups(request.user), 200
    if request.method == "POST":
        group = next((one for one in groups if one.key == request.POST.get("group")), None)
        if group is None:
            messages.error(request, _("These stories have an author by now."))
            return redirect("authors_to_name")
        form = NewAuthorForm(request.POST, group=group, members=group.form.people.values())
        if form.is_valid():
            _name(request, form)
            return redirect("authors_to_name")
        group.form, status = form, 422
    return render(request, "bulletins/authors_to_name.html", {"groups": groups}, status=status)


def _name(request, form: NewAuthorForm) -> None:
    """Each story on its own: what another manager named meanwhile is said, and stays."""
    done, author = 0, form.cleaned_data["author"]
    for number in form.cleaned_data["stories"]:
        case = form.cases[number]
        try:
            name_author(case, to=author, by=request.user, reason=form.cleaned_data["reason"])
        except TransitionRefused as refusal:
            messages.error(request, f"{number}: {refusal}")
        except PermissionDenied:
            messages.error(request, _("Somebody else names the authors of these stories by now."))
        else:
            done += 1
    if done:
        words = ngettext(
            "%(name)s is the author of %(count)s story now.",
            "%(name)s is the author of %(count)s stories now.",
            done,
        )
        messages.success(request, words % {"name": author.display_name, "count": number_text(done)})


def _groups(user) -> list[Group]:
    rows = Case.objects.to_name_by(user).select_related("author", "distributor")
    cases = list(rows.order_by("distributor", "author", "number")[:LISTED])
    pages = CaseStoryPage.objects.filter(case__in=cases).values_list(
        "case_id", "locale__language_code", "draft_title", "title"
    )
    languages = {case.pk: case.source_language for case in cases}
    titles = {pk: draft or own for pk, code, draft, own in pages if languages[pk] == code}
    members: dict[int, list[User]] = {}
    memberships = Membership.objects.current().filter(
        distributor__in={case.distributor_id for case in cases}, user__is_system=False
    )
    order = ("user__first_name", "user__last_name", "user__email")
    for row in memberships.select_related("user").order_by(*order):
        members.setdefault(row.distributor_id, []).append(row.user)
    found: dict[tuple, Group] = {}
    for case in cases:
        group = found.setdefault(
            (case.author_id, case.distributor_id), Group(case.author, case.distributor)
        )
        group.rows.append(Left(case, titles.get(case.pk, case.number)))
    for group in found.values():
        group.form = NewAuthorForm(group=group, members=members.get(group.distributor.pk, ()))
    return list(found.values())
