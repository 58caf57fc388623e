"""Names of concepts in queries: what stands for what, in each kind of script. No database."""

import pytest

from search.concepts import Concept, Vocabulary
from search.highlight import mark
from search.query import parse, respelt, translated

VOCABULARY = Vocabulary(
    [
        Concept(
            "parts-shortage",
            {
                "en": ("parts shortage", "shortage of parts", "missing parts"),
                "ja": ("部品不足", "部品欠品"),
                "es": ("falta de repuestos", "escasez de piezas"),
                "ar": ("نقص قطع الغيار", "انقطاع القطع"),
                "fa": ("کمبود قطعات", "نبود قطعه"),
                "zh-hans": ("零件短缺", "缺件"),
                "th": ("อะไหล่ขาด", "ขาดแคลนอะไหล่"),
                "fr": ("pénurie de pièces", "manque de pièces"),
            },
        ),
        Concept("parts", {"en": ("spare parts", "parts"), "ja": ("部品", "パーツ")}),
        Concept(
            "kaizen", {"en": ("kaizen", "continuous improvement"), "fa": ("کایزن", "بهبود مستمر")}
        ),
        Concept("distributor", {"en": ("distributor",), "fa": ("توزیع‌کننده", "پخش‌کننده")}),
        Concept(
            "gkc",
            {"en": ("Global Knowledge Center",), "ja": ("グローバル・ナレッジ・センター", "GKC")},
        ),
    ]
)


def asked(text, language="en"):
    return parse(text, language, VOCABULARY)


def names(query) -> list[tuple[str, list[str]]]:
    """(what was typed, keys) of each span."""
    return [
        (query.text[span.start : span.end], [concept.key for concept in span.concepts])
        for span in query.spans
    ]


def forms(query) -> list[list[str]]:
    return [[" ".join(t.word for t in form) for form in s.forms] for s in query.synonyms]


def test_the_longest_name_wins_and_other_forms_stand_beside_it():
    query = asked("parts shortage in Jeddah")
    assert names(query) == [("parts shortage", ["parts-shortage"])]
    assert forms(query) == [["shortage of parts", "missing parts"]]
    assert (query.synonyms[0].first, query.synonyms[0].last) == (0, 2)


def test_names_are_matched_by_stem_and_without_function_words():
    assert names(asked("Shortages of the Parts"))[0][1] == ["parts-shortage"]
    assert names(asked("falta de los repuestos", "es"))[0][1] == ["parts-shortage"]
    assert names(asked("penurie pieces", "fr"))[0][1] == ["parts-shortage"]


def test_what_was_typed_is_no_synonym_of_itself():
    assert forms(asked("missing part")) == [["parts shortage", "shortage of parts"]]


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("نقص قطع الغيار", "ar"),
        ("النقص في قطع الغيار", "ar"),
        ("نَقْص قِطَع الغيـار", "ar"),
        ("کمبود قطعات", "fa"),
        ("كمبود قطعات", "fa"),  # Arabic kaf
        ("部品不足", "ja"),
        ("部品 不足", "ja"),
        ("昨日の部品不足対策", "ja"),
        ("零件短缺怎么办", "zh-hans"),
        ("缺件", "zh-hans"),
        ("ปัญหาอะไหล่ขาดบ่อย", "th"),
        ("Parts Shortage", "ja"),
        ("parts shortage", "ar"),
    ],
)
def test_found_in_every_script(typed, language):
    query = asked(typed, language)
    assert ["parts-shortage"] in [keys for _text, keys in names(query)], names(query)


def test_a_joined_persian_word_is_the_same_word():
    for typed in ("توزیع‌کننده", "توزیع کننده", "توزیعکننده"):
        assert names(asked(typed, "fa"))[0][1] == ["distributor"], typed


def test_dots_between_kana_do_not_matter():
    for typed in (
        "グローバル・ナレッジ・センター",
        "グローバルナレッジセンター",
        "ｸﾞﾛｰﾊﾞﾙ ﾅﾚｯｼﾞ ｾﾝﾀｰ",
    ):
        assert names(asked(typed, "ja"))[0][1] == ["gkc"], typed


def test_a_latin_word_in_a_japanese_query_is_whole_or_nothing():
    assert names(asked("GKCの事例", "ja")) == [("GKC", ["gkc"])]
    assert names(asked("GKCX", "ja")) == []


def test_two_forms_of_a_japanese_term_stand_for_each_other():
    assert forms(asked("部品不足", "ja")) == [["部品 品欠 欠品"]]
    assert forms(asked("部品欠品", "ja")) == [["部品 品不 不足"]]


def test_a_gram_that_reaches_out_of_the_name_goes_with_it():
    query = asked("部品不足対策", "ja")
    (synonym,) = query.synonyms
    texts = [term.text for term in query.terms]
    assert texts == ["部品", "品不", "不足", "足対", "対策"]
    assert (synonym.first, synonym.last) == (0, 4)


def test_quotes_and_minus_are_never_expanded():
    for text in ('"parts shortage"', "-kaizen", 'dealer -parts "missing parts"', '"kaizen"'):
        assert asked(text).synonyms == (), text


def test_words_on_both_sides_of_a_quote_are_not_neighbours():
    assert names(asked('missing "dealer" parts')) == [("parts", ["parts"])]


def test_no_vocabulary_no_synonyms():
    assert parse("parts shortage", "en").synonyms == ()


def test_marks_cover_the_other_forms_as_wholes():
    query = asked("missing parts")
    assert query.marked == query.wanted | {"part shortag", "shortag part"}
    assert asked("falta de repuestos", "es").marked > {"escasez piez"}


def test_a_form_is_marked_where_its_words_are_close():
    wanted = asked("kaizen").marked
    assert mark("Kaizen here", "en", wanted) == "<mark>Kaizen</mark> here"
    assert mark("Improvement that is continuous", "en", wanted) == (
        "<mark>Improvement</mark> that is <mark>continuous</mark>"
    )
    assert "mark" not in mark("Continuous work; nobody speaks of improvement", "en", wanted)
    wanted = asked("部品不足", "ja").marked
    assert mark("部品欠品の日、欠品", "ja", wanted) == "<mark>部品欠品</mark>の日、欠品"


def test_a_respelt_query_keeps_its_vocabulary():
    assert respelt(asked("parts shortige"), "parts shortage").synonyms


# --- into another language -----------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "language", "wanted", "text"),
    [
        ("parts shortage", "en", "ja", "部品不足"),
        ("parts shortage Jeddah 2026", "en", "ja", "部品不足 Jeddah 2026"),
        ("部品不足対策", "ja", "en", "parts shortage 対策"),
        ("昨日の部品不足", "ja", "es", "昨日の falta de repuestos"),
        ("la falta de repuestos en Lima", "es", "en", "parts shortage Lima"),
        ("نقص قطع الغيار", "ar", "th", "อะไหล่ขาด"),
        ("Zephyr Motors", "en", "ja", "Zephyr Motors"),
        ('kaizen "missing parts" -fire', "en", "fa", 'کایزن "missing parts" -fire'),
    ],
)
def test_put_to_another_language(typed, language, wanted, text):
    query = translated(asked(typed, language), wanted)
    assert " ".join(query.text.split()) == text
    assert query.language == wanted


def test_all_forms_of_the_other_language_are_alternatives():
    query = translated(asked("missing parts in Lima"), "es")
    assert forms(query) == [["falta de repuestos", "escasez de piezas"]]
    (synonym,) = query.synonyms
    held = [term.word for term in query.terms[synonym.first : synonym.last]]
    assert held == ["falta", "repuestos"]  # 'de' alone would find everything
    assert [term.word for term in query.terms[synonym.last :]] == ["lima"]


def test_a_name_without_function_words_is_no_form_of_itself():
    query = translated(asked("kaizen"), "fa")
    assert forms(query) == [["بهبود مستمر"]]


def test_phrases_and_exclusions_survive_the_way():
    query = translated(asked('kaizen "missing parts" -fire'), "fa")
    assert [[t.word for t in p] for p in query.phrases] == [["missing", "parts"]]
    assert [[t.word for t in p] for p in query.without] == [["fire"]]


def test_a_concept_unknown_there_is_kept_as_typed():
    assert translated(asked("kaizen"), "ja").text == "kaizen"


@pytest.mark.parametrize(
    "text", ["", "-", '"', "  parts   shortage  ", "parts\nshortage", "x" * 2000]
)
@pytest.mark.parametrize("language", ["ja", "ar", "th", "de"])
def test_silly_queries_survive_the_way(text, language):
    query = translated(asked(text), language)
    assert query.language == language
    for synonym in query.synonyms:
        assert 0 <= synonym.first < synonym.last <= len(query.terms)


def test_completion_offers_forms_that_begin_so():
    assert VOCABULARY.starting_with("Par", "en", 5) == ["parts", "parts shortage"]
    assert VOCABULARY.starting_with("", "en", 5) == []
