"""Pictures and files of the share form: taken once, refused in words, within limits."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bulletins.parts.draft import Draft
from bulletins.transitions import start_case
from network.models import GkcDocument, GkcImage, PartialUpload
from network.resumable import begin_upload, take_piece
from tests.bulletins.sharing import part_url, post, write_all
from tests.bulletins.typed import WHOLE
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import make_author, make_reviewing_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    make_reviewing_network()
    author, firm = make_author("KE")
    return start_case(by=author, distributor=firm, language="en")


@pytest.fixture
def author(client, case):
    client.force_login(case.author)
    return client


def jpeg(size=(60, 40)):
    target = io.BytesIO()
    Image.new("RGB", size, "#1d3aa6").save(target, "JPEG")
    return target.getvalue()


def upload(client, case, name, content, **data):
    return post(client, case, "check", "upload", file=SimpleUploadedFile(name, content), **data)


@pytest.mark.slow
def test_a_picture_gets_a_row_and_asks_for_its_words(author, case):
    write_all(author, case)
    assert upload(author, case, "a.jpg", jpeg(), **WHOLE["check"]).status_code == 302
    image = GkcImage.objects.get()
    assert (image.guard, image.guard_key) == ("bulletins.case", case.number)
    typed = Draft(case).typed("check")
    assert typed["steps"] == ["buy"]  # what was typed beside it is kept
    assert [t for t, _w in Draft(case).problems()["check"]] == ["pictures-0-alt"]
    post(author, case, "check", "close", **typed | {"pictures-0-alt": "A full shelf"})
    picture = Draft(case).page.pictures[0].value
    assert (picture["image"], picture["alt"]) == (image, "A full shelf")
    case.refresh_from_db()
    assert Draft(case).problems() == {}


def test_a_file_gets_a_row(author, case):
    upload(author, case, "plan.pdf", b"%PDF-1.7\n", **WHOLE["check"])
    post(author, case, "check", "close", **Draft(case).typed("check"))
    assert Draft(case).page.files[0].value["document"] == GkcDocument.objects.get()
    page = author.get(part_url(case, "check")).text
    assert "plan.pdf" in page


def test_a_refused_file_says_why_and_loses_nothing(author, case):
    answer = upload(author, case, "a.jpg", b"<svg/>", **WHOLE["check"])
    assert answer.status_code == 422
    assert 'id="file_error"' in answer.text
    assert not GkcImage.objects.exists()
    assert Draft(case).typed("check")["steps"] == ["buy"]


def in_pieces(by, content):
    """A file that has arrived whole."""
    begun = begin_upload(by=by, name="board.jpg", size=len(content))
    take_piece(begun, content[:100], start=0)
    take_piece(begun, content[100:], start=100)
    return begun.pk


def test_a_file_that_came_in_pieces_is_taken_once(author, case):
    sent = WHOLE["check"] | {"uploaded": in_pieces(case.author, jpeg())}
    assert post(author, case, "check", "upload", **sent).status_code == 302
    assert GkcImage.objects.get().title == "board"
    assert Draft(case).typed("check")["pictures-0-image"] == str(GkcImage.objects.get().pk)
    again = post(author, case, "check", "upload", **sent)
    assert again.status_code == 422
    assert "not arrived whole" in again.text
    assert GkcImage.objects.count() == 1
    assert not PartialUpload.objects.exists()


def test_pieces_that_are_no_picture_are_refused_and_go(author, case):
    sent = WHOLE["check"] | {"uploaded": in_pieces(case.author, b"<svg/>" * 100)}
    answer = post(author, case, "check", "upload", **sent)
    assert (answer.status_code, "Only pictures" in answer.text) == (422, True)
    assert not PartialUpload.objects.exists()


@pytest.mark.parametrize("whose", ["a stranger's", "half", "no key"])
def test_pieces_that_are_not_ones_own_whole_file_are_refused(author, case, whose):
    key = "x"
    if whose == "half":
        key = begin_upload(by=case.author, name="a.jpg", size=9).pk
    elif whose == "a stranger's":
        key = in_pieces(make_user(), jpeg())
    answer = post(author, case, "check", "upload", **WHOLE["check"], uploaded=key)
    assert answer.status_code == 422
    assert 'id="file_error"' in answer.text
    assert not GkcImage.objects.exists()


def test_pictures_of_another_story_cannot_be_shown_in_ones_own(author, case):
    image = GkcImage.objects.create(
        title="x", file="x.jpg", width=1, height=1, guard="bulletins.case", guard_key="2020-0001"
    )
    row = {"pictures-0-image": image.pk, "pictures-0-alt": "Theirs"}
    post(author, case, "check", "close", **WHOLE["check"] | row)
    assert len(Draft(case).page.pictures) == 0


def test_uploads_are_limited(author, case, settings):
    settings.UPLOAD_RATE = "1/h"
    assert upload(author, case, "a.jpg", jpeg(), **WHOLE["check"]).status_code == 302
    answer = upload(author, case, "b.jpg", jpeg(), **Draft(case).typed("check"))
    assert answer.status_code == 429
    assert GkcImage.objects.count() == 1
