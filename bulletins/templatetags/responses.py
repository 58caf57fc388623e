"""What became of a story with other distributors, on the story's own page."""

from decimal import Decimal

from django import template
from django.db.models import Q
from django.utils import timezone

from bulletins.figures import taken_over as figures
from bulletins.figures.titles import titles_of
from bulletins.models import Case, LastingCheck, Response
from bulletins.response_forms import TryForm
from bulletins.response_rules import can_respond
from bulletins.story_parts import changes
from network.localize import signed_text, unit_text
from network.permissions import is_member, managed_distributors

register = template.Library()


@register.inclusion_tag("bulletins/parts/taken_over.html", takes_context=True)
def taken_over(context) -> dict:
    """Who took the story over, with adaptations, results and stories based on it.

    A visitor reads how many, a member who. No query where nobody did anything;
    else at most two for a visitor and five for a member.
    """
    page, case, user = context["page"], context["case"], context["request"].user
    member = is_member(user)
    found = figures.taken_over(case, names=member)
    shown = {
        "case": case,
        "member": member,
        "user": user,
        "found": found,
        "page_language": page.language,
    }
    shown |= _linked(case, user)
    if not member:
        return shown
    labels = {change.key: change for change in changes(page)}
    units = {key: change.unit for key, change in labels.items()}
    results = [result for row in found.measured for result in row.reported]
    for result in results:
        result.change = labels.get(str(result.measure_key))
    shown["totals"] = [
        {
            "total": total,
            "change": labels[total.measure_key],
            "words": f"{signed_text(total.change)} {unit_text(total.unit)}".strip(),
        }
        for total in figures.totals(results, units)
    ]
    count, note = figures.tries(case, user)
    shown |= {
        "tries": count,
        "tried": note is not None,
        "year": timezone.localdate().year,
        "try_form": TryForm(initial={"note": note or ""}),
        "firms": [firm for firm in managed_distributors(user) if can_respond(user, firm, case)],
    }
    return shown


@register.inclusion_tag("bulletins/parts/lasting.html", takes_context=True)
def lasting(context) -> dict:
    """What became of the results since; figures for every reader, the author's words for members.

    No query where nothing was answered, else one.
    """
    page, case = context["page"], context["case"]
    if not getattr(case, "was_looked_at_again", True):
        return {"check": None}
    check = LastingCheck.objects.filter(case=case.pk).exclude(answer="").first()
    rows = [
        {"change": change, "now": Decimal(check.figures[change.key])}
        for change in (changes(page) if check else [])
        if change.key in check.figures
    ]
    member = is_member(context["request"].user)
    return {"check": check, "rows": rows, "member": member, "page_language": page.language}


@register.simple_tag(takes_context=True)
def answers_here(context) -> bool:
    """Whether this person answers for a distributor. No query of its own."""
    return any(firm.is_active for firm in managed_distributors(context["request"].user))


def _linked(case, user) -> dict:
    """The story it is based on and those based on it, as far as this person reads them (R8)."""
    if not case.based_on_id and not getattr(case, "was_followed", True):
        return {"origin": None, "followers": []}
    around = Q(based_on=case.pk)
    if case.based_on_id:
        around |= Q(pk=case.based_on_id)
    cases = list(
        Case.objects.readable_by(user).filter(around).select_related("distributor__country")
    )
    if not cases:
        return {"origin": None, "followers": []}
    titles = titles_of(cases, user)
    rows = {one.pk: {"case": one} | titles[one.pk]._asdict() for one in cases if one.pk in titles}
    origin = rows.pop(case.based_on_id, None)
    if origin is not None:
        word = Response.objects.filter(case=case.based_on_id, distributor=case.distributor_id)
        origin["changed"] = word.values_list("words", flat=True).first() or ""
    return {"origin": origin, "followers": list(rows.values())}
