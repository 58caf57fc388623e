"""Dates for calendars: a session's file, and one's own courses as a subscribed feed."""

import datetime
import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_ratelimit.core import is_ratelimited

from network.languages import codes
from network.permissions import is_member
from touchpoints.api import owner_of_feed
from touchpoints.rendering import absolute
from touchpoints.transitions import make_feed_address
from workshops.calendars import as_text, entry_of
from workshops.models import Enrolment
from workshops.titles import titles_for
from workshops.views.requests import my_courses_page
from workshops.views.sessions import session_for

KIND = "text/calendar; charset=utf-8"
KEPT_S = 900  # programs that ask more often get the same from their own cache
PAST = datetime.timedelta(days=365)  # how long a course stays in the feed


@require_safe
@never_cache
def session_calendar(request, number: str):
    """The dates of a session as a file; with the room's link for who has a seat."""
    session = session_for(request.user, number)
    mine = None
    if is_member(request.user):
        mine = request.user.enrolments.counting().filter(session=session).first()
    text = as_text([entry_of(session, request.user, mine)])
    response = HttpResponse(text, content_type=KIND)
    response["Content-Disposition"] = f'attachment; filename="{session.number}.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def my_calendar(request, token: str):
    """The courses of the address's owner, and what they teach: 410 once it is revoked or the
    account closed.

    Nine queries at most, however many courses.
    """
    if is_ratelimited(request, group="feeds", key="ip", rate=settings.API_RATE, increment=True):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    owner = owner_of_feed(token)
    if owner is None:
        raise Http404
    if not is_member(owner):
        return HttpResponse(
            _("This address was revoked."), status=410, content_type="text/plain; charset=utf-8"
        )
    language = owner.interface_language if owner.interface_language in codes() else "en"
    with translation.override(language):
        text = as_text(
            _entries(owner),
            name=_("My courses: %(site)s") % {"site": settings.SITE_NAME},
        )
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response = HttpResponse(text, content_type=KIND)
    response["ETag"] = etag
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, max_age=KEPT_S, private=True)
    return get_conditional_response(request, etag, None, response)


def _entries(owner):
    """Seats and offers, sessions one teaches, and those that were cancelled; nothing that one gave
    up oneself."""
    wanted = Q(state__in=["enrolled", "offered", "attended"]) | Q(session__state="cancelled")
    rows = Enrolment.objects.filter(
        wanted, user=owner, session__ends_at__gt=timezone.now() - PAST
    ).exclude(state="no_show")
    found = {}
    related = rows.select_related("session__programme", "session__country").order_by("pk")
    for row in related.prefetch_related("session__days"):
        found[row.session_id] = row  # the newest of several in one session
    sessions = {row.session_id: row.session for row in found.values()}
    taught = owner.taught_sessions.filter(ends_at__gt=timezone.now() - PAST)
    taught = taught.exclude(state="planned").select_related("programme", "country")
    teaches = {session.pk: session for session in taught.prefetch_related("days")}
    sessions |= teaches
    titles = titles_for({one.programme for one in sessions.values()}, owner.reading_languages)
    entries = []
    for one in sorted(sessions.values(), key=lambda one: (one.starts_at, one.pk)):
        row, known = found.get(one.pk), {}
        if one.pk in teaches and one.state != "cancelled":
            known = {"teaches": True, "status": "CONFIRMED"}
        # The stamp is what the entry is true since: the file stays the same until it changes.
        stamp = row.since if row else one.created_at
        title = titles[one.programme_id]
        entries.append(entry_of(one, owner, row, title=title, stamp=stamp, **known))
    return entries


@login_required
@require_POST
@never_cache
def my_calendar_address(request):
    """A new secret address of one's courses, shown this once. The mail settings revoke it."""
    try:
        _token, secret = make_feed_address(request.user, _("Calendar of my courses"))
    except PermissionDenied:
        messages.error(request, _("You have many feed addresses. Revoke one that you do not use."))
        return redirect(reverse("mail_settings") + "#feeds")
    return my_courses_page(request, address=absolute(reverse("my_calendar", args=[secret])))
