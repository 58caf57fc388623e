"""Many documents written at once: the same index as one after the other."""

import pytest

from search import engines
from search.contract import Document
from search.engines.base import Access, Change, Question
from search.engines.embedded import EmbeddedEngine
from search.engines.store import FileStore
from search.engines.tables import PREFIX, fts_table
from search.query import parse

EVERYBODY = Access(audiences=None, visible=set)


def document(number: int, language: str = "en", title: str = "Parts", body: str = "") -> Document:
    return Document(f"story:{number}", language, title, body, "", {"process": ("own",)})


def change(made: Document, version: int = 1) -> Change:
    return Change(made.key, made.language, version, made)


@pytest.fixture
def engine(tmp_path):
    place = FileStore(tmp_path / "index.sqlite3")
    yield EmbeddedEngine(place)
    place.close()


def contents(engine) -> tuple:
    """All that the tables hold, without the random stamps of the vocabulary."""
    rows = engine.place.rows
    return (
        rows(f"SELECT key, language, version, deleted, title, body, facets, date"
             f" FROM {PREFIX}docs ORDER BY key, language"),
        rows(f"SELECT language, word, shown FROM {PREFIX}words ORDER BY 1, 2"),
        [
            rows(f"SELECT d.key, f.title, f.body, f.exact FROM {fts_table(code)} f"
                 f" JOIN {PREFIX}docs d ON d.id = f.rowid ORDER BY d.key")
            for code in ("en", "ja", "fa")
        ],
    )  # fmt: skip


def titles(engine, text: str) -> list[str]:
    (answer,) = engine.answers([Question(parse(text, "en"), EVERYBODY)])
    return [hit.key for hit in answer.hits]


MANY = [
    document(1, title="Parts shortage", body="Nineteen Days. The stock was empty."),
    document(2, title="Stock of parts", body="nineteen days"),
    document(1, "ja", "部品不足", "車の在庫は空でした。"),
    document(3, "fa", "کمبود قطعات", "کتاب‌ها"),
    document(4, title="", body=""),
]


def test_bulk_and_single_writes_make_the_same_index(engine, tmp_path):
    engine.write_many([change(one) for one in MANY])
    place = FileStore(tmp_path / "other.sqlite3")
    other = EmbeddedEngine(place)
    for one in MANY:
        other.write(one, 1)
    found = contents(other)
    place.close()
    assert contents(engine) == found


def test_bulk_writes_and_removals_respect_versions(engine):
    engine.write_many([change(document(1, title="Old warehouse"), 3)])
    engine.write_many([change(document(1, title="Overtaken"), 2), Change("story:2", "en", 5, None)])
    engine.write_many([change(document(2, title="Too late"), 4)])
    assert engine.versions() == {("story:1", "en"): 3}
    assert titles(engine, "warehouse") == ["story:1"]
    engine.write_many(
        [change(document(1, title="New warehouse"), 4), Change("story:9", "en", 1, None)]
    )
    assert titles(engine, "old") == []
    assert titles(engine, "new") == ["story:1"]
    assert engine.write_many([Change("story:1", "en", 5, None)]).done
    assert engine.versions() == {}


def test_a_pair_that_stands_twice_is_written_in_its_newest_version(engine):
    engine.write_many([change(document(1, title="New"), 2), change(document(1, title="Old"), 1)])
    assert engine.versions() == {("story:1", "en"): 2}
    assert titles(engine, "new") == ["story:1"]


def test_an_error_undoes_all_of_a_bulk(engine):
    engine.write(document(1, title="Before"), 1)
    before = contents(engine)
    broken = Change("story:3", "en", 1, Document("story:3", "en", "c", "", "", {"a": {1}}))
    with pytest.raises(TypeError):
        engine.write_many([change(document(2)), broken])
    assert contents(engine) == before


def test_more_than_a_chunk_is_written(engine):
    engine.write_many([change(document(number)) for number in range(1, 2_001)])
    assert len(engine.versions()) == 2_000


@pytest.mark.django_db
def test_bulk_writes_go_into_the_sites_database_too():
    engine = engines.embedded()
    outcome = engine.write_many([change(one) for one in MANY])
    assert len(outcome.done) == len(MANY)
    assert engine.versions("ja")["story:1", "ja"] == 1
