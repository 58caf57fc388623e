"""For whom each of this room's messages is (tests/touchpoints/test_audiences.py)."""

import uuid

from django.utils import timezone

from silver_book.models import LocalText
from tests.factories import make_user
from tests.silver_book.local import make_place
from tests.touchpoints.audiences import Told


def to_campaigners_of_the_region(crowd) -> Told:
    """Campaigners and leads of the text's region; crowd['campaigner'] is of another."""
    place = make_place("told")
    area = place.campaigner.mandates.get().review_area
    lead = make_user("lead", review_area=area)
    local = LocalText.objects.create(
        section=uuid.uuid4(),
        block_id="b",
        region_id=place.scope[1],
        language="en",
        text="Ours.",
        by=place.campaigner,
        changed_at=timezone.now(),
        review_since=timezone.now(),
    )
    return Told(local, {}, [place.campaigner, lead])


AUDIENCES = {"silver_book.local_to_review": to_campaigners_of_the_region}
