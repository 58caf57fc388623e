"""An issue's way: planned, frozen, released whole, delivered to everyone or listed as unreached."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bulletins.exceptions import TransitionRefused
from bulletins.models import BulletinIssue, IssueStage, IssueStory, Stage
from bulletins.models.issue import introduction_key
from bulletins.transitions import (
    add_story,
    decide_case,
    introduce_story,
    make_ready,
    move_story,
    plan_issue,
    release_due,
    release_issue,
    remove_story,
    schedule_issue,
    start_case,
    submit_case,
    withdraw_case,
    write_issue,
)
from bulletins.transitions.issues import issue_page
from tests.factories.network import make_distributor, make_user
from tests.factories.network_of_reviewers import (
    make_author,
    make_reviewing_network,
    write_story,
)
from tests.factories.stories import make_case
from touchpoints.models import Delivery, Mailing
from touchpoints.sending import send_due
from translations.api import confirm_reading, translate_page

MONTH = datetime.date(2026, 12, 1)


@pytest.fixture
def editor(db):
    return make_user("editor")


@pytest.fixture
def issue(editor):
    return plan_issue(by=editor, month=MONTH, title="Look before it is late")


def ready_case():
    """A story that went its whole way and waits."""
    make_reviewing_network()
    author, firm = make_author("KE")
    case = start_case(by=author, distributor=firm, language="en")
    write_story(case)
    submit_case(case, by=author, people_agreed=True, no_customer_data=True)
    decide_case(case, decision="approve", by=case.holder)
    decide_case(case, decision="approve", by=case.holder)
    make_ready(case, by=case.holder)
    return case


def in_a_minute():
    return timezone.now() + datetime.timedelta(minutes=1)


def freeze(issue, editor, *cases):
    for case in cases:
        add_story(issue, case, by=editor)
    schedule_issue(issue, by=editor, release_at=in_a_minute())


def test_a_month_has_one_issue_and_only_editors_make_it(issue, editor):
    with pytest.raises(TransitionRefused):
        plan_issue(by=editor, month=MONTH, title="Another")
    with pytest.raises(PermissionDenied):
        plan_issue(by=make_user(), month=datetime.date(2027, 1, 1), title="Mine")
    assert BulletinIssue.objects.count() == 1


def test_a_region_only_or_unready_story_is_refused(issue, editor):
    for case in (
        make_case(published=True, audience="region"),
        make_case(stage="editing"),
        make_case(stage="withdrawn"),
    ):
        with pytest.raises(TransitionRefused):
            add_story(issue, case, by=editor)
    assert not IssueStory.objects.exists()
    add_story(issue, make_case(published=True), by=editor)  # control


def test_a_story_is_in_one_issue_at_most(issue, editor):
    case = make_case(published=True)
    add_story(issue, case, by=editor)
    other = plan_issue(by=editor, month=datetime.date(2027, 1, 1), title="Next")
    with pytest.raises(TransitionRefused):
        add_story(other, case, by=editor)
    remove_story(issue, case, by=editor)
    add_story(other, case, by=editor)


def test_stories_are_ordered_and_introduced(issue, editor):
    cases = [make_case(published=True) for _ in range(3)]
    for case in cases:
        add_story(issue, case, by=editor)
    move_story(issue, cases[2], by=editor, up=True)
    move_story(issue, cases[0], by=editor, up=True)  # already first
    introduce_story(issue, cases[2], by=editor, words="Read this first.")
    rows = list(issue.stories.all())
    assert [row.case for row in rows] == [cases[0], cases[2], cases[1]]
    page = issue_page(issue).get_latest_revision_as_object()
    assert [page.introduction_of(case.pk) for case in cases] == ["", "", "Read this first."]
    remove_story(issue, cases[2], by=editor)
    page = issue_page(issue).get_latest_revision_as_object()
    assert page.introduction_of(cases[2].pk) == ""


def test_the_release_puts_everything_out_at_once(issue, editor):
    case = ready_case()
    write_issue(issue, by=editor, title="Before noon", subject="", letter=["One story."])
    freeze(issue, editor, case)
    firm = make_distributor(languages=["ja"])
    reader = make_user("manager", distributor=firm, interface_language="ja")
    lonely = make_distributor(languages=["fr"])
    release_issue(issue, by=editor)
    case.refresh_from_db()
    assert (case.stage, case.is_published, case.source_page().live) == (
        Stage.PUBLISHED,
        True,
        True,
    )
    page = issue.pages.get()
    assert (page.live, page.title, page.url) == (True, "Before noon", "/en/bulletins/2026/12/")
    rows = {
        row.distributor: row for row in Delivery.objects.filter(mailing__kind="bulletins.issue")
    }
    assert (rows[firm].user, rows[firm].language, rows[firm].state) == (reader, "ja", "queued")
    assert (rows[lonely].state, rows[lonely].reason) == (
        "unreachable",
        "This distributor has no contact.",
    )


def test_the_mail_is_in_the_readers_language_and_says_what_is_english(issue, editor, mailoutbox):
    case = ready_case()
    add_story(issue, case, by=editor)
    introduce_story(issue, case, by=editor, words="Short.")
    schedule_issue(issue, by=editor, release_at=in_a_minute())
    page = issue_page(issue)
    words = {"title": "انظر", f"introductions.{introduction_key(case.pk)}": "قصة قصيرة."}
    translate_page(
        page.get_latest_revision_as_object(), "ar", words, by=make_user("translator", language="ar")
    )
    confirm_reading(page.translation_key, "ar", by=editor)
    firm = make_distributor()
    make_user("manager", distributor=firm, interface_language="ar", email="omar@firm.example")
    Delivery.objects.all().delete()
    release_issue(issue, by=editor)
    send_due()
    mail = next(m for m in mailoutbox if m.to == ["omar@firm.example"] and "bulletins" in m.body)
    html = mail.alternatives[0][0]
    assert 'dir="rtl"' in html
    assert "قصة قصيرة." in html
    assert "/ar/stories/2026/" in html
    assert "٣١" in html
    assert "١&ensp;" in html
    assert len(html.encode()) < 100_000


def test_of_two_releases_one_wins(issue, editor):
    freeze(issue, editor, make_case(published=True))
    release_issue(issue, by=editor)
    with pytest.raises(TransitionRefused):
        release_issue(issue, by=make_user("editor"))
    assert Mailing.objects.filter(kind="bulletins.issue").count() == 1


def test_at_its_minute_and_not_before(issue, editor, time_machine):
    time_machine.move_to("2026-12-01 07:00Z", tick=False)
    freeze(issue, editor, make_case(published=True))
    assert release_due() == []
    time_machine.move_to("2026-12-01 07:01Z", tick=False)
    assert [done.pk for done in release_due()] == [issue.pk]
    assert release_due() == []


def test_a_minute_missed_by_more_than_a_day_is_held_and_asked(issue, editor, time_machine):
    time_machine.move_to("2026-12-01 07:00Z", tick=False)
    freeze(issue, editor, make_case(published=True))
    time_machine.move_to("2026-12-02 08:00Z", tick=False)
    assert release_due() == []
    issue.refresh_from_db()
    assert issue.stage == IssueStage.HELD
    assert Mailing.objects.filter(kind="bulletins.issue_held").count() == 1
    release_issue(issue, by=editor)
    assert issue.stage == IssueStage.RELEASED


def test_an_issue_whose_stories_all_left_is_held_at_its_minute(
    issue, editor, time_machine, mailoutbox
):
    time_machine.move_to("2026-12-01 07:00Z", tick=False)
    leaving = make_case(published=True)
    freeze(issue, editor, leaving)
    withdraw_case(leaving, by=leaving.author, reason="Closed")
    time_machine.move_to("2026-12-01 07:01Z", tick=False)
    assert release_due() == release_due() == []
    issue.refresh_from_db()
    assert issue.stage == IssueStage.HELD
    assert Mailing.objects.filter(kind="bulletins.issue_held").count() == 1
    send_due()
    (mail,) = [mail for mail in mailoutbox if mail.to == [editor.email] and "Held" in mail.subject]
    assert "none of its stories could go out" in mail.body


def test_a_story_withdrawn_before_the_release_is_left_out(issue, editor):
    staying, leaving = make_case(published=True), make_case(published=True)
    freeze(issue, editor, staying, leaving)
    withdraw_case(leaving, by=leaving.author, reason="Closed")
    release_issue(issue, by=editor)
    assert [row.case for row in issue.stories.all()] == [staying]


def test_a_failing_release_leaves_nothing_behind(issue, editor, django_capture_on_commit_callbacks):
    case = ready_case()
    freeze(issue, editor, case)
    Mailing.objects.create(
        kind="bulletins.issue", object_key="x", once_key=f"bulletins.issue:{issue.pk}"
    )
    with pytest.raises(Exception, match="bulletins.issue"):
        release_issue(issue, by=editor)
    case.refresh_from_db()
    issue.refresh_from_db()
    assert (case.stage, issue.stage, issue.pages.get().live) == (
        Stage.READY,
        IssueStage.FROZEN,
        False,
    )
