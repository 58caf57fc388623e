"""Numbers as people type them: Western, Arabic or Persian digits, both decimal marks."""

import re
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_DIGITS = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９")}
_SPACES = re.compile("[\\s\u00a0\u202f\u2009\u066c\u200e\u200f\u2066-\u2069'’]")
_SIGNS = {"−": "-", "–": "-", "٫": ".", "．": ".", "，": ",", "+": ""}


def parse_number(text: str) -> Decimal:
    """One value for every way to write it: '٣١٫٥', '31,5' and '31.5' are 31.5.

    With both marks present the last one is the decimal mark. A single mark
    before exactly three digits groups thousands when it is a comma and there
    is no other reason to doubt it ('1,200' → 1200); a single dot is decimal.

    Raises ValidationError for anything else.
    """
    cleaned = _SPACES.sub("", (text or "").strip().translate(_DIGITS))
    for sign, plain in _SIGNS.items():
        cleaned = cleaned.replace(sign, plain)
    if not re.fullmatch(r"-?[\d.,]*\d[\d.,]*", cleaned):
        raise ValidationError(_("Enter a number, for example 31.5."), code="not_a_number")
    comma, dot = cleaned.rfind(","), cleaned.rfind(".")
    if comma >= 0 and dot >= 0:
        thousands, decimal = (",", ".") if dot > comma else (".", ",")
        cleaned = cleaned.replace(thousands, "").replace(decimal, ".")
    elif cleaned.count(",") > 1 or re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", cleaned):
        cleaned = cleaned.replace(",", "")
    elif cleaned.count(".") > 1:
        cleaned = cleaned.replace(".", "")
    else:
        cleaned = cleaned.replace(",", ".")
    try:
        return Decimal(cleaned)
    except InvalidOperation as wrong:
        raise ValidationError(
            _("Enter a number, for example 31.5."), code="not_a_number"
        ) from wrong
