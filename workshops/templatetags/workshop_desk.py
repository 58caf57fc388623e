"""What the coordinator's pages say of a table, a preview and a dictionary."""

from django import template
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.localize import number_text
from workshops.worklist import Lack

register = template.Library()


@register.filter
def of(values: dict, key):
    """What stands in a dictionary under a key; None where nothing does."""
    return values.get(key)


@register.filter
def refusal(effects, session) -> str:
    """Why the change cannot be made to this session; '' where it can."""
    return next((why for one, why in effects.refused if one.pk == session.pk), "")


@register.filter
def people_said(effects) -> str:
    """How many people it concerns, in a sentence."""
    count = len(effects.moved)
    if not count:
        return _("Nobody’s seat or place in line changes.")
    return ngettext(
        "The place of %(count)s person changes.",
        "The places of %(count)s people change.",
        count,
    ) % {"count": number_text(count)}


@register.filter
def lack_links(table) -> list[dict]:
    """What sessions lack, with how many lack it, each leading to them."""
    return [
        {
            "label": lack.label,
            "count": table.counts[lack.value],
            "query": table.chosen.query(lack=lack.value),
            "is_chosen": table.chosen.lack == lack.value,
        }
        for lack in Lack
        if table.counts.get(lack.value)
    ]


@register.filter
def csv_query(table) -> str:
    """The address of the same table as CSV."""
    return _with(table.chosen.query(), form="csv")


@register.filter
def page_query(table, number: int) -> str:
    """The address of another page of it."""
    return _with(table.chosen.query(), page=number)


def _with(query: str, **more) -> str:
    joint = "" if query == "?" else "&"
    return f"{query}{joint}{urlencode(more)}"
