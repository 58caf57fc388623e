"""Lets the Wagtail admin's page views write the tree one at a time."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from network.exceptions import ChangeRefused
from network.tree import tree_change

# Views of Wagtail's admin (URL namespaces) that move, publish or copy pages.
_TREE_NAMESPACES = {"wagtailadmin_pages", "wagtail_localize", "wagtailadmin_workflows"}
_TREE_NAMES = {"wagtail_bulk_action"}


class TreeChangeMiddleware:
    """Runs a POST to the admin's page, bulk, workflow and localize views inside `tree_change()`.

    It wraps the view itself, not `get_response`: Django has turned an
    exception into a response before the latter returns, and nothing would be
    rolled back. It stands last, so that every other middleware's checks ran.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Answer tree-changing POSTs ourselves, in one transaction."""
        if request.method != "POST" or not _changes_tree(request):
            return None
        try:
            with tree_change():
                response = view(request, *args, **kwargs)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        except ChangeRefused as refusal:
            return say_refused(request, refusal)

    def process_exception(self, request, exception):
        """A refusal by any other view of the admin is a sentence too, not an error page."""
        if isinstance(exception, ChangeRefused) and _is_admin(request):
            return say_refused(request, exception)
        return None


def say_refused(request, refusal: ChangeRefused) -> HttpResponse:
    """Back to where the person came from, with the reason; a dialog is told to go there."""
    messages.error(request, str(refusal))
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("wagtailadmin_home")
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"step": "success", "redirect": back})
    return HttpResponseRedirect(back)


def _is_admin(request) -> bool:
    return request.path.startswith(reverse("wagtailadmin_home"))


def _changes_tree(request) -> bool:
    match = request.resolver_match
    return match is not None and (
        bool(_TREE_NAMESPACES.intersection(match.namespaces)) or match.url_name in _TREE_NAMES
    )
