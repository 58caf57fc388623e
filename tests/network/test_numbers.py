"""One value for every way to write a number."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from network.localize import month_names, typed_number
from network.numbers import parse_number


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("31.5", "31.5"),
        ("31,5", "31.5"),
        ("٣١٫٥", "31.5"),
        ("۳۱٫۵", "31.5"),
        ("۳۱.۵", "31.5"),
        ("1 234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,200", "1200"),
        ("٣٬٧٠٠", "3700"),
        ("−70", "-70"),
        ("1.234.567", "1234567"),
        ("0,125", "0.125"),
        ("1,23,456", "123456"),
        ("12 345 678", "12345678"),
        ("1'234.5", "1234.5"),
        ("- 5", "-5"),
        (".5", "0.5"),
        ("３１．５", "31.5"),
    ],
)
def test_every_way_to_write_it_is_one_value(typed, value):
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "language", "value"),
    [
        ("1,200", "en", "1200"),
        ("1.200", "en", "1.2"),
        ("1,200", "de", "1.2"),
        ("1.200", "de", "1200"),
        ("1.200", "pt-br", "1200"),
        ("-1.200", "es", "-1200"),
        ("0.125", "de", "0.125"),
        ("31.5", "de", "31.5"),
        ("١٫٢٠٠", "de", "1.2"),
        ("١٫٢٠٠", "ar", "1.2"),
        ("1,200", "fa", "1200"),
        ("3،5", "ar", "3.5"),
    ],
)
def test_a_doubtful_mark_is_read_as_the_language_writes(typed, language, value):
    assert parse_number(typed, language) == Decimal(value)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("value", ["1200", "1.234", "-0.5", "31.5", "1234567.25"])
def test_a_number_shown_in_a_field_reads_back_as_itself(language, value):
    shown = typed_number(Decimal(value), language)
    assert parse_number(shown, language) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "12a", "--3", ".", "1e5", "٣١ بالمئة", "\x00"]
    + ["31,5,", "1..5", "31.12.2025", "1.2.3", "3 5", "1٫5٫5", "1.234,5.6", "1,234 567"],
)
def test_anything_else_is_refused(typed):
    with pytest.raises(ValidationError):
        parse_number(typed)


def test_months_are_named_in_the_language_asked_for_whatever_was_asked_before():
    fourth = [month_names(code)[3] for code in ("ja", "ar", "es", "fa", "th", "en")]
    assert fourth == ["4月", "أبريل", "abril", "آوریل", "เมษายน", "April"]
