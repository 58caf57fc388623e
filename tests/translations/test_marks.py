"""What a translation must keep: figures in any digits, links, code, emphasis. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.aids.marks import CODE, EMPHASIS, LINKS, NUMBERS, Lost, lost, numbers
from translations.models.texts import count_words


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("In 2 days, 15 %.", "خلال ٢ يوم، ١٥٪."),
        ("1,250.5 cars", "1.250,5 coches"),
        ("1,250 cars", "1 250 voitures"),
        ("1,250,000", "۱٬۲۵۰٬۰۰۰"),
        ("at 10:30", "10時30分に"),
        ("２ days", "2 días"),
        ("See [the way](section:go-and-see).", "انظر [الطريق](section:go-and-see)."),
        ("See https://example.org/a.", "https://example.org/a を見る。"),
        ("Type `make run`.", "`make run` と打つ。"),
        ("A **strong** word.", "**強い**言葉。"),
        ("Anything 7", ""),
        ("[2026](case:2026-0533)", "[2026](case:2026-0533)"),
    ],
)
def test_what_is_kept_is_not_told(source, target):
    assert lost(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("In 2 days, 15 %.", "خلال يوم، ١٥٪.", [Lost(NUMBERS, ("2",))]),
        ("2 and 2", "2", [Lost(NUMBERS, ("2",))]),
        ("[a](section:x)", "a", [Lost(LINKS, ("section:x",))]),
        ("[a](section:x)", "[a](section:y)", [Lost(LINKS, ("section:x",), ("section:y",))]),
        ("a", "[a](https://b.example)", [Lost(LINKS, (), ("https://b.example",))]),
        ("`a`", "`b`", [Lost(CODE, ("a",), ("b",))]),
        ("**a** b", "a b", [Lost(EMPHASIS, ("**",))]),
    ],
)
def test_what_is_lost_is_told(source, target, found):
    assert lost(source, target) == found


@given(st.text(max_size=80))
def test_a_text_loses_nothing_of_itself(text):
    assert lost(text, text) == []


@given(st.integers(min_value=0, max_value=10**9))
def test_digits_of_every_script_are_the_same_number(value):
    western = f"{value:,}"
    for zero in ("٠", "۰", "０", "๐"):
        digits = str.maketrans("0123456789", "".join(chr(ord(zero) + n) for n in range(10)))
        assert numbers(western) == numbers(western.translate(digits))
        assert numbers(western) == numbers(western.replace(",", ".").translate(digits))


def test_words_are_counted_in_every_script():
    assert count_words("Stop, then call.", "en") == 3
    assert count_words("現地現物", "ja") == 2
    assert count_words("", "ja") == 0
