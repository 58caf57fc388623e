"""The analyzer, language by language."""

import pytest

from search.analysis import fold, normal, terms
from search.highlight import mark, snippet
from search.query import parse


def stems(text: str, language: str) -> list[str]:
    return [term.text for term in terms(normal(text), language)]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "Dealers’ shortages", "dealer shortage"),
        ("en", "naïve CAFÉ", "naive cafe"),
        ("es", "Reparación rápida", "reparacion rapidas"),
        ("fr", "L’été à l'atelier", "ete a atelier"),
        ("fr", "qu’il réparait", "il reparait"),
        ("it", "Dell'officina è l’auto", "officina e auto"),
        ("de", "Straßen für Händler", "strassen fur handler"),
        ("pt-br", "Peças de reposição", "pecas de reposicao"),
        ("ar", "أُعيدَت القِطَع", "اعيدت القطع"),
        ("ar", "مستودع الغيـــار", "مستودع الغيار"),
        ("ar", "٣١ يومًا", "31 يوما"),
        ("ar", "المستودعات", "مستودع"),
        ("ar", "على مكتبة", "علي مكتبه"),
        ("fa", "کتاب‌های نو", "کتاب های نو"),
        ("fa", "كتاب يك", "کتاب یک"),
        ("fa", "۳۱ روز", "31 روز"),
        ("fa", "۳۱ روز", "٣١ روز"),
        ("ja", "ｶﾞｽ", "ガス"),
        ("ja", "ＬＳ４００", "ls400"),
        ("th", "๓๑", "31"),
        ("id", "Suku cadang", "suku cadang"),
    ],
)
def test_two_spellings_are_one(language, one, other):
    assert stems(one, language) == stems(other, language)


def test_voiced_kana_are_other_sounds():
    assert stems("ガス", "ja") != stems("カス", "ja")


def test_japanese_and_chinese_become_bigrams():
    assert stems("部品不足", "ja") == ["部品", "品不", "不足"]
    assert stems("零件短缺", "zh-hans") == ["零件", "件短", "短缺"]


def test_a_single_character_stays():
    assert [(t.text, t.kind) for t in terms("車", "ja")] == [("車", "short")]


def test_thai_becomes_trigrams_with_its_marks():
    assert stems("อะไหล่", "th") == ["อะไ", "ะไห", "ไหล", "หล่"]


def test_scripts_in_one_text_are_parted():
    assert stems("LS400の部品", "ja") == ["ls400", "の部", "部品"]


def test_places_point_at_the_original():
    text = normal("Stock: 19 JOURS d’été; 部品 กำลัง")
    for language in ("fr", "ja", "th"):
        for term in terms(text, language):
            assert term.word in fold(text[term.start : term.end])


@pytest.mark.parametrize(
    ("language", "query", "text", "marked"),
    [
        (
            "en",
            "shortage",
            "No <b> shortages & more",
            "No &lt;b&gt; <mark>shortages</mark> &amp; more",
        ),
        ("ja", "部品", "自動車部品の", "自動車<mark>部品</mark>の"),
        ("ja", "部品不足", "部品不足だ", "<mark>部品不足</mark>だ"),
        ("zh-hans", "零件", "汽车零件", "汽车<mark>零件</mark>"),
        ("es", "reposicion", "La reposición", "La <mark>reposición</mark>"),
        ("ar", "قطع", "القِطَع هنا", "<mark>القِطَع</mark> هنا"),
        ("fa", "كتاب", "کتاب‌ها", "<mark>کتاب</mark>‌ها"),
        ("fr", "ete", "l’été", "l’<mark>été</mark>"),
        ("de", "handler", "Der Händler", "Der <mark>Händler</mark>"),
        ("it", "officina", "l'officina", "l&#x27;<mark>officina</mark>"),
        ("pt-br", "pecas", "As peças", "As <mark>peças</mark>"),
        ("id", "cadang", "Suku cadang", "Suku <mark>cadang</mark>"),
        ("th", "อะไหล่", "มีอะไหล่พอ", "มี<mark>อะไหล่</mark>พอ"),
    ],
)
def test_highlights_stand_in_the_original_text(language, query, text, marked):
    assert mark(text, language, parse(query, language).wanted) == marked


def test_a_snippet_is_short_and_shows_where_the_words_are():
    text = "filler words go here. " * 60 + "The warehouse burnt down. " + "more filler. " * 60
    html = snippet(text, "en", parse("warehouse burnt", "en").wanted)
    assert "The <mark>warehouse</mark> <mark>burnt</mark> down." in html
    assert html.startswith("…")
    assert html.endswith("…")
    assert len(html) < 240


def test_lines_of_a_text_stand_apart_in_its_snippet():
    text = "Why it took long\n\n No parts \nFirst sentence.\nSecond one\n"
    html = snippet(text, "en", parse("parts", "en").wanted)
    assert html == ("Why it took long · No <mark>parts</mark> · First sentence. Second one")
    assert snippet(" \n", "en", frozenset()) == ""


def test_a_japanese_snippet_is_as_short_to_the_eye():
    text = "前置きの文です。" * 30 + "部品倉庫が全焼しました。" + "後書きの文です。" * 30
    html = snippet(text, "ja", parse("部品倉庫", "ja").wanted)
    assert "<mark>部品倉庫</mark>" in html
    assert len(html) < 130


@pytest.mark.parametrize("text", ["", " ", "-", "--", '"', '""', "!?*()", "\0\0", "- -", '-"'])
def test_signs_alone_ask_for_nothing(text):
    assert parse(text, "en").is_empty


def test_an_unbalanced_quote_is_only_a_sign():
    query = parse('"parts shortage', "en")
    assert [term.word for term in query.terms] == ["parts", "shortage"]
    assert query.phrases == ()


def test_phrases_and_minus_are_understood():
    query = parse('"parts shortage" fire -dealer', "en")
    assert [[t.word for t in phrase] for phrase in query.phrases] == [["parts", "shortage"]]
    assert [[t.word for t in gone] for gone in query.without] == [["dealer"]]
    assert [t.word for t in query.terms] == ["parts", "shortage", "fire"]


def test_options_of_a_command_are_words():
    query = parse("shred -v --iterations 3 -x9 -倉", "ja")
    assert [t.word for t in query.terms] == ["shred", "v", "iterations", "3"]
    assert [[t.word for t in gone] for gone in query.without] == [["x9"], ["倉"]]


def test_a_chinese_sentence_behind_a_dash_is_looked_for():
    assert parse("unexpand -将空格转换为制表符", "zh-hans").without == ()
    query = parse("零件 -仓库火灾", "zh-hans")
    assert [[t.word for t in gone] for gone in query.without] == [["仓库", "库火", "火灾"]]
