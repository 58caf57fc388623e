"""What is only added to: refused by models, QuerySets and the database."""

import pytest
from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from bulletins.models import (
    CaseEvent,
    Correction,
    IssueEvent,
    ProposalAnswer,
    Stage,
)
from bulletins.transitions import delete_draft
from gkc_site.demo.responses import history_of
from network.append_only import SAID, AppendOnly, locking, unlocked, unlocking
from review.models import Question, QuestionEvent
from silver_book.models import EditionFile
from tests.bulletins.responding import make_response
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.factories.regional import make_proposal
from tests.factories.stories import make_case, make_issue
from tests.factories.workshops import make_enrolment, make_programme, make_session
from tests.review.asking import ask_at
from tests.review.conftest import Stories
from workshops.models import EntryRefusal, ProgrammeEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    """The last event of a story that was submitted."""
    return Stories(make_reviewing_network()).submitted().events.last()


def a_row_of_each(event) -> dict[type, AppendOnly]:
    """Model → a row of it, for every history that is not an edition's."""
    case, by = event.case, event.by
    published, issue = make_case(published=True, number="2001-0001"), make_issue()
    changed = history_of(make_response(published))
    changed.save()
    proposal = make_proposal(published)
    rows = [
        event,
        IssueEvent.objects.create(issue=issue, verb="plan", by=by),
        Correction.objects.create(issue=issue, case=case, words={"en": "Wrong year."}, by=by),
        ProposalAnswer.objects.create(proposal=proposal, answer="no", reason="Late.", by=by),
        changed,
        ask_at(published, make_user()).events.get(),
        make_enrolment(make_session(make_programme())).events.get(),
        ProgrammeEvent.objects.create(programme=make_programme(), verb="change", by=by),
        EntryRefusal.objects.create(
            session=make_session(), user=by, by=by, day=issue.month, verb="enrol", why="closed"
        ),
    ]
    return {type(row): row for row in rows}


def histories() -> list[type]:
    """Every model that is only added to."""
    found, left = [], [AppendOnly]
    while left:
        model = left.pop()
        left += model.__subclasses__()
        if not model._meta.abstract:
            found.append(model)
    return found


def database_refuses(sql: str, said: str = SAID) -> bool:
    """Whether it does; a statement that changes no row proves nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount > 0, sql
    except DatabaseError as error:
        return said in str(error)
    return False


def triggers() -> set[str]:
    """Names of the triggers that the database has now."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


def test_every_history_is_locked_by_the_one_mechanism():
    """A migration that rebuilt a table on SQLite took its triggers with it."""
    found = triggers()
    for model in [*histories(), EditionFile]:
        table = model._meta.db_table
        events = ["update", "delete"] + (["insert"] if "may_come" in model.RULES else [])
        for name in events:
            assert f"only_grows_{table}_{name}" in found, (table, name)
    assert not {name for name in found if name.startswith("frozen_")}


def test_each_is_refused_by_model_queryset_and_database(event):
    rows = a_row_of_each(event)
    assert len(rows) == 9
    assert set(rows) <= set(histories())
    for model, row in rows.items():
        column = next(f for f in model._meta.concrete_fields if not f.primary_key)
        name, value = column.attname, getattr(row, column.attname)
        for change in (
            row.save,
            row.delete,
            lambda model=model, name=name, value=value: model.objects.update(**{name: value}),
            lambda model=model: model.objects.all().delete(),
            lambda model=model, row=row, name=name: model.objects.bulk_update([row], [name]),
            lambda model=model, row=row, name=name: model.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["pk"], update_fields=[name]
            ),
        ):
            with pytest.raises(RuntimeError):
                change()
        table = model._meta.db_table
        for sql in (
            f"UPDATE {table} SET {column.column} = {column.column} WHERE id = {row.pk}",
            f"DELETE FROM {table} WHERE id = {row.pk}",
        ):
            assert database_refuses(sql), sql
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.filter(pk=row.pk)._raw_delete("default")
    with pytest.raises(RuntimeError):
        event.case.events.update(reason="Another.")
    # Control: what is not history changes.
    assert not database_refuses("UPDATE bulletins_case SET audience = 'region'")


def test_a_deleted_revision_leaves_its_event_and_no_other_column_goes_with_it(event):
    assert event.revision_id
    sql = f"UPDATE bulletins_caseevent SET revision_id = NULL WHERE id = {event.pk}"
    assert not database_refuses(sql)
    again = f"UPDATE bulletins_caseevent SET revision_id = NULL, verb = 'x' WHERE id = {event.pk}"
    assert database_refuses(again)


def test_a_draft_that_nobody_saw_goes_with_its_events_and_questions():
    stories = Stories(make_reviewing_network())
    case = stories.begun()
    question = ask_at(case, case.author, kind="draft", anchor="title")
    other = ask_at(make_case(published=True, number="2001-0001"), make_user())
    pk, asked = case.pk, question.pk
    delete_draft(case, by=case.author)
    assert not CaseEvent.objects.filter(case_id=pk).exists()
    assert not QuestionEvent.objects.filter(question_id=asked).exists()
    # Control: what was asked at a story stays.
    sql = f"DELETE FROM review_questionevent WHERE question_id = {other.pk}"
    assert database_refuses(sql)


class _Migration(migrations.Migration):
    """What a later migration of review_question would do: SQLite rebuilds the table."""

    def __init__(self, is_unlocked: bool):
        super().__init__("later", "review")
        rules = {"QuestionEvent": QuestionEvent.RULES}
        change = migrations.AddField(
            "question", "more", models.CharField(max_length=9, default="", db_default="")
        )
        self.operations = [change]
        if is_unlocked:
            self.operations = [unlocking("review", **rules), change, locking("review", **rules)]


def _state() -> ProjectState:
    return MigrationExecutor(connection).loader.project_state()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_trigger_names_is_changed_by_a_migration_that_unlocks():
    columns = {field.column for field in Question._meta.concrete_fields}

    def held() -> set[str]:
        with connection.cursor() as cursor:
            found = connection.introspection.get_table_description(cursor, "review_question")
        return {column.name for column in found}

    if connection.vendor == "sqlite":  # Control: PostgreSQL changes a table where it stands.
        with pytest.raises(DatabaseError, match="only_grows_review_questionevent"):
            with connection.schema_editor(atomic=True) as editor:
                _Migration(is_unlocked=False).apply(_state(), editor)
        assert held() == columns
    question = ask_at(make_case(published=True, number="2001-0001"), make_user())
    sql = f"DELETE FROM review_questionevent WHERE question_id = {question.pk}"
    later = _Migration(is_unlocked=True)
    with connection.schema_editor(atomic=True) as editor:
        later.apply(_state(), editor)
    try:
        assert held() == columns | {"more"}
        assert database_refuses(sql)
    finally:
        with connection.schema_editor(atomic=True) as editor:
            later.unapply(_state(), editor)
    assert held() == columns
    assert database_refuses(sql)
    assert Question.objects.get() == question


def test_example_data_unlocks_a_table_and_locks_it_again(event):
    with unlocked(CaseEvent, **CaseEvent.RULES) as rows:
        rows.filter(pk=event.pk).update(verb="dated_back")
    event.refresh_from_db()
    assert (event.verb, event.new) == ("dated_back", Stage.AREA_REVIEW)
    assert database_refuses(f"UPDATE bulletins_caseevent SET verb = 'x' WHERE id = {event.pk}")
    with pytest.raises(ZeroDivisionError), unlocked(CaseEvent, **CaseEvent.RULES):
        _never = 1 / 0
    assert database_refuses(f"UPDATE bulletins_caseevent SET verb = 'x' WHERE id = {event.pk}")
