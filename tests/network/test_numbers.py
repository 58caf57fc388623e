"""One value for every way to write a number."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

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
        ("３１．５", "31.5"),
    ],
)
def test_every_way_to_write_it_is_one_value(typed, value):
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "abc", "12a", "--3", ".", "1e5", "٣١ بالمئة", "\x00"])
def test_anything_else_is_refused(typed):
    with pytest.raises(ValidationError):
        parse_number(typed)
