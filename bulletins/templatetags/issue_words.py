"""Words for an issue's history."""

import datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from network.languages import autonym
from network.localize import moment_text

register = template.Library()


@register.filter
def issue_event(event) -> str:
    """What happened, in the active language."""
    return {
        "plan": pgettext("issue event", "Planned"),
        "theme": pgettext("issue event", "Theme changed"),
        "add": pgettext("issue event", "Story added"),
        "remove": pgettext("issue event", "Story taken out"),
        "left": pgettext("issue event", "Story dropped out"),
        "ask": pgettext("issue event", "Translations asked for"),
        "freeze": pgettext("issue event", "Frozen"),
        "unfreeze": pgettext("issue event", "Opened for planning again"),
        "hold": pgettext("issue event", "Held"),
        "release": pgettext("issue event", "Released"),
        "correct": pgettext("issue event", "Corrected"),
    }.get(event.verb, event.verb)


@register.filter
def event_reason(event) -> str:
    """Why, or what: a language by its name, a moment in the reader's zone, else the words."""
    if not event.reason:
        return ""
    if event.verb == "ask":
        return autonym(event.reason)
    if event.verb == "freeze":
        return moment_text(datetime.datetime.fromisoformat(event.reason))
    if event.verb == "hold":
        return {
            "late": _("Its minute was missed by more than a day."),
            "empty": _("None of its stories could go out any more."),
        }.get(event.reason, event.reason)
    return _(event.reason) if event.verb == "left" else event.reason
