"""The glossary in the book: explained in place, listed, counted, never in the way."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from network.models import User
from silver_book import paragraphs
from silver_book.explaining import Explaining
from silver_book.models import TermPending, TermUse
from silver_book.tasks import count_terms
from silver_book.transitions import publish_text
from tests.silver_book.test_importing import change, section
from translations.aids.naming import Names, names_in
from translations.models import Term, TermText

pytestmark = pytest.mark.django_db
GO_AND_SEE = "/silver-book/way/words/go-and-see/"


def drawn(text: str, language: str = "en") -> str:
    """A paragraph with its terms explained."""
    blocks = [{"type": "paragraph", "value": text, "id": "11111111-aaaa"}]
    [shown] = paragraphs.shown(blocks, explaining=Explaining(names_in(language)))
    return str(shown.html)


def buttons(html: str) -> list[tuple[str, str]]:
    return re.findall(r'popovertarget="term-([\w-]+)">([^<]+)</button>', html)


# --- found in every script --------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "The dealers practise Kaizen daily.", [("dealer", "dealers"), ("kaizen", "Kaizen")]),
        ("ja", "販売店の改善は現場で始まる。", ["販売店", "改善", "現場"]),
        ("ar", "يبدأ كايزن عند الوكيل.", ["كايزن", "الوكيل"]),
        ("th", "ผู้แทนจำหน่ายคุยกับลูกค้าที่หน้างาน", ["ผู้แทนจำหน่าย", "ลูกค้า", "หน้างาน"]),
        ("fa", "کایزن هر روز است.", ["کایزن"]),
    ],
)
def test_terms_are_found_in_every_script(language, text, found):
    seen = buttons(drawn(text, language))
    assert (seen if language == "en" else [words for _key, words in seen]) == found


@pytest.mark.parametrize(
    "text",
    ["The customs officer waits.", "Their own car, at this level.", "A campaign for spring."],
)
def test_a_shared_stem_is_no_term(text):
    assert buttons(drawn(text)) == []


def test_a_term_is_explained_the_first_time_only():
    html = drawn("A dealer is a dealer is a dealer.")
    assert buttons(html) == [("dealer", "dealer")]
    assert html.endswith(" is a dealer is a dealer.")


def test_words_in_links_code_and_markup_are_left_alone():
    html = drawn("See [a dealer](https://example.org) and `dealer`, <b>dealer</b> & *dealer*.")
    assert '<a href="https://example.org" rel="external">a dealer</a>' in html
    assert "<code>dealer</code>" in html
    assert "&lt;b&gt;<button" in html
    assert len(buttons(html)) == 1


def test_a_heading_and_a_table_have_no_buttons():
    blocks = [
        {"type": "heading", "value": {"text": "A dealer", "level": "2"}, "id": "1" * 8},
        {
            "type": "table",
            "value": {"caption": "", "header": ["Dealer"], "rows": [["dealer"]]},
            "id": "2" * 8,
        },
    ]
    shown = paragraphs.shown(blocks, explaining=Explaining(names_in("en")))
    assert [one.terms for one in shown] == [[], []]


def test_a_language_without_a_definition_is_told_the_english_one():
    told = Names("de").explained["dealer"]
    assert told.language == "en"
    assert told.form
    assert Names("ar").explained["dealer"].language == "ar"


# --- on the page ------------------------------------------------------------------------
def page_with(words: str, language: str = "en"):
    page = section(language=language)
    data = [dict(block) for block in page.body.raw_data]
    next(block for block in data[1:] if block["type"] == "paragraph")["value"] = words
    page.body = data
    page.save_revision()
    publish_text(page, by=User.objects.get(is_system=True))


def test_a_term_is_explained_in_its_section(client, take_in):
    take_in("en")
    page_with("The dealer does it.")
    text = client.get(f"/en{GO_AND_SEE}").content.decode()
    definition = TermText.objects.get(term__key="dealer", language="en").definition
    assert ("dealer", "dealer") in buttons(text)
    [note] = re.findall(r'<div popover id="term-dealer".*?</div>', text)
    assert definition in note
    assert f'href="{reverse("glossary_term", args=["dealer"])}"' in note
    assert len(re.findall(r' id="term-[\w-]+"', text)) == len(buttons(text))
    assert "title=" not in note


def test_a_changed_definition_is_told_at_once(client, take_in):
    take_in("en")
    page_with("The dealer does it.")
    client.get(f"/en{GO_AND_SEE}")
    text = TermText.objects.get(term__key="dealer", language="en")
    text.definition = "Quite another thing."
    text.save()
    assert "Quite another thing." in client.get(f"/en{GO_AND_SEE}").content.decode()


def test_side_by_side_both_languages_explain_their_terms(client, take_in):
    take_in("en", "ja")
    page_with("The dealer does it.")
    page_with("販売店が行う。", "ja")
    text = client.get(f"/en{GO_AND_SEE}?beside=ja").content.decode()
    assert {("dealer", "dealer"), ("dealer-ja", "販売店")} <= set(buttons(text))
    assert all(f'id="term-{key}"' in text for key, _words in buttons(text))


# --- listed and counted -------------------------------------------------------------------
def counts(client, language: str = "en") -> dict[str, int]:
    text = client.get(f"/{language}/glossary/").content.decode()
    entries = re.findall(r'<div id="term-([\w-]+)">(.*?)</div>', text, re.S)
    found = {}
    for key, entry in entries:
        number = re.search(rf'href="/{language}/glossary/{key}/">(\d+) section', entry)
        found[key] = int(number.group(1)) if number else 0
    return found


def test_each_count_equals_its_list(client, take_in):
    take_in("en", "ar", "ja")
    page_with("The dealer does it, and hansei follows.")
    count_terms()
    found = counts(client)
    assert found["dealer"] >= 1
    assert found["hansei"] >= 1
    for key, number in found.items():
        if number:
            listed = client.get(f"/en/glossary/{key}/").content.decode()
            assert listed.count('class="bookrows__t"') == number
    with override("ar"):
        assert client.get("/ar/glossary/dealer/").status_code == 200


def test_counts_follow_publication(client, take_in):
    take_in("en")
    page_with("The dealer does it.")
    count_terms()
    key = section().translation_key
    assert TermUse.objects.filter(section=key, term="dealer", language="en").exists()
    page_with("Nobody does it.")
    assert TermPending.objects.count() == 1
    count_terms()
    assert not TermUse.objects.filter(section=key, term="dealer").exists()
    assert TermPending.objects.count() == 0


def test_counts_follow_the_glossary(client, take_in):
    take_in("en")
    page_with("The zorb turns.")
    count_terms()
    term = Term.objects.create(key="zorb")
    TermText.objects.create(term=term, language="en", forms=["zorb"], definition="It turns.")
    count_terms()
    assert counts(client)["zorb"] == 1
    term.delete()
    count_terms()
    assert "zorb" not in counts(client)
    assert not TermUse.objects.filter(term="zorb").exists()


def test_words_not_translated_yet_use_no_term(take_in, folder):
    take_in("en", "ar")
    change(folder, "en", "## From start", "Kaizen and the dealer.\n\n## From start")
    take_in("en")
    count_terms()
    key = section().translation_key
    uses = TermUse.objects.filter(section=key, term="kaizen").values_list("language", flat=True)
    assert list(uses) == ["en"]


def test_the_glossary_costs_the_same_for_any_number(client, take_in, django_assert_max_num_queries):
    take_in("en")
    count_terms()
    for address in ("/en/glossary/", "/ar/glossary/", "/en/glossary/dealer/"):
        client.get(address)
        with django_assert_max_num_queries(6):
            client.get(address)


# --- words not to use (R19) ----------------------------------------------------------------
def test_a_word_not_to_use_is_told_with_the_better_one():
    term = Term.objects.create(key="zorb")
    TermText.objects.create(term=term, language="en", forms=["zorb"], avoid=["blorp"])
    [hint] = Names("en").to_avoid("A Blorp, and a blorp.")
    assert (hint.word, hint.better) == ("Blorp", "zorb")
    assert Names("en").to_avoid("A zorb.") == []
