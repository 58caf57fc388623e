"""The roster as a file, letters of invitation, materials."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.desk_pages import at
from workshops.exceptions import TransitionRefused
from workshops.models import Material
from workshops.transitions import add_material, renew_material

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00"
    b"\x00IEND\xaeB`\x82"
)


def test_what_is_for_trainers_is_no_participants(client, coordinator, trainer):
    programme = make_programme()
    session = make_session(programme, trainers=[trainer])
    for title, for_trainers in (("Handout", False), ("Answers", True)):
        upload = SimpleUploadedFile("paper.pdf", PDF, "application/pdf")
        kept = {"title": title, "for_trainers": for_trainers, "upload": upload}
        session.materials.add(add_material(programme, by=coordinator, kind="file", **kept))
    handout, answers = session.materials.order_by("pk")
    seat = make_enrolment(session).user
    for who, status in ((seat, 404), (trainer, 200), (coordinator, 200)):
        client.force_login(who)
        assert client.get(handout.document.url).status_code == 200
        assert client.get(answers.document.url).status_code == status
    client.force_login(seat)
    page = client.get(at("session", session.number)).content.decode()
    assert "Handout" in page
    assert "Answers" not in page
    client.force_login(trainer)
    assert "Answers" in client.get(at("teaching_session", session.number)).content.decode()


def test_the_roster_has_needs_for_the_coordinator_alone_and_no_formula(client, coordinator):
    trainer = make_user("trainer")
    session = make_session(make_programme(asks=["diet"]), trainers=[trainer])
    person = make_trainee(first_name="=cmd|'/c calc'!A1", last_name="")
    make_enrolment(session, person, needs={"diet": "+No fish"})
    make_enrolment(session, state="waiting")
    for who, has_needs in ((coordinator, True), (trainer, False)):
        client.force_login(who)
        for form in ("csv", "xlsx"):
            content = client.get(at("session_roster", session.number, form)).content
            if form == "csv":
                rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            else:
                sheet = load_workbook(io.BytesIO(content)).active
                rows = [["" if v is None else str(v) for v in row] for row in sheet.values]
                assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
            assert rows[1][1] == "'=cmd|'/c calc'!A1"
            assert rows[2][10] == "1"  # place in line
            assert (rows[1][-1] == "'+No fish") is has_needs
    assert client.get(at("session_roster", session.number, "doc")).status_code == 404


def test_a_letter_for_a_visa_is_made_in_two_languages(browser):
    pytest.importorskip("weasyprint")
    from workshops.letters import letter_html

    session = make_session(city="Lima", venue="Hall 1")
    made = make_enrolment(session, make_trainee(first_name="Huda", interface_language="ar"))
    made.session = session
    html = letter_html(
        made, by=made.user, language="ar", passport="X123", born_on=None, pays="firm"
    )
    assert html.count("X123") == 2
    assert 'lang="ar" dir="rtl"' in html
    address = at("session_letter", session.number, made.pk)
    response = browser.post(address, {"language": "ar", "passport": "X123", "pays": "firm"})
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    waiting = make_enrolment(session, state="waiting")
    assert browser.get(at("session_letter", session.number, waiting.pk)).status_code == 404


def test_materials_stand_in_versions_and_sessions_keep_theirs(browser, client, coordinator):
    programme = make_programme("own")
    address = at("materials", "own")
    file = SimpleUploadedFile("handout.pdf", PDF, "application/pdf")
    assert browser.post(address, {"kind": "file", "upload": file}).status_code == 302
    first = Material.objects.get()
    assert first.title == "handout"
    for data, said in (
        ({"kind": "file"}, "Choose a file"),
        ({"kind": "section"}, "Name the key"),
        ({"kind": "file", "upload": SimpleUploadedFile("x.pdf", b"MZ", "application/pdf")}, "Only"),
        ({"kind": "file", "upload": SimpleUploadedFile("x.pdf", PNG, "application/pdf")}, "PDF"),
    ):
        answer = browser.post(address, data)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), said
    session = make_session(programme)
    session.materials.set([first])
    renewed = SimpleUploadedFile("handout.pdf", PDF, "application/pdf")
    browser.post(at("material_renew", first.pk), {"upload": renewed, "note": "Page 3"})
    second = Material.objects.get(version=2)
    assert second.material_key == first.material_key
    assert list(session.materials.all()) == [first]
    assert browser.post(at("material_renew", first.pk), {"upload": renewed}).status_code == 422
    page = browser.get(at("session_materials", session.number)).content.decode()
    assert "a newer one stands" in page
    browser.post(at("session_materials", session.number), {"material": [second.pk]})
    assert list(session.materials.all()) == [second]
    # Files follow the sessions that name them.
    seat, stranger = make_enrolment(session).user, make_trainee()
    for who, document, status in (
        (seat, second.document, 200),
        (seat, first.document, 404),
        (stranger, second.document, 404),
        (coordinator, first.document, 200),
    ):
        client.force_login(who)
        assert client.get(document.url).status_code == status
    client.force_login(coordinator)
    browser.post(at("material_withdraw", second.pk))
    assert not programme.materials.newest().exists()
    with pytest.raises(TransitionRefused, match="changed this material"):
        renew_material(second, by=coordinator, upload=renewed)
