"""A distributor's answers at the desk: all open ones on one page, and one with its history."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bulletins.exceptions import AnswerIncomplete, NewerResponse, TransitionRefused
from bulletins.figures.titles import titles_of
from bulletins.models import Case, HandOver, Response, ResponseChange, WillTry
from bulletins.permissions import can_share_case, can_view_case
from bulletins.response_forms import AnswerForm, HandOverForm, ResultsForm, TryForm
from bulletins.response_messages import open_for
from bulletins.response_rows import Row, prefix_of, read_prefix, rows_for, said_in
from bulletins.response_rules import can_answer_for, can_respond, can_view_response
from bulletins.transitions import (
    hand_over,
    report_results,
    respond,
    start_story_from,
    take_back,
    will_not_try,
    will_try,
)
from network.localize import number_text
from network.models import Distributor, User
from network.permissions import managed_distributors, standing

GONE = "gone"  # what a row says whose story nobody may know of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def responses(request):
    """All stories that wait for this person's answer; each saved by itself, or several at once."""
    if request.method == "POST":
        return _save_several(request)
    return render(request, "bulletins/responses.html", _desk(request))


def _desk(request, left: dict[str, Row] | None = None, together=None, picked=()) -> dict:
    """The desk's context; `left` are rows that could not be saved, with what was typed."""
    user, left = request.user, left or {}
    pairs = open_for(user)
    there = {prefix_of(firm.pk, case.number) for firm, case in pairs}
    pairs += [(row.distributor, row.case) for name, row in left.items() if name not in there]
    rows = rows_for(pairs, user)
    for row in rows:
        held = left.get(row.prefix)
        row.form = held.form if held else _fresh_form(row, user)
        row.newer, row.refused = (held.newer, held.refused) if held else (None, "")
    firms = managed_distributors(user)
    handed = HandOver.objects.open().filter(distributor__in=firms).exclude(to=user)
    handed = handed.select_related("distributor", "case")
    return {
        "rows": [row for row in rows if row.page is not None],
        "firms": firms,
        "several_firms": len({row.distributor.pk for row in rows}) > 1,
        "handed": rows_for(
            [
                (found.distributor, found.case)
                for found in handed.select_related("distributor", "case")
            ],
            user,
        ),
        "to_report": _to_report(firms, user),
        "answered": _answered(user),
        "tries": _tries(user),
        "year": timezone.localdate().year,
        "together": together or AnswerForm(prefix="all", name=user.display_name),
        "picked": set(picked),
    }


def _to_report(firms, user) -> list[Row]:
    """Practices of the firms that were taken over so long ago that figures may be known."""
    found = Response.objects.to_measure().filter(distributor__in=firms)
    found = found.select_related("distributor", "case")
    return rows_for([(one.distributor, one.case) for one in found], user)


def _tries(user) -> list[WillTry]:
    """What this person means to try, with the note to themselves; stories they may read still."""
    open_to = Case.objects.readable_by(user).filter(is_published=True)
    rows = list(
        user.will_try.select_related("case").filter(case__in=open_to.order_by().values("pk"))
    )
    named = titles_of([row.case for row in rows], user) if rows else {}
    for row in rows:
        row.story = named.get(row.case_id)
    return [row for row in rows if row.story]


def _answered(user) -> list[Row]:
    """The last answers of this person's firms, newest first."""
    firms = [m.distributor for m in standing(user).memberships]
    found = Response.objects.filter(distributor__in=firms).select_related("distributor", "case")
    return rows_for([(one.distributor, one.case) for one in found[:20]], user)


def _fresh_form(row: Row, user) -> AnswerForm:
    """The row's form before anybody typed; a word whose day has passed is not chosen again."""
    form = AnswerForm(prefix=row.prefix, name=user.display_name)
    form.initial["seen"] = row.response.version if row.response else 0
    return form


def _save_several(request):
    """Save every row that was answered; those that could not be stay, with what was typed."""
    user, data = request.user, request.POST
    together, picked = None, []
    if "together" in data:
        picked = data.getlist("pick")
        wanted = [pair for name in picked if (pair := read_prefix(name))]
        together = AnswerForm(data, prefix="all", name=user.display_name)
        if not together.is_valid() or together.answer is None or not wanted:
            if together.is_valid() and together.answer is None:
                together.add_error("choice", _("Choose what you do with these stories."))
            if not wanted:
                together.add_error(None, _("Tick the stories that this answer is for."))
            context = _desk(request, together=together, picked=picked)
            return render(request, "bulletins/responses.html", context, status=422)
    else:
        wanted = said_in(data)
    saved, left, gone = 0, {}, 0
    for distributor, case, name in _found(user, wanted):
        if case is None:
            gone += 1
            continue
        form = together or AnswerForm(data, prefix=name, name=user.display_name)
        row = Row(distributor, case, form=form)
        outcome = _save_one(row, user, _seen(data, name))
        saved += outcome == "saved"
        gone += outcome == GONE
        if outcome == "left":
            if together is not None:  # the row shows its own form, filled with the common answer
                row.form = _as_row_form(row, together)
            left[name] = row
    _say(request, saved, gone)
    if left:
        return render(request, "bulletins/responses.html", _desk(request, left), status=422)
    return redirect("responses")


def _seen(data, name: str) -> int:
    """The version of a row that the person saw; 0 for anything that is none."""
    seen = data.get(f"{name}-seen", "0")
    return int(seen) if seen.isdecimal() and len(seen) < 9 else 0


def _as_row_form(row: Row, together: AnswerForm) -> AnswerForm:
    typed = {
        f"{row.prefix}-{name}": together.data.get(f"all-{name}", "") for name in together.fields
    }
    typed[f"{row.prefix}-seen"] = row.newer.version if row.newer else 0
    return AnswerForm(typed, prefix=row.prefix)


def _found(user, wanted):
    """(distributor, case or None, row's name) of what was posted for the person's own firms."""
    firms = {m.distributor_id: m.distributor for m in standing(user).memberships}
    cases = {
        case.number: case
        for case in Case.objects.filter(number__in=[number for _firm, number in wanted])
    }
    for firm, number in wanted:
        if firm in firms:
            yield firms[firm], cases.get(number), prefix_of(firm, number)


def _save_one(row: Row, user, seen: int) -> str:
    """'saved', 'left' with the reason in the row, or 'gone'."""
    if not row.form.is_valid():
        return "left"
    try:
        respond(row.case, row.distributor, row.form.answer, by=user, seen=seen)
    except NewerResponse as newer:
        row.newer, row.refused = newer.current, str(newer)
        row.form = _with_version(row.form, newer.current.version)
        return "left"
    except (PermissionDenied, TransitionRefused):
        return GONE
    return "saved"


def _with_version(form: AnswerForm, version: int) -> AnswerForm:
    """The same words, to be saved over the newer ones knowingly."""
    data = form.data.copy()
    data[form.add_prefix("seen")] = str(version)
    return AnswerForm(data, prefix=form.prefix)


def _say(request, saved: int, gone: int) -> None:
    """What became of it, in one sentence each."""
    if saved:
        words = ngettext("%(count)s answer saved.", "%(count)s answers saved.", saved)
        messages.success(request, words % {"count": number_text(saved)})
    if gone:
        words = ngettext(
            "%(count)s story needs no answer of yours any more: it was taken back, or is not yours "
            "to answer.",
            "%(count)s stories need no answer of yours any more: they were taken back, or are not "
            "yours to answer.",
            gone,
        )
        messages.info(request, words % {"count": number_text(gone)})
    if not saved and not gone and request.method == "POST":
        messages.info(request, _("Nothing was chosen, so nothing was saved."))


# --- one story ---------------------------------------------------------------------
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def response(request, distributor: int, number: str):
    """One distributor's word on one story: answer or change it, results, hand over, history."""
    firm = get_object_or_404(
        Distributor.objects.select_related("country__review_area"), pk=distributor
    )
    case = get_object_or_404(Case.objects.select_related("distributor__country"), number=number)
    found = Response.objects.filter(case=case, distributor=firm).select_related("by").first()
    if not _may_open(request.user, firm, case, found):
        raise Http404
    if request.method == "POST":
        return _change_one(request, firm, case, found)
    return render(request, "bulletins/response.html", _one(request, firm, case, found))


def _may_open(user, firm, case, found) -> bool:
    if can_respond(user, firm, case):
        return True
    if found is None:
        return False
    found.distributor = firm
    return can_view_response(user, found)


def _one(request, firm, case, found, **forms) -> dict:
    """The context of one story's page; a bound form replaces its empty twin."""
    user = request.user
    [row] = rows_for([(firm, case)], user)
    may_answer = can_respond(user, firm, case)
    row.form = forms.get("answer_form") or AnswerForm(
        prefix=row.prefix, response=found, name=user.display_name
    )
    may_report = may_answer and found is not None and found.is_taken_over
    known = {str(result.measure_key): result for result in case.results.all()}
    manages = may_answer and can_answer_for(user, firm)
    return {
        "row": row,
        "case": case,
        "firm": firm,
        "found": found,
        "title": row.page.title if row.page and can_view_case(user, case) else case.number,
        "may_answer": may_answer,
        "history": _history(found),
        "results": list(found.results.all()) if found else [],
        "labels": {change.key: change for change in row.changes},
        "results_form": forms.get("results_form")
        or (ResultsForm(changes=row.changes, known=known, response=found) if may_report else None),
        "hand_form": forms.get("hand_form")
        or (HandOverForm(colleagues=_colleagues(user, firm)) if manages else None),
        "may_tell": bool(found and found.is_taken_over and can_share_case(user, firm)),
        "newer": forms.get("newer"),
    }


def _history(found) -> list[ResponseChange]:
    return list(found.changes.select_related("by").order_by("-pk")) if found else []


def _colleagues(user, firm) -> list[User]:
    people = User.objects.members_of(firm).filter(is_system=False).exclude(pk=user.pk)
    return list(people.order_by("first_name", "last_name", "pk"))


def _change_one(request, firm, case, found):
    """What the page's forms do; what was typed is shown again where it cannot be kept."""
    user, data = request.user, request.POST
    forms: dict = {}
    try:
        if "hand" in data:
            done = _hand(request, firm, case, forms)
        elif "back" in data:
            done = _take_back(user, firm, case)
        elif "report" in data and found is not None:
            done = _report(request, found, forms)
        elif "tell" in data and found is not None:
            story = start_story_from(found, by=user, language=get_language())
            return redirect("share_case", story.number)
        else:
            done = _answer(request, firm, case, forms)
    except NewerResponse as newer:
        forms["newer"] = found = newer.current
        if "answer_form" in forms:
            forms["answer_form"] = _with_version(forms["answer_form"], newer.current.version)
        messages.warning(request, str(newer))
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
            return redirect("response", firm.pk, case.number)
    return render(
        request, "bulletins/response.html", _one(request, firm, case, found, **forms), status=422
    )


def _answer(request, firm, case, forms) -> str:
    name = prefix_of(firm.pk, case.number)
    form = forms["answer_form"] = AnswerForm(
        request.POST, prefix=name, name=request.user.display_name
    )
    if not form.is_valid():
        return ""
    if form.answer is None:
        form.add_error("choice", _("Choose what you do with this story."))
        return ""
    respond(case, firm, form.answer, by=request.user, seen=_seen(request.POST, name))
    return _("Answer saved.")


def _report(request, found, forms) -> str:
    [row] = rows_for([(found.distributor, found.case)], request.user)
    known = {str(result.measure_key): result for result in found.case.results.all()}
    form = forms["results_form"] = ResultsForm(
        request.POST, changes=row.changes, known=known, response=found
    )
    if not form.is_valid():
        return ""
    seen = form.cleaned_data.get("seen") or 0
    try:
        report_results(found, form.measured, by=request.user, seen=seen)
    except AnswerIncomplete as gap:
        form.add_error(None, str(gap))
        return ""
    return _("Results saved.")


def _hand(request, firm, case, forms) -> str:
    form = forms["hand_form"] = HandOverForm(
        request.POST, colleagues=_colleagues(request.user, firm)
    )
    if not form.is_valid():
        return ""
    try:
        handed = hand_over(case, firm, by=request.user, **form.cleaned_data)
    except AnswerIncomplete as gap:
        form.add_error(gap.field, str(gap))
        return ""
    return _("Handed to %(name)s.") % {"name": handed.to.display_name}


def _take_back(user, firm, case) -> str:
    for handed in HandOver.objects.open().filter(distributor=firm, case=case):
        take_back(handed, by=user)
    return _("The answer is yours again.")


# --- readers -----------------------------------------------------------------------
@login_required
@require_POST
def story_try(request, number: str):
    """'Will try', with a private note; or no longer."""
    case = get_object_or_404(Case.objects.readable_by(request.user), number=number)
    form = TryForm(request.POST)
    if "drop" in request.POST:
        will_not_try(case, by=request.user)
        messages.success(request, _("No longer marked."))
    elif form.is_valid():
        will_try(case, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, _("Marked as one you will try."))
    page = case.pages.filter(locale__language_code=get_language(), live=True).first()
    page = page or case.pages.filter(live=True).first()
    if "drop" not in request.POST and form.errors:
        context = {"case": case, "page": page, "url": page.reading_url(request), "form": form}
        return render(request, "bulletins/try_note.html", context, status=422)
    return redirect(f"{page.reading_url(request)}#try")
