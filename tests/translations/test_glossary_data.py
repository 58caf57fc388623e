"""The glossary's files are complete and do not contradict themselves: no Django."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "ja", "es", "ar", "fa", "fr", "de", "it", "pt-br", "zh-hans", "id", "th")
DEFINED_IN = LANGUAGES[:5]
FILES = ("glossary", "everyday")  # the trade's own terms; what staff type
LISTED = [
    term
    for name in FILES
    for term in tomllib.loads((ROOT / f"translations/reference/{name}.toml").read_text("utf-8"))[
        "term"
    ]
]
TERMS = {term["slug"]: term for term in LISTED}


def test_no_term_is_listed_twice():
    assert len(TERMS) == len(LISTED) == 45 + 26


@pytest.mark.parametrize("slug", TERMS)
def test_term_has_forms_in_every_language_and_five_definitions(slug):
    term = TERMS[slug]
    assert tuple(term["form"]) == LANGUAGES
    for forms in term["form"].values():
        assert forms
        assert len({form.casefold() for form in forms}) == len(forms)
        assert max(map(len, forms)) <= 120
        assert all(form == form.strip() != "" for form in forms)
    assert tuple(term["definition"]) == DEFINED_IN
    assert all(text.endswith((".", "。")) for text in term["definition"].values())


@pytest.mark.parametrize("slug", TERMS)
def test_no_form_is_also_a_word_to_avoid(slug):
    term = TERMS[slug]
    for language, words in term.get("avoid", {}).items():
        assert words
        assert not set(words) & set(term["form"][language])


def test_preferred_forms_differ_in_every_language():
    for language in LANGUAGES:
        preferred = [term["form"][language][0] for term in LISTED]
        assert len(set(preferred)) == len(preferred), language


def test_a_dealer_is_never_called_by_a_word_for_customer():
    for language in LANGUAGES:
        assert TERMS["customer"]["form"][language][0] in TERMS["dealer"]["avoid"][language]


def test_jidoka_is_not_automation():
    assert TERMS["jidoka"]["form"]["ja"] == ["自働化"]
    assert TERMS["jidoka"]["avoid"]["ja"] == ["自動化"]
    assert TERMS["jidoka"]["avoid"]["zh-hans"] == ["自动化"]


@pytest.mark.parametrize(
    ("slug", "word"),
    [
        ("distributor", "توزیع‌کننده"),
        ("dealer", "نمایندگی"),
        ("dealer", "فروشنده"),
        ("campaigner", "مبلغ"),
        ("campaigner", "عضو کمپین"),
        ("bulletin", "بولتن"),
        ("bulletin", "پژوهش‌نامه بهترین شیوه"),
        ("kaizen", "کایزن"),
        ("kaizen", "بهبود مستمر"),
        ("three-s-service", "خدمات 3Cs"),
    ],
)
def test_the_persian_words_of_the_source_are_kept(slug, word):
    assert word in TERMS[slug]["form"]["fa"]
