"""Ending a kind of message from a mail, without a login; using an address again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from network.languages import codes
from network.models import User
from touchpoints.models import Suppression
from touchpoints.permissions import can_restore_address
from touchpoints.registry import label_of
from touchpoints.stopping import read_stop
from touchpoints.transitions import choose_mail, restore_address


@csrf_exempt  # RFC 8058: a mail program posts here, without cookies
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, signed: str):
    """A page with a button; only the button, or a mail program's own, changes anything."""
    try:
        user_id, kinds = read_stop(signed)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    user = get_object_or_404(User, pk=user_id)
    known = [name for name in kinds if label_of(name)]
    if request.method == "POST":
        choose_mail(user, dict.fromkeys(known, False))
    language = user.interface_language if user.interface_language in codes() else "en"
    with translation.override(language):
        request.LANGUAGE_CODE = language
        context = {
            "labels": [label_of(name) for name in known],
            "done": request.method == "POST",
            "noindex": True,
        }
        return render(request, "touchpoints/stop.html", context)


@login_required
@require_POST
def restore(request, pk: int):
    """Use an address again after its owner, or whoever answers for them, corrected it."""
    found = get_object_or_404(Suppression, pk=pk)
    if not can_restore_address(request.user, found.address):
        raise PermissionDenied
    restore_address(found.address, by=request.user)
    messages.success(request, _("%(address)s is used again.") % {"address": found.address})
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "desk"
    return redirect(back)
