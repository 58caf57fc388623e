"""Rows of the local edition: read by members, written by the region's campaigners.

The world's story, area and campaigners are of the Middle East.
"""

import uuid

from django.utils import timezone

from network.models import Region, User
from silver_book.models import BookIndexPage, BookPartPage, BookSectionPage, LocalText
from silver_book.models import LocalTextEvent as Event
from silver_book.transitions import Wanted, place_base
from tests.permissions.table import LOGIN, Row

WRITERS = "campaigner lead"
WRITERS_SOMEWHERE = "campaigner lead neutral"
BLOCK = "11111111-1111-1111-1111-111111111111"


def the_region(world) -> Region:
    return world.distributor.region


def a_section(world):
    """A live section of one paragraph."""
    by = User.objects.get(is_system=True)
    index = BookIndexPage.objects.get(locale__language_code="en")
    wanted = Wanted(BookPartPage, key="table", number=1, title="A part", language="en")
    part = place_base(wanted, index, page=None, by=by)
    wanted = Wanted(
        BookSectionPage,
        key="table-section",
        number=1,
        title="A section",
        language="en",
        values={"body": [{"type": "paragraph", "value": "Look.", "id": BLOCK}]},
    )
    return place_base(wanted, part, page=None, by=by)


def a_text(world):
    local = LocalText.objects.create(
        section=uuid.uuid4(),
        block_id=BLOCK,
        region=the_region(world),
        language="en",
        text="Ours.",
        by=world.users["campaigner"],
        changed_at=timezone.now(),
    )
    Event.objects.create(local_text=local, what="written", text="Ours.", by=local.by)
    return [local.pk]


ROWS = [
    Row("local_editions", get={"visitor": LOGIN, ...: 200}, post={"visitor": LOGIN, ...: 405}),
    Row(
        "local_edition",
        args=lambda world: [f"region-{the_region(world).slug}"],
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "local_edition",
        note="no such region",
        args=lambda world: ["region-nowhere"],
        get={"visitor": LOGIN, ...: 404},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "local_write",
        args=lambda world: [a_section(world).translation_key, f"p-{BLOCK[:8]}"],
        get={"visitor": LOGIN, WRITERS_SOMEWHERE: 200, ...: 403},
        post={"visitor": LOGIN, WRITERS: 302, ...: 403},
        data=lambda world: {
            "scope": f"region-{the_region(world).slug}",
            "kind": "note",
            "language": "en",
            "text": "Ours.",
        },
    ),
    Row(
        "local_text",
        args=a_text,
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, WRITERS: 302, ...: 403},
        data=lambda world: {"action": "confirm"},
    ),
]
