"""Numbers and dates as each language writes them."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from network import languages
from network.localize import (
    date_text,
    identifier_text,
    list_text,
    moment_text,
    money_text,
    number_text,
    quantity_text,
    signed_text,
    unit_text,
)
from network.templatetags.localtext import in_a_row

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
    ("amount", "code", "words"),
    [
        (Decimal("12345.50"), "en", "12,345.50"),
        (Decimal("12345.50"), "de", "12.345,50"),
        (Decimal("12345.50"), "fa", "۱۲٬۳۴۵٫۵۰"),
        (Decimal("300.00"), "en", "300"),
        (0, "ar", "٠"),
        (None, "en", ""),
    ],
)
def test_an_amount_is_whole_or_has_two_decimals(amount, code, words):
    assert money_text(amount, code) == words


@pytest.mark.parametrize(
    ("code", "zone", "words"),
    [
        ("en", "Asia/Tokyo", "JST"),
        ("en", "Asia/Riyadh", "GMT+3"),
        ("ar", "Asia/Riyadh", "غرينتش\u200e+٣"),
        ("fa", "Asia/Tehran", "\u200e+۳:۳۰ گرینویچ"),
        ("pt-br", "America/Sao_Paulo", "GMT-3"),
        ("ja", "Etc/GMT-0", "GMT"),
    ],
)
def test_a_zone_without_letters_is_named_by_its_distance(code, zone, words):
    """Riyadh, Tehran and São Paulo have figures for a name: '+03'."""
    moment = datetime.datetime(2027, 1, 4, 8, tzinfo=datetime.UTC)
    with timezone.override(zone):
        assert moment_text(moment, code).endswith(f" {words}")


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
    with translation.override("ja"):
        assert unit_text("days") == "日"
        assert quantity_text(19, "days") == "19 日"
        assert unit_text("grievances") == "grievances"  # as typed: nobody translated it


@pytest.mark.parametrize(
    ("code", "two", "three"),
    [
        ("en", "a and b", "a, b, and c"),
        ("ja", "a、b", "a、b、c"),
        ("es", "a y b", "a, b y c"),
        ("ar", "a وb", "a، b وc"),
        ("fa", "a و b", "a،\u200f b، و c"),
        ("de", "a und b", "a, b und c"),
    ],
)
def test_words_in_a_row_are_joined_as_the_language_does(code, two, three):
    assert list_text(["a", "b"], code) == two
    assert list_text(["a", "b", "c"], code) == three


@pytest.mark.parametrize("code", languages.codes())
def test_a_row_of_none_and_of_one_has_nothing_between(code):
    assert list_text([], code) == ""
    assert list_text(["a"], code) == "a"


def test_spanish_and_is_e_before_its_own_sound():
    assert list_text(["comunicación", "inspección"], "es") == "comunicación e inspección"
    assert list_text(["agua", "hielo"], "es") == "agua y hielo"


def test_names_in_a_row_keep_their_direction_and_are_escaped():
    with translation.override("ar"):
        assert in_a_row(["<Nile>", "Amman"]) == "<bdi>&lt;Nile&gt;</bdi> و<bdi>Amman</bdi>"


def test_a_storys_number_is_never_put_into_other_digits():
    assert identifier_text("2026-0533", "en") == "2026-0533"
    assert identifier_text("2026-0533", "ar") == "\u200e2026-0533"
