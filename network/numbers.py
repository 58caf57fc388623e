"""Numbers as people type them: Western, Arabic or Persian digits, both decimal marks."""

import re
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_DIGITS = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９")}
_SPACES = re.compile("[\\s\u00a0\u202f\u2009\u066c\u200e\u200f\u2066-\u2069'’]")
_ARABIC_DECIMAL = "٫"  # never groups thousands
_SIGNS = {"−": "-", "–": "-", "．": ".", "，": ",", "،": ",", "+": ""}
# Languages whose decimal mark is a comma (CLDR); the others of ours write a dot.
_COMMA_IS_DECIMAL = frozenset({"es", "fr", "de", "it", "pt-br", "id"})
# One mark before exactly three digits: '1,200' may be 1200 or 1.2.
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}([.,])\d{3}")


def western_digits(text: str) -> str:
    """The text with Arabic, Persian and full-width digits as Western ones."""
    return text.translate(_DIGITS)


def parse_number(text: str, language: str | None = None) -> Decimal:
    """One value for every way to write it: '٣١٫٥', '31,5' and '31.5' are 31.5.

    With both marks present the last one is the decimal mark. A single mark
    before exactly three digits is read as `language` writes numbers: '1,200'
    is 1200 in English and 1.2 in German, '1.200' the other way round. Where
    no language is given the comma groups thousands and the dot is decimal.

    >>> parse_number("1,200"), parse_number("1,200", "de")
    (Decimal('1200'), Decimal('1.200'))

    Raises ValidationError for anything else.
    """
    cleaned = _SPACES.sub("", western_digits((text or "").strip()))
    for sign, plain in _SIGNS.items():
        cleaned = cleaned.replace(sign, plain)
    if _ARABIC_DECIMAL in cleaned:
        cleaned = cleaned.replace(",", "").replace(".", "").replace(_ARABIC_DECIMAL, ".", 1)
    elif not re.fullmatch(r"-?[\d.,]*\d[\d.,]*", cleaned):
        raise _not_a_number()
    else:
        cleaned = _with_decimal_dot(cleaned, language)
    if not re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", cleaned):
        raise _not_a_number()
    try:
        return Decimal(cleaned)
    except InvalidOperation as wrong:
        raise _not_a_number() from wrong


def _with_decimal_dot(cleaned: str, language: str | None) -> str:
    comma, dot = cleaned.rfind(","), cleaned.rfind(".")
    if comma >= 0 and dot >= 0:
        thousands, decimal = (",", ".") if dot > comma else (".", ",")
        return cleaned.replace(thousands, "").replace(decimal, ".")
    if cleaned.count(",") > 1 or cleaned.count(".") > 1:
        return cleaned.replace(",", "").replace(".", "")
    ambiguous = _AMBIGUOUS.fullmatch(cleaned)
    if ambiguous:
        groups = "." if language in _COMMA_IS_DECIMAL else ","
        if ambiguous[1] == groups:
            return cleaned.replace(groups, "")
    return cleaned.replace(",", ".")


def _not_a_number() -> ValidationError:
    return ValidationError(_("Enter a number, for example 31.5."), code="not_a_number")
