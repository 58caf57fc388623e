"""Pages that belong to no room: errors."""

from django.shortcuts import render


def page_not_found(request, exception=None):
    """A translated 404 with search."""
    return render(request, "404.html", status=404)


def csrf_failure(request, reason=""):
    """The form was open too long or cookies are off; what was typed is still in the browser."""
    return render(request, "403_csrf.html", status=403)


def too_many_requests(request, exception=None):
    """A rate limit was reached."""
    return render(request, "429.html", status=429)
