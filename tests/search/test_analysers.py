"""Settings and mappings that Elasticsearch's indexes are made with, plugins included.

The plugins themselves need a server that has them: here stands which analyser is asked for.
"""

import pytest
from django.conf import settings

from search.engines.elasticsearch.analysers import analysis, has_exact
from search.engines.elasticsearch.schema import index_body, mapping

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ALL = ("analysis-kuromoji", "analysis-smartcn", "analysis-icu")


def exact(language: str, plugins: tuple[str, ...] = ()) -> dict:
    """The analyser of the field that is not stemmed, its tokenizer's definition resolved."""
    made = analysis(language, plugins)
    found = made["analyzer"]["gkc_exact"]
    tokenizer = made["tokenizer"].get(found["tokenizer"], {"type": found["tokenizer"]})
    return found | {"tokenizer": tokenizer}


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_plugins_only_built_in_modules_are_asked_for(language):
    assert exact(language)["tokenizer"] == {"type": "thai" if language == "th" else "standard"}


@pytest.mark.parametrize(
    ("language", "plugins", "tokenizer"),
    [
        ("ja", ("analysis-kuromoji",), {"type": "kuromoji_tokenizer", "mode": "search"}),
        ("ja", ALL, {"type": "kuromoji_tokenizer", "mode": "search"}),
        ("ja", ("analysis-icu",), {"type": "icu_tokenizer"}),
        ("ja", ("analysis-smartcn",), {"type": "standard"}),
        ("zh-hans", ("analysis-smartcn",), {"type": "smartcn_tokenizer"}),
        ("zh-hans", ALL, {"type": "smartcn_tokenizer"}),
        ("zh-hans", ("analysis-icu",), {"type": "icu_tokenizer"}),
        ("zh-hans", ("analysis-kuromoji",), {"type": "standard"}),
        ("th", ALL, {"type": "icu_tokenizer"}),
        ("th", ("analysis-kuromoji", "analysis-smartcn"), {"type": "thai"}),
    ],
)
def test_a_dictionary_cuts_the_words_where_the_server_has_one(language, plugins, tokenizer):
    assert exact(language, plugins)["tokenizer"] == tokenizer


@pytest.mark.parametrize("language", [c for c in LANGUAGES if c not in ("ja", "zh-hans", "th")])
def test_plugins_change_nothing_for_languages_with_spaces(language):
    assert index_body(language, ALL) == index_body(language)


def test_words_of_a_dictionary_are_folded_and_never_cut_again():
    filters = exact("ja", ALL)["filter"]
    assert filters[0] == "kuromoji_baseform"
    assert {"cjk_width", "lowercase", "asciifolding"} <= set(filters)
    for language in ("ja", "zh-hans", "th"):
        assert "gkc_bigrams" not in exact(language, ALL)["filter"]


@pytest.mark.parametrize(
    ("language", "plugins", "expected"),
    [("ja", (), False), ("ja", ALL, True), ("zh-hans", (), False), ("zh-hans", ALL, True)]
    + [("th", (), True), ("en", (), True)],
)
def test_the_exact_field_is_there_where_it_differs(language, plugins, expected):
    assert has_exact(language, plugins) is expected
    fields = mapping(language, plugins).to_dict()["properties"]["title"].get("fields", {})
    assert ("x" in fields) is expected


def test_another_set_of_plugins_asks_for_other_indexes_of_these_languages_only():
    stamps = {
        language: {index_body(language, some)["mappings"]["_meta"]["gkc"] for some in ((), ALL)}
        for language in LANGUAGES
    }
    changed = {language for language, both in stamps.items() if len(both) == 2}
    assert changed == {"ja", "zh-hans", "th"}
