"""The link in the mail: signed, expiring, for one purpose; looking changes nothing."""

import datetime
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from bulletins.models import Case, Response
from bulletins.reach import report
from bulletins.response_links import LinkBroken, link_token, read_token
from bulletins.transitions.release import recipients
from network.models import Distributor, User
from tests.bulletins.responding import make_response
from tests.bulletins.stories import make_whole_story
from tests.factories.network import make_distributor, make_membership, make_user
from tests.factories.stories import make_case, make_issue
from touchpoints.api import tell_once
from touchpoints.models import Delivery, Mailing
from touchpoints.sending import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def firm():
    return make_distributor()


@pytest.fixture
def contact(firm):
    return make_user("manager", distributor=firm, first_name="Omar", last_name="Saleh")


@pytest.fixture
def issue(firm):
    cases = (
        make_whole_story("en", audience="network"),
        make_case(published=True, title="Second"),
        make_case(distributor=firm, published=True, title="Our own"),
    )
    return make_issue(cases=cases, released=True)


def url(firm, issue, contact) -> str:
    return f"/en/respond/{link_token(firm.pk, issue.pk, contact.pk)}/"


def typed(firm, case, choice: str, **more) -> dict:
    return {
        f"{firm.pk}-{case.number}-{key}": value
        for key, value in (more | {"choice": choice}).items()
    }


def told() -> list[dict]:
    rows = Mailing.objects.filter(kind="bulletins.response_by_link").order_by("pk")
    return list(rows.values_list("data", flat=True))


def test_looking_changes_nothing_and_shows_no_more_than_it_must(client, firm, contact, issue):
    case = issue.stories.first().case
    for method in ("get", "head", "get"):
        assert getattr(client, method)(url(firm, issue, contact)).status_code == 200
    assert not Response.objects.exists()
    assert not Mailing.objects.exists()
    page = client.get(url(firm, issue, contact)).content.decode()
    story = case.source_page()
    assert story.title in page
    assert "Ready on time" in page  # its KPI row
    assert "The branch services 400 cars a month" in page  # the summary
    assert page.count("The branch services 400 cars a month") == 1  # and no other part
    assert "Our own" not in page
    assert case.author.display_name not in page


def test_a_contact_of_two_firms_is_told_of_the_other(client, firm, contact, issue):
    other = make_distributor(name="Distributor Elsewhere")
    make_membership(contact, other, contact="deputy")
    told = "Distributor Elsewhere has stories to answer as well"
    # Whoever has the link alone is told of no other firm.
    assert told not in client.get(url(firm, issue, contact)).content.decode()
    client.force_login(contact)
    assert told in client.get(url(firm, issue, contact)).content.decode()
    for story in issue.stories.exclude(case__distributor=other):
        make_response(story.case, other)
    assert told not in client.get(url(firm, issue, contact)).content.decode()


def test_the_contact_answers_and_is_told(client, firm, contact, issue):
    first, second = (row.case for row in issue.stories.all()[:2])
    data = typed(firm, first, "already") | typed(firm, second, "not_for_us", reason="rules")
    link = url(firm, issue, contact)
    unsigned = client.post(link, data)
    assert unsigned.status_code == 422
    assert not Response.objects.exists()
    done = client.post(link, data | {"signer": "contact", "name": "ignored"})
    assert done["Location"] == link
    rows = Response.objects.order_by("pk").values_list("choice", "via", "by", "typed_name")
    assert list(rows) == [
        ("already", "link", contact.pk, ""),
        ("not_for_us", "link", contact.pk, ""),
    ]
    [data] = told()
    assert (data["contact"], data["name"], len(data["responses"])) == (contact.pk, "", 2)
    assert "All stories of this bulletin are answered" in client.get(link).content.decode()
    tell_once("bulletins.issue", issue, "reached", recipients())
    [row] = [row for row in report(issue).rows if row.distributor == firm]
    assert row.stories_read == 2  # a used response page is a reading (R13)
    assert client.session.get("_auth_user_id") is None  # no session came of it


def test_a_browser_may_send_the_form_and_its_address_goes_to_no_other_site(firm, contact, issue):
    """A policy of no referrer at all would take the origin from the form, which is then refused."""
    browser = Client(enforce_csrf_checks=True)
    link, case = url(firm, issue, contact), issue.stories.first().case
    page = browser.get(link)
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-referrer" not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    data = typed(firm, case, "already") | {"signer": "contact"}
    assert browser.post(link, data).status_code == 403
    data["csrfmiddlewaretoken"] = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    assert browser.post(link, data, headers={"Origin": "null"}).status_code == 403
    assert browser.post(link, data, headers={"Origin": "http://testserver"}).status_code == 302
    assert Response.objects.get().choice == "already"


def test_somebody_else_gives_name_and_address(client, firm, contact, issue):
    case = issue.stories.first().case
    data = typed(firm, case, "adopted") | {"signer": "other", "name": "Lina", "address": "no"}
    link = url(firm, issue, contact)
    assert client.post(link, data).status_code == 422
    assert not Response.objects.exists()
    client.post(link, data | {"address": "lina@firm.example"})
    found = Response.objects.get()
    assert (found.answerer, found.typed_address) == ("Lina", "lina@firm.example")
    assert found.changes.get().typed_name == "Lina"
    send_due()
    to_contact = [one for one in mail.outbox if one.to == [contact.email]]
    assert [one.subject for one in to_contact] == ["Lina answered for your distributor"]
    assert "lina@firm.example" in to_contact[0].body


def test_an_answer_that_lacks_something_keeps_the_rest(client, firm, contact, issue):
    first, second = (row.case for row in issue.stories.all()[:2])
    data = typed(firm, first, "not_for_us", words="Too hot") | typed(firm, second, "already")
    page = client.post(url(firm, issue, contact), data | {"signer": "contact"})
    assert page.status_code == 422
    assert "Too hot" in page.content.decode()
    assert [found.case for found in Response.objects.all()] == [second]
    assert len(told()) == 1


def test_sent_twice_it_is_one_answer_and_never_goes_over_a_newer(client, firm, contact, issue):
    case = issue.stories.first().case
    link, data = url(firm, issue, contact), typed(firm, case, "adopted", seen="0")
    data["signer"] = "contact"
    client.post(link, data)
    client.post(link, data)
    assert Response.objects.get().version == 1
    for seen in ("0", "1", "2"):  # whatever a crafted form says it saw
        client.post(link, data | typed(firm, case, "already", seen=seen))
    assert Response.objects.get().choice == "adopted"
    assert len(told()) == 1


@pytest.mark.parametrize("what", ["altered", "other", "cut", "empty"])
def test_guessed_and_altered_links_are_nothing(client, firm, contact, issue, what, time_machine):
    # A minute that ends meanwhile would begin the count anew.
    time_machine.move_to(datetime.datetime.now(datetime.UTC), tick=False)
    token = link_token(firm.pk, issue.pk, contact.pk)
    other = link_token(firm.pk, issue.pk, contact.pk + 1)
    bad = {
        "altered": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "other": other.split(".", 1)[0] + "." + token.split(".", 1)[1],
        "cut": token[:20],
        "empty": "x",
    }[what]
    with pytest.raises(LinkBroken):
        read_token(bad)
    answers = [client.get(f"/en/respond/{bad}/").status_code for _time in range(22)]
    assert answers[:20] == [404] * 20
    assert answers[-1] == 429
    assert client.get(url(firm, issue, contact)).status_code == 200  # a good one is not counted


def test_it_expires(client, firm, contact, issue, time_machine, settings):
    time_machine.move_to("2026-11-10 09:00Z", tick=False)
    link = url(firm, issue, contact)
    time_machine.shift(datetime.timedelta(days=settings.RESPONSE_LINK_DAYS - 1))
    assert client.get(link).status_code == 200
    time_machine.shift(datetime.timedelta(days=2))
    late = client.get(link)
    assert late.status_code == 410
    assert "Its time is over." in late.content.decode()
    case = issue.stories.first().case
    assert client.post(link, typed(firm, case, "adopted")).status_code == 410
    assert not Response.objects.exists()


@pytest.mark.parametrize("what", ["firm", "contact", "left"])
def test_it_is_revoked_with_its_people(client, firm, contact, issue, what):
    link = url(firm, issue, contact)
    if what == "firm":
        Distributor.objects.filter(pk=firm.pk).update(is_active=False)
    elif what == "contact":
        User.objects.filter(pk=contact.pk).update(is_active=False)
    else:
        contact.memberships.update(contact="")
    case = issue.stories.first().case
    assert client.get(link).status_code == 410
    data = typed(firm, case, "adopted") | {"signer": "contact"}
    assert client.post(link, data).status_code == 410
    assert not Response.objects.exists()


def test_a_story_taken_back_or_closed_to_others_is_not_shown(client, firm, contact, issue):
    first, second = (row.case for row in issue.stories.all()[:2])
    link = url(firm, issue, contact)
    data = typed(firm, first, "adopted") | typed(firm, second, "already") | {"signer": "contact"}
    Case.objects.filter(pk=first.pk).update(is_published=False, stage="withdrawn")
    Case.objects.filter(pk=second.pk).update(audience="region")
    page = client.get(link).content.decode()
    assert "Two looks" not in page
    assert "Second" not in page
    done = client.post(link, data, follow=True).content.decode()
    assert "A story was taken back meanwhile and needs no answer." in done
    assert not Response.objects.exists()
    assert told() == []


def test_what_is_answered_is_not_shown_to_whoever_holds_the_link(client, firm, contact, issue):
    case = issue.stories.first().case
    make_response(case, firm, choice="not_for_us", reason="market", words="our secret reason")
    page = client.get(url(firm, issue, contact)).content.decode()
    assert "our secret reason" not in page
    assert case.source_page().title not in page


def test_each_receiver_of_the_mail_gets_a_link_of_their_own(client, firm, contact, issue):
    other = make_user("manager", distributor=make_distributor(), interface_language="ar")
    tell_once("bulletins.issue", issue, "links", recipients())
    send_due()
    tokens = {}
    for one in mail.outbox:
        html = one.alternatives[0].content
        assert len(one.message().as_bytes()) < 100_000
        [in_html] = set(re.findall(r"/(\w\w)/respond/([\w.~-]+)/", html))
        [in_text] = re.findall(r"/(\w\w)/respond/([\w.~-]+)/", one.body)
        assert in_html == in_text
        tokens[one.to[0]] = in_html
    assert tokens[contact.email][0] == "en"
    assert tokens[other.email][0] == "ar"
    key = read_token(tokens[contact.email][1])
    assert (key.distributor, key.issue, key.user) == (firm.pk, issue.pk, contact.pk)
    assert client.get(f"/en/respond/{tokens[contact.email][1]}/").status_code == 200
    assert Delivery.objects.filter(state="sent").count() == len(mail.outbox)
