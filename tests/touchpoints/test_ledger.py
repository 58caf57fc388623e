"""The ledger in the admin: who sees it, what it shows, trying again."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from gkc_site.bootstrap import sync_editor_group
from tests.factories.network import make_country, make_distributor, make_user
from touchpoints.api import tell, tell_once
from touchpoints.batches import PASSED
from touchpoints.exceptions import RequeueRefused
from touchpoints.ledger import AS_MADE_NOW, AS_SENT, letter_of
from touchpoints.models import Delivery
from touchpoints.queries import reached_by_distributor
from touchpoints.sending import send_due
from touchpoints.transitions import requeue

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    made = {role: make_user(role) for role in ("editor", "administrator", "campaigner")}
    made["reader"] = make_user()
    for user in made.values():
        sync_editor_group(user)
    return made


@pytest.fixture
def row(news):
    distributor = make_distributor(name="Gulf Motors")
    make_user(distributor=distributor)
    return tell("tests.news", distributor, line="A tray for each order.").deliveries.get()


def pages(row):
    return {
        "touchpoints_mailings": [],
        "touchpoints_mailings_results": [],
        "touchpoints_mailing": [row.mailing_id],
        "touchpoints_deliveries": [],
        "touchpoints_deliveries_results": [],
        "touchpoints_delivery": [row.pk],
        "touchpoints_delivery_html": [row.pk],
    }


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("editor", True), ("administrator", True), ("campaigner", False), ("reader", False)],
)
def test_only_editors_and_administrators_look_in(client, people, row, who, allowed):
    client.force_login(people[who])
    for name, arguments in pages(row).items():
        response = client.get(reverse(name, args=arguments))
        assert (response.status_code == 200) is allowed, name


def test_the_lists_name_what_was_told_and_filter(client, people, row):
    client.force_login(people["editor"])
    send_due()
    listed = client.get(reverse("touchpoints_deliveries")).content.decode()
    address = Delivery.objects.get().address
    assert address in listed
    for query, found in [
        ("state=sent", True),
        ("state=failed", False),
        ("language=en", True),
        ("language=ja", False),
        (f"mailing={row.mailing_id}", True),
        (f"mailing={row.mailing_id + 1}", False),
        ("address=nobody", False),
    ]:
        page = client.get(f"{reverse('touchpoints_deliveries')}?{query}").content.decode()
        assert (address in page) is found, query
    mailings = client.get(reverse("touchpoints_mailings") + "?state=failed").content.decode()
    assert reverse("touchpoints_mailing", args=[row.mailing_id]) not in mailings


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_lists_cost_the_same_for_one_and_thirty(
    client, people, row, rows, django_assert_num_queries
):
    country = make_country()
    for number in range(rows):
        distributor = make_distributor(country=country)
        tell_once(
            "tests.news", distributor, f"k{number}", [(None, distributor, "a@b.example", "en", "")]
        )
    client.force_login(people["editor"])
    for name, queries in [("touchpoints_deliveries", 13), ("touchpoints_mailings", 12)]:
        client.get(reverse(name))
        with django_assert_num_queries(queries):
            client.get(reverse(name))


def test_the_mail_is_read_from_its_file_once_sent(row, settings, client, people):
    settings.EMAIL_BACKEND = "touchpoints.backends.FileBackend"
    assert letter_of(row).note == AS_MADE_NOW
    send_due()
    sent = Delivery.objects.get()
    letter = letter_of(sent)
    assert (letter.note, letter.subject) == (AS_SENT, "News of Gulf Motors")
    assert "A tray for each order." in letter.text
    assert "A tray for each order." in letter.html
    client.force_login(people["editor"])
    page = client.get(reverse("touchpoints_delivery", args=[sent.pk])).content.decode()
    assert "A tray for each order." in page
    framed = client.get(reverse("touchpoints_delivery_html", args=[sent.pk]))
    assert "A tray for each order." in framed.content.decode()
    assert framed["X-Frame-Options"] == "SAMEORIGIN"


def test_the_reason_stands_where_there_is_no_mail(news):
    distributor = make_distributor()
    make_user(distributor=distributor)
    row = tell("tests.news", distributor, passed=True).deliveries.get()
    assert letter_of(row).note == PASSED


# --- reached or not ---------------------------------------------------------
def test_every_distributor_is_reached_or_not_with_the_reason(
    news, client, people, django_assert_num_queries
):
    names = ["Alpha", "Beta", "Gamma", "Delta"]
    alpha, beta, gamma, delta = (make_distributor(name=name) for name in names)
    both = make_user(distributor=alpha)
    mailing = tell_once(
        "tests.news",
        alpha,
        "issue:1",
        [
            (both, alpha, both.email, "en", ""),
            (both, beta, both.email, "en", ""),
            (None, gamma, "", "en", "No contact has an address."),
            (None, delta, "late@gkc.example", "en", ""),
        ],
    )
    send_due()
    Delivery.objects.filter(distributor=delta).update(state="queued")
    with django_assert_num_queries(2):
        reaches = reached_by_distributor(mailing)
    assert [(str(reach.distributor), reach.state, reach.reasons) for reach in reaches] == [
        ("Alpha", "reached", ()),
        ("Beta", "reached", ()),
        ("Delta", "waiting", ()),
        ("Gamma", "not_reached", ("No contact has an address.",)),
    ]
    client.force_login(people["editor"])
    page = client.get(reverse("touchpoints_mailing", args=[mailing.pk])).content.decode()
    assert "1 distributor was not reached." in page
    assert "No contact has an address." in page


# --- again ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "state", "sent"), [("administrator", "queued", 1), ("editor", "failed", 0)]
)
def test_an_administrator_sends_a_failed_one_again(client, people, row, who, state, sent):
    Delivery.objects.update(state="failed", attempts=8, reason="Every attempt failed.")
    client.force_login(people[who])
    address = reverse("touchpoints_delivery_requeue", args=[row.pk])
    assert client.get(address).status_code == 405
    client.post(address)
    assert Delivery.objects.get().state == state
    assert send_due() == sent


def test_only_what_failed_can_be_sent_again(row, people):
    send_due()
    with pytest.raises(RequeueRefused):
        requeue(row, by=people["administrator"])
    with pytest.raises(PermissionDenied):
        requeue(row, by=people["editor"])
    assert Delivery.objects.get().state == "sent"
