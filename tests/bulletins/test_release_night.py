"""The release's minute: any zone, clocks that change, a site that was down."""

import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from bulletins.issue_forms import ReleaseForm
from bulletins.models import BulletinIssue
from bulletins.reach import report
from bulletins.tasks import reach_again, release_due_issues
from bulletins.transitions import add_story, plan_issue, schedule_issue
from tests.factories.network import make_distributor, make_membership, make_user
from tests.factories.stories import make_case
from touchpoints.batches import FIRM_ENDED
from touchpoints.models import Delivery
from touchpoints.sending import send_due


def moment(typed: str, zone: str, which: str = ""):
    """What the form makes of it: ISO in UTC, or its error."""
    form = ReleaseForm({"release_at": typed, "zone": zone, "which": which}, time_zone="UTC")
    if form.is_valid():
        return form.cleaned_data["release_at"].isoformat()
    return form.errors["release_at"][0]


SKIPPED = "The clock skips this hour that night. Choose another."
TWICE = "The clock shows this hour twice that night. Say which, or choose another."


@pytest.mark.parametrize(
    ("typed", "zone", "which", "expected"),
    [
        ("2026-12-01T09:00", "Asia/Tokyo", "", "2026-12-01T00:00:00+00:00"),
        ("2026-12-01T09:00", "America/Los_Angeles", "", "2026-12-01T17:00:00+00:00"),
        ("2026-12-01T09:00", "Asia/Kathmandu", "", "2026-12-01T03:15:00+00:00"),
        ("2027-03-28T02:30", "Europe/Berlin", "", SKIPPED),
        ("2027-03-28T03:30", "Europe/Berlin", "", "2027-03-28T01:30:00+00:00"),
        ("2026-10-25T02:30", "Europe/Berlin", "", TWICE),
        ("2026-10-25T02:30", "Europe/Berlin", "first", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T02:30", "Europe/Berlin", "second", "2026-10-25T01:30:00+00:00"),
        # The same night the other hemisphere: in one zone the hour is plain, in the other not.
        ("2027-04-04T02:30", "Australia/Sydney", "", TWICE),
        ("2027-04-04T02:30", "Europe/Berlin", "", "2027-04-04T00:30:00+00:00"),
        ("2026-10-04T02:30", "Australia/Sydney", "", SKIPPED),
        ("2026-12-01T09:00", "", "", "2026-12-01T09:00:00+00:00"),
    ],
)
def test_the_minute_in_a_zone(typed, zone, which, expected):
    assert moment(typed, zone, which) == expected


def test_an_unknown_zone_is_refused():
    form = ReleaseForm({"release_at": "2026-12-01T09:00", "zone": "Mars/Base"}, time_zone="UTC")
    assert list(form.errors) == ["zone"]


@pytest.fixture
def editor(db):
    return make_user("editor")


def frozen(editor, release_at, *cases) -> BulletinIssue:
    """An issue that is due then, of these stories; of one that is out where none is given."""
    issue = plan_issue(by=editor, month=datetime.date(2026, 12, 1), title="Look")
    for case in cases or [make_case(published=True)]:
        add_story(issue, case, by=editor)
    schedule_issue(issue, by=editor, release_at=timezone.now() + datetime.timedelta(minutes=1))
    BulletinIssue.objects.filter(pk=issue.pk).update(release_at=release_at)
    return issue


@pytest.mark.parametrize(
    ("late", "stage"),
    [
        (datetime.timedelta(minutes=-1), "frozen"),
        (datetime.timedelta(seconds=1), "released"),
        (datetime.timedelta(hours=23, minutes=59), "released"),
        (datetime.timedelta(hours=24, minutes=1), "held"),
    ],
)
def test_the_first_beat_after_a_stop_releases_or_holds(editor, late, stage):
    """The beat starts its sweeps as soon as the site is up; this is that first sweep."""
    assert "bulletins.tasks.release_due_issues" in settings.SWEEPS
    issue = frozen(editor, timezone.now() - late)
    for _again in range(2):
        release_due_issues()
    issue.refresh_from_db()
    assert issue.stage == stage
    told = Delivery.objects.filter(mailing__kind="bulletins.issue_held", user=editor)
    assert told.count() == (stage == "held")


def test_the_zone_of_reader_or_server_moves_no_minute(editor):
    """Two zones change their clocks around the minute: it is a moment, not a wall clock."""
    at = datetime.datetime(2026, 10, 25, 1, 30, tzinfo=datetime.UTC)
    issue = frozen(editor, at)
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"):
        with timezone.override(zone):
            assert BulletinIssue.objects.get(pk=issue.pk).release_at == at


def test_a_distributor_that_ended_between_freeze_and_release_gets_nothing(editor):
    stays, ends = make_distributor(), make_distributor()
    for firm in (stays, ends):
        make_user(distributor=firm, contact="first")
    issue = frozen(editor, timezone.now())
    type(ends).objects.filter(pk=ends.pk).update(is_active=False)
    release_due_issues()
    rows = Delivery.objects.filter(mailing__object_key=f"bulletins.bulletinissue:{issue.pk}")
    rows = rows.filter(mailing__kind="bulletins.issue")
    listed = set(rows.values_list("distributor", flat=True))
    assert (stays.pk in listed, ends.pk in listed) == (True, False)


def test_a_distributor_that_ended_after_the_release_gets_no_mail_that_still_waits(editor):
    firm = make_distributor()
    contact = make_user(distributor=firm, contact="first")
    issue = frozen(editor, timezone.now())
    release_due_issues()
    type(firm).objects.filter(pk=firm.pk).update(is_active=False)
    send_due()
    row = Delivery.objects.get(user=contact, mailing__kind="bulletins.issue")
    assert (row.state, row.reason) == ("suppressed", FIRM_ENDED)
    [ended] = [line for line in report(issue).rows if line.distributor == firm]
    assert ended.state == "ended"


def test_a_contact_of_two_gets_it_for_the_other_where_the_first_ended(editor):
    first, other = make_distributor("a-first"), make_distributor("b-other")
    contact = make_user(distributor=first, contact="first")
    make_membership(contact, other, "first")
    frozen(editor, timezone.now())
    release_due_issues()
    type(first).objects.filter(pk=first.pk).update(is_active=False)
    send_due()
    assert [reach_again(), reach_again()] == [1, 0]
    send_due()
    row = Delivery.objects.get(user=contact, mailing__kind="bulletins.issue")
    assert (row.state, row.distributor) == ("sent", other)
