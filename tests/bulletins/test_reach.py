"""R13: whom an issue reached, how, and what is done where it did not."""

import csv
import datetime
import io

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bulletins import reach
from bulletins.exceptions import TransitionRefused
from bulletins.models import HandDelivery, IssueOpening, ReadMark
from bulletins.reach import NAME_A_CONTACT, report
from bulletins.reach_desk import unreached_items
from bulletins.tasks import reach_again
from bulletins.transitions import record_delivery, take_back_delivery
from bulletins.transitions.release import NO_CONTACT, recipients
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_membership,
    make_user,
)
from tests.factories.stories import make_case, make_issue
from touchpoints.api import tell_once
from touchpoints.models import Delivery, DeliveryState
from touchpoints.returns import CAME_BACK, OUT_OF_USE, note_bounce, note_complaint
from touchpoints.sending import send_due
from touchpoints.transitions import restore_address

pytestmark = pytest.mark.django_db
RELEASED = datetime.datetime(2026, 12, 1, 9, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def firms(area):
    """With contact and deputy; with one contact; with nobody."""
    country = make_country(area=area)
    made = [make_distributor(name=name, country=country) for name in ("Ada", "Bor", "Cid")]
    make_user(distributor=made[0], contact="first", email="first@ada.example")
    make_user(distributor=made[0], contact="deputy", email="deputy@ada.example")
    make_user(distributor=made[1], contact="first", email="first@bor.example")
    return made


@pytest.fixture
def clock():
    with time_machine.travel(RELEASED, tick=False) as travelling:
        yield travelling


@pytest.fixture
def issue(firms, clock):
    """Released and told, not yet sent."""
    made = make_issue(released=True)
    type(made).objects.filter(pk=made.pk).update(released_at=RELEASED)
    made.refresh_from_db()
    tell_once("bulletins.issue", made, f"bulletins.issue:{made.pk}", recipients())
    return made


def states(issue):
    return {row.distributor.name: row.state for row in report(issue).rows}


def row_of(issue, name):
    return next(row for row in report(issue).rows if row.distributor.name == name)


def sent(issue):
    """As if the mail server took all; the words of the mail are no matter here."""
    Delivery.objects.filter(state="queued").update(state="sent", sent_at=timezone.now())


def test_taken_by_the_server_counts_after_72_hours_without_a_bounce(issue, clock):
    assert states(issue) == {"Ada": "waiting", "Bor": "waiting", "Cid": "unreached"}
    sent(issue)
    clock.shift(71 * HOUR)
    assert states(issue) == {"Ada": "waiting", "Bor": "waiting", "Cid": "unreached"}
    assert row_of(issue, "Ada").until == RELEASED + 72 * HOUR
    clock.shift(HOUR)
    found = report(issue)
    assert found.counts == {"reached": 2, "waiting": 0, "unreached": 1, "ended": 0, "read": 0}
    assert all(len(found.of_state(s)) == found.counts[s] for s in ("reached", "unreached"))
    ada = row_of(issue, "Ada")
    assert (ada.how, ada.at, ada.who) == ("mail", RELEASED, "first@ada.example")
    cid = row_of(issue, "Cid")
    assert (cid.reasons, cid.to_do[0]) == ((NO_CONTACT,), NAME_A_CONTACT)


def bounce(address):
    rows = list(Delivery.objects.filter(address=address))
    note_bounce(rows, address, hard=True)


@pytest.mark.parametrize(("hours", "state"), [(1, "unreached"), (73, "reached")])
def test_a_bounce_within_72_hours_undoes_it_and_a_later_one_does_not(issue, clock, hours, state):
    sent(issue)
    clock.shift(hours * HOUR)
    bounce("first@bor.example")
    clock.shift(100 * HOUR)
    assert states(issue)["Bor"] == state
    assert row_of(issue, "Bor").reasons == ((CAME_BACK,) if state == "unreached" else ())


def test_the_deputy_reaches_where_the_first_contacts_mail_came_back(issue, clock):
    sent(issue)
    bounce("first@ada.example")
    clock.shift(72 * HOUR)
    assert row_of(issue, "Ada").who == "deputy@ada.example"


def test_a_complaint_proves_that_it_came(issue, clock):
    sent(issue)
    rows = list(Delivery.objects.filter(address="first@bor.example"))
    note_complaint(rows, "first@bor.example")
    assert states(issue)["Bor"] == "reached"


def test_the_next_issue_leaves_an_address_out_of_use_alone_and_says_so(issue, firms):
    sent(issue)
    bounce("first@ada.example")
    bounce("first@bor.example")
    rows = [(r[0] and r[0].email, r[1].name, r[2], r[4]) for r in recipients()]
    assert rows == [
        (None, "Ada", "", OUT_OF_USE),
        ("deputy@ada.example", "Ada", "deputy@ada.example", ""),
        (None, "Bor", "", OUT_OF_USE),
        (None, "Cid", "", NO_CONTACT),
    ]


def test_a_contact_of_two_distributors_reaches_both_or_neither(issue, clock, firms):
    other = make_distributor(name="Dor", country=firms[0].country)
    both = make_user(distributor=other, contact="first", email="both@dor.example")
    make_membership(both, firms[2], "first")
    mailing = make_issue(datetime.date(2027, 1, 1), released=True)
    tell_once("bulletins.issue", mailing, f"bulletins.issue:{mailing.pk}", recipients())
    sent(mailing)
    clock.shift(72 * HOUR)
    assert states(mailing) == dict.fromkeys(("Ada", "Bor", "Cid", "Dor"), "reached")
    clock.shift(-71 * HOUR)
    bounce("both@dor.example")
    assert (states(mailing)["Cid"], states(mailing)["Dor"]) == ("unreached", "unreached")
    assert row_of(mailing, "Cid").reasons == (CAME_BACK,)


def test_a_contact_who_opens_it_signed_in_proves_it_once(issue, client, firms, area):
    from network.models import User

    contact = User.objects.get(email="first@bor.example")
    page = issue.pages.get()
    for user in (None, make_user(distributor=firms[2]), contact, contact):
        if user is not None:
            client.force_login(user)
        assert client.get(page.url).status_code == 200
    assert [(o.distributor, o.user) for o in IssueOpening.objects.all()] == [(firms[1], contact)]
    assert row_of(issue, "Bor").how == "opened"


def test_a_campaigner_records_other_means_and_takes_it_back(issue, firms, area):
    campaigner = make_user("campaigner", review_area=area)
    given = {"given_on": RELEASED.date(), "given_to": "Ana Lima", "way": "By hand"}
    for stranger in (make_user(), make_user("campaigner", review_area=make_area())):
        with pytest.raises(PermissionDenied):
            record_delivery(issue, firms[2], by=stranger, **given)
    record = record_delivery(issue, firms[2], by=campaigner, **given)
    cid = row_of(issue, "Cid")
    assert (cid.state, cid.how, cid.at, cid.who) == (
        "reached",
        "by_hand",
        RELEASED.date(),
        "Ana Lima",
    )
    with pytest.raises(TransitionRefused):
        record_delivery(issue, firms[2], by=campaigner, **given)
    take_back_delivery(record, by=campaigner)
    take_back_delivery(record, by=make_user("editor"))
    record.refresh_from_db()
    assert record.taken_back_by == campaigner
    assert states(issue)["Cid"] == "unreached"
    record_delivery(issue, firms[2], by=campaigner, **given)
    assert HandDelivery.objects.count() == 2


def test_a_day_before_the_release_or_in_the_future_is_refused(issue, firms, area):
    campaigner = make_user("campaigner", review_area=area)
    for days in (-2, 2):
        with pytest.raises(TransitionRefused):
            record_delivery(
                issue,
                firms[2],
                by=campaigner,
                given_on=RELEASED.date() + datetime.timedelta(days=days),
                given_to="Ana",
                way="By hand",
            )


def test_a_distributor_that_ended_is_listed_apart(issue, firms):
    type(firms[2]).objects.filter(pk=firms[2].pk).update(is_active=False)
    assert states(issue)["Cid"] == "ended"


def test_read_counts_a_distributors_members_once_a_story(issue, firms):
    case, other = make_case(published=True), make_case(published=True)
    issue.stories.create(case=case)
    people = [make_user(distributor=firms[0]) for _ in range(2)]
    for user in people:
        ReadMark.note(user, case)
        ReadMark.note(user, other)
    gone = make_user()
    make_membership(gone, firms[1], until=RELEASED.date() - datetime.timedelta(days=1))
    ReadMark.note(gone, case)
    counted = {row.distributor.name: row.stories_read for row in report(issue).rows}
    assert counted == {"Ada": 1, "Bor": 0, "Cid": 0}
    assert report(issue).counts["read"] == 1


def test_another_module_adds_what_it_knows_of_reading(issue, firms, monkeypatch):
    case = make_case(published=True)
    issue.stories.create(case=case)
    monkeypatch.setattr(reach, "_readings", {})
    reach.register_reading("tests", lambda cases: [(firms[2].pk, pk) for pk in cases])
    assert row_of(issue, "Cid").stories_read == 1


# --- sent again after a correction ---------------------------------------------------
def queued():
    rows = Delivery.objects.filter(state=DeliveryState.QUEUED)
    return sorted(rows.values_list("address", flat=True))


def test_a_contact_named_later_gets_the_issue_once(issue, firms):
    sent(issue)
    assert reach_again() == 0
    make_user(distributor=firms[2], contact="first", email="late@cid.example")
    make_user(distributor=firms[0], contact="deputy", email="more@ada.example")  # is reached
    assert [reach_again(), reach_again()] == [1, 0]
    assert queued() == ["late@cid.example"]


def test_a_corrected_address_gets_it_and_one_that_still_bounces_does_not(issue, firms, clock):
    from network.models import User

    sent(issue)
    bounce("first@bor.example")
    assert reach_again() == 0
    User.objects.filter(email="first@bor.example").update(email="right@bor.example")
    assert [reach_again(), reach_again()] == [1, 0]
    assert queued() == ["right@bor.example"]


def test_a_restored_address_gets_it(issue, firms, clock, area):
    sent(issue)
    bounce("first@bor.example")
    clock.shift(HOUR)
    restore_address("first@bor.example", by=make_user("campaigner", review_area=area))
    assert [reach_again(), reach_again()] == [1, 0]
    sent(issue)
    clock.shift(HOUR)
    bounce("first@bor.example")  # and comes back once more: it ends there
    assert reach_again() == 0


def test_an_old_issue_is_sent_to_nobody_more(issue, firms, clock):
    make_user(distributor=firms[2], contact="first")
    clock.shift(datetime.timedelta(days=61))
    assert reach_again() == 0


# --- on the campaigner's desk ----------------------------------------------------------
def test_the_unreached_stand_on_their_campaigners_desk_until_reached(issue, firms, area, clock):
    sent(issue)
    campaigner = make_user("campaigner", review_area=area)
    [item] = unreached_items(campaigner)
    assert (item.title, NO_CONTACT in item.what) == ("Cid", True)
    assert not list(unreached_items(make_user("campaigner", review_area=make_area())))
    bounce("first@ada.example")  # the deputy has it, and the address is to be corrected
    assert [i.title for i in unreached_items(campaigner)] == ["Cid", "Ada"]
    record_delivery(
        issue, firms[2], by=campaigner, given_on=RELEASED.date(), given_to="Ana", way="Printed"
    )
    assert [i.title for i in unreached_items(campaigner)] == ["Ada"]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(issue, area, number):
    country = make_country(area=area)
    for _ in range(number * 5):
        make_user(distributor=make_distributor(country=country), contact="first")
    made = [
        make_issue(datetime.date(2027, n + 1, 1), released=True, cases=(make_case(published=True),))
        for n in range(number)
    ]
    for issue_made in made:
        tell_once("bulletins.issue", issue_made, f"bulletins.issue:{issue_made.pk}", recipients())
    with CaptureQueriesContext(connection) as queries:
        assert len(reach.reports(made)) == number
    assert len(queries) == 10
    campaigner = make_user("campaigner", review_area=area)
    with CaptureQueriesContext(connection) as queries:
        list(unreached_items(campaigner))
    assert len(queries) == 10  # who read a story is not asked


# --- pages -------------------------------------------------------------------------
def test_the_report_and_its_table_name_the_same(client, issue):
    client.force_login(make_user("executive"))
    page = client.get(reverse("issue_reach", args=[issue.pk]))
    assert [line["row"].distributor.name for line in page.context["rows"]] == ["Ada", "Bor", "Cid"]
    page = client.get(reverse("issue_reach", args=[issue.pk]), {"state": "unreached"})
    assert [line["row"].distributor.name for line in page.context["rows"]] == ["Cid"]
    answer = client.get(reverse("issue_reach_csv", args=[issue.pk]))
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line[2] for line in table[1:]] == ["Ada", "Bor", "Cid"]
    assert table[3][5] == "Not reached"


def test_all_issues_stand_on_one_page_that_the_desk_links(client, issue, firms, clock):
    for who in ("executive", "editor", "administrator"):
        client.force_login(make_user(who))
        address = reverse("issue_reaches")
        assert f'href="{address}"' in client.get(reverse("desk")).content.decode()
        page = client.get(address)
        [(found, counts)] = page.context["issues"]
        assert found == issue
        assert sum(counts[state] for state in ("reached", "waiting", "unreached")) == len(
            report(issue).rows
        )
        assert reverse("issue_reach", args=[issue.pk]) in page.content.decode()


def test_no_cell_is_a_formula(client, issue, firms):
    type(firms[2]).objects.filter(pk=firms[2].pk).update(name="=cmd()", name_en="=cmd()")
    client.force_login(make_user("editor"))
    answer = client.get(reverse("issue_reach_csv", args=[issue.pk]))
    assert "'=cmd()" in answer.content.decode()


def test_a_campaigner_records_on_the_page_and_typed_words_stay(client, issue, firms, area):
    campaigner = make_user("campaigner", review_area=area)
    client.force_login(campaigner)
    url = reverse("reach_distributor", args=[issue.pk, firms[2].code])
    answer = client.post(url, {"given_on": "nonsense", "given_to": "Ana Lima", "way": "By hand"})
    assert answer.status_code == 422
    assert b"Ana Lima" in answer.content
    client.post(url, {"given_on": "2026-12-01", "given_to": "Ana Lima", "way": "By hand"})
    assert HandDelivery.objects.get().by == campaigner
    other = reverse("reach_distributor", args=[issue.pk, make_distributor().code])
    assert client.get(other).status_code == 403


def test_a_personal_copy_goes_to_who_asked_and_a_contact_gets_one_mail(issue, firms):
    from network.models import User
    from touchpoints.api import tell
    from touchpoints.transitions import choose_mail

    reader, contact = make_user(mail_rhythm="weekly"), User.objects.get(email="first@bor.example")
    make_user()
    for user in (reader, contact):
        choose_mail(user, {"bulletins.issue_copy": True})
    copy = tell("bulletins.issue_copy", issue)
    assert [row.user for row in copy.deliveries.all()] == [reader]
    assert copy.deliveries.get().due_at <= timezone.now()  # at release, whatever the rhythm


def test_the_copy_ends_with_a_click_and_the_contacts_mail_does_not(issue, firms):
    from django.core import mail

    from touchpoints.api import tell
    from touchpoints.transitions import choose_mail

    reader = make_user(email="reader@gkc.example")
    choose_mail(reader, {"bulletins.issue_copy": True})
    tell("bulletins.issue_copy", issue)
    send_due()
    by_address = {message.to[0]: message for message in mail.outbox}
    assert "List-Unsubscribe" in by_address["reader@gkc.example"].extra_headers
    assert "/mail/stop/" in by_address["reader@gkc.example"].body
    assert "List-Unsubscribe" not in by_address["first@bor.example"].extra_headers
    assert "/mail/stop/" not in by_address["first@bor.example"].body
