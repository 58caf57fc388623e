"""Numbers and dates as each language writes them."""

import datetime
from decimal import Decimal

import pytest

from network.localize import date_text, number_text, quantity_text, signed_text

DAY = datetime.date(1989, 9, 3)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "12,345.5"),
        ("de", "12.345,5"),
        ("fr", "12\u202f345,5"),
        ("ar", "١٢٬٣٤٥٫٥"),
        ("fa", "۱۲٬۳۴۵٫۵"),
        ("ja", "12,345.5"),
    ],
)
def test_numbers_have_the_languages_digits_and_marks(code, words):
    assert number_text(Decimal("12345.50"), code) == words


@pytest.mark.parametrize(
    ("code", "words"), [("en", "93%"), ("de", "93\u00a0%"), ("ar", "٩٣٪"), ("fa", "۹۳٪")]
)
def test_per_cent_sign_stands_as_the_language_has_it(code, words):
    assert quantity_text(Decimal(93), "%", code).replace("\u061c", "") == words


def test_units_in_words_follow_the_number():
    assert quantity_text(Decimal("19"), "days", "en") == "19 days"


def test_nothing_is_shown_for_no_figure():
    assert quantity_text(None, "days", "en") == ""


@pytest.mark.parametrize(
    ("precision", "en", "ar", "ja"),
    [
        ("day", "September 3, 1989", "٣ سبتمبر ١٩٨٩", "1989年9月3日"),
        ("month", "September 1989", "سبتمبر ١٩٨٩", "1989年9月"),
        ("year", "1989", "١٩٨٩", "1989年"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(precision, en, ar, ja):
    assert [date_text(DAY, precision, code) for code in ("en", "ar", "ja")] == [en, ar, ja]


def test_changes_always_have_a_sign():
    assert [signed_text(n, "en") for n in (32, -5, 0)] == ["+32", "−5", "±0"]


def test_common_units_stand_in_the_readers_language():
    from django.utils import translation

    from network.localize import quantity_text, unit_text

    with translation.override("ja"):
        assert unit_text("days") == "日"
        assert quantity_text(19, "days") == "19 日"
        assert unit_text("grievances") == "grievances"  # as typed: nobody translated it
