"""The quick analysis of whole texts gives what the analysis with places gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis import characters, normal, terms
from search.whole_texts import Lexicon, indexed

LANGUAGES = ("en", "ja", "es", "ar", "fa", "fr", "de", "it", "pt-br", "zh-hans", "id", "th")
TEXTS = [
    "",
    " \t\n",
    "The dealer's cars; 'quoted' words, rock 'n' roll, it's ’s 's",
    "L’été à l'atelier, qu’il aujourd'hui d''or l' eau",
    "Dell'officina è l’auto un po' c'è",
    "Straße ÆON ½ m² ｆｕｌｌ ﬁne ŉ o\u0301 e\u0301te\u0301",
    "القِطَع المستودعـــات ٣١ يومًا على مكتبة",
    "کتاب‌ها ۳۱ كتاب يك می‌شود",
    "部品不足です。LS400の部品 ｶﾞｽ ガス 々 車 a車b 車1",
    "零件短缺 ABC零件",
    "อะไหล่ขาดแคลน ๓๑ ไฟ น้ำ ABCไทย",
    "snake_case C++ a.b@c.de 3.14 x\u0301\u0302y \u0301alone ـ نـ",
    "mixed 部品 and العربية and ไทย und Größe",
]


def assert_equal(text: str, language: str, *, spelling: bool = True) -> None:
    text = normal(text)
    found, lexicon = terms(text, language), Lexicon(language)
    for _again in range(2):  # pieces met before too
        [made] = indexed([text], lexicon)
        assert made.terms.split() == [term.text for term in found]
        assert made.singles.split() == list(dict.fromkeys(characters(text)))
    exact = Lexicon(language, is_stemmed=False, notes_words=False)
    assert indexed([text], exact)[0].terms.split() == [term.word for term in found]
    if spelling:
        assert lexicon.fresh.keys() == {word for word, _spelling in spelt(text, found)}
        assert lexicon.fresh.items() <= spelt(text, found)


def spelt(text: str, found: list) -> set[tuple[str, str]]:
    """Words and how they are spelt, in any of their places."""
    return {
        (t.word, text[t.start : t.end].lower())
        for t in found
        if t.kind == "word" and 2 <= len(t.word) <= 40 and not t.word.isdigit()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_quick_and_placed_terms_are_the_same(language, text):
    assert_equal(text, language)


LETTERS = "aZéßœſİ1٣۳½'’ʼ ‌\u00ad-_ـىکيةالsl\u0301\u064b\u3099カｶﾞ部々ไทยำ\n"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=LETTERS, max_size=30), st.sampled_from(LANGUAGES))
def test_any_text_gives_the_same_terms_either_way(text, language):
    # How a word of stray marks is spelt is nobody's concern.
    assert_equal(text, language, spelling=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_terms_among_some_are_those_of_all_that_are_among_them(language, text):
    text = normal(f"{text} Équipe ｅau Straße LS400の部品 eau2 _eau")
    every = terms(text, language)
    for wanted in [{term.text} for term in every] + [{"eau", "equip", "部品"}, {"eau", "equip"}]:
        found = terms(text, language, frozenset(wanted))
        assert found == [term for term in every if term.text in wanted]
