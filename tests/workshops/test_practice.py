"""Proof of practice within its time, the training record, and what people are told."""

import datetime
import io
import json
import unicodedata

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from network.models import GkcDocument
from network.permissions import forget_standing
from network.registry import desk_items, may_see_media
from tests.factories.network import make_user
from tests.factories.workshops import make_enrolment, make_home, make_programme, make_trainee
from tests.workshops.after import attend, attended, make_past
from tests.workshops.audiences_after import AUDIENCES
from touchpoints.models import Mailing
from touchpoints.registry import kind
from workshops.exceptions import TransitionRefused
from workshops.models import CourseRecord, PracticeProof, ProofEvent
from workshops.transitions import (
    accept_proof,
    enter_course,
    extend_proof,
    give_certificates,
    hand_in,
    lapse_proofs,
    remind_of_practice,
    send_back,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


@pytest.fixture
def trainer():
    return make_user("trainer")


def owed(trainer, days: int = 30, **fields) -> PracticeProof:
    """Practice that one attendee owes."""
    programme = make_programme(proof_days=days, has_evaluation=False)
    attended(make_past(programme, trainers=[trainer]), 1, by=trainer, **fields)
    return PracticeProof.objects.order_by("-pk").first()


def later(days: float):
    return time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False)


def told(name: str) -> int:
    return Mailing.objects.filter(kind=f"workshops.{name}").count()


# --- its way --------------------------------------------------------------------------
def test_practice_is_handed_in_sent_back_and_accepted(trainer):
    proof = owed(trainer)
    attendee = proof.enrolment.user
    with pytest.raises(TransitionRefused, match="Say what you did"):
        hand_in(proof, by=attendee, text="  ")
    for person in (trainer, make_trainee()):
        with pytest.raises(PermissionDenied):
            hand_in(proof, by=person, text="Mine")
    with pytest.raises(TransitionRefused, match="Nothing waits"):
        accept_proof(proof, by=trainer)
    hand_in(proof, by=attendee, text="Four weeks on the board")
    with pytest.raises(TransitionRefused, match="waits for an answer"):
        hand_in(proof, by=attendee, text="More")
    for person in (attendee, make_trainee(), make_user("executive")):
        with pytest.raises(PermissionDenied):
            accept_proof(proof, by=person)
    with pytest.raises(TransitionRefused, match="Say why"):
        send_back(proof, by=trainer, words=" ")
    send_back(proof, by=trainer, words="Which cars?")
    hand_in(proof, by=attendee, text="91 of 100 cars")
    found = accept_proof(proof, by=make_user("coordinator"), words="Well shown")
    assert accept_proof(found, by=trainer).state == "accepted"
    words = list(ProofEvent.objects.values_list("verb", "words"))
    assert words == [
        ("hand_in", "Four weeks on the board"),
        ("send_back", "Which cars?"),
        ("hand_in", "91 of 100 cars"),
        ("accept", "Well shown"),
    ]
    assert (told("practice_handed_in"), told("practice_returned")) == (2, 1)
    assert told("practice_accepted") == 1


def test_it_lapses_on_the_day_after_the_last_and_more_time_reopens_it(trainer):
    proof = owed(trainer, days=10)
    attendee = proof.enrolment.user
    with later(10):
        assert lapse_proofs() == 0  # the last day itself
        hand_in(proof, by=attendee, text="On the last day")
        send_back(proof, by=trainer, words="Which cars?")
        proof.refresh_from_db()
        assert proof.due_on == timezone.localdate() + datetime.timedelta(days=14)
    with later(25):
        with pytest.raises(TransitionRefused, match="time for it is over"):
            hand_in(proof, by=attendee, text="No sweep came by yet")
        assert [lapse_proofs(), lapse_proofs()] == [1, 0]
        assert give_certificates() == 0
        today = timezone.localdate()
        for day, reason in ((today, "x"), (today + datetime.timedelta(days=400), "x")):
            with pytest.raises(TransitionRefused):
                extend_proof(proof, day, by=trainer, reason=reason)
        soon = today + datetime.timedelta(days=20)
        with pytest.raises(TransitionRefused, match="Say why"):
            extend_proof(proof, soon, by=trainer, reason="")
        extend_proof(proof, soon, by=trainer, reason="Was ill")
        hand_in(proof, by=attendee, text="At last")
        with pytest.raises(TransitionRefused, match="handed in"):
            extend_proof(proof, soon, by=trainer, reason="Again")
        accept_proof(proof, by=trainer)
        assert give_certificates() == 1
    assert (told("practice_lapsed"), told("practice_extended")) == (1, 1)
    verbs = list(ProofEvent.objects.values_list("verb", flat=True))
    assert verbs == ["hand_in", "send_back", "lapse", "extend", "hand_in", "accept"]


def test_reminders_go_out_once_each_and_missed_ones_are_caught_up(trainer):
    owed(trainer, days=30)
    assert remind_of_practice() == 0
    with later(16):
        assert [remind_of_practice(), remind_of_practice()] == [1, 0]
    with later(28):
        assert [remind_of_practice(), remind_of_practice()] == [1, 0]
    owed(trainer, days=2)  # both fall due together: one is told
    assert [remind_of_practice(), remind_of_practice()] == [1, 0]
    assert told("practice_reminder") == 3


def test_a_file_is_judged_by_its_content_and_seen_by_nobody_else(trainer):
    proof = owed(trainer)
    attendee = proof.enrolment.user
    bad = SimpleUploadedFile("proof.pdf", b"<script>alert(1)</script>")
    with pytest.raises(Exception, match="Only pictures"):
        hand_in(proof, by=attendee, upload=bad)
    hand_in(proof, by=attendee, upload=SimpleUploadedFile("proof.pdf", PDF))
    document = GkcDocument.objects.get()
    people = [attendee, trainer, make_user("coordinator"), make_trainee(), make_user("editor")]
    assert [may_see_media(one, document) for one in people] == [True, True, True, False, False]
    send_back(proof, by=trainer, words="Another one, please")
    hand_in(proof, by=attendee, upload=SimpleUploadedFile("next.pdf", PDF))
    assert GkcDocument.objects.get().pk != document.pk


def test_what_happened_is_only_added_to():
    for table in ("attendancemark", "proofevent", "certificateevent", "reflectionstep"):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                    [f"workshops_{table}"],
                )
            else:
                cursor.execute(
                    "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal "
                    "AND tgrelid = %s::regclass",
                    [f"workshops_{table}"],
                )
            assert cursor.fetchone()[0] == 2, table


def test_events_of_a_proof_are_refused_by_the_database(trainer):
    proof = owed(trainer)
    hand_in(proof, by=proof.enrolment.user, text="Mine")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE workshops_proofevent SET words = ''")


# --- pages ----------------------------------------------------------------------------------
def test_attendee_and_trainer_go_their_way_on_the_pages(client, trainer):
    proof = owed(trainer, last_name="Valmora")
    attendee = proof.enrolment.user
    (item,) = desk_items(attendee)
    client.force_login(attendee)
    typed = {"text": "My four weeks", "story": "2026-9999"}
    found = client.post(item.url, typed)
    assert found.status_code == 400
    assert "My four weeks" in found.content.decode()
    assert "You can read no story with this number." in found.content.decode()
    bad = client.post(item.url, {"text": "x", "file": SimpleUploadedFile("a.exe", b"MZ")})
    assert "Only pictures" in bad.content.decode()
    assert client.post(item.url, {"text": "My four weeks"}).status_code == 302
    assert list(desk_items(attendee)) == []
    (item,) = [one for one in desk_items(trainer) if one.state_label == "Handed in"]
    client.force_login(trainer)
    assert "My four weeks" in client.get(item.url).content.decode()
    refused = client.post(item.url, {"decision": "send_back", "words": ""})
    assert refused.status_code == 409
    assert client.post(item.url, {"decision": "accept"}).status_code == 302
    assert client.post(item.url, {"decision": "accept"}).status_code == 302  # twice: nothing
    assert PracticeProof.objects.get().state == "accepted"
    late = owed(trainer)
    more = reverse("practice_extend", args=[late.pk])
    assert client.post(more, {"due_on": "", "reason": "Ill"}).status_code == 400
    assert client.post(more, {"due_on": late.due_on, "reason": "Ill"}).status_code == 409
    further = late.due_on + datetime.timedelta(days=5)
    assert client.post(more, {"due_on": further, "reason": "Ill"}).status_code == 302


def test_the_desk_costs_the_same_with_one_and_with_three(trainer):
    person = make_trainee()

    def add():
        programme = make_programme(proof_days=30)
        session = make_past(programme, trainers=[trainer])
        row = make_enrolment(session, person)
        other = make_enrolment(session)
        attend(session, [row, other], by=trainer)
        hand_in(other.proof, by=other.user, text="Mine")
        make_past(programme, trainers=[trainer])  # its list is open

    def look() -> list[int]:
        for one in (person, trainer):
            forget_standing(one)
            one.__dict__.pop("_calendar", None)
        return [len(list(desk_items(person))), len(list(desk_items(trainer)))]

    add()
    with CaptureQueriesContext(connection) as first:
        assert look() == [2, 3]
    add()
    add()
    with CaptureQueriesContext(connection) as then:
        assert look() == [6, 9]
    assert len(then) == len(first)


# --- the training record ------------------------------------------------------------------------
def a_record(trainer, home):
    """A person with a certificate, a course confirmed from elsewhere, and one that is not."""
    person = make_trainee(home, first_name="Ines", last_name="Valmora")
    programme = make_programme(name="Go and see", has_evaluation=False)
    session = make_past(programme, trainers=[trainer])
    attend(session, [make_enrolment(session, person)], by=trainer)
    give_certificates()
    manager = make_user("manager", distributor=home)
    elsewhere = enter_course(person, make_programme(name="=Far away"), datetime.date(2020, 5, 6))
    CourseRecord.objects.filter(pk=elsewhere.pk).update(
        confirmed_by=manager, confirmed_at=timezone.now()
    )
    enter_course(person, make_programme(name="Unproven"), datetime.date(2021, 5, 6))
    return person, manager


def test_the_record_holds_everything_and_goes_out_as_files(client, trainer):
    person, manager = a_record(trainer, make_home())
    client.force_login(person)
    page = client.get(reverse("training_record")).content.decode()
    number = person.certificates.get().number
    for words in ("Go and see", "=Far away", "Unproven", number, "nobody yet"):
        assert words in page
    table = client.get(reverse("training_record_file", args=["csv"])).content.decode()
    assert "'=Far away" in table  # no formula for a spreadsheet
    found = json.loads(client.get(reverse("training_record_file", args=["json"])).content)
    assert [one["programme"] for one in found["courses"]] == ["Go and see", "Unproven", "=Far away"]
    assert found["courses"][0]["certificate"] == number
    assert client.get(reverse("training_record_file", args=["xml"])).status_code == 404
    client.force_login(manager)
    staff = client.get(reverse("staff_records")).content.decode()
    assert "Ines Valmora" in staff
    assert (
        "Ines Valmora,2," in client.get(reverse("staff_records"), {"form": "csv"}).content.decode()
    )
    of = reverse("training_record_of", args=[person.pk])
    assert "Go and see" in client.get(of).content.decode()
    client.force_login(make_user("manager", distributor=make_home()))
    assert client.get(of).status_code == 404
    assert client.get(reverse("certificate", args=[number])).status_code == 404


@pytest.mark.slow
def test_the_record_is_printed_in_the_readers_language(client, trainer):
    person, _manager = a_record(trainer, make_home())
    client.force_login(person)
    for language, day in (("en", "May 6, 2020"), ("ar", "٢٠٢٠")):
        with translation.override(language):
            answer = client.get(reverse("training_record_file", args=["pdf"]))
        reader = PdfReader(io.BytesIO(answer.content))
        assert reader.root_object["/Lang"] == language
        text = "".join(page.extract_text() for page in reader.pages)
        text = unicodedata.normalize("NFKC", text)
        assert "Go and see" in text
        assert day in text


def test_the_record_costs_the_same_with_one_course_and_with_three(client, trainer):
    home = make_home()
    person, manager = a_record(trainer, home)
    client.force_login(person)
    where = reverse("training_record")

    def cost() -> int:
        client.get(where)  # what a page keeps for a minute is kept now
        with CaptureQueriesContext(connection) as queries:
            client.get(where)
        return len(queries)

    one = cost()
    for _number in range(2):
        enter_course(person, make_programme(), datetime.date(2022, 1, 1))
    assert cost() == one


# --- words ---------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_message_has_words_and_a_place_to_go(language):
    people = [make_user(role) for role in ("trainer", "coordinator")]
    crowd = dict(zip(("trainer", "coordinator"), people, strict=True))
    with translation.override(language):
        for name, row in AUDIENCES.items():
            case = row(crowd)
            reader = case.people[0] if hasattr(case, "people") else make_user()
            data = case.data | {"reason": "Too few", "words": "Which cars?"}
            message = kind(name).words(case.obj, data, reader)
            assert message.subject, name
            assert "%(" not in message.subject + "".join(message.lines), name
            assert message.url.startswith(f"/{language}/"), name
