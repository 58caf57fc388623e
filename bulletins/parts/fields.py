"""Form fields of a story: prose, numbers and dates as people type them."""

import calendar
import datetime
import re
from decimal import Decimal
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from bulletins.blocks import Precision
from network.languages import direction, tag
from network.localize import digits, month_names, typed_number
from network.numbers import parse_number, western_digits

EARLIEST_YEAR = 1950
MAX_MONTHS = 120  # ten years; a figure with more shows nothing


class InLanguage:
    """A field whose text is in the story's language; `speak` is called by the form."""

    language = "en"
    is_prose = True  # words, not figures: the control carries lang and dir

    def speak(self, language: str) -> None:
        self.language = language
        if self.is_prose:
            self.widget.attrs |= {"lang": tag(language), "dir": direction(language)}


class LineField(InLanguage, forms.CharField):
    """One line of text."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "input"}))
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        # No maxlength: a browser would cut what is pasted; the error says how long it may be.
        return {}


class TextField(LineField):
    """Some lines of text, kept whole."""

    def __init__(self, *, small: bool = False, **kwargs):
        css, rows = ("area area--s", 3) if small else ("area", 7)
        kwargs.setdefault("widget", forms.Textarea(attrs={"class": css, "rows": rows}))
        kwargs.setdefault("max_length", 20_000)
        super().__init__(**kwargs)


class ProseField(TextField):
    """Paragraphs, one blank line or more between them; cleans to a list of texts."""

    def to_python(self, value) -> list[str]:
        return paragraphs_of(super().to_python(value))

    def run_validators(self, value) -> None:
        super().run_validators("\n\n".join(value))

    @staticmethod
    def typed(texts) -> str:
        """Paragraphs as one types them."""
        return "\n\n".join(texts)


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text: what blank lines part."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return [part.strip() for part in parts if part.strip()]


class NumberField(InLanguage, forms.CharField):
    """A number in any digits; cleans to a Decimal, or None where nothing is typed."""

    is_prose = False

    def __init__(self, **kwargs):
        attrs = {"class": "input input--n", "inputmode": "decimal", "autocomplete": "off"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        return figure_of(text, self.language)


def figure_of(text: str, language: str) -> Decimal:
    """A typed number that fits the columns of results. Raises ValidationError."""
    number = parse_number(text, language)
    if abs(number) >= 10**14:
        raise ValidationError(_("This number is too large."))
    if number != round(number, 4):
        raise ValidationError(_("Give at most four decimals."))
    return number


class PartialDate(NamedTuple):
    """A date as exactly as it is known; `day` is the first of what is not known."""

    day: datetime.date
    precision: str

    @property
    def last_day(self) -> datetime.date:
        """The last day that the date may mean."""
        if self.precision == Precision.YEAR:
            return self.day.replace(month=12, day=31)
        if self.precision == Precision.MONTH:
            return self.day.replace(day=calendar.monthrange(self.day.year, self.day.month)[1])
        return self.day


def _months():
    return [("", _("Month")), *((str(n), name) for n, name in enumerate(month_names(), 1))]


class PartialDateWidget(forms.MultiWidget):
    template_name = "bulletins/share/date.html"
    use_fieldset = True

    def __init__(self):
        short = {"class": "input date__short", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput(
                    short | {"aria-label": gettext_lazy("Day"), "placeholder": gettext_lazy("Day")}
                ),
                "month": forms.Select({"class": "select", "aria-label": gettext_lazy("Month")}),
                "year": forms.TextInput(
                    short
                    | {"aria-label": gettext_lazy("Year"), "placeholder": gettext_lazy("Year")}
                ),
            }
        )

    def get_context(self, name, value, attrs):
        self.widgets[1].choices = _months()  # in the language of this request
        context = super().get_context(name, value, attrs)
        if get_language() in ("ja", "zh-hans"):
            context["widget"]["subwidgets"].reverse()
        return context

    def decompress(self, value):
        return value or ["", "", ""]

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else id_


class PartialDateField(InLanguage, forms.MultiValueField):
    """Day, month and year; day, or day and month, may stay empty. Cleans to a PartialDate."""

    is_prose = False

    def __init__(self, **kwargs):
        part = forms.CharField(required=False)
        super().__init__(
            fields=[part, part, part],
            require_all_fields=False,
            required=False,
            widget=PartialDateWidget(),
            **kwargs,
        )

    def compress(self, values) -> PartialDate | None:
        day, month, year = (_whole(value) for value in (values or ["", "", ""]))
        if year is None:
            if day is None and month is None:
                return None
            raise ValidationError(_("Add the year."))
        if day is not None and month is None:
            raise ValidationError(_("Add the month, or leave the day empty."))
        if not _is_year(year):
            raise ValidationError(
                _("Write the year with four digits, for example %(year)s.")
                % {"year": digits(str(datetime.date.today().year))}
            )
        precision = Precision.YEAR if month is None else Precision.MONTH
        try:
            found = datetime.date(year, month or 1, day or 1)
        except ValueError as wrong:
            raise ValidationError(_("There is no such day.")) from wrong
        return PartialDate(found, str(precision if day is None else Precision.DAY))

    @staticmethod
    def typed(name: str, day: datetime.date | None, precision: str, language: str) -> dict:
        """The three fields as one types them."""
        if day is None:
            return {}
        typed = {f"{name}_year": digits(str(day.year), language)}
        if precision != Precision.YEAR:
            typed[f"{name}_month"] = str(day.month)
        if precision == Precision.DAY:
            typed[f"{name}_day"] = digits(str(day.day), language)
        return typed


def _is_year(number: int) -> bool:
    return EARLIEST_YEAR <= number <= datetime.date.max.year - 1


def _whole(value: str | None) -> int | None:
    text = western_digits((value or "").strip())
    if not text:
        return None
    if not re.fullmatch(r"\d{1,4}", text):
        raise ValidationError(_("Write day and year in digits."))
    return int(text)


class MonthlyField(InLanguage, forms.CharField):
    """Monthly values, a line each: '2026-05 31.5'. Cleans to [(first day, Decimal)] in order."""

    is_prose = False

    def __init__(self, **kwargs):
        attrs = {"class": "area area--s", "rows": 4, "dir": "ltr", "autocomplete": "off"}
        super().__init__(required=False, widget=forms.Textarea(attrs=attrs), **kwargs)

    def to_python(self, value) -> list[tuple[datetime.date, Decimal]]:
        found = {}
        for number, line in enumerate(super().to_python(value).splitlines(), 1):
            if not line.strip():
                continue
            match = re.fullmatch(r"\s*(\d{4})[-/.](\d{1,2})[\s:;=]+(\S.*)", western_digits(line))
            if not match or not (_is_year(int(match[1])) and 1 <= int(match[2]) <= 12):
                raise ValidationError(
                    _("Line %(n)s: write year, month and value, for example 2026-05 31.5.")
                    % {"n": digits(str(number))}
                )
            month = datetime.date(int(match[1]), int(match[2]), 1)
            # Digits translate one to one, so the place of the value is the same in both.
            found[month] = figure_of(line[match.start(3) :], self.language)
        if len(found) > MAX_MONTHS:
            raise ValidationError(
                ngettext("Give at most %(n)s month.", "Give at most %(n)s months.", MAX_MONTHS)
                % {"n": digits(str(MAX_MONTHS))}
            )
        return sorted(found.items())

    @staticmethod
    def typed(rows, language: str) -> str:
        """The lines as one types them."""
        return "\n".join(f"{month:%Y-%m} {typed_number(value, language)}" for month, value in rows)
