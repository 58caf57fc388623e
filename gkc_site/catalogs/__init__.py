"""Message catalogs without the gettext binaries: extract, check, compile.

`locale/<locale>/LC_MESSAGES/django.po` is what translators edit and git keeps;
`.mo` files are compiled from it and never committed. English is the language
of the msgids and has no catalog.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE = ROOT / "locale"

# Plural rules (CLDR's, without the compact "million" form of Spanish, which no
# text of ours needs). Arabic is Django's own rule, so both catalogs agree.
PLURAL_FORMS = {
    "ja": "nplurals=1; plural=0;",
    "es": "nplurals=2; plural=(n != 1);",
    "ar": (
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
        "n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;"
    ),
    "fa": "nplurals=2; plural=(n > 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "de": "nplurals=2; plural=(n != 1);",
    "it": "nplurals=2; plural=(n != 1);",
    "pt_BR": "nplurals=2; plural=(n > 1);",
    "zh_Hans": "nplurals=1; plural=0;",
    "id": "nplurals=1; plural=0;",
    "th": "nplurals=1; plural=0;",
}


def locale_name(language: str) -> str:
    """Django's folder name of a language code: 'pt-br' is 'pt_BR', 'zh-hans' is 'zh_Hans'."""
    base, _dash, rest = language.partition("-")
    if not rest:
        return base
    return f"{base}_{rest.upper() if len(rest) == 2 else rest.title()}"


def catalog_path(language: str, folder: Path = LOCALE) -> Path:
    """Where the .po of `language` lies, whether it exists or not."""
    return folder / locale_name(language) / "LC_MESSAGES" / "django.po"
