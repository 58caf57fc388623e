"""Pages of accounts."""

from django.http import Http404


def closed(request, **kwargs):
    """An address of allauth's that this site has no use for."""
    raise Http404
