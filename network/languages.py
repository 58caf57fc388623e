"""The twelve languages: order, direction, and which one a person reads."""

import unicodedata
from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from modeltranslation.utils import build_localized_fieldname

# BCP 47 tags where they differ from Django's lower-case codes; for lang attributes.
_TAGS = {"pt-br": "pt-BR", "zh-hans": "zh-Hans"}


def codes() -> list[str]:
    """Language codes in the site's order."""
    return [code for code, _name in settings.LANGUAGES]


def autonym(code: str) -> str:
    """The language's name in itself; the code where it is not one of ours."""
    return dict(settings.LANGUAGES).get(code, code)


def tag(code: str) -> str:
    """The BCP 47 tag for a `lang` attribute."""
    return _TAGS.get(code, code)


def direction(code: str) -> str:
    """'rtl' or 'ltr'."""
    return "rtl" if code in settings.RIGHT_TO_LEFT_LANGUAGES else "ltr"


def direction_of(text: str, otherwise: str) -> str:
    """The direction of most of its letters; `otherwise` where it has none, or as many of each.

    Not that of the first one, as browsers take it: a sentence may begin with a
    name in another script.
    """
    kinds = Counter(unicodedata.bidirectional(sign) for sign in text)
    left, right = kinds["L"], kinds["R"] + kinds["AL"]
    if left == right:
        return otherwise
    return "rtl" if right > left else "ltr"


def reading_order(user=None, first: str | None = None) -> list[str]:
    """Languages a person is offered, best first: the page's own, theirs, English.

    `first` is the language of the address; the active one where it is None.
    """
    wanted: list[str] = [first or translation.get_language() or "en"]
    if user is not None and getattr(user, "is_authenticated", False):
        wanted += user.reading_languages
    wanted.append("en")
    return unique(code for code in wanted if code in dict(settings.LANGUAGES))


def names_of(obj, field: str = "name") -> dict[str, str]:
    """A translated name by language, only those that were given: nothing falls back."""
    found = {code: getattr(obj, build_localized_fieldname(field, code)) for code in codes()}
    return {code: name for code, name in found.items() if name}


def unique(values: Iterable[str]) -> list[str]:
    """The values in order, each once."""
    return list(dict.fromkeys(values))
