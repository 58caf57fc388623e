"""The site's addresses, and one that inserts a bare row: what an enrolment is compared with."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from gkc_site.urls import *  # noqa: F403
from gkc_site.urls import urlpatterns as of_site


@login_required
@require_POST
def bare_insert(request, enrolment: int):
    """One event of an enrolment that is there, by whoever is signed in."""
    from workshops.models import EnrolmentEvent

    EnrolmentEvent.objects.create(
        enrolment_id=enrolment, verb="bench", old="enrolled", new="enrolled", by=request.user
    )
    return HttpResponse(status=204)


urlpatterns = [path("bare-insert/<int:enrolment>/", bare_insert), *of_site]
