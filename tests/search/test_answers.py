"""What is found, in which order, with which facets and suggestion."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_country, make_distributor, make_region, make_topic, make_user
from tests.search.conftest import counts, keys


def key(case) -> str:
    return f"story:{case.pk}"


# --- ranking --------------------------------------------------------------------
def test_the_exact_title_comes_first(publish, ask):
    mention = publish(
        "Stock in nineteen days", "Parts supply, parts supply and parts supply again."
    )
    longer = publish("Parts supply after a flood at the port")
    exact = publish("Parts supply")
    assert keys(ask("parts supply"))[0] == key(exact)
    assert set(keys(ask("Parts Supply"))) == {key(exact), key(longer), key(mention)}


def test_a_title_weighs_more_than_a_body(publish, ask):
    body = publish("Two looks a day", "The warehouse was moved.")
    title = publish("A new warehouse", "Two looks a day.")
    assert keys(ask("warehouse")) == [key(title), key(body)]


def test_all_words_come_before_some(publish, ask):
    publish("Customer forum", "Dealers met.")
    both = publish("Council", "A forum of dealers met each spring with the customer in mind.")
    assert keys(ask("forum dealers customer spring"))[0] == key(both)


def test_every_word_is_asked_for_with_match_all(publish, ask):
    both = publish("Parts shortage")
    publish("Parts catalogue")
    assert keys(ask("parts shortage", match="all")) == [key(both)]


def test_a_phrase_in_quotes_must_stand_as_it_is(publish, ask):
    as_is = publish("A parts shortage in spring")
    publish("A shortage of parts")
    assert keys(ask('"parts shortage"')) == [key(as_is)]


def test_a_word_after_a_minus_is_left_out(publish, ask):
    plain = publish("Parts shortage")
    publish("Parts shortage after the fire")
    assert keys(ask("parts shortage -fire")) == [key(plain)]


def test_sorted_by_date(publish, ask):
    import datetime

    old = publish("Parts", published_at=datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC))
    new = publish("Spare parts", published_at=datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC))
    assert keys(ask("parts", sort="date")) == [key(new), key(old)]


def test_names_of_topics_steps_and_places_find_a_story(publish, ask):
    topic = make_topic("winter-tyres", name_en="Winter tyres", name_ja="冬タイヤ")
    region = make_region("nowhere-land", name="Nowhere Land")
    distributor = make_distributor(country=make_country(region=region), name="Zephyr Motors")
    case = publish("First reply", topics=(topic,), distributor=distributor, process_steps=["own"])
    for words in ("winter tyres", "Zephyr", "Nowhere", case.number):
        assert keys(ask(words)) == [key(case)], words


# --- languages --------------------------------------------------------------------
FORMS = ["کتاب‌ها", "کتابها", "کتاب ها"]
COMPOUNDS = ["زمان‌بندی", "زمانبندی", "زمان بندی"]


@pytest.mark.parametrize("written", FORMS)
@pytest.mark.parametrize("asked", FORMS)
def test_persian_half_space_joined_and_spaced_are_equal(publish, ask, written, asked):
    case = publish("داستان", f"درباره {written} نوشتیم", language="fa")
    page = ask(asked, "fa", match="all", filters={"type": ("story",)})
    assert keys(page) == [key(case)]


@pytest.mark.parametrize("written", COMPOUNDS)
@pytest.mark.parametrize("asked", COMPOUNDS)
def test_persian_compounds_too(publish, ask, written, asked):
    case = publish("داستان", f"این {written} خوب است", language="fa")
    page = ask(asked, "fa", match="all", filters={"type": ("story",)})
    assert keys(page) == [key(case)]


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("fa", "انبار در ۳۱ روز", "31"),
        ("fa", "انبار در 31 روز", "۳۱"),
        ("ar", "إعادة بناء المستودع في ٣١ يومًا", "اعاده بناء 31"),
        ("ja", "倉庫火災後の部品供給", "部品供給"),
        ("ja", "倉庫火災後の部品供給", "倉"),
        ("zh-hans", "仓库火灾后的零件供应", "零件供应"),
        ("th", "การจัดส่งอะไหล่หลังไฟไหม้", "อะไหล่"),
        ("th", "การจัดส่งอะไหล่หลังไฟไหม้", "ไฟ"),
        ("fr", "L’entrepôt d’été", "ete entrepot"),
        ("it", "L'officina dell'anno", "officina anno"),
        ("de", "Straßenhilfe für Händler", "strassenhilfe handler"),
        ("es", "Reparación rápida", "reparaciones rapidas"),
        ("pt-br", "Peças de reposição", "peca reposicao"),
        ("id", "Pasokan suku cadang", "suku cadang"),
    ],
)
def test_found_in_its_language(publish, ask, language, text, query):
    case = publish(text, language=language)
    assert keys(ask(query, language, match="all")) == [key(case)]


def test_few_hits_bring_those_of_the_readers_other_languages(publish, ask):
    case = publish("The tray that is empty the evening before")
    reader = make_user(interface_language="fa", further_languages=["en"])
    page = ask("tray", "fa", viewer=reader)
    assert page.total == 0
    assert [(h.key, h.language) for h in page.other_languages] == [(key(case), "en")]


# --- facets -----------------------------------------------------------------------
def test_facets_are_unaffected_by_their_own_choice(publish, ask):
    publish("Parts one", process_steps=["own"])
    publish("Parts two", process_steps=["own", "get"])
    publish("Parts three", process_steps=["buy"])
    page = ask("parts", filters={"process": ("own",)})
    assert page.total == 2
    assert counts(page, "process") == {"own": 2, "get": 1, "buy": 1}
    assert counts(page, "type") == {"story": 2}
    assert [v.value for v in page.facets["process"] if v.chosen] == ["own"]


def test_several_values_of_a_facet_widen_and_facets_narrow(publish, ask):
    publish("Parts one", process_steps=["own"])
    publish("Parts two", process_steps=["get"])
    publish("Parts three", process_steps=["buy"])
    assert ask("parts", filters={"process": ("own", "get")}).total == 2
    assert ask("parts", filters={"process": ("own",), "type": ("issue",)}).total == 0


def test_a_chosen_value_without_hits_stays_to_be_unchosen(publish, ask):
    publish("Parts one", process_steps=["own"])
    page = ask("parts", filters={"process": ("visit",)})
    assert counts(page, "process") == {"own": 1, "visit": 0}


def test_facets_have_labels_in_the_readers_language(publish, ask):
    region = make_region("middle-east")
    publish("Parts", distributor=make_distributor(country=make_country(region=region)))
    labels = [v.label for v in ask("parts").facets["region"]]
    assert labels == [region.name]


# --- suggestion -----------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["wharehouse", "warehuose", "arehouse", "warehoose"])
def test_a_mistyped_word_is_answered_and_suggested_with_its_true_count(publish, ask, typed):
    for number in range(3):
        publish(f"Warehouse number {number}")
    page = ask(typed)
    assert (page.suggestion.text, page.suggestion.total) == ("warehouse", 3)
    assert ask(page.suggestion.text).total == 3
    assert page.total == 3


def test_the_suggestion_keeps_the_documents_spelling(publish, ask):
    publish("Reparación rápida", language="es")
    assert ask("reparasion", "es").suggestion.text == "reparación"


def test_the_whole_query_is_corrected(publish, ask):
    publish("Parts shortage")
    assert ask("pars shortige").suggestion.text == "parts shortage"


def test_the_suggested_count_follows_the_filters(publish, ask):
    publish("Warehouse one", process_steps=["own"])
    publish("Warehouse two", process_steps=["buy"])
    page = ask("wharehouse", filters={"process": ("own",)})
    assert page.suggestion.total == 1


def test_facets_beside_a_suggestion_count_what_their_choice_then_finds(publish, ask):
    publish("Parts shortage", process_steps=["own"])
    publish("Parts of the truck", process_steps=["buy"])
    typed = "partz shortige"
    offered = ask(typed)
    assert offered.suggestion.text == "parts shortage"
    assert counts(offered, "process") == {"own": 1, "buy": 1}
    for step in ("own", "buy"):
        chosen = ask(typed, filters={"process": (step,)})
        assert chosen.total == 1
        assert chosen.suggestion.total == 1
        assert ask("parts shortage", filters={"process": (step,)}).total == 1
    # Nothing is suggested that the choice leaves nothing of.
    chosen = ask(typed, filters={"process": ("get",)})
    assert (chosen.total, chosen.suggestion) == (0, None)


def test_nothing_is_suggested_where_all_words_were_found(publish, ask):
    publish("Warehouse one")
    publish("Warehouses two")
    assert ask("warehouse").suggestion is None


def test_nothing_is_suggested_where_nothing_is_near(publish, ask):
    publish("Warehouse one")
    assert ask("xylophone").suggestion is None


# --- cost --------------------------------------------------------------------------------
@pytest.mark.slow
def test_queries_do_not_grow_with_hits(publish, ask):
    """Below five hits all other languages are asked too: another count, but a steady one."""

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            ask("parts", page_size=30)
        return len(captured)

    region = make_region("middle-east")
    distributor = make_distributor(country=make_country(region=region))
    made, seen = [], {}
    for wanted in (1, 3, 5, 30):
        while len(made) < wanted:
            made.append(publish(f"Parts {len(made)}", distributor=distributor))
        ask("parts", page_size=30)
        seen[wanted] = queries()
        assert ask("parts", page_size=30).total == wanted
    assert seen[1] == seen[3]
    assert seen[5] == seen[30]
    assert seen[30] <= 9
    # Eleven languages more, each asked up to five times: does anything match, what,
    # in which other forms, how common its words are, and among how many documents.
    assert seen[1] <= 9 + 5 * 11


def test_other_languages_are_asked_where_no_text_has_all_the_words(publish, ask):
    """Many texts with one of the words would hide the only one that answers."""
    for number in range(6):
        publish(f"Warehouse {number}")
    answer = publish("Warehouse without a Kesselhaus", language="de")
    page = ask("warehouse kesselhaus")
    assert page.total == 6
    assert [hit.key for hit in page.other_languages] == [f"story:{answer.pk}"]
    assert ask("warehouse").other_languages == ()
