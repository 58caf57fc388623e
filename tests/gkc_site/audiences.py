"""For whom the site's own messages are (tests/touchpoints/test_audiences.py)."""

import datetime

from gkc_site.models import VisitNote
from tests.factories.network import make_country, make_user
from tests.touchpoints.audiences import Told


def visit(crowd) -> Told:
    """The leads of the country's area; crowd['lead'] leads another one."""
    country = make_country()
    note = VisitNote.objects.create(
        country=country,
        visited_on=datetime.date(2026, 10, 1),
        text="Cars wait in the rain.",
        by=crowd["executive"],
    )
    make_user("campaigner", review_area=country.review_area)
    return Told(note, {}, [make_user("lead", review_area=country.review_area)])


AUDIENCES = {"gkc_site.visit_logged": visit}
