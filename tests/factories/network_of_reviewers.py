"""A small network with reference data: areas, campaigners and editors enough for every way."""

import uuid

from network.models import Country, ReviewArea
from tests.factories.network import make_distributor, make_mandate, make_membership, make_user


def story_fields() -> dict:
    """A complete story's fields (R1–R3), for a page."""
    cause, key = str(uuid.uuid4()), str(uuid.uuid4())
    return {
        "title": "First reply before noon",
        "summary": "Web enquiries now get an answer the same morning.",
        "place_seen": "Branch office",
        "seen_on": "2026-05-04",
        "background": [("paragraph", "Enquiries arrived in five mailboxes.")],
        "situation": [("paragraph", "Nobody owned them after closing.")],
        "gap": [
            (
                "gap",
                {"what": "Hours to reply", "start": 31, "goal": 4, "unit": "hours", "by": None},
            )
        ],
        "causes": [
            {
                "type": "cause",
                "id": cause,
                "value": {
                    "name": "Nobody owns the night",
                    "whys": ["The list is in five places.", "No rule says who begins."],
                },
            }
        ],
        "did": [("paragraph", "One list, one owner.")],
        "countermeasures": [
            {
                "type": "countermeasure",
                "id": str(uuid.uuid4()),
                "value": {
                    "cause": cause,
                    "what": "Whoever opens calls first",
                    "who": "Opener",
                    "since": "2026-05-04",
                    "since_precision": "day",
                },
            }
        ],
        "happened": [("paragraph", "Replies came before noon.")],
        "results": [
            {
                "type": "result",
                "id": str(uuid.uuid4()),
                "value": {
                    "measure_key": key,
                    "measure": "",
                    "label": "Hours to first reply",
                    "note": "",
                    "unit": "hours",
                    "target": "4",
                    "before": "31",
                    "after": "3.4",
                    "before_on": "2026-04-01",
                    "after_on": "2026-08-01",
                    "date_precision": "day",
                    "monthly": [],
                },
            }
        ],
        "learned": [("paragraph", "The first hour decides.")],
        "adapt": [("paragraph", "Choose your own hour.")],
    }


def write_story(case, **changes) -> None:
    """Fill the case's source page with a complete story and save a revision by its author."""
    page = case.source_page()
    for name, value in (story_fields() | changes).items():
        field = page._meta.get_field(name)
        if hasattr(field, "stream_block"):
            value = _stream(field, value)
        elif name == "seen_on" and value:
            import datetime

            value = datetime.date.fromisoformat(value)
        setattr(page, name, value)
    page.save_revision(user=case.author)


def _stream(field, rows):
    raw = []
    for row in rows:
        if isinstance(row, dict):
            raw.append(row)
        else:
            raw.append({"type": row[0], "value": row[1], "id": str(uuid.uuid4())})
    return field.stream_block.to_python(raw)


# Campaigner country by area, as domain.md section 2 lists them.
CAMPAIGNER_COUNTRIES = {
    "usa": "US",
    "brazil": "BR",
    "germany": "DE",
    "south-africa": "ZA",
    "saudi-arabia": "SA",
    "taiwan": "TW",
    "india": "IN",
    "indonesia": "ID",
}


def make_reviewing_network() -> dict:
    """One lead campaigner in each of eight areas of the reference, two editors.

    Returns {'leads': {area slug: user}, 'editors': [...]}; a lead's firm is
    the distributor '<country>-strong'.
    """
    leads = {}
    for slug, code in CAMPAIGNER_COUNTRIES.items():
        area = ReviewArea.objects.get(slug=slug)
        firm = make_distributor(f"{code.lower()}-strong", country=Country.objects.get(pk=code))
        person = make_user(distributor=firm, email=f"lead@{firm.code}.example")
        make_mandate(person, "lead", review_area=area)
        leads[slug] = person
    editors = [make_user("editor", email=f"editor{n}@gkc.example") for n in (1, 2)]
    return {"leads": leads, "editors": editors}


def make_author(country: str, *, code: str = "", **fields):
    """An author with a firm of their own in a country."""
    firm = make_distributor(
        code or f"{country.lower()}-own", country=Country.objects.get(pk=country)
    )
    return make_user(distributor=firm, **fields), firm


__all__ = ["make_author", "make_membership", "make_reviewing_network", "write_story"]
