"""The glossary beside a text: terms of the original, a warning for one not used or misnamed."""

import pytest

from translations.aids.glossary import Glossary
from translations.aids.told import of_terms
from translations.models import Term, TermText

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    """A term of our own in every script."""
    term = Term.objects.create(key="job-board")
    for language, forms, avoid in (
        ("en", ["job board"], []),
        ("ja", ["作業管理板"], ["ジョブボード"]),
        ("ar", ["لوحة المتابعة"], ["سبورة"]),
        ("es", ["tablero de trabajo"], ["pizarra"]),
        ("th", ["กระดานงาน"], []),
    ):
        TermText.objects.create(term=term, language=language, forms=forms, avoid=avoid)
    return term


def hint(language, target, source="Look at the job boards twice a day."):
    (found,) = [h for h in Glossary("en", language).hints(source, target) if h.key == "job-board"]
    return found


@pytest.mark.parametrize(
    ("language", "used", "other"),
    [
        ("ja", "作業管理板を一日に二回見る。", "板を一日に二回見る。"),
        ("ar", "انظر إلى لوحة المتابعة مرتين.", "انظر إلى الجدول مرتين."),
        ("ar", "يقف أمام لوحة المتابعة", "يقف أمامها"),
        ("es", "Mire los tableros de trabajo dos veces.", "Mire el plan dos veces."),
        ("th", "ดูกระดานงานวันละสองครั้ง", "ดูวันละสองครั้ง"),
    ],
)
def test_a_term_that_is_used_is_known_in_its_endings(board, language, used, other):
    assert hint(language, used).is_used
    assert not hint(language, used).is_missed
    assert hint(language, other).is_missed
    assert of_terms([hint(language, used)], used) == []
    assert len(of_terms([hint(language, other)], other)) == 1


def test_a_word_to_avoid_is_told_with_the_right_one(board):
    found = hint("es", "Mire la pizarra dos veces.")
    assert found.avoided == ("pizarra",)
    (told,) = of_terms([found], "x")
    assert "pizarra" in told
    assert "tablero de trabajo" in told


def test_a_word_to_avoid_may_be_the_right_one_for_another_term():
    """'Distributor' must not stand for a dealer; here it stands for a distributor."""
    both, one = "For distributors and dealers.", "For dealers."
    target = "للموزّعين وللوكلاء."
    hints = {h.key: h for h in Glossary("en", "ar").hints(both, target)}
    assert hints["dealer"].avoided == ()
    assert hints["distributor"].is_used
    (dealer,) = [h for h in Glossary("en", "ar").hints(one, target) if h.key == "dealer"]
    assert dealer.avoided == ("للموزّعين",)


def test_without_words_nothing_is_told(board):
    found = hint("ja", "")
    assert found.preferred == "作業管理板"
    assert of_terms([found], "") == []


def test_a_language_without_the_term_is_not_blamed(board):
    found = hint("fr", "Regardez le tableau.")
    assert (found.preferred, found.is_missed) == ("", False)


def test_a_term_is_told_once_and_a_longer_text_loses_none(board, django_assert_num_queries):
    terms = ["jidoka", "kaizen", "hansei", "nemawashi", "genchi genbutsu", "obeya", "kanban"]
    source = " and ".join(["the job board", *terms, "the job board", "dealer", "distributor"])
    with django_assert_num_queries(1):
        glossary = Glossary("en", "ja")
        found = [hint.key for hint in glossary.hints(source, "")]
    assert found.count("job-board") == 1
    assert len(found) > 8
