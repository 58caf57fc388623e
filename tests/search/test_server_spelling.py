"""What Elasticsearch offers for single words, made into whole questions. No server is needed."""

from search.engines.elasticsearch.spelling import corrections, replacements
from search.query import parse


def entry(word: str, **options: int) -> dict:
    """The server's answer about a word: its neighbours and how many documents hold each."""
    offered = [{"text": text, "freq": freq} for text, freq in options.items()]
    return {"text": word, "options": offered}


def test_one_letter_apart_goes_before_two_and_common_before_rare():
    query = parse("warehuse fire", "en")
    found = entry("warehuse", warehouses=90, warehouse=5, warehose=7)
    assert corrections(query, [found], 9) == ["warehose fire", "warehouse fire"]


def test_every_wrong_word_is_put_right():
    query = parse("warehuse fyre", "en")
    entries = [entry("warehuse", warehouse=5), entry("fyre", fire=3, fyres=1)]
    assert corrections(query, entries, 9) == ["warehouse fire", "warehouse fyres"]
    assert corrections(query, entries, 1) == ["warehouse fire"]


def test_two_mistakes_in_a_short_word_are_too_many():
    assert corrections(parse("fyers", "en"), [entry("fyers", fires=3, fye=2)], 9) == []
    assert corrections(parse("warehuos", "en"), [entry("warehuos", warehouse=2)], 9) == [
        "warehouse"
    ]


def test_a_short_word_has_many_neighbours():
    query = parse("teh name", "en")
    neighbours = {text: freq for freq, text in enumerate(("tea", "ten", "the", "tech", "eh"), 1)}
    found = corrections(query, [entry("teh", **neighbours)], 9)
    assert found == ["eh name", "tech name", "the name", "ten name", "tea name"]


def test_words_that_stand_somewhere_are_replaced_one_at_a_time():
    query = parse("droit su message", "fr")
    entries = [entry("droit", droits=4), entry("su", sur=90, si=60), entry("message")]
    assert replacements(query, entries, 9) == [
        "droits su message",
        "droit sur message",
        "droit si message",
    ]


def test_digits_and_single_letters_stay():
    query = parse("a 2025", "en")
    assert corrections(query, [entry("a", an=9), entry("2025", **{"2026": 3})], 9) == []
