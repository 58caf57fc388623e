"""The page behind the link in an issue's mail: answers without a sign-in, and nothing else.

Opening it changes nothing, for mail scanners open every link. It shows title,
summary and KPI rows of the stories that wait, and the form.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_ratelimit.core import is_ratelimited

from bulletins.exceptions import NewerResponse, TransitionRefused
from bulletins.models import BulletinIssue, IssueStage, Response, Via
from bulletins.response_forms import AnswerForm, SignatureForm
from bulletins.response_links import LinkBroken, LinkExpired, read_token
from bulletins.response_queries import open_cases
from bulletins.response_rows import Row, prefix_of, rows_for
from bulletins.response_rules import can_answer_for
from bulletins.transitions import respond, tell_link_owner
from network.models import Distributor, User
from network.permissions import managed_distributors

# Bad links of one address; good ones are not counted.
BAD_RATE = "20/m"
# What the page says where the link opens nothing any more.
EXPIRED, REVOKED = "expired", "revoked"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def respond_link(request, token: str):
    """The stories of one issue that one distributor still answers."""
    try:
        key = read_token(token)
    except LinkBroken:
        if is_ratelimited(request, group="respond", key="ip", rate=BAD_RATE, increment=True):
            return render(request, "429.html", status=429)
        raise Http404 from None
    except LinkExpired:
        return _closed(request, EXPIRED)
    contact = User.objects.filter(pk=key.user).first()
    firm = Distributor.objects.filter(pk=key.distributor).first()
    issue = BulletinIssue.objects.filter(pk=key.issue, stage=IssueStage.RELEASED).first()
    if None in (contact, firm, issue) or not can_answer_for(contact, firm):
        return _closed(request, REVOKED)
    if request.method == "POST":
        return _save(request, token, contact, firm, issue)
    return render(request, "bulletins/respond_link.html", _page(request.user, contact, firm, issue))


def _closed(request, why: str):
    """A calm sentence, and the way to the desk."""
    return render(request, "bulletins/respond_closed.html", {"why": why}, status=410)


def _page(viewer, contact, firm, issue, left: dict | None = None, signature=None) -> dict:
    """What a stranger may see: the stories that wait, and how many are answered or gone."""
    left = left or {}
    asked = open_cases(firm).filter(in_issue__issue=issue)
    rows = [row for row in rows_for([(firm, case) for case in asked], contact) if row.page]
    for row in rows:
        held = left.get(row.prefix)
        row.form = held.form if held else AnswerForm(prefix=row.prefix, name=contact.display_name)
        if not held and row.response:
            row.form.initial["seen"] = row.response.version
    # One person gets one mail, whose link answers for one firm. Whoever else has the link is told
    # of no other.
    mine = managed_distributors(contact) if viewer.pk == contact.pk else []
    others = [other for other in mine if other.pk != firm.pk]
    return {
        "rows": rows,
        "others": [one for one in others if open_cases(one).filter(in_issue__issue=issue).exists()],
        "issue": issue,
        "firm": firm,
        "contact": contact,
        "signature": signature or SignatureForm(contact=contact),
    }


def _save(request, token: str, contact, firm, issue):
    """Keep what was answered; the contact is told of all of it in one mail."""
    signature = SignatureForm(request.POST, contact=contact)
    cases = {
        prefix_of(firm.pk, row.case.number): row.case
        for row in issue.stories.select_related("case")
    }
    rows = {}
    for name, case in cases.items():
        form = AnswerForm(request.POST, prefix=name, name=contact.display_name)
        if form.is_said:
            rows[name] = Row(firm, case, form=form)
    if not rows:
        signature.add_error(None, _("Choose an answer for one of the stories."))
    fit = signature.is_valid()
    for row in rows.values():
        row.form.is_valid()
    saved, left, notes = [], {}, []
    before = dict(Response.objects.filter(distributor=firm).values_list("case", "version"))
    if fit:
        with transaction.atomic():  # the contact is told of what is kept, and of nothing else
            for name, row in rows.items():
                if row.form.errors:
                    left[name] = row
                    continue
                try:
                    saved.append(_one(row, contact, signature.cleaned_data))
                except NewerResponse:
                    notes.append(_("A story was answered by your distributor meanwhile."))
                except (TransitionRefused, PermissionDenied):
                    notes.append(_("A story was taken back meanwhile and needs no answer."))
            new = [found for found in saved if found.version != before.get(found.case_id)]
            tell_link_owner(new, contact=contact, **_typed(signature))
        for note in dict.fromkeys(notes):
            messages.info(request, note)
    if not fit or left:
        context = _page(request.user, contact, firm, issue, left if fit else rows, signature)
        context["saved"] = len(saved)
        return render(request, "bulletins/respond_link.html", context, status=422)
    if saved:
        messages.success(request, _("Your answers are saved."))
    return redirect("respond_link", token)


def _typed(signature) -> dict:
    return {
        "name": signature.cleaned_data["name"],
        "address": signature.cleaned_data["address"],
    }


def _one(row: Row, contact, typed: dict):
    """The response as it stands afterwards; nothing a link does goes over a newer word."""
    seen = row.form.cleaned_data.get("seen") or 0
    return respond(
        row.case,
        row.distributor,
        row.form.answer,
        by=contact,
        seen=seen,
        via=Via.LINK,
        typed_name=typed["name"].strip(),
        typed_address=typed["address"],
    )
