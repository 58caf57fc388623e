"""The issue desk in the browser's terms: what an editor clicks, what a stranger may not."""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from bulletins.models import BulletinIssue, IssueStage, IssueStory
from bulletins.transitions import introduce_story, plan_issue
from tests.factories.network import make_user
from tests.factories.stories import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user("editor", time_zone="America/Los_Angeles")


@pytest.fixture
def issue(editor):
    return plan_issue(by=editor, month=datetime.date(2026, 12, 1), title="Look before it is late")


def url(name, *args, language="en"):
    with translation.override(language):
        return reverse(name, args=args)


def test_an_editor_plans_orders_schedules_and_releases(client, editor, time_machine):
    time_machine.move_to("2026-11-22 10:00Z", tick=False)
    client.force_login(editor)
    done = client.post(url("issue_desks"), {"month": "2026-12", "title": "Before noon"})
    issue = BulletinIssue.objects.get()
    assert done["Location"] == url("issue_desk", issue.pk)
    first, second = make_case(published=True, title="One"), make_case(published=True, title="Two")
    for case in (first, second):
        client.post(url("issue_story", issue.pk, case.number, "add"))
    client.post(url("issue_story", issue.pk, second.number, "up"))
    client.post(
        url("issue_story", issue.pk, second.number, "introduce"), {"introduction": "Read it."}
    )
    client.post(
        url("issue_write", issue.pk),
        {"title": "Before noon", "subject": "", "letter": "One.\n\nTwo."},
    )
    page = client.get(url("issue_desk", issue.pk)).content.decode()
    assert page.index("Two") < page.index("One")
    client.post(url("issue_schedule", issue.pk), {"release_at": "2026-12-01T09:00"})
    issue.refresh_from_db()
    assert issue.release_at.isoformat() == "2026-12-01T17:00:00+00:00"
    client.post(url("issue_change", issue.pk, "release"))
    issue.refresh_from_db()
    assert issue.stage == IssueStage.RELEASED
    public = client.get("/en/bulletins/2026/12/")
    assert public.status_code == 200
    assert [line.case for line in public.context["lines"]] == [second, first]


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("2026-11-01T01:30", True),  # shown twice in Los Angeles
        ("2027-03-14T02:30", True),  # skipped
        ("2027-03-14T03:30", False),
        ("yesterday", True),
        ("", True),
        ("2020-01-01T00:00", True),
    ],
)
def test_an_hour_that_is_none_or_two_is_refused_and_said(
    client, editor, issue, typed, refused, time_machine
):
    time_machine.move_to("2026-10-22 10:00Z", tick=False)
    client.force_login(editor)
    client.post(url("issue_story", issue.pk, make_case(published=True).number, "add"))
    answer = client.post(url("issue_schedule", issue.pk), {"release_at": typed})
    issue.refresh_from_db()
    assert (answer.status_code == 422) is refused
    assert (issue.stage == IssueStage.PLANNED) is refused


def test_a_second_issue_for_a_month_is_refused_at_its_field(client, editor, issue):
    client.force_login(editor)
    answer = client.post(url("issue_desks"), {"month": "2026-12", "title": "Again"})
    assert answer.context["form"].errors["month"] == ["This month has its issue already."]


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_page_and_mail_are_previewed_before_the_release(client, editor, issue, language):
    client.force_login(editor)
    case = make_case(stage="ready")
    page = case.source_page()
    page.title = "Not live yet"
    page.save_revision()
    client.post(url("issue_story", issue.pk, case.number, "add"))
    for name in ("issue_mail_preview", "issue_page_preview"):
        answer = client.get(url(name, issue.pk, language))
        assert answer.status_code == 200
        html = answer.content.decode()
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html
        assert "Not live yet" in html


@pytest.mark.parametrize("role", ["", "campaigner", "translator", "manager"])
def test_nobody_else_enters(client, issue, role):
    client.force_login(make_user(role))
    assert client.get(url("issue_desk", issue.pk)).status_code == 403
    assert client.post(url("issue_change", issue.pk, "release")).status_code == 403


def test_an_unreleased_issue_is_nowhere_for_readers(client, issue):
    assert client.get("/en/bulletins/2026/12/").status_code == 404
    client.force_login(make_user())
    assert client.get("/en/bulletins/2026/12/").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("rows", [3, 12])
def test_the_desks_queries_do_not_grow_with_its_rows(
    client, editor, issue, rows, django_assert_max_num_queries
):
    client.force_login(editor)
    for order in range(rows):
        case = make_case(published=True)
        IssueStory.objects.create(issue=issue, case=case, sort_order=order)
        introduce_story(issue, case, by=editor, words="Read.")
        make_case(published=True)
    client.get(url("issue_desk", issue.pk))  # what waits for the editor is kept for a minute
    with django_assert_max_num_queries(46):
        client.get(url("issue_desk", issue.pk))
