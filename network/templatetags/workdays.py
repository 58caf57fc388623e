"""Until when, in the reader's own working days: one tag for every page."""

import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.calendars import reading_calendar
from network.localize import date_text, number_text

register = template.Library()


@register.simple_tag(takes_context=True)
def due_words(context, due: datetime.datetime | None) -> SafeString | str:
    """'Due in 3 working days', '2 working days late', with the date as its title.

    Working days are those of whoever reads the page: their firm's country,
    their time zone, without their days away. One query for a page.
    """
    if due is None:
        return ""
    calendar, now = reading_calendar(context.get("user")), timezone.now()
    last = calendar.day(due)
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>',
        "due late" if due < now else "due",
        due.isoformat(timespec="seconds"),
        date_text(last),
        words(calendar.between(calendar.day(now), last), is_today=last == calendar.day(now))
        if due >= now
        else late_words(-calendar.between(calendar.day(now), last)),
    )


def words(days: int, *, is_today: bool) -> str:
    """How many working days are left, the last one included."""
    if is_today:
        return _("Due today")
    if not days:  # it falls on a day off of the reader's country
        return _("Due before your next working day")
    return ngettext("Due in %(n)s working day", "Due in %(n)s working days", days) % {
        "n": number_text(days)
    }


def late_words(days: int) -> str:
    """How many working days have begun since the last one."""
    if days <= 0:
        return _("Past its last day")
    return ngettext("%(n)s working day late", "%(n)s working days late", days) % {
        "n": number_text(days)
    }
