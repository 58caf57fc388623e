"""Numbers as people type them: Western, Arabic or Persian digits, both decimal marks."""

import re
import uuid
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_DIGITS = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９")}
_UNSEEN = re.compile("[\u200e\u200f\u2066-\u2069]")
# Marks that only ever part thousands; written '_' below.
_GROUPS = re.compile("[\\s\u00a0\u202f\u2009\u066c'’]+")
_ARABIC_DECIMAL = "٫"  # never groups thousands
_SIGNS = {"−": "-", "–": "-", "．": ".", "，": ",", "،": ",", "+": ""}
# Languages whose decimal mark is a comma (CLDR); the others of ours write a dot.
_COMMA_IS_DECIMAL = frozenset({"es", "fr", "de", "it", "pt-br", "id"})
# One mark before exactly three digits: '1,200' may be 1200 or 1.2.
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
# Whole numbers in groups: threes, or the twos and a three of India ('1,23,456').
_GROUPED = re.compile(r"\d{1,3}(?:([.,_])\d{3}(?:\1\d{3})*|([,_])\d{2}(?:\2\d{2})*\2\d{3})")


def row_keys(values: Iterable[str]) -> set[int]:
    """Keys of rows that a form's tick boxes name; what can be none is left out."""
    return {key for value in values if (key := row_key(value)) is not None}


def row_key(value: str) -> int | None:
    """The key of a row that a form names; None for what can be none."""
    return int(value) if value.isdecimal() and len(value) < 10 else None


def uuid_key(text: str) -> uuid.UUID | None:
    """A key of 32 digits that a form names: of a click, of a file in pieces; None for what can be
    none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def western_digits(text: str) -> str:
    """The text with Arabic, Persian and full-width digits as Western ones."""
    return text.translate(_DIGITS)


def parse_number(text: str, language: str | None = None) -> Decimal:
    """One value for every way to write it: '٣١٫٥', '31,5' and '31.5' are 31.5.

    With both marks present the last one is the decimal mark. A single mark
    before exactly three digits is read as `language` writes numbers: '1,200'
    is 1200 in English and 1.2 in German, '1.200' the other way round. Where
    no language is given the comma groups thousands and the dot is decimal.
    What parts no thousands is no number: '31,5,', '31.12.2025' and '3 5' are
    refused, not read as 315, 31122025 and 35.

    >>> parse_number("1,200"), parse_number("1,200", "de")
    (Decimal('1200'), Decimal('1.200'))

    Raises ValidationError for anything else.
    """
    cleaned = _UNSEEN.sub("", western_digits(text or "")).strip()
    for sign, plain in _SIGNS.items():
        cleaned = cleaned.replace(sign, plain)
    sign = "-" if cleaned.startswith("-") else ""
    cleaned = _GROUPS.sub("_", cleaned.removeprefix("-").strip())
    whole, decimals = _parts(cleaned, language)
    if _GROUPED.fullmatch(whole):
        whole = re.sub("[.,_]", "", whole)
    if not re.fullmatch(r"\d*", whole + decimals) or not whole + decimals:
        raise _not_a_number()
    try:
        return Decimal(f"{sign}{whole or 0}.{decimals}" if decimals else sign + whole)
    except InvalidOperation as wrong:
        raise _not_a_number() from wrong


def _parts(cleaned: str, language: str | None) -> tuple[str, str]:
    """What stands before and after the decimal mark, groups still in the first."""
    if _ARABIC_DECIMAL in cleaned:
        mark = _ARABIC_DECIMAL
    elif "," in cleaned and "." in cleaned:
        mark = max(",.", key=cleaned.rfind)
    elif cleaned.count(",") + cleaned.count(".") != 1:
        return cleaned, ""  # none, or several of one kind: groups
    else:
        mark = "," if "," in cleaned else "."
        groups = "." if language in _COMMA_IS_DECIMAL else ","
        if mark == groups and _AMBIGUOUS.fullmatch(cleaned):
            return cleaned, ""
    whole, _mark, decimals = cleaned.partition(mark)
    return whole, decimals


def _not_a_number() -> ValidationError:
    return ValidationError(_("Enter a number, for example 31.5."), code="not_a_number")
