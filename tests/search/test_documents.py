"""Versions, tombstones, rollback, rebuild, reconcile."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from bulletins.models import Case, CaseStoryPage
from search import engines
from search.api import (
    UnknownDocumentType,
    compare,
    mark_changed,
    mark_key_changed,
    rebuild,
    reconcile,
)
from search.contract import Document
from search.engines.embedded import PREFIX
from search.engines.store import store
from search.models import SearchDocument
from search.query import parse
from search.upkeep import follow
from tests.search.conftest import keys


class Stop(Exception):
    """Ends a transaction."""


def version(case, language: str = "en") -> tuple[int, bool]:
    row = SearchDocument.objects.get(key=f"story:{case.pk}", language=language)
    return row.version, row.deleted


def test_each_change_raises_the_version_of_every_language(publish, add_language):
    case = publish("Parts")
    add_language(case, "ja", "部品")
    mark_changed(case)
    assert (version(case), version(case, "ja")) == ((3, False), (2, False))


def test_a_language_that_goes_leaves_a_tombstone(publish, add_language, ask):
    case = publish("Parts")
    page = add_language(case, "ja", "部品")
    CaseStoryPage.objects.filter(pk=page.pk).update(live=False)
    mark_changed(case)
    assert (version(case), version(case, "ja")) == ((3, False), (2, True))
    assert ask("部品", "ja").total == 0
    assert ask("parts").total == 1


def test_a_tombstone_comes_back_with_the_page(publish, ask):
    case = publish("Parts")
    Case.objects.filter(pk=case.pk).update(is_published=False)
    mark_changed(case)
    assert version(case) == (2, True)
    Case.objects.filter(pk=case.pk).update(is_published=True)
    mark_changed(case)
    assert version(case) == (3, False)
    assert ask("parts").total == 1


def test_an_object_that_nobody_registered_is_refused(member):
    with pytest.raises(UnknownDocumentType):
        mark_changed(member)
    with pytest.raises(UnknownDocumentType):
        mark_key_changed("nothing:1")


def test_a_changed_text_replaces_the_old_one(publish, ask):
    case = publish("Parts", "The warehouse burnt down.")
    page = case.source_page()
    page.summary = "The harbour was closed."
    page.save()
    mark_changed(case)
    assert ask("warehouse").total == 0
    assert keys(ask("harbour")) == [f"story:{case.pk}"]
    assert ask("warehose").suggestion is None  # its words are out of the vocabulary too


def dump() -> dict:
    """All that the index and the versions hold."""
    held = {
        table: store().rows(f"SELECT * FROM {PREFIX}{table}")
        for table in ("docs", "words", "fts_en")
    }
    held["versions"] = list(SearchDocument.objects.values_list("key", "language", "version"))
    return held


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_page_and_index_as_they_were(publish, ask):
    case = publish("Parts", "The warehouse burnt down.")
    follow()
    before = dump()

    def change(text: str) -> None:
        page = case.source_page()
        page.summary = text
        page.save()
        mark_changed(case)

    def change_and_stop() -> None:
        with transaction.atomic():
            change("The harbour was closed.")
            if engines.embedded().is_transactional:
                assert ask("harbour").total == 1  # inside, it is found already
            raise Stop

    with pytest.raises(Stop):
        change_and_stop()
    assert dump() == before
    assert case.source_page().summary == "The warehouse burnt down."
    assert (ask("harbour").total, ask("warehouse").total) == (0, 1)

    with transaction.atomic():  # the control
        change("The harbour was closed.")
    assert (ask("harbour").total, ask("warehouse").total) == (1, 0)
    assert dump() != before


@pytest.mark.django_db(transaction=True)
def test_an_error_of_the_index_undoes_the_change_or_waits(publish, ask):
    """In one database: undone. In a host's own file: the change stands, the file follows later."""
    case = publish("Parts", "The warehouse burnt down.")
    assert ask("warehouse").total == 1
    store().rows(
        f"CREATE TRIGGER refuse BEFORE UPDATE ON {PREFIX}docs"
        " BEGIN SELECT raise(ABORT, 'refused'); END"
    )
    page = case.source_page()
    page.summary = "The harbour was closed."

    @transaction.atomic
    def change() -> None:
        page.save()
        mark_changed(case)

    if engines.embedded().is_transactional:
        with pytest.raises(IntegrityError, match="refused"):
            change()
        assert case.source_page().summary == "The warehouse burnt down."
        assert version(case) == (1, False)
        assert ask("warehouse").total == 1
    else:
        change()
        assert version(case) == (2, False)
        assert ask("warehouse").total == 1
    store().rows("DROP TRIGGER refuse")
    if not engines.embedded().is_transactional:
        assert (ask("harbour").total, ask("warehouse").total) == (1, 0)


# --- the engine's own promise ------------------------------------------------------
def document(title: str, key: str = "story:999999") -> Document:
    return Document(key=key, language="en", title=title, body="", url="/", values={})


def held(key: str = "story:999999") -> dict:
    return {k: s.title for k, s in engines.embedded().stored("en", [key]).items()}


def test_an_overtaken_write_is_ignored(db):
    engine = engines.embedded()
    engine.write(document("newer"), 2)
    engine.write(document("older"), 1)
    assert held() == {"story:999999": "newer"}


def test_an_overtaken_write_does_not_undo_a_removal(db):
    engine = engines.embedded()
    engine.remove("story:999999", "en", 2)
    engine.write(document("older"), 1)
    assert held() == {}
    engine.write(document("newer"), 3)
    assert held() == {"story:999999": "newer"}


def test_a_missing_index_is_made_on_use_and_wants_a_rebuild(publish, ask):
    case = publish("Parts")
    assert ask("parts").total == 1
    store().rows(f"ALTER TABLE {PREFIX}docs RENAME TO gkcindex_s0a0_docs")
    engine = engines.embedded()
    assert engine.find(parse("parts", "en"), 10) == []
    assert engine.needs_rebuild()
    follow()
    assert not engine.needs_rebuild()
    assert keys(ask("parts")) == [f"story:{case.pk}"]
    tables = {name for (name,) in store().rows("SELECT name FROM sqlite_master")}
    assert "gkcindex_s0a0_docs" not in tables


# --- rebuild, reconcile ---------------------------------------------------------------
def test_reconcile_finds_nothing_after_ordinary_work(publish, add_language):
    case = publish("Parts")
    add_language(case, "fa", "قطعه")
    follow()
    assert compare().is_empty


def test_reconcile_mends_what_is_missing_stale_and_orphaned(publish, ask):
    engine = engines.embedded()
    missing, stale, orphan = publish("Missing"), publish("Stale"), publish("Orphan")
    follow()
    engine.forget([(f"story:{missing.pk}", "en")])
    SearchDocument.objects.filter(key=f"story:{stale.pk}").update(version=9)
    Case.objects.filter(pk=orphan.pk).update(is_published=False)
    engine.write(document("Stray"), 1)
    found = reconcile()
    assert found.missing == ((f"story:{missing.pk}", "en"),)
    assert found.stale == ((f"story:{stale.pk}", "en"),)
    assert found.orphaned == tuple(sorted([(f"story:{orphan.pk}", "en"), ("story:999999", "en")]))
    reconcile(repair=True)
    assert compare().is_empty
    assert not SearchDocument.objects.filter(deleted=True).exists()
    assert keys(ask("missing")) == [f"story:{missing.pk}"]


def test_the_commands_say_what_differs(publish, capsys):
    case = publish("Parts")
    follow()
    call_command("search_reconcile")
    assert capsys.readouterr().out == "Nothing differs.\n"
    engines.embedded().forget([(f"story:{case.pk}", "en")])
    with pytest.raises(SystemExit):
        call_command("search_reconcile")
    assert capsys.readouterr().out == "missing en 1\n"
    call_command("search_reconcile", repair=True)
    assert capsys.readouterr().out == "missing en 1\nMended.\n"
    call_command("search_status")
    assert "documents en 3\n" in capsys.readouterr().out


def test_rebuild_of_one_language_leaves_the_others(publish, add_language, ask, capsys):
    case = publish("Parts")
    add_language(case, "ja", "部品")
    follow()
    engine = engines.embedded()
    engine.forget([(f"story:{case.pk}", "ja"), (f"story:{case.pk}", "en")])
    call_command("search_rebuild", language="ja")
    assert ask("部品", "ja").total == 1
    assert ask("parts").total == 0
    rebuild()
    assert ask("parts").total == 1
    assert compare().is_empty
