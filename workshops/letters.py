"""A letter of invitation for a visa: English and another language side by side, as a PDF."""

import datetime

from django.template.loader import render_to_string
from django.utils import timezone, translation

from network import languages, pdf
from network.models.places import country_name
from network.working_days import local_day
from workshops import when
from workshops.models import Enrolment
from workshops.titles import titles_for

STYLE = "gkc/letter-print.css"


def letter_pdf(
    enrolment: Enrolment,
    *,
    by,
    language: str,
    passport: str = "",
    born_on: datetime.date | None = None,
    pays: str = "",
) -> bytes:
    """The letter as a tagged PDF. Raises PrintingUnavailable where Pango is missing.

    `passport` and `born_on` are printed and kept nowhere.
    """
    weasyprint, fonts, style = pdf.machine(STYLE)
    html = letter_html(
        enrolment, by=by, language=language, passport=passport, born_on=born_on, pays=pays
    )
    return weasyprint.HTML(string=html, url_fetcher=pdf.refuse).write_pdf(
        stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
    )


def letter_html(enrolment: Enrolment, *, by, language: str, passport, born_on, pays) -> str:
    """What is drawn: two columns of the same letter."""
    columns = [
        _column(enrolment, by, code, passport=passport, born_on=born_on, pays=pays)
        for code in ("en", language)
    ]
    with translation.override("en"):
        return render_to_string(
            "workshops/letter_print.html",
            {
                "columns": columns,
                "session": enrolment.session,
                "today": local_day(timezone.now(), by.time_zone),
                "person": enrolment.user,
            },
        )


def _column(enrolment: Enrolment, by, code: str, **said) -> str:
    session = enrolment.session
    with translation.override(code):
        title = titles_for([session.programme], [code])[session.programme_id]
        return render_to_string(
            "workshops/letter_column.html",
            said
            | {
                "tag": languages.tag(code),
                "direction": languages.direction(code),
                "person": enrolment.user,
                "firm": enrolment.distributor,
                "firm_country": enrolment.distributor
                and country_name(enrolment.distributor.country_id, code),
                "session": session,
                "title": title,
                "title_tag": languages.tag(title.language),
                "days": when.days_text(session),
                "country": session.country_id and country_name(session.country_id, code),
                "by": by,
                "today": local_day(timezone.now(), by.time_zone),
            },
        )
