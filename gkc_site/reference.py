"""Reference data of every installation: regions, areas, countries, topics, measures, glossary.

The TOML files beside the rooms are the source. Loading adds what is missing
and leaves alone what is there: an editor may have renamed a topic.
"""

import tomllib
from pathlib import Path

from django.conf import settings
from django.db import transaction
from modeltranslation.utils import build_localized_fieldname
from wagtail.models import ModelLogEntry

from gkc_site.search_documents import REGIONS, TOPICS
from network.models import Country, Measure, Region, ReviewArea, Topic
from search.api import vocabulary_changed
from translations.models import Term, TermText
from translations.search_documents import VOCABULARY


@transaction.atomic
def load_reference() -> None:
    """Add missing reference rows. About ten queries when nothing is missing."""
    if _load_named(Region, _rows("regions", "region"), _sorted):
        vocabulary_changed(REGIONS)
    areas = _rows("areas", "area")
    _load_named(ReviewArea, areas, _sorted)
    _join_neighbours(areas)
    _load_countries()
    _name_lead_countries(areas)
    if _load_named(Topic, _rows("topics", "topic")):
        vocabulary_changed(TOPICS)
    _load_named(
        Measure,
        _rows("measures", "measure"),
        lambda row, _order: {"unit": row["unit"], "better": row["better"]},
    )
    _load_glossary()


def _read(path: str) -> dict:
    return tomllib.loads((Path(settings.BASE_DIR) / path).read_text(encoding="utf-8"))


def _rows(name: str, kind: str) -> list[dict]:
    return _read(f"network/reference/{name}.toml")[kind]


def _sorted(_row: dict, order: int) -> dict:
    return {"sort_order": order}


def _names(row: dict) -> dict:
    """{'pt-br': …} as modeltranslation's columns {'name_pt_br': …}; Indonesian is 'name_ind'."""
    return {build_localized_fieldname("name", code): text for code, text in row["name"].items()}


def _load_named(model, rows: list[dict], more=lambda _row, _order: {}) -> list:
    """The rows that were missing."""
    known = set(model.objects.values_list("slug", flat=True))
    return model.objects.bulk_create(
        model(slug=row["slug"], **_names(row), **more(row, order))
        for order, row in enumerate(rows, 1)
        if row["slug"] not in known
    )


def _join_neighbours(rows: list[dict]) -> None:
    """A second step: an area may be listed before its neighbour."""
    areas = {area.slug: area for area in ReviewArea.objects.all()}
    joined = []
    for row in rows:
        area = areas[row["slug"]]
        if area.neighbour_id is None:
            area.neighbour = areas[row["neighbour"]]
            joined.append(area)
    ReviewArea.objects.bulk_update(joined, ["neighbour"])


def _load_countries() -> None:
    known = set(Country.objects.values_list("code", flat=True))
    areas = dict(ReviewArea.objects.values_list("slug", "pk"))
    regions = dict(Region.objects.values_list("slug", "pk"))
    Country.objects.bulk_create(
        Country(
            code=code,
            review_area_id=areas[row["area"]],
            region_id=regions[row["region"]] if row["region"] else None,
            languages=row["languages"],
            weekend=row["weekend"],
        )
        for code, row in _read("network/reference/countries.toml").items()
        if code not in known
    )


def _name_lead_countries(rows: list[dict]) -> None:
    """A third step: the countries point at their areas."""
    wanted = {row["slug"]: row["lead_country"] for row in rows}
    named = list(ReviewArea.objects.filter(lead_country=None, slug__in=wanted))
    for area in named:
        area.lead_country_id = wanted[area.slug]
    ReviewArea.objects.bulk_update(named, ["lead_country"])


def _load_glossary() -> None:
    """Terms that are missing, unless somebody removed them; no word of a term somebody edited."""
    rows = [
        row
        for name in ("glossary", "everyday")
        for row in _read(f"translations/reference/{name}.toml")["term"]
    ]
    # Entries name a term as it was called, also when it is gone (Term.__str__).
    touched = set(
        ModelLogEntry.objects.filter(
            content_type__app_label="translations", content_type__model="term"
        ).values_list("label", flat=True)
    )
    known = set(Term.objects.values_list("key", flat=True))
    rows = [row for row in rows if row["slug"] not in touched]
    added = Term.objects.bulk_create(
        Term(key=row["slug"]) for row in rows if row["slug"] not in known
    )
    terms = dict(Term.objects.values_list("key", "pk"))
    held = set(TermText.objects.values_list("term__key", "language"))
    added += TermText.objects.bulk_create(
        TermText(
            term_id=terms[row["slug"]],
            language=language,
            forms=forms,
            definition=row.get("definition", {}).get(language, ""),
            avoid=row.get("avoid", {}).get(language, []),
        )
        for row in rows
        for language, forms in row["form"].items()
        if (row["slug"], language) not in held
    )
    if added:
        vocabulary_changed(VOCABULARY)
