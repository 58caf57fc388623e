"""Certificates: when they are given, revoked, who opens them, the public check."""

import re

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_programme_page,
    make_trainee,
)
from tests.workshops.after import attend, attended, evaluate, given, make_past, people_of
from touchpoints.models import Mailing
from workshops import printing
from workshops.exceptions import TransitionRefused
from workshops.models import Certificate, CertificateEvent
from workshops.permissions import can_view_certificate
from workshops.transitions import (
    Mark,
    accept_proof,
    archive_programme,
    certificate_progress,
    certifying,
    give_certificates,
    hand_in,
    mark,
    normal_code,
    reinstate_certificate,
    revoke_certificate,
)

pytestmark = pytest.mark.django_db


# --- when it is given -----------------------------------------------------------------
def test_it_is_given_when_attendance_evaluation_and_practice_stand(trainer, coordinator):
    session = make_past(make_programme(proof_days=30), trainers=[trainer])
    row, other = attended(session, 2, by=trainer)
    people_of(session, 1)  # has a seat, and was not there
    assert give_certificates() == 0
    evaluate([row, other])
    assert give_certificates() == 0
    hand_in(row.proof, by=row.user, text="Four weeks on the board")
    assert give_certificates() == 0
    accept_proof(row.proof, by=trainer)
    assert [give_certificates(), give_certificates()] == [1, 0]
    found = Certificate.objects.get()
    assert found.enrolment == row
    assert found.practice_on == timezone.localdate()
    assert (found.first_day, found.last_day) == (session.first_day, session.last_day)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{12}", found.code)
    assert found.number == f"C-{timezone.now().year}-{found.pk:05}"
    assert found.events.get().verb == "give"
    assert Mailing.objects.filter(kind="workshops.certificate_given").count() == 1


def test_what_was_not_asked_for_is_not_awaited(trainer):
    asks_nothing = make_programme(has_evaluation=False)
    gives_none = make_programme(has_evaluation=False, gives_certificate=False)
    for programme in (asks_nothing, gives_none):
        attended(make_past(programme, trainers=[trainer]), 1, by=trainer)
    # What is asked was taken down when the list was closed.
    asks_nothing.proof_days = 30
    asks_nothing.has_evaluation = True
    asks_nothing.save()
    assert give_certificates() == 1
    nameless = attended(
        make_past(make_programme(has_evaluation=False), trainers=[trainer]), 1, by=trainer
    )[0].user
    nameless.first_name = nameless.last_name = ""
    nameless.save()
    assert give_certificates() == 0  # no address ever stands on paper
    nameless.last_name = "Ōta"
    nameless.save()
    assert give_certificates() == 1


def test_an_attendance_that_no_list_says_gives_none(trainer):
    make_enrolment(make_past(make_programme(has_evaluation=False)), state="attended")
    assert give_certificates() == 0


def test_making_is_taken_up_where_it_was_killed(trainer, monkeypatch):
    session = make_past(make_programme(has_evaluation=False), trainers=[trainer])
    attended(session, 6, by=trainer)

    class Killed(BaseException):
        """As a process that ends."""

    calls = iter(range(99))
    real = certifying.new_code

    def dies():
        if next(calls) == 3:
            raise Killed
        return real()

    with monkeypatch.context() as patch:
        patch.setattr(certifying, "new_code", dies)
        with pytest.raises(Killed):
            give_certificates()
    assert certificate_progress(session) == {"due": 3, "given": 3, "asked": 0, "drawn": 0}
    assert give_certificates(most=2) == 2
    assert give_certificates() == 1
    assert certificate_progress(session)["due"] == 0
    assert (
        CertificateEvent.objects.count()
        == Mailing.objects.filter(kind="workshops.certificate_given").count()
        == 6
    )


# --- revoked, reinstated --------------------------------------------------------------
def test_it_is_revoked_with_a_reason_and_reinstated(trainer, coordinator):
    (found,) = given(trainer)
    for person in (trainer, found.user, make_user("executive")):
        with pytest.raises(PermissionDenied):
            revoke_certificate(found, by=person, category="data", reason="x")
    for wrong in ({"category": "", "reason": "x"}, {"category": "data", "reason": " "}):
        with pytest.raises(TransitionRefused):
            revoke_certificate(found, by=coordinator, **wrong)
    with pytest.raises(TransitionRefused, match="counts"):
        reinstate_certificate(found, by=coordinator, reason="x")
    revoke_certificate(found, by=coordinator, category="data", reason="The name is another’s")
    with pytest.raises(TransitionRefused, match="revoked already"):
        revoke_certificate(found, by=coordinator, category="data", reason="Again")
    reinstate_certificate(found, by=coordinator, reason="It was right")
    assert [event.verb for event in found.events.all()] == ["give", "revoke", "reinstate"]
    told = Mailing.objects.filter(object_key=f"workshops.certificate:{found.pk}")
    assert [mailing.kind.split("_")[1] for mailing in told.order_by("pk")] == [
        "given",
        "revoked",
        "reinstated",
    ]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM workshops_certificateevent")


def test_a_correction_waits_until_the_certificate_is_revoked(trainer, coordinator):
    (found,) = given(trainer)
    row = found.enrolment
    away = [Mark(row.pk, row.session.days.get().pk, False, seen=True)]
    with pytest.raises(TransitionRefused, match="revokes it first"):
        mark(row.session, away, by=trainer, reason="Was not there")
    revoke_certificate(found, by=coordinator, category="attendance", reason="Was not there")
    mark(row.session, away, by=trainer, reason="Was not there")
    row.refresh_from_db()
    assert row.state == "no_show"


def test_a_programme_that_is_renamed_or_archived_keeps_what_stands(trainer, coordinator):
    programme = make_programme(name="Old name", has_evaluation=False)
    (found,) = given(trainer, programme, last_name="Before")
    page = programme.pages.get()
    page.title = "New name"
    page.save()
    programme.name = "New name"
    programme.save()
    archive_programme(programme, by=coordinator)
    found.user.last_name = "After"
    found.user.save()
    found.refresh_from_db()
    html = printing.certificate_html(found)
    assert "Old name" in html
    assert "New name" not in html
    assert "Before" in html


# --- who opens it ---------------------------------------------------------------------
def test_the_queryset_equals_the_predicate(trainer, coordinator):
    home = make_home()
    programme = make_programme(has_evaluation=False)
    session = make_past(programme, trainers=[trainer])
    attended(session, 1, by=trainer)
    manager = make_user("manager", distributor=home)
    person = make_trainee(home)
    other = make_past(programme, trainers=[trainer])
    attend(other, [make_enrolment(other, person)], by=trainer)
    give_certificates()
    of_one = make_user()
    make_mandate(of_one, "coordinator", scope="programme", programme_key=programme.programme_key)
    people = [trainer, coordinator, manager, person, of_one, make_trainee(home)]
    people += [make_user(role) for role in ("executive", "administrator", "editor")]
    counts = []
    for one in people:
        visible = set(Certificate.objects.visible_to(one))
        assert visible == {c for c in Certificate.objects.all() if can_view_certificate(one, c)}
        counts.append(len(visible))
    assert counts == [0, 2, 1, 1, 2, 0, 0, 2, 0]


def test_the_holder_opens_it_and_the_coordinator_revokes_it_on_the_page(
    client, trainer, coordinator
):
    (found,) = given(trainer, last_name="Valmora")
    where = reverse("certificate", args=[found.number])
    client.force_login(found.user)
    page = client.get(where).content.decode()
    assert "Person 0 Valmora" in page
    assert found.shown_code in page
    change = reverse("certificate_change", args=[found.number, "revoke"])
    assert client.post(change, {"category": "data", "reason": "x"}).status_code == 403
    client.force_login(make_trainee())
    assert client.get(where).status_code == 404
    client.force_login(coordinator)
    typed = client.post(change, {"category": "data", "reason": ""})
    assert typed.status_code == 400
    assert client.post(change, {"category": "data", "reason": "Wrong name"}).status_code == 302
    assert client.post(change, {"category": "data", "reason": "Again"}).status_code == 409
    assert "What it says was not right." in client.get(where).content.decode()
    again = reverse("certificate_change", args=[found.number, "reinstate"])
    assert client.post(again, {"reason": "It was right"}).status_code == 302
    listed = client.get(
        reverse("session_certificates", args=[found.enrolment.session.number])
    ).content.decode()
    assert found.number in listed


# --- the public check -----------------------------------------------------------------
def test_anybody_checks_it_in_their_language_and_learns_nothing_else(client, trainer, coordinator):
    programme = make_programme(name="Go and see", has_evaluation=False)
    make_programme_page(programme, "ar", title="اذهب وانظر")
    (found,) = given(trainer, programme, last_name="Valmora", email="ines@example.test")
    where = reverse("verify", args=[found.shown_code])
    assert where == f"/verify/{found.shown_code}/"
    page = client.get(where).content.decode()
    for words in ("This certificate counts", "Person 0 Valmora", "Go and see"):
        assert words in page
    for secret in ("ines@example.test", found.number, found.enrolment.session.number):
        assert secret not in page
    arabic = client.get(where, headers={"accept-language": "ar"})
    assert "اذهب وانظر" in arabic.content.decode()
    assert 'dir="rtl"' in arabic.content.decode()
    assert "noindex" in page
    revoke_certificate(found, by=coordinator, category="data", reason="A secret reason")
    page = client.get(where).content.decode()
    assert "This certificate has been revoked" in page
    assert "What it says was not right." in page
    assert "A secret reason" not in page
    typed = f" {found.code[:6].lower()} {found.code[6:]}"
    answer = client.get(reverse("verify_form"), {"code": typed}, follow=True)
    assert answer.redirect_chain[-1][0] == where


def try_code(client, code: str, address: str = "127.0.0.1") -> int:
    return client.get(reverse("verify", args=[code]), REMOTE_ADDR=address).status_code


def test_codes_are_not_guessed(client, trainer):
    (found,) = given(trainer)
    cache.clear()
    # Requests are counted by the hour and the minute: the clock stands.
    with time_machine.travel(timezone.now(), tick=False):
        unknown = {try_code(client, certifying.new_code()) for _number in range(20)}
        assert unknown == {404}
        assert try_code(client, certifying.new_code()) == 429
        # Who guesses waits, even for a right one; another address does not.
        assert try_code(client, found.shown_code) == 429
        assert try_code(client, found.shown_code, "192.0.2.7") == 200
        statuses = [try_code(client, found.shown_code, "192.0.2.8") for _number in range(61)]
        assert statuses == [200] * 60 + [429]
    calm = client.get("/verify/no-such-code/", REMOTE_ADDR="192.0.2.9")
    assert calm.status_code == 404
    assert "No certificate has this code" in calm.content.decode()
    assert normal_code("oO0-1lI") == ""
    codes = {certifying.new_code() for _number in range(2000)}
    assert len(codes) == 2000
    cache.clear()
