"""A button pressed twice does its work once: each thing that a desk makes, by two posts."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from tests.workshops.desk_pages import at, mark
from touchpoints.models import Delivery
from workshops.exceptions import DoneAlready, TransitionRefused
from workshops.models import Material, Session
from workshops.transitions import cancel_session, nominate, repeat_session

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
PLAN = {
    "rows": "1",
    "day-0-date": "2030-03-30",
    "day-0-from": "09:00",
    "day-0-to": "17:00",
    "time_zone": "Europe/Berlin",
    "place_kind": "person",
    "languages": ["de"],
    "seats": "12",
}


def once_of(response) -> dict[str, str]:
    """What the page's form carries unseen."""
    return {"once": re.search(r'name="once" value="([\w-]+)"', response.content.decode())[1]}


def test_a_session_is_planned_once_and_other_words_from_the_same_page_are_another(browser):
    trainer, address = make_user("trainer"), at("session_new", make_programme().key)
    typed = PLAN | {"trainers": [trainer.pk]} | once_of(browser.get(address))
    # A page that was refused keeps its name.
    refused = browser.post(address, typed | {"seats": "0"})
    assert once_of(refused) == {"once": typed["once"]}
    urls = [browser.post(address, typed).url for _click in range(2)]
    assert urls == [at("desk_session", Session.objects.get().number)] * 2
    # The browser's Back brings the same page again; another day is another session.
    assert browser.post(address, typed | {"day-0-date": "2030-05-04"}).status_code == 302
    assert Session.objects.count() == 2
    # Without the page's name (a program, an older page) nothing is taken for a second click.
    for _time in range(2):
        assert browser.post(address, PLAN).status_code == 302
    assert Session.objects.count() == 4


def test_what_one_coordinator_planned_is_not_anothers(browser, client):
    address = at("session_new", make_programme().key)
    typed = PLAN | once_of(browser.get(address))
    browser.post(address, typed)
    client.force_login(make_user("coordinator"))
    client.post(address, typed)
    assert len({one.created_by for one in Session.objects.all()}) == 2


def test_copies_are_planned_once_and_some_of_them_are_named(browser, coordinator):
    session = make_session()
    address, typed = at("session_repeat", session.number), {"every": "week", "times": "2"}
    seen = {"seen": mark(browser.post(address, typed))}
    assert browser.post(address, typed | seen).url == at("session_table")
    again = browser.post(address, typed | seen, follow=True)
    assert "These copies are planned already:" in again.content.decode()
    assert session.repeats.count() == 2
    # Whoever comes back another day reads it before anything is shown, with what was typed.
    page = browser.post(address, typed)
    assert page.status_code == 409
    assert 'value="2"' in page.content.decode()
    with pytest.raises(DoneAlready):
        repeat_session(session, by=coordinator, every="week", times=1)
    with pytest.raises(TransitionRefused, match="Some of these copies") as some:
        repeat_session(session, by=coordinator, every="week", times=3)
    assert not isinstance(some.value, DoneAlready)
    for copy in session.repeats.all():
        cancel_session(copy, by=coordinator, reason="Too few")
    assert len(repeat_session(session, by=coordinator, every="week", times=3)) == 3


def test_a_message_goes_out_once_and_other_words_are_another(browser):
    session = make_session()
    make_enrolment(session)
    address = at("session_message", session.number)
    typed = {"to": "enrolled", "subject-en": "Bring", "body-en": "Bring a map."}
    typed |= once_of(browser.get(address))
    seen = {"seen": mark(browser.post(address, typed))}
    assert browser.post(address, typed | seen).url == at("desk_session", session.number)
    again = browser.post(address, typed | seen, follow=True)
    assert "This message has been sent already." in again.content.decode()
    assert Delivery.objects.count() == 1
    other = typed | {"body-en": "Bring two maps."}
    browser.post(address, other | {"seen": mark(browser.post(address, other))})
    assert Delivery.objects.count() == 2


def test_a_group_is_enrolled_once_and_others_are_still_named(client):
    home = make_distributor()
    manager = make_user("manager", distributor=home)
    people = [make_trainee(home) for _number in range(3)]
    session = make_session(seats=2)
    chosen = {"person": [people[0].pk, people[1].pk]}
    client.force_login(manager)
    for _click in range(2):
        page = client.post(at("session_group", session.number), chosen, follow=True)
        assert "2 people have been enrolled." in page.content.decode()
    assert session.enrolments.count() == 2
    for strange in ([people[0].pk], [people[1].pk, people[2].pk]):
        page = client.post(at("session_group", session.number), {"person": strange})
        assert page.status_code == 409
        assert "These people are there already" in page.content.decode()
    named = make_session(make_programme(entry="nomination"))
    first = nominate(named, people[:2], by=manager)
    assert nominate(named, people[:2], by=manager) == first
    other = make_user(distributor=home, contact="deputy")
    with pytest.raises(TransitionRefused, match="there already"):
        nominate(named, people[:2], by=other)


def test_a_material_is_added_once(browser):
    address = at("materials", make_programme().key)
    page = browser.get(address)
    for kind, more in (
        ("section", {"reference": "go-and-see"}),
        ("file", {"upload": ("handout.pdf", PDF)}),
    ):
        typed = {"kind": kind, "title": "", "language": ""} | once_of(page) | more
        for _click in range(2):
            if kind == "file":
                typed["upload"] = SimpleUploadedFile("handout.pdf", PDF, "application/pdf")
            assert browser.post(address, typed).status_code == 302
    assert sorted(Material.objects.values_list("kind", flat=True)) == ["file", "section"]
