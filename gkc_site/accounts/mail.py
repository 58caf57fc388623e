"""One's own mail: which optional messages, whether the address works, and feed addresses."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bulletins.feeding import feed_sources
from gkc_site.accounts.mail_labels import HEADINGS, heading_of
from network.places import place_of, places
from touchpoints.models import FeedToken, MailChoice, Suppression
from touchpoints.queries import wants
from touchpoints.registry import has_label, kinds, label_of
from touchpoints.rendering import absolute
from touchpoints.transitions import choose_mail, make_feed_address, revoke_feed_address


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_settings(request):
    """Tick what one wants; `none` switches off all that is optional."""
    lines = _lines(request.user)
    if request.method == "POST":
        wanted = set(request.POST.getlist("want"))
        shown = set(request.POST.getlist("shown"))
        # Only what the page showed: a kind that is new since keeps its default.
        choices = {line["name"]: line["name"] in wanted for line in lines if line["name"] in shown}
        choose_mail(request.user, choices | {"": "none" not in request.POST})
        messages.success(request, _("Mail settings saved."))
        return redirect("mail_settings")
    return _page(request, lines)


@login_required
@never_cache
@require_POST
def feed_address(request):
    """Make a feed address, shown this once, or revoke one (`revoke=<pk>`); `region` narrows what
    it shows to a place's."""
    pk = request.POST.get("revoke", "")
    if pk:
        mine = FeedToken.objects.filter(user=request.user)
        found = get_object_or_404(mine, pk=pk if pk.isdecimal() else 0)
        revoke_feed_address(found, by=request.user)
        messages.success(request, _("The feed address is revoked."))
        return redirect(reverse("mail_settings") + "#feeds")
    region = request.POST.get("region", "")
    if region and place_of(region) is None:
        raise Http404
    try:
        _token, secret = make_feed_address(request.user, request.POST.get("label", "").strip())
    except PermissionDenied:
        messages.error(request, _("You have many feed addresses. Revoke one that you do not use."))
        return redirect(reverse("mail_settings") + "#feeds")
    return _page(request, _lines(request.user), secret, region)


def _page(request, lines, secret: str = "", region: str = ""):
    choices = MailChoice.objects.filter(user=request.user, kind="")
    context = {
        "groups": _groups(lines),
        "nothing": choices.filter(is_wanted=False).exists(),
        "out_of_use": Suppression.objects.in_force().filter(address=request.user.email).first(),
        "tokens": request.user.feed_tokens.filter(revoked_at=None),
        "regions": places(),
        "fresh": [
            {
                "title": source.title,
                "addresses": [
                    (name, _feed(secret, source.name, form, region))
                    for name, form in (("Atom", "atom"), ("JSON", "json"))
                ],
            }
            for source in feed_sources()
            if secret
        ]
        + ([_courses(secret)] if secret else []),
    }
    return render(request, "accounts/mail_settings.html", context)


def _feed(secret: str, name: str, form: str, region: str) -> str:
    """The whole address of a feed; of one region's entries alone where it is named."""
    address = absolute(reverse("personal_feed", args=[secret, name, form]))
    return f"{address}?{urlencode({'region': region})}" if region else address


def _courses(secret: str) -> dict:
    """One's own courses, for a calendar program."""
    address = absolute(reverse("my_calendar", args=[secret]))
    return {"title": _("My courses"), "addresses": [("iCalendar", address)]}


def _lines(user) -> list[dict]:
    """Optional kinds with a name of their own, and those that the person chose about before."""
    chosen = MailChoice.objects.by_person([k.name for k in kinds()], [user.pk]).get(user.pk, {})
    by_kind = {name: wanted for name, wanted in chosen.items() if name}
    return [
        {"name": told.name, "label": label_of(told.name), "wanted": wants(told, by_kind)}
        for told in kinds()
        if told.optional and (has_label(told.name) or told.name in by_kind)
    ]


def _groups(lines: list[dict]) -> list[tuple]:
    """(heading, its lines), in the order of HEADINGS."""
    placed = sorted(lines, key=lambda line: heading_of(line["name"]))
    return [
        (HEADINGS[place][0], list(found))
        for place, found in groupby(placed, key=lambda line: heading_of(line["name"]))
    ]
