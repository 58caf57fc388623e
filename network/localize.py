"""Numbers and dates as a language writes them: Arabic-Indic and Persian digits included.

Babel's CLDR data decides separators, month names and order of day, month and
year. `code` is one of the site's language codes; the active one where None.
"""

import contextlib
import datetime
import re
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    get_datetime_format,
    get_day_names,
    get_month_names,
    get_timezone_gmt,
    get_timezone_name,
)
from babel.numbers import format_decimal, format_percent
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy, pgettext_lazy

from network.languages import direction

# CLDR's default digits for plain 'ar' are Western; the site's readers get
# Arabic-Indic ones (guide.md section 4).
_DIGITS = {"ar": "arab", "fa": "arabext"}
_LOCALES = {"pt-br": "pt_BR", "zh-hans": "zh_Hans", "ar": "ar_EG", "fa": "fa_IR"}
# Digits in their scripts, for text that Babel does not format (dates in Arabic).
_NATIVE = {"arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹"}
# How a day, a month and a year are written; 'yMMMM' also in the order of the language.
_SKELETONS = {"month": "yMMMM", "month_day": "MMMd"}

_FULL_STOPS = {"ja": "。", "zh-hans": "。", "th": ""}
# Groups of names that zoneinfo keeps for old programs.
_FORMER_ZONES = {"Etc", "SystemV", "US", "Canada", "Brazil", "Chile", "Mexico", "posix", "right"}
SHORT_NAME = 4  # letters that a calendar's column holds

Number = int | float | Decimal

_reading: ContextVar[Callable[[], str | None]] = ContextVar("reading", default=lambda: None)
# The site's own zone, told apart by identity from one that was activated on purpose, be it UTC.
_READERS = zoneinfo.ZoneInfo.no_cache(settings.TIME_ZONE)


def digits(text: str, code: str | None = None) -> str:
    """The text with its Western digits replaced by the language's own."""
    system = _DIGITS.get(code or _active())
    if system is None:
        return text
    # The per cent sign belongs to the digits: U+066A stands between Arabic ones.
    return text.translate(str.maketrans("0123456789%", _NATIVE[system] + "٪"))


def number_text(value: Number | None, code: str | None = None) -> str:
    """A number with the language's digits, grouping and decimal mark; '' for None.

    At most four decimals, trailing zeros dropped: a figure is shown as
    exactly as it was given.
    """
    if value is None or value == "":
        return ""
    code = code or _active()
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    words = format_decimal(
        exact,
        format="#,##0.####",
        locale=_locale(code),
        numbering_system=_DIGITS.get(code, "latn"),
    )
    return digits(words, code)


def money_text(amount: Number | None, code: str | None = None) -> str:
    """An amount without its currency: whole, or with two decimals; '' for None."""
    if amount is None or amount == "":
        return ""
    exact = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    code = code or _active()
    words = format_decimal(
        exact,
        format="#,##0" if exact == exact.to_integral_value() else "#,##0.00",
        locale=_locale(code),
        numbering_system=_DIGITS.get(code, "latn"),
    )
    return digits(words, code)


def typed_number(value: Number | None, code: str | None = None) -> str:
    """A number as one types it into a field: ungrouped, so that it reads back as itself."""
    if value is None or value == "":
        return ""
    code = code or _active()
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    system = _DIGITS.get(code, "latn")
    return digits(
        format_decimal(exact, format="0.##########", locale=_locale(code), numbering_system=system),
        code,
    )


def month_names(code: str | None = None) -> list[str]:
    """The twelve months by name.

    Not CLDR's stand-alone names: Babel gives those of whichever language was
    asked for before (seen in 2.18: aliased data is shared between locales).
    """
    names = get_month_names("wide", context="format", locale=_locale(code or _active()))
    return [names[number] for number in range(1, 13)]


def weekday_names(width: str = "wide", code: str | None = None) -> list[tuple[int, str]]:
    """(0 for Monday … 6 for Sunday, name), in the order of the language's week; 'wide' or 'short'.

    Not CLDR's stand-alone names, as with months. Where CLDR shortens a name little (Arabic:
    six letters), a calendar's column has no room: there 'short' is the single letter.
    """
    locale = _locale(code or _active())
    names = get_day_names(width, context="format", locale=locale)
    if width == "short" and max(len(names[day]) for day in range(7)) > SHORT_NAME:
        names = get_day_names("narrow", context="format", locale=locale)
    order = [(locale.first_week_day + place) % 7 for place in range(7)]
    return [(day, names[day]) for day in order]


def full_stop(code: str | None = None) -> str:
    """What ends a sentence: '。' in Japanese and Chinese, nothing in Thai."""
    return _FULL_STOPS.get(code or _active(), ".")


def time_text(value: datetime.datetime, code: str | None = None) -> str:
    """The hour and minute of a moment in its own time zone."""
    code = code or _active()
    words = format_time(value, format="short", locale=_locale(code), tzinfo=value.tzinfo)
    return digits(words, code)


def zone_choices(*also: str) -> list[tuple[str, str]]:
    """Time zones to choose from: places and UTC, without the abbreviations, offsets and
    'Factory' of zoneinfo. `also` are kept: what somebody has chosen may be among those."""
    places = (
        name
        for name in zoneinfo.available_timezones()
        if "/" in name and name.partition("/")[0] not in _FORMER_ZONES
    )
    return [(name, name) for name in sorted({*places, "UTC", *also})]


def zone_text(value: datetime.datetime, code: str | None = None) -> str:
    """The name of the moment's time zone, e.g. 'East Africa Time'."""
    return get_timezone_name(value, width="long", locale=_locale(code or _active()))


def signed_text(value: Number, code: str | None = None) -> str:
    """A change: '+32', '−5'; the sign is never left to the reader."""
    code = code or _active()
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    words = f"{sign}{number_text(abs(value), code)}"
    # A mark of direction keeps the sign on its side inside right-to-left text.
    return f"\u200e{words}" if code in ("ar", "fa") else words


def identifier_text(value: str, code: str | None = None) -> str:
    """A story's number and the like: never in the language's digits, never turned round.

    After an Arabic letter '2026-0533' would show as '0533-2026'; a mark of
    direction before it keeps its order. Where markup is possible, `<bdi>` does.
    """
    return f"\u200e{value}" if direction(code or _active()) == "rtl" else value


# CLDR strings Arabic words together with 'and' alone; newspapers and forms have the comma.
_BETWEEN = {"ar": "{0}، {1}"}
# 'y' becomes 'e' before the sound i: 'comunicación e inspección', but 'y hielo'.
_SPANISH_E = re.compile(r"(?:i|hi(?!e))", re.IGNORECASE)


def list_text(
    values: Iterable, code: str | None = None, each: Callable[[str], str] | None = None
) -> str:
    """Several words in a row, as the language joins them: 'parts, stock and recall'.

    `each` dresses every word (an isolating tag); it returns text that is safe
    where it stands.
    """
    words = [str(value) for value in values]
    shown = [each(word) for word in words] if each else words
    if len(words) < 2:
        return "".join(shown)
    code = code or _active()
    patterns = _locale(code).list_patterns["standard"]
    between = _BETWEEN.get(code, patterns["middle"])
    head = shown[0]
    for word in shown[1:-1]:
        head = between.format(head, word)
    last = patterns["2" if len(words) == 2 else "end"]
    if code == "es" and _SPANISH_E.match(words[-1]):
        last = last.replace(" y ", " e ")
    return last.format(head, shown[-1])


def percent_text(share: Number, code: str | None = None) -> str:
    """A share (0.93) as per cent without decimals."""
    code = code or _active()
    words = format_percent(share, locale=_locale(code), numbering_system=_DIGITS.get(code, "latn"))
    return digits(words, code)


# Units that people type in English and every language has a word for. Figures and
# units are edited in the source language only, so these are put into the reader's.
_UNITS = {
    "days": gettext_lazy("days"),
    "hours": gettext_lazy("hours"),
    "minutes": gettext_lazy("minutes"),
    "cars": gettext_lazy("cars"),
    "dealers": pgettext_lazy("unit", "dealers"),
    "us dollars": gettext_lazy("US dollars"),
    "% of before": pgettext_lazy("unit", "% of before"),
}


def unit_text(unit: str) -> str:
    """A unit in the active language where it is a common one, else as it was typed."""
    typed = (unit or "").strip()
    return str(_UNITS.get(typed.lower(), typed))


def quantity_text(value: Number | None, unit: str, code: str | None = None) -> str:
    """A number with its unit; '%' follows the number as the language has it."""
    words = number_text(value, code)
    if not words or not unit:
        return words
    if unit.strip() == "%":
        return percent_sign(words, code or _active())
    return f"{words} {unit_text(unit)}"


def percent_sign(words: str, code: str) -> str:
    """The per cent sign on the side and with the space of the language's own pattern."""
    return percent_text(1, code).replace(number_text(100, code), words)


def date_text(
    value: datetime.date | datetime.datetime | None,
    precision: str = "day",
    code: str | None = None,
) -> str:
    """A date as exactly as it is known: 'day', 'month' or 'year'; '' for None.

    'short_month', 'month_day' and 'weekday' are for axes and tight tables. Dates are
    Gregorian in every language, as the network's figures are.
    """
    if value is None:
        return ""
    code = code or _active()
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = _local(value)
    if precision == "year":
        words = str(value.year) if code not in ("ja", "zh-hans") else f"{value.year}年"
    elif precision == "short_month":
        words = format_date(value, format="MMM", locale=_locale(code))
    elif precision == "weekday":
        words = format_date(value, format="EEE", locale=_locale(code))
    elif precision in _SKELETONS:
        words = format_skeleton(_SKELETONS[precision], value, locale=_locale(code))
    else:
        words = format_date(value, format="long", locale=_locale(code))
    return digits(words, code)


def moment_text(value: datetime.datetime | None, code: str | None = None) -> str:
    """A moment in the reader's time zone (`reading_in`), its zone named; '' for None."""
    if value is None:
        return ""
    code = code or _active()
    local = _local(value)
    day = format_date(local, format="medium", locale=_locale(code))
    time = format_time(local, format="short", locale=_locale(code), tzinfo=local.tzinfo)
    words = get_datetime_format("medium", locale=_locale(code)).replace("{1}", day)
    return digits(f"{words.replace('{0}', time)} {_zone_sign(local, code)}", code)


def _zone_sign(local: datetime.datetime, code: str) -> str:
    """'JST'; 'GMT+3' in the words of the language where the zone has figures for a name."""
    sign = local.tzname() or ""
    if not sign.startswith(("+", "-")):
        return sign
    hours, minutes = sign[1:3].lstrip("0"), sign[3:]
    # A mark before the sign, as in CLDR: it stays left of its number between words of Persian.
    mark = "\u200e" if code in _DIGITS else ""
    offset = f"{mark}{sign[0]}{hours or '0'}{':' if minutes else ''}{minutes}"
    return re.sub(r"[+-]\d\d:\d\d", offset, get_timezone_gmt(local, "long", locale=_locale(code)))


@contextlib.contextmanager
def reading_in(zone: Callable[[], str | None]) -> Iterator[None]:
    """Moments are worded in this time zone; `zone` is asked when the first one is.

    It says nothing about which day it is for the network: rules go on counting in UTC or in
    the zone that they name, and a zone activated inside (a session's, a mail's) wins.
    """
    token = _reading.set(zone)
    try:
        with timezone.override(_READERS):
            yield
    finally:
        _reading.reset(token)


def _local(value: datetime.datetime) -> datetime.datetime:
    zone = timezone.get_current_timezone()
    if zone is _READERS and (name := _reading.get()()):
        zone = zoneinfo.ZoneInfo(name)
    return timezone.localtime(value, zone)


@lru_cache
def _locale(code: str) -> Locale:
    return Locale.parse(_LOCALES.get(code, code))


def _active() -> str:
    return translation.get_language() or "en"
