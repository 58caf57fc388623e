"""The bad luck that an issue may have, each with its defined and visible outcome.

Elsewhere: released or answered twice at once, edited while releasing, a story withdrawn or a
reviewer gone meanwhile (`test_release_races`, `test_bad_luck_races`); the process killed while
it sends (`test_release_killed`); distributors that end and issues that come late
(`test_release_night`); guessed, expired and forwarded links (`test_response_link`).
"""

import datetime

import pytest
from django.core.signing import TimestampSigner
from django.utils import timezone

from bulletins.issue_forms import ReleaseForm
from bulletins.models import BulletinIssue, Response
from bulletins.reach import CORRECT_ADDRESS, report
from bulletins.reach_desk import unreached_items
from bulletins.response_links import LinkBroken, link_token, read_token
from bulletins.tasks import reach_again, release_due_issues
from bulletins.transitions import record_delivery
from bulletins.transitions.release import NO_ADDRESS, recipients
from tests.bulletins.test_release_night import frozen
from tests.factories.network import make_area, make_country, make_distributor, make_user
from tests.factories.stories import make_case, make_issue
from touchpoints.api import tell_once
from touchpoints.models import Delivery, Suppression
from touchpoints.returns import OUT_OF_USE, note_bounce
from touchpoints.stopping import stop_url
from touchpoints.transitions import restore_address

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def firm(area):
    return make_distributor(name="Ada", country=make_country(area=area))


def month(number: int, **fields) -> BulletinIssue:
    """A released issue whose mails are in the ledger."""
    issue = make_issue(datetime.date(2026, number, 1), released=True, **fields)
    tell_once("bulletins.issue", issue, f"bulletins.issue:{issue.pk}", recipients())
    return issue


def row_of(issue, firm):
    return next(row for row in report(issue).rows if row.distributor == firm)


# --- a contact without an address --------------------------------------------------------
def test_a_contact_without_an_address_is_listed_and_told_of(firm, area):
    contact = make_user(distributor=firm, contact="first")
    contact.email = ""
    contact.save()
    issue = month(1)
    row = row_of(issue, firm)
    assert (row.state, row.reasons) == ("unreached", (NO_ADDRESS,))
    assert row.to_do[0] == CORRECT_ADDRESS
    campaigner = make_user("campaigner", review_area=area)
    [item] = unreached_items(campaigner)
    assert (item.title, NO_ADDRESS in item.what) == ("Ada", True)
    assert reach_again() == 0
    # A deputy with an address has it at once; so has the contact, once the address is there.
    make_user(distributor=firm, contact="deputy", email="deputy@ada.example")
    assert [reach_again(), reach_again()] == [1, 0]
    assert Delivery.objects.get(state="queued").address == "deputy@ada.example"
    contact.email = "first@ada.example"
    contact.save()
    later = month(2)
    rows = Delivery.objects.filter(mailing__object_key=f"bulletins.bulletinissue:{later.pk}")
    assert set(rows.filter(distributor=firm).values_list("address", flat=True)) == {
        "first@ada.example",
        "deputy@ada.example",
    }


# --- an address that bounces for ever ----------------------------------------------------
def test_an_address_that_bounces_for_ever_is_left_alone_and_somebody_is_asked(firm, area):
    """Each month's mail comes back 'mailbox full'. The third time is the last that is sent."""
    make_user(distributor=firm, contact="first", email="full@ada.example")
    campaigner = make_user("campaigner", review_area=area)

    def goes_out(number: int) -> BulletinIssue:
        issue = month(number)
        waiting = Delivery.objects.filter(state="queued", distributor=firm)
        waiting.update(state="sent", sent_at=timezone.now())
        rows = list(Delivery.objects.filter(address="full@ada.example", state="sent"))
        note_bounce(rows, "full@ada.example", hard=False, words="552 5.2.2 mailbox full")
        assert reach_again() == 0  # it is not tried again meanwhile
        return issue

    issues = [goes_out(number) for number in range(1, 6)]
    sent = Delivery.objects.filter(address="full@ada.example")
    assert sent.count() == 3
    assert [row_of(issue, firm).state for issue in issues] == ["unreached"] * 5
    assert [row_of(issue, firm).reasons[0] for issue in issues[3:]] == [OUT_OF_USE] * 2
    assert Suppression.objects.in_force().get().address == "full@ada.example"
    [item] = unreached_items(campaigner)
    assert item.what.startswith("Not reached by Bulletin")
    # Somebody says that it works again: one more, and that is the end of it again.
    restore_address("full@ada.example", by=campaigner)
    goes_out(6)
    goes_out(7)
    assert sent.count() == 4
    # By other means it reaches them all the same.
    record_delivery(
        issues[4], firm, by=campaigner, given_on=timezone.localdate(), given_to="Ana", way="Printed"
    )
    assert row_of(issues[4], firm).how == "by_hand"


# --- a link that was not meant for it -----------------------------------------------------
def test_a_link_opens_nothing_but_what_it_names(client, firm):
    contact = make_user("manager", distributor=firm)
    other = make_distributor()
    manager = make_user("manager", distributor=other)
    case, elsewhere, own = (
        make_case(published=True),
        make_case(published=True),
        make_case(firm, published=True),
    )
    issue = make_issue(cases=(case, own), released=True)
    make_issue(datetime.date(2026, 1, 1), cases=(elsewhere,), released=True)
    link = f"/en/respond/{link_token(firm.pk, issue.pk, contact.pk)}/"

    def typed(which, story) -> dict:
        return {f"{which.pk}-{story.number}-choice": "already", "signer": "contact"}

    for data in (typed(other, case), typed(firm, elsewhere), typed(firm, own)):
        client.post(link, data)
        assert not Response.objects.exists(), data
    client.post(link, typed(firm, case))  # the control
    assert Response.objects.get().distributor == firm
    # Somebody who is no contact of the firm, an issue that is not out, a signature for another
    # purpose: each is closed, or no link at all.
    planned = make_issue(datetime.date(2026, 2, 1), cases=(make_case(published=True),))
    for token in (
        link_token(firm.pk, issue.pk, manager.pk),
        link_token(other.pk, issue.pk, contact.pk),
        link_token(firm.pk, planned.pk, contact.pk),
        link_token(firm.pk, 10**9, contact.pk),
    ):
        assert client.get(f"/en/respond/{token}/").status_code == 410
    value = f"{firm.pk}-{issue.pk}-{contact.pk}"
    stop = stop_url(contact.pk, ["bulletins.issue_copy"]).rstrip("/").rsplit("/", 1)[1]
    for token in (TimestampSigner(sep=".").sign(value), f"{value}.x.y", value, stop):
        with pytest.raises(LinkBroken):
            read_token(token)


# --- clocks that change on release night ---------------------------------------------------
NIGHTS = [  # what the editor types, where, which of two; the server's zone; the minute in UTC
    ("2026-10-25T02:30", "Europe/Berlin", "first", "Australia/Lord_Howe", "2026-10-25 00:30Z"),
    ("2026-10-25T02:30", "Europe/Berlin", "second", "Europe/London", "2026-10-25 01:30Z"),
    ("2026-11-01T01:30", "America/New_York", "second", "America/Havana", "2026-11-01 06:30Z"),
    ("2027-04-04T02:30", "Australia/Sydney", "second", "Pacific/Auckland", "2027-04-03 16:30Z"),
    ("2027-03-28T03:00", "Europe/Berlin", "", "Asia/Beirut", "2027-03-28 01:00Z"),
]


@pytest.mark.parametrize(("typed", "zone", "which", "servers", "minute"), NIGHTS)
def test_an_issue_goes_out_once_at_its_minute_on_a_night_that_has_it_twice(
    typed, zone, which, servers, minute, time_machine
):
    """The editor's clock changes that night, and another one's, by which the server runs."""
    at = datetime.datetime.fromisoformat(minute)
    time_machine.move_to(at - datetime.timedelta(days=2), tick=False)
    editor = make_user("editor")
    form = ReleaseForm({"release_at": typed, "zone": zone, "which": which}, time_zone="UTC")
    assert form.is_valid(), form.errors
    issue = frozen(editor, form.cleaned_data["release_at"])

    def stage_at(moment) -> str:
        time_machine.move_to(moment, tick=False)
        with timezone.override(servers):
            release_due_issues()
        return BulletinIssue.objects.get(pk=issue.pk).stage

    assert stage_at(at - SECOND) == "frozen"
    assert stage_at(at) == "released"
    # The hour comes once more by the wall's clock: nothing is sent again.
    assert stage_at(at + datetime.timedelta(hours=1)) == "released"
    assert issue.events.filter(verb="release").count() == 1
    assert BulletinIssue.objects.get(pk=issue.pk).released_at == at
