"""A button pressed twice does its work once: each thing that a desk makes, by two posts."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from tests.workshops.after import make_past
from tests.workshops.desk_pages import at, mark
from touchpoints.models import Delivery
from workshops.exceptions import DoneAlready, TransitionRefused
from workshops.models import Material, Session
from workshops.transitions import (
    Question,
    cancel_session,
    enrol,
    enrol_group,
    nominate,
    repeat_session,
    set_trainers,
    standard_form,
    write_questions,
    write_reflection,
)

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


def test_what_came_of_a_reflection_and_questions_are_written_once(client, trainer, coordinator):
    session = make_past(trainers=[trainer])
    made = write_reflection(
        session,
        by=trainer,
        gap_from="Half",
        gap_to="All",
        due_on=timezone.localdate() + datetime.timedelta(days=3),
        owner=trainer,
        action="More time",
    )
    client.force_login(trainer)
    later = timezone.localdate() + datetime.timedelta(days=9)
    for _click in range(2):
        typed = {"words": "Not yet", "due_on": later.isoformat()}
        assert client.post(at("reflection", made.pk), typed).status_code == 302
    assert made.steps.count() == 1
    programme = make_programme()
    questions = [Question("scale", texts={"en": "Did it help?", "ar": " "})]
    seen = standard_form().pk
    first = write_questions(programme, questions, by=coordinator, seen=seen)
    assert write_questions(programme, questions, by=coordinator, seen=seen) == first
    other = [Question("scale", texts={"en": "Was it near?"})]
    for who, what in ((coordinator, other), (make_user("coordinator"), questions)):
        with pytest.raises(TransitionRefused, match="Somebody else"):
            write_questions(programme, what, by=who, seen=seen)


def test_nobody_has_a_place_in_a_session_that_they_teach(client, coordinator):
    home = make_distributor()
    manager = make_user("manager", distributor=home)
    trainer, other = make_trainee(home, first_name="Mei", last_name="Lin"), make_trainee(home)
    session = make_session(trainers=[trainer], seats=9)
    client.force_login(trainer)
    assert "You teach this session." in client.get(at("session", session.number)).content.decode()
    refused = client.post(at("session_enrol", session.number))
    assert refused.status_code == 409
    assert "You teach this session." in refused.content.decode()
    with pytest.raises(TransitionRefused, match="Mei Lin teaches this session"):
        enrol_group(session, [other, trainer], by=manager)
    with pytest.raises(TransitionRefused, match="Mei Lin teaches this session"):
        enrol(session, trainer, by=coordinator)
    assert not session.enrolments.exists()
    enrol(session, other, by=other)
    with pytest.raises(TransitionRefused, match="has a place in this session"):
        set_trainers(session, [other], by=coordinator)
    assert list(session.trainers.all()) == [trainer]
