"""RFC 8058: one click ends what is optional, and nothing else."""

import pytest
from django.core import mail
from django.test import Client

from tests.factories.network import make_distributor, make_user
from touchpoints.api import tell
from touchpoints.batches import SWITCHED_OFF
from touchpoints.models import Delivery, MailChoice
from touchpoints.registry import Message
from touchpoints.rendering import LedgerMail, Parts
from touchpoints.sending import send_due
from touchpoints.stopping import STOP_LINK, stop_url
from touchpoints.transitions import choose_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return make_distributor()


def sent_to(user):
    send_due()
    return [message for message in mail.outbox if message.to == [user.email]]


def path_of(message) -> str:
    link = message.extra_headers["List-Unsubscribe"]
    assert link.startswith("<http")
    return "/" + link.strip("<>").split("/", 3)[3]


def test_the_headers_are_golden():
    parts = Parts("Hi", "Text\n", "<p>Text</p>\n", "en")
    url = "https://gkc.example/mail/stop/1~a.b:sig/"
    made = LedgerMail(parts, "a@b.example", "<1@gkc.example>", stop_url=url)
    head = made.message().as_bytes().decode().split("Subject:")[0].splitlines()
    assert [line for line in head if line.startswith(("To", "Message", "List"))] == [
        "To: a@b.example",
        "Message-ID: <1@gkc.example>",
        "List-Unsubscribe: <https://gkc.example/mail/stop/1~a.b:sig/>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]


def test_a_post_without_login_or_cookie_ends_the_kind_and_a_get_changes_nothing(firm, news):
    user = make_user(distributor=firm)
    tell("tests.news", firm)
    [message] = sent_to(user)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = path_of(message)
    assert path in message.body
    assert path in message.alternatives[0][0]
    browser = Client(enforce_csrf_checks=True)
    for _scanner in range(2):
        page = browser.get(path)
        assert page.status_code == 200
        assert b"<form" in page.content
    assert not MailChoice.objects.exists()
    answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200  # no redirect: RFC 8058, 3.1
    browser.post(path)
    choice = MailChoice.objects.get()
    assert (choice.user, choice.kind, choice.is_wanted) == (user, "tests.news", False)
    tell("tests.news", firm)
    assert len(sent_to(user)) == 1


def test_a_guessed_or_changed_link_is_no_page(firm, news):
    user = make_user(distributor=firm)
    url = stop_url(user.pk, ["tests.news"])
    client = Client()
    other = make_user()
    for path in (
        url.replace(f"{user.pk}~", f"{other.pk}~"),
        url.replace("tests.news", "tests.other"),
        "/mail/stop/x/",
    ):
        assert client.post(path.replace("http://127.0.0.1:8000", "")).status_code == 404
    assert not MailChoice.objects.exists()


def test_what_must_go_out_has_no_link_and_goes_out_all_the_same(firm, register):
    register("tests.must", optional=False)
    user = make_user(distributor=firm)
    choose_mail(user, {"": False})
    tell("tests.must", firm)
    [message] = sent_to(user)
    assert "List-Unsubscribe" not in message.extra_headers
    assert "/mail/stop/" not in message.body


def test_a_digest_ends_all_its_kinds(firm, register):
    register("tests.one")
    register("tests.two")
    user = make_user(distributor=firm)
    tell("tests.one", firm)
    tell("tests.two", firm)
    Delivery.objects.update(digest_key="7d0c5f4e-6d9e-4a53-9f0a-0d3a5f2c9b11")
    [message] = sent_to(user)
    Client().post(path_of(message))
    assert set(user.mail_choices.values_list("kind", "is_wanted")) == {
        ("tests.one", False),
        ("tests.two", False),
    }


def test_switched_off_after_it_was_told_is_not_sent_and_the_ledger_says_why(firm, news):
    user = make_user(distributor=firm)
    other = make_user(distributor=firm)
    tell("tests.news", firm)
    choose_mail(user, {"": False})
    assert send_due() == 1
    assert list(Delivery.objects.order_by("pk").values_list("user", "state", "reason")) == [
        (user.pk, "suppressed", SWITCHED_OFF),
        (other.pk, "sent", ""),
    ]


def test_what_one_must_ask_for_goes_to_those_who_did(firm, register):
    register("tests.copy", opt_in=True, at_once=True)
    wants, everything_off = make_user(distributor=firm), make_user(distributor=firm)
    make_user(distributor=firm, mail_rhythm="weekly")
    choose_mail(wants, {"tests.copy": True})
    choose_mail(everything_off, {"tests.copy": True, "": False})
    told = tell("tests.copy", firm)
    assert [row.user for row in told.deliveries.all()] == [wants]


def test_a_shared_mail_holds_each_receivers_own_link(firm, register):
    def words(obj, data, user):
        text = f"Stop: {STOP_LINK}\n"
        return Message("Shared", (), html=f'<a href="{STOP_LINK}">Stop</a>', text=text)

    register("tests.shared", per_person=False, words=words)
    people = [make_user(distributor=firm) for _ in range(2)]
    tell("tests.shared", firm)
    for user in people:
        [message] = sent_to(user)
        assert message.body == f"Stop: {stop_url(user.pk, ['tests.shared'])}\n"


def test_choosing_an_unknown_kind_fails_loudly(firm):
    with pytest.raises(KeyError):
        choose_mail(make_user(), {"tests.never": False})
