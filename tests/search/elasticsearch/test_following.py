"""Elasticsearch as a consumer: versions, refusals, reconcile, rebuild, settings."""

import pytest
from django.core.management import call_command
from django.db import connection

from bulletins.models import Case
from network.models import Region
from search import engines, following, registry
from search.api import mark_changed, mark_key_changed
from search.contract import Document
from search.following import ELASTICSEARCH, behind, follow_elasticsearch
from search.models import ConsumerVersion, DeadLetter, SearchDocument
from search.rebuilding import rebuild_elasticsearch
from search.refusals import try_again
from search.registry import DocumentType
from search.upkeep import compare, keep_elasticsearch, reconcile
from tests.factories import make_region, make_user
from tests.search.conftest import keys


def document(title: str, key: str = "story:999999") -> Document:
    return Document(key=key, language="en", title=title, body="", url="/", values={})


def held(engine) -> dict:
    engine.refresh()
    return engine.versions("en")


# --- the engine's own promise ----------------------------------------------------------
def test_an_overtaken_write_is_ignored(engine):
    engine.write(document("newer"), 2)
    engine.write(document("older"), 1)
    assert held(engine) == {("story:999999", "en"): 2}


def test_an_overtaken_write_does_not_undo_a_removal(engine):
    key = "story:999998"
    engine.remove(key, "en", 2)
    engine.write(document("older", key), 1)
    assert held(engine) == {}
    engine.write(document("newer", key), 3)
    assert held(engine) == {(key, "en"): 3}


# --- following --------------------------------------------------------------------------
def test_what_was_sent_is_not_sent_again(engine, publish):
    publish("Parts")
    assert follow_elasticsearch() > 0
    assert follow_elasticsearch() == 0
    assert not behind(ELASTICSEARCH).exists()


def test_a_commit_calls_the_worker_once(engine, publish, django_capture_on_commit_callbacks):
    connection.run_on_commit.clear()
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(3):
            publish(f"Parts {number}")
    assert [callback.__name__ for callback in callbacks].count("_send_follow") == 1


@pytest.fixture
def things(db):
    """A type of document whose text may be one that Elasticsearch never takes."""
    texts = {}

    def to_documents(region):
        topic = texts.get(region.slug, "short")
        yield Document(
            key=f"thing:{region.pk}",
            language="en",
            title=f"Thing {region.slug}",
            body="",
            url="/",
            values={"topic": (topic,)},
        )

    registry.register(
        DocumentType(
            name="thing",
            label="Thing",
            model=Region,
            eligible=lambda: Region.objects.filter(slug__startswith="thing-"),
            to_documents=to_documents,
            visible=lambda ids, user: set(ids),
        )
    )
    yield texts
    del registry._types["thing"]


def test_a_refused_document_is_put_aside_and_holds_nothing_up(engine, things, ask):
    things["thing-bad"] = "x" * 40_000  # longer than any term may be
    bad, good = make_region("thing-bad"), make_region("thing-good")
    for region in (bad, good):
        mark_key_changed(f"thing:{region.pk}")
    assert keys(ask("thing")) == [f"thing:{good.pk}"]
    letter = DeadLetter.objects.get()
    assert (letter.key, letter.consumer) == (f"thing:{bad.pk}", "elasticsearch")
    assert "immense term" in letter.error
    assert not behind(ELASTICSEARCH).exists()
    # Tried again without a change it is refused again, with one it is taken.
    try_again(letter, by=make_user("administrator"))
    follow_elasticsearch()
    assert DeadLetter.objects.count() == 1
    things.clear()
    mark_key_changed(f"thing:{bad.pk}")
    assert ask("thing").total == 2
    assert not DeadLetter.objects.exists()


# --- reconcile and commands ---------------------------------------------------------------
def test_reconcile_mends_what_is_missing_stale_and_orphaned(engine, publish, ask, catch_up):
    missing, stale, orphan = publish("Missing"), publish("Stale"), publish("Orphan")
    catch_up()
    assert compare(engine).is_empty
    engine.forget([(f"story:{missing.pk}", "en")])
    SearchDocument.objects.filter(key=f"story:{stale.pk}").update(version=9)
    Case.objects.filter(pk=orphan.pk).update(is_published=False)
    engine.write(document("Stray"), 1)
    found = reconcile(engine)
    assert found.missing == ((f"story:{missing.pk}", "en"),)
    assert found.stale == ((f"story:{stale.pk}", "en"),)
    assert found.orphaned == tuple(sorted([(f"story:{orphan.pk}", "en"), ("story:999999", "en")]))
    reconcile(engine, repair=True)
    assert compare(engine).is_empty
    assert keys(ask("missing")) == [f"story:{missing.pk}"]


def test_the_commands_speak_of_both_indexes(engine, publish, catch_up, capsys):
    case = publish("Parts")
    catch_up()
    call_command("search_reconcile")
    assert capsys.readouterr().out == "Nothing differs.\n"
    engine.forget([(f"story:{case.pk}", "en")])
    with pytest.raises(SystemExit):
        call_command("search_reconcile")
    assert capsys.readouterr().out == "missing en 1 (elasticsearch)\n"
    call_command("search_reconcile", repair=True)
    assert capsys.readouterr().out.endswith("Mended.\n")
    engine.refresh()  # what is written is counted half a second later, else
    call_command("search_status")
    shown = capsys.readouterr().out
    assert "engine elasticsearch\n" in shown
    assert "behind 0 (elasticsearch)\n" in shown
    assert "documents en 3 (elasticsearch)\n" in shown


def test_a_rebuild_swaps_the_index_under_the_same_name(engine, publish, add_language, ask, capsys):
    case = publish("Parts")
    add_language(case, "ja", "部品")
    ask("parts")
    engine.forget([(f"story:{case.pk}", "ja")])
    engine.refresh()
    assert ask("部品", "ja", match="all").total == 0
    call_command("search_rebuild", language="ja", engine="elasticsearch")
    assert "documents written (elasticsearch)." in capsys.readouterr().out
    assert ask("部品", "ja", match="all").total == 1
    assert ask("parts").total == 1
    assert compare(engine).is_empty


def test_changes_during_a_rebuild_are_in_the_new_index(engine, publish, ask):
    cases = [publish(f"Parts {number}") for number in range(3)]
    ask("parts")
    late = []

    def meanwhile() -> None:
        if not late:
            late.append(publish("Parts, late"))
            Case.objects.filter(pk=cases[0].pk).update(is_published=False)
            mark_changed(cases[0])
            follow_elasticsearch()  # into the index that is still read
            assert ask("parts").total == 3

    rebuild_elasticsearch("en", progress=meanwhile)
    assert set(keys(ask("parts"))) == {f"story:{case.pk}" for case in [*cases[1:], *late]}
    assert compare(engine).is_empty


def test_a_rebuild_does_not_take_another_index_of_the_same_name_for_its_own(
    engine, publish, ask, monkeypatch
):
    """The cluster was emptied in the middle; the next index bears the lost one's name."""
    monkeypatch.setattr(following, "_BATCH", 2)
    for number in range(5):
        publish(f"Parts {number}")
    ask("parts")

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_elasticsearch("en", progress=stop)
    name = engine.next_index("en")
    with engine._connection.telling() as client:
        client.indices.delete(index=name)
    assert engine.next_index("en") == name
    rebuild_elasticsearch("en")
    assert compare(engine).is_empty
    assert ask("parts").total == 5
    assert not ConsumerVersion.objects.filter(consumer__startswith="rebuild@").exists()


def test_other_analysers_ask_for_a_rebuild(engine, settings):
    assert not engine.needs_rebuild()
    settings.ELASTICSEARCH_PLUGINS = ["analysis-kuromoji"]
    assert engines.remote().wrong_languages() == ["ja"]


def test_reading_costs_one_query_more_than_the_embedded_engine(engine, publish, ask, settings):
    from django.test.utils import CaptureQueriesContext

    publish("Parts")
    ask("parts")
    with CaptureQueriesContext(connection) as captured:
        ask("parts")
    assert sum("search_blockage" in query["sql"] for query in captured.captured_queries) <= 2


def test_a_plugin_that_no_node_has_stops_nothing(engine, publish, settings, ask):
    """The language keeps its old index; the others follow, and the reason is in the log."""
    settings.ELASTICSEARCH_PLUGINS = ["analysis-kuromoji"]
    publish("Parts")
    keep_elasticsearch()
    assert not behind(ELASTICSEARCH).exists()
    assert engines.remote().wrong_languages() == ["ja"]
    settings.ELASTICSEARCH_PLUGINS = []
    keep_elasticsearch()
    assert engines.remote().wrong_languages() == []
