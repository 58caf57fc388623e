"""What is typed into a part, and what of it is accepted (R1 to R3)."""

import datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import translation

from bulletins.parts import FORMS, Sheet, add_row, drop_row, keep_typed, row_indices
from bulletins.parts.base import with_ids
from bulletins.parts.limits import count_text, length_of, limit_of, overflows
from bulletins.parts.streams import match_ids
from tests.bulletins.typed import CAUSE, WHOLE


def form(part, typed=None, language="en", **sheet):
    sheet.setdefault("causes", [(CAUSE, "Nobody owns the night")])
    return FORMS[part](WHOLE[part] if typed is None else typed, Sheet(language, **sheet))


def changed(part, **changes):
    return {k: v for k, v in (WHOLE[part] | changes).items() if v is not None}


@pytest.mark.parametrize("part", list(FORMS))
def test_a_whole_part_has_no_errors(part):
    assert form(part).problems() == []
    assert form(part).all_valid


@pytest.mark.parametrize(
    ("part", "typed", "at"),
    [
        ("background", {"seen_month": "5"}, "seen_0"),
        ("background", {"seen_day": "31", "seen_month": "2", "seen_year": "2026"}, "seen_0"),
        ("background", {"seen_year": "26"}, "seen_0"),
        ("background", {"seen_year": "May"}, "seen_0"),
        ("title", {"title": "x" * 121}, "title"),
        ("target", {"gap-0-start": "31 hours", "gap-0-what": "Hours"}, "gap-0-start"),
        ("target", {"gap-0-start": "31"}, "gap-0-what"),
        ("causes", {"causes-0-name": "Nobody owns it"}, "causes-0-why1"),
        ("causes", {"causes-0-why1": "No rule"}, "causes-0-name"),
        ("did", changed("did", **{"countermeasures-0-cause": ""}), "countermeasures-0-cause"),
        ("did", changed("did", **{"countermeasures-0-cause": "x"}), "countermeasures-0-cause"),
        (
            "did",
            changed(
                "did",
                **{"countermeasures-0-since_month": "", "countermeasures-0-since_year": ""},
            ),
            "countermeasures-0-since_0",
        ),
        ("did", changed("did", tried=""), "tried"),
        ("happened", changed("happened", **{"results-0-after": ""}), "results-0-after"),
        ("happened", changed("happened", **{"results-0-before": "a lot"}), "results-0-before"),
        ("happened", changed("happened", **{"results-0-unit": ""}), "results-0-unit"),
        ("happened", changed("happened", **{"results-0-label": ""}), "results-0-label"),
        (
            "happened",
            changed("happened", **{"results-0-after_on_year": "2025"}),
            "results-0-after_on_0",
        ),
        ("happened", changed("happened", **{"results-0-monthly": "June 12"}), "results-0-monthly"),
        ("happened", changed("happened", not_measured="on"), "not_measured"),
    ],
)
def test_bad_input_is_named_at_its_field(part, typed, at):
    assert [target for target, _words in form(part, typed).problems()].count(at) == 1


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_errors_are_in_the_language_of_the_interface(language):
    """The catalogs hold no text of this form yet; what matters is that it is asked late."""
    with translation.override(language):
        bad = form("target", {"gap-0-start": "x", "gap-0-what": "y"})
    assert len(bad.problems()) == 4


@pytest.mark.parametrize(
    ("typed", "language", "value"),
    [
        ("31.5", "en", "31.5"),
        ("31,5", "en", "31.5"),
        ("٣١٫٥", "ar", "31.5"),
        ("۳۱٫۵", "fa", "31.5"),
        ("1.200", "de", "1200"),
        ("1,200", "en", "1200"),
    ],
)
def test_any_digits_are_one_value(typed, language, value):
    target = form("target", changed("target", **{"gap-0-start": typed}), language=language)
    assert target.accepted()["gap"][0]["value"]["start"] == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "day", "precision"),
    [
        ({"seen_year": "2026"}, datetime.date(2026, 1, 1), "year"),
        ({"seen_month": "5", "seen_year": "٢٠٢٦"}, datetime.date(2026, 5, 1), "month"),
        (
            {"seen_day": "۴", "seen_month": "5", "seen_year": "۲۰۲۶"},
            datetime.date(2026, 5, 4),
            "day",
        ),
        ({}, None, "day"),
    ],
)
def test_a_date_is_kept_as_exactly_as_it_is_known(typed, day, precision):
    accepted = form("background", typed).accepted()
    assert (accepted["seen_on"], accepted["seen_precision"]) == (day, precision)


def test_by_a_year_means_its_last_day():
    assert form("target").accepted()["gap"][0]["value"]["by"] == datetime.date(2026, 12, 31)


def test_what_is_valid_is_accepted_beside_what_is_not():
    typed = changed("happened", **{"results-0-after": "soon", "happened": "One.\n\n\nTwo."})
    accepted = form("happened", typed).accepted()
    assert accepted["happened"] == ["One.", "Two."]
    assert accepted["results"] == []  # a row needs both figures (R3)


def test_a_blank_row_asks_for_nothing():
    typed = add_row(WHOLE["causes"], FORMS["causes"], "causes")
    assert row_indices(typed, "causes") == [0, 1]
    assert form("causes", typed).problems() == []
    assert len(form("causes", typed).accepted()["causes"]) == 1


def test_rows_stop_at_their_number():
    typed = dict(WHOLE["causes"])
    for _n in range(10):
        typed = add_row(typed, FORMS["causes"], "causes")
    assert len(row_indices(typed, "causes")) == 6
    assert row_indices(drop_row(typed, "causes", 0), "causes") == [1, 2, 3, 4, 5]


def test_an_unchecked_form_shows_no_errors():
    shown = FORMS["target"]({"gap-0-start": "x"}, Sheet("en"), checked=False)
    assert (shown.errors, shown.rows["gap"][0].errors) == ({}, {})


def test_only_the_parts_own_fields_are_kept_and_rows_get_their_id():
    posted = QueryDict(
        "csrfmiddlewaretoken=x&causes-0-name=A%00&causes-1-name=B&causes-1-id=forged"
        "&seen_year=2026&causes-0-evil=1&causes_text=why&version=3"
    )
    typed = with_ids(keep_typed(FORMS["causes"], posted), FORMS["causes"], {})
    ids = typed.pop("causes-0-id"), typed.pop("causes-1-id")
    assert typed == {"causes-0-name": "A", "causes-1-name": "B", "causes_text": "why"}
    assert len(set(ids)) == 2
    assert all(len(block_id) == 36 for block_id in ids)


def test_an_archive_case_is_not_asked_for_what_its_source_lacks():
    typed = {"did": "One list.", "countermeasures-0-what": "One list"}
    typed |= {"countermeasures-0-who": "All", "countermeasures-0-since_year": "1999"}
    lacks = frozenset({"causes", "countermeasures"})
    assert form("did", typed, unrecorded=lacks, causes=[]).problems() == []
    assert len(form("did", typed, causes=[]).problems()) == 2  # control


OLD = [("a", "One."), ("b", "Two."), ("c", "Three.")]


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        (["One.", "Two.", "Three."], "abc"),
        (["One.", "Second.", "Three."], "abc"),  # rewritten in place
        (["New.", "One.", "Two.", "Three."], "?abc"),
        (["New.", "One.", "Second.", "Three."], "?abc"),
        (["Three.", "One.", "Two."], "cab"),  # moved
        (["One.", "Three."], "ac"),
        (["One.", "Two a.", "Two b.", "Three."], "ab?c"),  # split
        ([], ""),
    ],
)
def test_paragraphs_keep_their_ids(texts, ids):
    found = match_ids(texts, OLD)
    assert "".join(x if len(x) == 1 else "?" for x in found) == ids
    assert len(set(found)) == len(texts)


def test_lengths_are_told_in_what_the_language_counts():
    assert count_text("one two", "did", "en") == "2 of about 120 words"
    assert length_of("一 二三", "ja") == 3
    assert limit_of("did", "ja") == 290
    assert limit_of("place_seen", "en") is None
    assert overflows("word " * 121, "did", "en")
    assert not overflows("word " * 120, "did", "en")
