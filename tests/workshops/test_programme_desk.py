"""The programme desk in the browser's eyes: forms that lose nothing, previews, lists."""

import datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.models import Topic
from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_lab,
    make_programme,
    make_session,
    make_trainee,
)
from workshops.models import Programme, ProgrammeEvent
from workshops.session_forms.programme import ProgrammeForm
from workshops.transitions import change_programme, watch
from workshops.transitions.tailoring import tailor

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Parts basics",
    "summary": "Order little, and often.",
    "name": "Parts",
    "audience": ["dealer", "sellers"],
    "level": "start",
    "process_steps": ["own"],
    "min_years": "2",
    "entry": "approval",
    "asks": ["diet"],
    "place_kind": "person",
    "days": "2",
    "seats": "12",
    "fee_amount": "80.50",
    "fee_currency": "EUR",
    "fee_share": "40",
    "has_evaluation": "on",
    "proof_days": "60",
    "gives_certificate": "on",
    "pass_mark": "70",
}
NEW = "programme_new"


@pytest.fixture
def coordinator(client):
    user = make_user("coordinator", time_zone="UTC")
    client.force_login(user)
    return user


def edit_url(programme) -> str:
    return reverse("programme_edit", args=[programme.key])


def hidden(response, name: str) -> str:
    return response.context["form"][name].value()


# --- make ----------------------------------------------------------------------------------
@pytest.mark.slow
def test_all_that_is_typed_is_kept_and_a_second_click_makes_no_second(client, coordinator):
    topic = Topic.objects.create(slug="parts-on-time", name="Parts on time")
    first = make_programme("first")
    page = client.get(reverse(NEW))
    typed = TYPED | {"topics": [topic.pk], "requires": [first.pk], "once": hidden(page, "once")}
    answers = [client.post(reverse(NEW), typed) for _ in range(2)]
    made = Programme.objects.get(key="parts-basics")
    assert [answer.url for answer in answers] == [edit_url(made)] * 2
    assert (made.name, made.min_years, made.seats, made.days) == ("Parts", 2, 12, 2)
    assert (made.audience, made.process_steps, made.asks) == (
        ["dealer", "sellers"],
        ["own"],
        ["diet"],
    )
    assert (str(made.fee_amount), made.fee_currency, made.fee_share) == ("80.50", "EUR", 40)
    assert (made.proof_days, made.pass_mark, made.is_yearly_duty) == (60, 70, False)
    assert [one.key for one in made.requires.all()] == ["first"]
    assert [one.slug for one in made.topics.all()] == ["parts-on-time"]
    assert ProgrammeEvent.objects.get(programme=made).verb == "make"
    assert "Parts basics" in client.get("/en/workshops/").content.decode()
    # The template of a new session.
    form = client.get(reverse("session_new", args=[made.key])).context["form"]
    assert (form["seats"].value(), form.count) == (12, 5)  # two days and three rows more
    # Shown again unchanged, nothing is written down.
    shown = client.get(edit_url(made)).context["form"]
    again = {name: shown[name].value() for name in shown.fields}
    client.post(edit_url(made), {name: v for name, v in again.items() if v not in (None, False)})
    assert made.events.count() == 1


BAD = {
    "title": ("", "x" * 256),
    "summary": ("x" * 601,),
    "name": ("x" * 121, "Taken"),
    "key": ("Ünicode key", "taken", "sessions", "x" * 61),
    "audience": (["everybody"],),
    "level": ("expert", ""),
    "process_steps": (["fly"],),
    "topics": (["0"], ["x"]),
    "min_years": ("-1", "61", "two"),
    "requires": (["0"], ["x"]),
    "entry": ("luck", ""),
    "asks": (["passport"],),
    "place_kind": ("moon", ""),
    "days": ("0", "101", "1.5"),
    "seats": ("0", "1001"),
    "fee_amount": ("-1", "x", "1.234", "12345678901"),
    "fee_currency": ("eur", "EURO", ""),
    "fee_share": ("-1", "101"),
    "proof_days": ("0", "1001"),
    "pass_mark": ("0", "101"),
    "is_yearly_duty": ("on",),  # of a programme in person
}


def test_each_fields_bad_input_is_said_at_the_field(client, coordinator):
    make_programme("taken", name="Taken")
    programme = make_programme("own", name="Mine")
    by_form = {name: values for name, values in BAD.items() if name != "is_yearly_duty"}
    for name, values in by_form.items():
        for bad in values:
            if bad in ("Taken", "taken", "sessions"):
                continue  # by the transition, below
            for one in (None, programme):
                form = ProgrammeForm(_as_post(TYPED | {name: bad}), initial={}, programme=one)
                expected = [] if name == "key" and one else [name]
                assert list(form.errors) == expected, (name, bad)
    nameless = ProgrammeForm(_as_post(TYPED | {"title": "部品の基礎", "name": ""}))
    assert list(nameless.errors) == ["key"]


@pytest.mark.slow
def test_bad_input_is_shown_again_and_nothing_is_kept(client, coordinator):
    make_programme("taken", name="Taken")
    programme = make_programme("own", name="Mine")
    everything = {name: values[0] for name, values in BAD.items() if name != "is_yearly_duty"}
    taken = {"name": "Taken", "key": "taken", "is_yearly_duty": "on"}
    for url in (reverse(NEW), edit_url(programme)):
        for wrong in (everything, taken, {"title": ""}):
            answer = client.post(url, TYPED | wrong)
            form = answer.context["form"]
            assert answer.status_code == 422
            assert set(form.errors) == {name for name in wrong if name in form.fields}
            assert form["summary"].value() == wrong.get("summary", TYPED["summary"])
            assert "is_yearly_duty" not in form.errors or "computer" in answer.content.decode()
    assert Programme.objects.count() == 2
    assert not ProgrammeEvent.objects.exists()


def _as_post(data: dict) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, value in data.items():
        found.setlist(name, value if isinstance(value, list) else [value])
    return found


def test_every_field_has_its_sentence_of_help(client, coordinator):
    page = client.get(reverse(NEW))
    form, html = page.context["form"], page.content.decode()
    shown = {field.name for group in form.groups for field in group["fields"]}
    assert shown == set(form.fields) - {"seen", "once"}
    for name in shown:
        said = str(form.fields[name].help_text)
        assert said.endswith("."), name
        assert f'id="programme-{name}_helptext"' in html


# --- change --------------------------------------------------------------------------------
def test_a_stale_form_keeps_what_was_typed_and_shows_what_stands_there(client, coordinator):
    programme = make_programme("own", name="Mine", days=1)
    page = client.get(edit_url(programme))
    typed = TYPED | {"seen": hidden(page, "seen"), "days": "5"}
    change_programme(programme, {"days": 3, "min_years": 7}, by=coordinator)
    answer = client.post(edit_url(programme), typed)
    assert answer.status_code == 409
    assert answer.context["form"]["days"].value() == "5"
    rows = {row["label"]: (row["now"], row["typed"]) for row in answer.context["differing"]}
    assert rows["Days"] == ("3", "5")
    assert rows["Years of experience"] == ("7", "2")
    programme.refresh_from_db()
    assert programme.days == 3
    again = client.post(edit_url(programme), typed | {"seen": hidden(answer, "seen")})
    assert again.status_code == 302
    programme.refresh_from_db()
    assert (programme.days, programme.min_years) == (5, 2)
    history = client.get(edit_url(programme)).content.decode()
    assert "Years of experience: <bdi>7</bdi>, then: <bdi>2</bdi>" in history
    assert coordinator.display_name in history


def test_a_version_has_rules_of_its_own_and_its_name_elsewhere(client, coordinator):
    parent, firm = make_programme("parent"), make_home("asia", name="Home firm")
    version = tailor(parent, firm, "en", by=coordinator)
    page = client.get(edit_url(version))
    assert "title" not in page.context["form"].fields
    typed = {k: v for k, v in TYPED.items() if k not in ("title", "summary", "name")}
    assert client.post(edit_url(version), typed).status_code == 302
    version.refresh_from_db()
    parent.refresh_from_db()
    assert (version.min_years, parent.min_years) == (2, None)
    assert version.name.startswith(parent.name)
    assert reverse("version_edit", args=[version.key]) in page.content.decode()
    assert "Home firm" in client.get(edit_url(parent)).content.decode()


# --- archive -------------------------------------------------------------------------------
def test_archiving_is_shown_first_and_only_done_as_it_was_shown(client, coordinator):
    programme = make_programme("own", name="Mine", min_years=9)
    url = reverse("programme_archive", args=[programme.key])
    session = make_session(programme, seats=1)
    make_enrolment(session)
    make_enrolment(session, state="waiting")
    page = client.get(url)
    assert "1 with a seat, 1 waiting" in page.content.decode()
    assert 'name="seen"' not in page.content.decode()  # nothing to send
    assert client.post(url, {"reason": "Over", "seen": "x"}).status_code == 409
    type(session).objects.filter(pk=session.pk).update(state="cancelled")
    page = client.get(url)
    seen = page.context["effects"].mark
    assert client.post(url, {"reason": "", "seen": seen}).status_code == 422
    watch(programme, make_trainee())
    stale = client.post(url, {"reason": "Nobody comes.", "seen": seen})
    assert stale.status_code == 409
    assert stale.context["form"]["reason"].value() == "Nobody comes."
    assert "1 person who wished to be told gets a mail." in stale.content.decode()
    seen = stale.context["effects"].mark
    assert client.post(url, {"reason": "Nobody comes.", "seen": seen}).status_code == 302
    assert client.get(url).status_code == 302  # archived already
    page = client.get(edit_url(programme)).content.decode()
    assert "Nobody comes." in page
    assert "Mine" in client.get(reverse("programme_list")).content.decode()
    assert "Mine" not in client.get("/en/workshops/").content.decode()
    client.post(reverse("programme_unarchive", args=[programme.key]))
    assert "Mine" in client.get("/en/workshops/").content.decode()


# --- lists ---------------------------------------------------------------------------------
def test_a_coordinator_of_one_sees_it_with_its_versions_only(client):
    mine, other = make_programme("own", name="Mine"), make_programme("other", name="Other")
    person = make_user()
    make_mandate(person, "coordinator", scope="programme", programme_key=mine.programme_key)
    client.force_login(person)
    page = client.get(reverse("programme_list")).content.decode()
    assert edit_url(mine) in page
    assert edit_url(other) not in page
    assert reverse(NEW) not in page
    assert client.get(edit_url(other)).status_code == 404
    assert client.get(reverse(NEW)).status_code == 403
    assert reverse("programme_list") in client.get(reverse("desk")).content.decode()


def _more(number: int, coordinator):
    programme = make_programme(requires=[make_programme()], topics=list(Topic.objects.all()[:2]))
    make_session(programme)
    planned = make_session(programme, state="planned", in_days=50)
    tailor(programme, make_home("asia"), "en", by=coordinator)
    make_programme(archived_at=timezone.now() - datetime.timedelta(days=number))
    return planned


@pytest.mark.slow
def test_lists_cost_the_same_at_one_and_at_three(client, coordinator):
    def cost(name: str, *args) -> int:
        client.get(reverse(name, args=args))
        with CaptureQueriesContext(connection) as counted:
            assert client.get(reverse(name, args=args)).status_code == 200
        return len(counted)

    _more(1, coordinator)
    one = make_lab("own-lab")
    make_session(one)
    change_programme(one, {"days": 1}, by=coordinator)
    tailor(one, make_home("asia"), "en", by=coordinator)
    names = [("programme_list",), (NEW,)]
    names += [(f"programme_{name}", one.key) for name in ("edit", "archive", "text", "lab")]
    before = {name[0]: cost(*name) for name in names}
    for number in (2, 3):
        _more(number, coordinator)
        make_session(one, in_days=30 * number)
        change_programme(one, {"days": number}, by=coordinator)
        tailor(one, make_home("asia"), "en", by=coordinator)
    assert {name[0]: cost(*name) for name in names} == before
    assert before["programme_list"] <= 12
