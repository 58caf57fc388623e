"""A receiver's own words in a mail that is rendered once a language."""

import email
import email.policy

import pytest
from django.core import mail

from network.models import User
from tests.factories.network import make_distributor, make_user
from touchpoints.api import tell
from touchpoints.ledger import letter_of
from touchpoints.models import Delivery
from touchpoints.personal import fill, placeholder
from touchpoints.registry import Attachment, Kind, Message, _kinds, register
from touchpoints.rendering import LedgerMail, Parts
from touchpoints.sending import send_due

LONG = "https://gkc.example/en/answer/" + "aA1=_-" * 30 + "?a=1&b=2"


def parsed(content: bytes):
    message = email.message_from_bytes(content, policy=email.policy.SMTP)
    return tuple(
        message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html")
    )


@pytest.mark.parametrize("filler", ["", "short ", "Ж " * 600, "= . " * 400])
@pytest.mark.parametrize("before", range(0, 80, 7))
def test_the_finished_mail_says_what_the_filled_parts_say(filler, before):
    """8-bit and quoted-printable, wherever a soft line break falls."""
    mark = placeholder("answer_12")
    text = f"{filler}{'x' * before}{mark} and {mark}\n.dot\n"
    html = f'<p>{filler}{"y" * before}<a href="{mark}">{mark}</a></p>\n'
    values = {"answer_12": LONG}
    made = LedgerMail(Parts("Hi", text, html, "en"), "a@b.example", "<1@gkc.example>", values)
    assert parsed(made.message().as_bytes(linesep="\r\n")) == (
        fill(text, values),
        fill(html, values, html=True),
    )
    assert "a=1&amp;b=2" in fill(html, values, html=True)
    longest = max(len(line) for line in made.message().as_bytes(linesep="\r\n").split(b"\r\n"))
    assert longest <= 998  # RFC 5322


def test_a_file_goes_with_the_mail_and_the_words_are_still_filled():
    mark = placeholder("answer")
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:مرحبا\r\nEND:VCALENDAR\r\n"
    parts = Parts(
        "Hi",
        f"Ж {mark}\n",
        f"<p>{mark}</p>\n",
        "en",
        attachments=(Attachment("w.ics", calendar, "text/calendar; method=REQUEST"),),
    )
    made = LedgerMail(parts, "a@b.example", "<1@gkc.example>", {"answer": "1 & 2"})
    content = made.message().as_bytes(linesep="\r\n")
    assert parsed(content) == ("Ж 1 & 2\n", "<p>1 &amp; 2</p>\n")
    assert mark.encode() not in content
    message = email.message_from_bytes(content, policy=email.policy.SMTP)
    (one,) = message.iter_attachments()
    assert one.get_content() == calendar
    assert (one.get_content_type(), one.get_param("method")) == ("text/calendar", "REQUEST")
    assert one.get_filename() == "w.ics"
    # A mail service is given the parts themselves.
    assert len(made.attachments) == 1


def test_a_name_must_be_plain_and_a_value_must_be_there():
    with pytest.raises(ValueError, match="not a placeholder"):
        placeholder("An Answer")
    parts = Parts("Hi", placeholder("here"), "<p></p>", "en")
    with pytest.raises(KeyError):
        LedgerMail(parts, "a@b.example", "<1@gkc.example>", {})


@pytest.fixture
def own_links():
    rendered = []

    def words(obj, data, user):
        rendered.append(user)
        link = placeholder("link")
        return Message("Yours", (), html=f'<a href="{link}">Answer</a>', text=f"Answer: {link}\n")

    def audience(obj, data):
        return User.objects.members_of(obj)

    yield (
        register(
            Kind(
                "tests.personal",
                audience,
                "members",
                words,
                optional=False,
                per_person=False,
                personal=lambda obj, delivery: {"link": f"https://x.example/{delivery.key}?a&b"},
            )
        ),
        rendered,
    )
    del _kinds["tests.personal"]


@pytest.mark.django_db
def test_each_receiver_gets_the_own_link_and_words_are_made_once(own_links):
    distributor = make_distributor()
    people = [make_user(distributor=distributor) for _number in range(3)]
    tell("tests.personal", distributor)
    assert send_due() == 3
    assert own_links[1] == [None]
    keys = dict(Delivery.objects.values_list("user__email", "key"))
    assert sorted(message.to[0] for message in mail.outbox) == sorted(u.email for u in people)
    for message in mail.outbox:
        link = f"https://x.example/{keys[message.to[0]]}"
        assert message.body == f"Answer: {link}?a&b\n"
        assert message.alternatives[0][0] == f'<a href="{link}?a&amp;b">Answer</a>'


@pytest.mark.django_db
def test_the_ledger_shows_nobodys_link(own_links):
    distributor = make_distributor()
    make_user(distributor=distributor)
    row = tell("tests.personal", distributor).deliveries.get()
    assert letter_of(row).text == "Answer: #\n"
