"""Country briefs: the list, the page, the sheet; a visit logged, and what comes of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_ratelimit.decorators import ratelimit

from bulletins.exceptions import TransitionRefused
from bulletins.models import Case
from bulletins.views.region import CHOICES, open_months
from gkc_site.measures.brief import brief
from gkc_site.measures.forms import BeginForm, ProposalForm, VisitForm
from gkc_site.measures.journey_views import PDF_RATE, sheet
from gkc_site.measures.permissions import (
    can_begin_story,
    can_log_visit,
    can_see_brief,
    can_see_measures,
    seen_areas,
)
from gkc_site.measures.printing import brief_sheet
from gkc_site.measures.transitions import begin_story_from_visit, log_visit, propose_from_visit
from gkc_site.models import VisitNote
from gkc_site.people.directory import by_letter
from network.models import Country, Membership
from network.permissions import leads_area


@login_required
@never_cache
@require_safe
def country_briefs(request):
    """The countries whose briefs this person reads, by name."""
    if not can_see_measures(request.user):
        raise PermissionDenied
    areas = seen_areas(request.user)
    countries = Country.objects.filter(distributors__is_active=True).distinct()
    if areas is not None:
        countries = countries.filter(review_area__in=areas)
    rows = sorted(countries, key=lambda country: by_letter(str(country.name)))
    return render(request, "gkc_site/measures/briefs.html", {"countries": rows})


def _country(request, code: str) -> Country:
    """The country of an address ('sa'). Raises Http404 for none, PermissionDenied for another's."""
    countries = Country.objects.select_related("review_area", "region")
    country = get_object_or_404(countries, pk=code.upper())
    if not can_see_brief(request.user, country):
        raise PermissionDenied
    return country


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def country_brief(request, code: str):
    """All that is known of a country; a POST logs a visit."""
    country = _country(request, code)
    form = VisitForm(request.POST or None)
    if request.method == "POST":
        if not can_log_visit(request.user, country):
            raise PermissionDenied
        if form.is_valid():
            note = log_visit(country, by=request.user, **form.cleaned_data)
            messages.success(request, _("Logged. The area’s lead campaigners are told."))
            return redirect(f"{request.path}#visit-{note.pk}")
    return _shown(request, country, form, status=422 if request.method == "POST" else 200)


def _shown(request, country: Country, form, status: int = 200, at=None, **forms):
    """The page; `forms` are what was typed at the note `at`."""
    user = request.user
    found = brief(country, user)
    may_propose = leads_area(user, country.review_area)
    stories = _proposable(user, country) if may_propose else []
    months = open_months() if may_propose else []
    members = _members(country) if found.visits and can_begin_story(user, country) else []
    for note in found.visits:
        here = forms if note == at else {}
        note.proposal_form = here.get("proposal") or (
            ProposalForm(
                stories=stories,
                months=months,
                prefix=f"propose-{note.pk}",
                initial={"sentence": " ".join(note.text.split())[:300]},
            )
            if may_propose and stories and not note.proposal_id
            else None
        )
        note.begin_form = here.get("begin") or (
            BeginForm(
                members=members, prefix=f"begin-{note.pk}", initial={"language": get_language()}
            )
            if members and not note.case_id
            else None
        )
    context = {
        "brief": found,
        "country": country,
        "form": form,
        "may_log": can_log_visit(user, country),
    }
    return render(request, "gkc_site/measures/brief.html", context, status=status)


def _proposable(user, country: Country) -> list[tuple[str, str]]:
    cases = Case.objects.to_propose_by(user).filter(distributor__country=country)
    rows = cases.prefetch_related("pages__locale").order_by("-since")
    return [(case.number, f"{case.number} {case.headline}") for case in rows[:CHOICES]]


def _members(country: Country) -> list[Membership]:
    rows = Membership.objects.current().filter(
        distributor__country=country, distributor__is_active=True
    )
    rows = rows.order_by("user__last_name", "user__first_name", "pk")
    found = rows.select_related("user", "distributor")[:CHOICES]
    return sorted(found, key=lambda one: (one.user.display_name, one.pk))


@login_required
@never_cache
@require_safe
@ratelimit(key="user_or_ip", rate=PDF_RATE, block=False)
def country_brief_pdf(request, code: str):
    """The same on one A4 page; 503 with advice where the machine cannot draw one."""
    country = _country(request, code)
    if getattr(request, "limited", False):
        return render(request, "429.html", status=429)
    return sheet(
        request, f"brief-{code.lower()}", lambda: brief_sheet(brief(country, request.user))
    )


def _note(request, pk: int) -> VisitNote:
    rows = VisitNote.objects.select_related("country__review_area", "country__region", "by")
    note = get_object_or_404(rows, pk=pk)
    if not can_see_brief(request.user, note.country):
        raise PermissionDenied
    return note


@login_required
@require_POST
def visit_propose(request, pk: int):
    """The area's lead proposes a story of the country for an issue."""
    note = _note(request, pk)
    user, country = request.user, note.country
    if not leads_area(user, country.review_area):
        raise PermissionDenied
    form = ProposalForm(
        request.POST,
        stories=_proposable(user, country),
        months=open_months(),
        prefix=f"propose-{note.pk}",
    )
    if form.is_valid():
        given = form.cleaned_data
        case = Case.objects.select_related("distributor").get(number=given["case"])
        try:
            propose_from_visit(
                note, by=user, case=case, month=given["month"], sentence=given["sentence"]
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. The editors answer."))
            return _back(note)
    return _shown(request, country, VisitForm(), 422, note, proposal=form)


@login_required
@require_POST
def visit_begin(request, pk: int):
    """A draft for an author of the country, which begins with the note."""
    note = _note(request, pk)
    if not can_begin_story(request.user, note.country):
        raise PermissionDenied
    members = _members(note.country)
    form = BeginForm(request.POST, members=members, prefix=f"begin-{note.pk}")
    if form.is_valid():
        chosen = next(one for one in members if str(one.pk) == form.cleaned_data["member"])
        try:
            begin_story_from_visit(
                note, by=request.user, member=chosen, language=form.cleaned_data["language"]
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Begun. The author is told and writes on."))
            return _back(note)
    return _shown(request, note.country, VisitForm(), 422, note, begin=form)


def _back(note: VisitNote):
    response = redirect("country_brief", note.country_id.lower())
    response["Location"] += f"#visit-{note.pk}"
    return response
