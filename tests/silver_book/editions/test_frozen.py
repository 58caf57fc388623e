"""A frozen edition cannot be changed by anyone: not by a model, a query, or past both."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from silver_book.editions.collecting import digest_of, manifest_digest
from silver_book.exceptions import EditionFrozen, EditionRefused
from silver_book.models import (
    Edition,
    EditionFile,
    EditionText,
    FrozenPicture,
    FrozenText,
)
from silver_book.permissions import can_read_book
from silver_book.transitions import take_off
from silver_book.transitions.freezing import freeze_edition
from tests.factories import make_user
from tests.silver_book.frozen_books import make_edition, make_ready, place_section, system

pytestmark = pytest.mark.django_db

FROZEN = [Edition, EditionText, FrozenText]


@pytest.fixture
def edition():
    return make_edition()


def refused_by_database(sql: str, *values) -> bool:
    """Whether the database refuses; a statement that changes no row proves nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            assert cursor.rowcount > 0, sql
    except DatabaseError as error:
        return "frozen" in str(error)
    return False


@pytest.mark.parametrize("model", FROZEN)
def test_models_refuse(edition, model):
    row = model.objects.first()
    for change in (
        row.save,
        row.delete,
        lambda: model.objects.update(pk=F("pk")),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_update([row], [model._meta.fields[-1].name]),
        lambda: model.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["pk"], update_fields=["pk"]
        ),
        lambda: model.objects.update_or_create(pk=row.pk, defaults={}),
    ):
        with pytest.raises(EditionFrozen):
            change()


@pytest.mark.parametrize("model", FROZEN)
def test_the_database_refuses_what_goes_around_the_models(edition, model):
    table, key = model._meta.db_table, model._meta.pk.column
    assert refused_by_database(f"UPDATE {table} SET {key} = {key}")
    # What points at it goes first, or the database refuses for that alone.
    with connection.constraint_checks_disabled():
        assert refused_by_database(f"DELETE FROM {table}")


@pytest.mark.parametrize("model", FROZEN)
def test_a_raw_delete_is_refused(edition, model):
    rows = model._base_manager.all()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        rows._raw_delete(rows.db)


def test_an_edition_takes_no_further_text(edition):
    row = EditionText.objects.first()
    row.pk, row.key, row._state.adding = None, "another", True
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        row.save()


def test_a_picture_is_frozen():
    FrozenPicture.objects.create(key="a" * 40, file="x.png", width=1, height=1)
    assert refused_by_database("UPDATE silver_book_frozenpicture SET width = 2")
    assert refused_by_database("DELETE FROM silver_book_frozenpicture")


def test_a_file_that_is_ready_is_frozen(edition):
    file = make_ready(edition.files.first())
    mine = EditionFile.objects.filter(pk=file.pk)
    for change in (
        file.save,
        file.delete,
        mine.delete,
        lambda: mine.update(sha256="0"),
        lambda: EditionFile.objects.update(sha256="0"),
        lambda: EditionFile.objects.bulk_update([file], ["sha256"]),
    ):
        with pytest.raises(EditionFrozen):
            change()
    assert refused_by_database("UPDATE silver_book_editionfile SET size = 0")
    assert refused_by_database("DELETE FROM silver_book_editionfile WHERE state = %s", "done")


def test_control_a_waiting_file_changes(edition):
    assert EditionFile.objects.filter(edition=edition).update(attempts=1) == 2
    assert not refused_by_database("UPDATE silver_book_editionfile SET attempts = 0")


def test_an_edition_stays_as_the_book_goes_on(edition, client):
    before = client.get("/en/editions/1/en/sections/see/").content.decode()
    assert "Go and see." in before
    page = place_section("see", "Something else.", title="Another title")
    take_off(page, by=make_user("editor"))
    after = client.get("/en/editions/1/en/sections/see/").content.decode()
    assert "Go and see." in after
    assert "Something else." not in after


def test_its_digest_tells_all_that_it_holds(edition):
    rows = EditionText.objects.filter(edition=edition).select_related("text")
    assert all(row.text.digest == digest_of(row.text.content) for row in rows)
    assert edition.digest == manifest_digest(
        (r.language, r.kind, r.part_key, r.key, r.chapter_key, r.number, r.text.digest, r.states)
        for r in rows
    )


def test_only_an_editor_freezes(edition):
    place_section("see", "Other words.")
    for role in ("campaigner", "translator", "administrator"):
        with pytest.raises(PermissionDenied):
            freeze_edition(by=make_user(role))
    assert freeze_edition(by=make_user("editor")).number == 2


def test_the_same_book_is_not_frozen_twice(edition):
    with pytest.raises(EditionRefused):
        freeze_edition(by=system())
    assert Edition.objects.count() == 1


def test_what_the_editor_did_not_see_is_not_frozen(edition):
    place_section("see", "Other words.")
    with pytest.raises(EditionRefused):
        freeze_edition(by=system(), seen="0" * 64)
    assert Edition.objects.count() == 1


def test_a_text_is_kept_once(edition):
    place_section("ask", "Ask five times.", number=2)
    freeze_edition(by=system())
    rows = EditionText.objects.filter(key="see").values_list("text", flat=True)
    assert len(rows) == 2
    assert len(set(rows)) == 1


def test_the_predicate_and_the_query_agree(edition):
    from django.contrib.auth.models import AnonymousUser

    for person in (AnonymousUser(), make_user(), make_user("editor")):
        found = Edition.objects.visible_to(person).filter(pk=edition.pk).exists()
        assert found == can_read_book(person)
