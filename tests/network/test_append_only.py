"""What is only added to: refused by models, QuerySets and the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from bulletins.models import CaseEvent, IssueEvent, Stage
from bulletins.transitions import delete_draft
from network.append_only import SAID, unlocked
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.factories.stories import make_issue
from tests.review.conftest import Stories

pytestmark = pytest.mark.django_db


@pytest.fixture
def events():
    """An event of each log, of a story that was submitted."""
    case = Stories(make_reviewing_network()).submitted()
    issue_event = IssueEvent.objects.create(issue=make_issue(), verb="plan", by=case.author)
    return [case.events.last(), issue_event]


def database_refuses(sql: str) -> bool:
    """Whether it does; a statement that changes no row proves nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount > 0, sql
    except DatabaseError as error:
        return SAID in str(error)
    return False


def test_models_and_querysets_refuse(events):
    for row in events:
        model = type(row)
        for change in (
            row.save,
            row.delete,
            lambda model=model: model.objects.update(verb="other"),
            lambda model=model: model.objects.all().delete(),
            lambda model=model, row=row: model.objects.bulk_update([row], ["verb"]),
            lambda model=model, row=row: model.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["pk"], update_fields=["verb"]
            ),
        ):
            with pytest.raises(RuntimeError):
                change()
    with pytest.raises(RuntimeError):
        events[0].case.events.update(reason="Another.")


def test_the_database_refuses_whatever_goes_around_them(events):
    for row in events:
        table = row._meta.db_table
        for sql in (
            f"UPDATE {table} SET reason = 'Another.' WHERE id = {row.pk}",
            f"UPDATE {table} SET verb = 'other' WHERE id = {row.pk}",
            f"DELETE FROM {table} WHERE id = {row.pk}",
        ):
            assert database_refuses(sql), sql
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk)._raw_delete("default")
    # Control: what is not history changes.
    assert not database_refuses("UPDATE bulletins_case SET audience = 'region'")


def test_a_deleted_revision_leaves_its_event_and_no_other_column_goes_with_it(events):
    event = events[0]
    assert event.revision_id
    sql = f"UPDATE bulletins_caseevent SET revision_id = NULL WHERE id = {event.pk}"
    assert not database_refuses(sql)
    again = f"UPDATE bulletins_caseevent SET revision_id = NULL, verb = 'x' WHERE id = {event.pk}"
    assert database_refuses(again)


def test_a_draft_that_nobody_saw_goes_with_its_events():
    stories = Stories(make_reviewing_network())
    case = stories.begun()
    pk = case.pk
    delete_draft(case, by=case.author)
    assert not CaseEvent.objects.filter(case_id=pk).exists()


def test_example_data_unlocks_a_table_and_locks_it_again(events):
    event = events[0]
    with unlocked(CaseEvent, **CaseEvent.RULES) as rows:
        rows.filter(pk=event.pk).update(verb="dated_back")
    event.refresh_from_db()
    assert (event.verb, event.new) == ("dated_back", Stage.AREA_REVIEW)
    assert database_refuses(f"UPDATE bulletins_caseevent SET verb = 'x' WHERE id = {event.pk}")
    with pytest.raises(ZeroDivisionError), unlocked(CaseEvent, **CaseEvent.RULES):
        _never = 1 / 0
    assert database_refuses(f"UPDATE bulletins_caseevent SET verb = 'x' WHERE id = {event.pk}")
