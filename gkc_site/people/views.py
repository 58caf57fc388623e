"""Who campaigns where; for members."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gkc_site.people.directory import areas, by_letter
from network.models import Country
from network.permissions import home_areas, standing


@login_required
@require_safe
def people(request):
    """Areas and campaigners; `?country=SA` shows the one area of a country. Seven queries."""
    countries = sorted(
        ((country.code, str(country.name)) for country in Country.objects.all()),
        key=lambda row: by_letter(row[1]),
    )
    asked = request.GET.get("country", "").strip().upper()
    known = asked in dict(countries)
    context = {
        "entries": areas(asked if known else ""),
        "countries": countries,
        "country": asked if known else "",
        "country_name": dict(countries).get(asked, ""),
        "unknown": asked if asked and not known else "",
        "mine": {area.pk for area in home_areas(request.user)},
    }
    return render(request, "gkc_site/people.html", context)


@login_required
@require_safe
@never_cache
def people_mine(request):
    """To one's own campaigner: the area of one's country, or the area that one campaigns in."""
    here = reverse("people")
    for membership in standing(request.user).memberships:
        return redirect(f"{here}?{urlencode({'country': membership.distributor.country_id})}")
    for area in home_areas(request.user):
        return redirect(f"{here}#area-{area.slug}")
    return redirect(here)
