"""The sender: who gets the mail at last, in which words, and what the ledger says."""

import email
import email.policy
import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import User
from tests.factories.network import make_distributor, make_user
from touchpoints.api import tell, tell_once
from touchpoints.batches import FIRM_ENDED, GONE, INACTIVE, NOT_FOR_THEM, PASSED, UNKNOWN_KIND
from touchpoints.models import Delivery, DeliveryState
from touchpoints.registry import Message
from touchpoints.sending import contents, send_due
from touchpoints.tasks import send_due as send_due_task

pytestmark = pytest.mark.django_db


def parsed(message):
    return email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)


def test_a_mail_goes_out_and_the_ledger_says_so(news, distributor):
    user = make_user(distributor=distributor)
    row = tell("tests.news", distributor, line="Line one").deliveries.get()
    assert send_due_task() == 1
    [sent] = mail.outbox
    assert sent.to == [user.email]
    assert sent.extra_headers["Message-ID"] == row.message_id == f"<{row.key}@gkc.example>"
    row.refresh_from_db()
    assert (row.state, row.attempts, row.claimed_until) == (DeliveryState.SENT, 1, None)
    assert row.sent_at is not None
    assert send_due() == 0
    assert len(mail.outbox) == 1


def test_what_is_not_due_stays(news, distributor):
    make_user(distributor=distributor, mail_rhythm="daily")
    tell("tests.news", distributor)
    assert send_due() == 0


def test_the_mail_has_both_parts_and_absolute_links(news, distributor, settings):
    settings.SITE_ADDRESS = "https://gkc.example"
    make_user(distributor=distributor)
    tell("tests.news", distributor, line="<b>5 > 3</b>")
    send_due()
    message = parsed(mail.outbox[0])
    assert message["Subject"] == "News of Gulf Motors"
    assert message["Content-Language"] == "en"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.tzinfo is not None
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    link = f"https://gkc.example/en/people/{distributor.pk}/"
    assert f"Look:\n{link}\n" in text
    assert "<b>5 > 3</b>" in text
    assert f'href="{link}"' in html
    assert "&lt;b&gt;5 &gt; 3&lt;/b&gt;" in html
    for absent in ("<table", "<img", "<script", "{%", "{{"):
        assert absent not in html


@pytest.mark.parametrize(
    ("language", "tag", "direction"),
    [("ar", "ar", "rtl"), ("fa", "fa", "rtl"), ("ja", "ja", "ltr"), ("pt-br", "pt-BR", "ltr")],
)
def test_language_and_direction_are_the_receivers(register, distributor, language, tag, direction):
    from django.utils import timezone, translation

    def words(obj, data, user):
        zone = timezone.get_current_timezone_name()
        return Message(subject=translation.get_language(), lines=(zone,))

    register(words=words)
    make_user(distributor=distributor, interface_language=language, time_zone="Asia/Tokyo")
    tell("tests.news", distributor)
    send_due()
    message = parsed(mail.outbox[0])
    html = message.get_body(("html",)).get_content()
    assert message["Subject"] == language
    assert message["Content-Language"] == tag
    assert f'<html lang="{tag}" dir="{direction}">' in html
    assert "Asia/Tokyo" in html


def test_each_line_has_the_direction_of_its_words(register, distributor):
    """Not that of its first letter: a Persian sentence may begin with a Latin name."""
    lines = ("Lucas در این دوره جا می‌خواهد", "علي asks for a seat", "2027")
    register(words=lambda obj, data, user: Message(subject="…", lines=lines))
    make_user(distributor=distributor, interface_language="fa")
    tell("tests.news", distributor)
    send_due()
    message = parsed(mail.outbox[0])
    html = message.get_body(("html",)).get_content()
    for line, direction in zip(lines, ("rtl", "ltr", "rtl"), strict=True):
        (tag,) = re.findall(f'<p dir="(.*?)"[^>]*>{re.escape(line)}<', html)
        assert tag == direction, line
    text = message.get_body(("plain",)).get_content()
    assert f"\n\u200f{lines[0]}\n" in text
    assert f"\n\u200e{lines[1]}\n" in text
    assert f"\n{lines[2]}\n" in text


def test_text_of_another_script_survives(news):
    distributor = make_distributor(name="الخليج 日本")
    make_user(distributor=distributor)
    tell("tests.news", distributor, line="گزارش — 報告")
    send_due()
    message = parsed(mail.outbox[0])
    assert message["Subject"] == "News of الخليج 日本"
    assert "گزارش — 報告" in message.get_body(("plain",)).get_content()


def test_unseen_signs_of_a_script_stay_in_the_subject_and_others_do_not(news):
    written = "\u0645\u06cc\u200c\u0634\u0648\u062f 25\u200f/03"  # a joiner, a mark of direction
    distributor = make_distributor(name=f"{written} \u202eover\u2066\x07ride")
    make_user(distributor=distributor)
    tell("tests.news", distributor)
    send_due()
    assert parsed(mail.outbox[0])["Subject"] == f"News of {written} over ride"


def test_a_line_break_in_a_name_adds_no_header(news):
    distributor = make_distributor(name="Gulf\r\nBcc: thief@example.org\r\n\r\nBody")
    make_user(distributor=distributor)
    tell("tests.news", distributor)
    send_due()
    message = parsed(mail.outbox[0])
    assert message["Subject"] == "News of Gulf Bcc: thief@example.org Body"
    assert message["Bcc"] is None


def test_an_address_with_a_line_break_fails_alone(news, distributor):
    good = make_user(distributor=distributor)
    bad = make_user(distributor=distributor)
    User.objects.filter(pk=bad.pk).update(email="a@b.example\r\nBcc: thief@example.org")
    tell("tests.news", distributor)
    send_due()
    assert [m.to for m in mail.outbox] == [[good.email]]
    assert Delivery.objects.get(user=bad).state == DeliveryState.FAILED


# --- looked at again --------------------------------------------------------
def reasons():
    return list(Delivery.objects.values_list("state", "reason"))


def test_an_occasion_that_passed_is_suppressed(news, distributor):
    make_user(distributor=distributor)
    tell("tests.news", distributor, passed=True)
    send_due()
    assert (mail.outbox, reasons()) == ([], [("suppressed", PASSED)])


def test_an_object_that_is_gone_is_suppressed(news):
    user = make_user(distributor=make_distributor())
    gone = make_distributor()
    user.memberships.update(distributor=gone)
    tell("tests.news", gone)
    user.memberships.all().delete()
    gone.delete()
    send_due()
    assert (mail.outbox, reasons()) == ([], [("suppressed", GONE)])


def test_somebody_deactivated_since_gets_nothing(news, distributor):
    user = make_user(distributor=distributor)
    tell("tests.news", distributor)
    User.objects.filter(pk=user.pk).update(is_active=False)
    send_due()
    assert (mail.outbox, reasons()) == ([], [("suppressed", INACTIVE)])


def test_somebody_who_left_the_audience_gets_nothing(news, distributor):
    user, other = make_user(distributor=distributor), make_user(distributor=distributor)
    tell("tests.news", distributor)
    user.memberships.all().delete()
    send_due()
    assert [m.to for m in mail.outbox] == [[other.email]]
    assert set(reasons()) == {("suppressed", NOT_FOR_THEM), ("sent", "")}


@pytest.mark.parametrize(("still", "sent"), [(True, 1), (False, 0)])
def test_a_kind_may_say_itself_who_may_still_get_it(register, distributor, still, sent):
    register(still_for=lambda obj, user, data: still)
    user = make_user(distributor=distributor)
    tell("tests.news", distributor)
    user.memberships.all().delete()  # the audience would say no
    assert send_due() == sent


def test_a_kind_the_site_forgot_is_suppressed(register, distributor, monkeypatch):
    from touchpoints import registry

    register()
    make_user(distributor=distributor)
    tell("tests.news", distributor)
    registry._kinds.pop("tests.news")
    send_due()
    assert reasons() == [("suppressed", UNKNOWN_KIND)]


def test_the_mail_goes_to_the_present_address_and_language(news, distributor):
    user = make_user(distributor=distributor)
    tell("tests.news", distributor)
    user.email, user.interface_language = "new@gkc.example", "fa"
    user.save()
    send_due()
    assert mail.outbox[0].to == ["new@gkc.example"]
    row = Delivery.objects.get()
    assert (row.address, row.language) == ("new@gkc.example", "fa")


def test_words_that_fail_stop_no_other_mail(register, distributor):
    first, second = make_user(distributor=distributor), make_user(distributor=distributor)

    def words(obj, data, user):
        if user == first:
            raise ZeroDivisionError
        return Message(subject="Fine", lines=())

    register(words=words)
    tell("tests.news", distributor)
    assert send_due() == 1
    failed = Delivery.objects.get(user=first)
    assert (failed.state, failed.attempts) == ("queued", 1)
    assert failed.last_error == "ZeroDivisionError()"
    assert Delivery.objects.get(user=second).state == "sent"


def test_an_inactive_distributors_bare_address_gets_nothing(news, distributor):
    recipients = [(None, distributor, "desk@gkc.example", "ja", "")]
    tell_once("tests.news", distributor, "once", recipients)
    distributor.is_active = False
    distributor.save()
    send_due()
    assert reasons() == [("suppressed", FIRM_ENDED)]


# --- one rendering for thousands --------------------------------------------
def test_shared_words_are_made_once_a_language(register, distributor):
    calls = []

    def words(obj, data, user):
        calls.append(user)
        return Message(subject="Issue", lines=("Out now",))

    register(words=words, per_person=False)
    recipients = [
        (None, distributor, f"r{n}@gkc.example", ["en", "ar"][n % 2], "") for n in range(10)
    ]
    tell_once("tests.news", distributor, "issue:1", recipients)
    assert send_due() == 10
    assert calls == [None, None]
    seen = [parsed(m) for m in mail.outbox]
    assert {m["To"] for m in seen} == {address for _u, _d, address, _l, _r in recipients}
    assert len({m["Message-ID"] for m in seen}) == 10
    assert sorted(m["Content-Language"] for m in seen) == ["ar"] * 5 + ["en"] * 5


def test_a_kind_may_bring_its_own_html_and_text(register, distributor):
    own = Message(subject="Issue", lines=(), html="<p>whole</p>", text="whole")
    register(words=lambda obj, data, user: own)
    make_user(distributor=distributor)
    tell("tests.news", distributor)
    send_due()
    message = parsed(mail.outbox[0])
    assert message.get_body(("html",)).get_content().strip() == "<p>whole</p>"
    assert message.get_body(("plain",)).get_content().strip() == "whole"


def test_only_who_has_an_account_is_offered_the_profile(news, distributor):
    user = make_user(distributor=distributor)
    recipients = [
        (user, distributor, user.email, "en", ""),
        (None, distributor, "desk@gkc.example", "en", ""),
    ]
    tell_once("tests.news", distributor, "once", recipients)
    send_due()
    assert ["/profile/" in sent.body for sent in mail.outbox] == [True, False]


# --- cost -------------------------------------------------------------------
@pytest.mark.parametrize(("receivers", "expected"), [(1, 13), (3, 15), (30, 42)])
def test_a_mail_costs_one_statement_more(news, distributor, receivers, expected):
    """Claim (6), object, addresses out of use, choices, audience, release, the empty last
    claim (1); and one a mail."""
    for _number in range(receivers):
        make_user(distributor=distributor)
    tell("tests.news", distributor)
    with CaptureQueriesContext(connection) as queries:
        assert send_due() == receivers
    counted = [q for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(counted) == expected


def test_the_ledger_shows_the_mail_as_it_would_be(news, distributor):
    make_user(distributor=distributor, interface_language="ar")
    row = tell("tests.news", distributor, line="Look").deliveries.get()
    assert contents(row).subject == "News of Gulf Motors"
    assert 'dir="rtl"' in contents(row).html
