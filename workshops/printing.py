"""Certificates and training records as PDF: tagged, in plain millimetres, nothing fetched.

A certificate stands in two languages side by side, the holder's first, each
in its own direction.
"""

import hashlib
import io
import unicodedata
from dataclasses import dataclass

import segno
from django.conf import settings
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from network import languages, pdf
from network.localize import date_text
from workshops.models import Certificate

STYLE = "gkc/certificate-print.css"
RECORD_STYLE = "gkc/record-print.css"
# Changes with the sheet: files drawn before are drawn anew when somebody asks.
SHEET_VERSION = 1
LONG_NAME = 26  # letters; a longer name stands smaller
QR = "qr:certificate.png"


@dataclass(frozen=True)
class Side:
    """The sheet's words in one language."""

    language: str
    title: str
    title_language: str
    days: str
    practice: str


def sides(certificate: Certificate) -> list[Side]:
    """Both halves, the holder's language first."""
    return [_side(certificate, code) for code in certificate.languages]


def _side(certificate: Certificate, code: str) -> Side:
    title, title_language = certificate.title_in(code)
    with translation.override(code):
        first, last = date_text(certificate.first_day), date_text(certificate.last_day)
        days = first if first == last else f"{first} – {last}"
        return Side(code, title, title_language, days, date_text(certificate.practice_on))


def verify_address(certificate: Certificate) -> str:
    """The public address, whole: it stands on paper and in the square."""
    return f"{settings.SITE_ADDRESS}{reverse('verify', args=[certificate.shown_code])}"


def certificate_html(certificate: Certificate) -> str:
    """The sheet as HTML, in the holder's language."""
    with translation.override(certificate.language):
        return render_to_string(
            "workshops/certificate_print.html",
            {
                "certificate": certificate,
                "sides": sides(certificate),
                "address": verify_address(certificate),
                "tag": languages.tag(certificate.language),
                "direction": languages.direction(certificate.language),
                "qr": QR,
                "is_long": _width(certificate.holder_name) > LONG_NAME,
            },
        )


def name_of_file(certificate: Certificate) -> str:
    """Where its file is kept: the name changes with all that the sheet shows."""
    shown = f"{SHEET_VERSION} {certificate_html(certificate)}"
    return f"certificates/{certificate.pk}/{hashlib.sha256(shown.encode()).hexdigest()[:24]}.pdf"


def draw_certificate(certificate: Certificate) -> bytes:
    """The sheet, PDF/UA-1, one page A4 across. Raises PrintingUnavailable."""
    picture = io.BytesIO()
    segno.make(verify_address(certificate), error="m", micro=False).save(
        picture, kind="png", scale=8, border=2
    )
    files = {QR: ContentFile(picture.getvalue())}
    return _draw(certificate_html(certificate), STYLE, files)


def draw_record(context: dict, language: str) -> bytes:
    """A training record, PDF/UA-1, in one language. Raises PrintingUnavailable."""
    with translation.override(language):
        html = render_to_string(
            "workshops/record_print.html",
            context | {"tag": languages.tag(language), "direction": languages.direction(language)},
        )
    return _draw(html, RECORD_STYLE, {})


def _draw(html: str, style_name: str, files: dict) -> bytes:
    weasyprint, fonts, style = pdf.machine(style_name)
    source = weasyprint.HTML(string=html, url_fetcher=pdf.pictures_only(files))
    drawn = source.render(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    return drawn.write_pdf(pdf_variant="pdf/ua-1")


def _width(name: str) -> int:
    """Letters, wide ones of East Asia counted twice, marks not at all."""
    kinds = {"W": 2, "F": 2}
    return sum(
        kinds.get(unicodedata.east_asian_width(sign), 1)
        for sign in name
        if not unicodedata.combining(sign)
    )
