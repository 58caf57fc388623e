"""/<lang>/desk/: one list of what waits for a person, over all of their roles."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gkc_site.home import waiting
from network import registry
from network.permissions import standing


@login_required
@require_safe
@never_cache
def desk(request):
    """'Waiting for you', what is due first on top, then what waits longest; sections below, but
    for one that says it is a role's first screen."""
    items = waiting(request)
    now = timezone.now()
    sections = list(registry.desk_sections(request.user))
    context = {
        "items": [{"item": item, "is_late": bool(item.due and item.due < now)} for item in items],
        "minutes": sum(item.minutes or 0 for item in items),
        "first": _shown(request, [one for one in sections if one.get("is_first")]),
        "sections": _shown(request, [one for one in sections if not one.get("is_first")]),
        "places": sorted(registry.desk_places(request.user), key=lambda place: place.order),
        "firms": [m.distributor for m in standing(request.user).memberships],
        "roles": sorted({str(m.get_role_display()) for m in standing(request.user).mandates}),
    }
    return render(request, "gkc_site/desk.html", context)


def _shown(request, sections: list[dict]) -> list[str]:
    return [render_to_string(one["template"], one["context"], request) for one in sections]
