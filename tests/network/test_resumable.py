"""Files in pieces: tus 1.0 as a client speaks it, and what stands in its way."""

import base64
import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from network.models import PartialUpload, UploadPiece
from network.reading import MAX_BYTES
from network.resumable import MAX_OPEN, WrongOffset, forget_stale, take_piece, whole_file
from tests.factories import make_user

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


@pytest.fixture
def sender(client):
    sender = make_user()
    client.force_login(sender)
    return sender


def announce(client, size, name="yard.pdf", **headers):
    encoded = base64.b64encode(name.encode()).decode()
    return client.post(
        reverse("uploads"),
        headers=TUS
        | {"Upload-Length": str(size), "Upload-Metadata": f"filename {encoded}"}
        | headers,
    )


def begun(client, size):
    return announce(client, size)["Location"]


def send(client, url, data, start, **headers):
    return client.patch(
        url, data, content_type=PIECE, headers=TUS | {"Upload-Offset": str(start)} | headers
    )


def offset(client, url):
    return int(client.head(url, headers=TUS)["Upload-Offset"])


# --- the way of a file ---------------------------------------------------------------------
def test_a_file_arrives_in_pieces_and_goes_on_where_it_stopped(client, sender):
    content = bytes(range(256)) * 10
    url = begun(client, len(content))
    assert offset(client, url) == 0
    answer = send(client, url, content[:1000], 0)
    assert (answer.status_code, answer["Upload-Offset"]) == (204, "1000")
    assert offset(client, url) == 1000
    assert send(client, url, content[1000:], 1000)["Upload-Offset"] == str(len(content))
    upload = PartialUpload.objects.get()
    file = whole_file(upload.pk, by=sender)
    assert (file.name, file.read()) == ("yard.pdf", content)


def test_what_the_server_can_is_said_to_everybody(client):
    answer = client.options(reverse("uploads"))
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,termination,expiration"
    assert answer["Tus-Max-Size"] == str(MAX_BYTES)


def test_names_of_any_script_arrive(client, sender):
    announce(client, 3, name="倉庫の写真.jpg")
    assert PartialUpload.objects.get().name == "倉庫の写真.jpg"


def test_a_file_is_given_up(client, sender):
    url = begun(client, 10)
    send(client, url, b"12345", 0)
    assert client.delete(url, headers=TUS).status_code == 204
    assert not UploadPiece.objects.exists()
    assert client.head(url, headers=TUS).status_code == 404


# --- what stands in its way ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("size", "name", "status"),
    [
        ("", "a.pdf", 400),
        ("-1", "a.pdf", 400),
        ("1e3", "a.pdf", 400),
        ("٣", "a.pdf", 400),
        ("0", "a.pdf", 413),
        (str(MAX_BYTES + 1), "a.pdf", 413),
        ("9" * 40, "a.pdf", 400),
        ("10", "", 400),
    ],
)
def test_an_announcement_that_makes_no_sense_is_refused(client, sender, size, name, status):
    assert announce(client, size, name=name).status_code == status
    assert not PartialUpload.objects.exists()


def test_metadata_that_is_no_base64_is_refused(client, sender):
    answer = announce(client, 10, **{"Upload-Metadata": "filename ***"})
    assert answer.status_code == 400


def test_another_version_of_the_protocol_is_told_ours(client, sender):
    answer = client.post(reverse("uploads"), headers={"Tus-Resumable": "0.2.2"})
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_a_piece_that_does_not_follow_is_refused_with_the_place(client, sender):
    url = begun(client, 10)
    send(client, url, b"12345", 0)
    for start in (0, 4, 6):
        answer = send(client, url, b"x", start)
        assert (answer.status_code, answer["Upload-Offset"]) == (409, "5")
    assert offset(client, url) == 5


def test_more_than_announced_is_refused_and_nothing_of_it_kept(client, sender):
    url = begun(client, 3)
    assert send(client, url, b"1234", 0).status_code == 413
    assert offset(client, url) == 0


@pytest.mark.parametrize(
    ("kind", "start", "status"), [("text/plain", "0", 415), (PIECE, "", 400), (PIECE, "x", 400)]
)
def test_a_piece_that_is_none_is_refused(client, sender, kind, start, status):
    url = begun(client, 3)
    answer = client.patch(url, b"1", content_type=kind, headers=TUS | {"Upload-Offset": start})
    assert answer.status_code == status


def test_an_empty_piece_changes_nothing(client, sender):
    begun(client, 3)
    assert take_piece(PartialUpload.objects.get(), b"", start=0).received == 0
    assert not UploadPiece.objects.exists()


def test_a_strangers_file_is_not_there(client, sender):
    url = begun(client, 3)
    client.force_login(make_user())
    for answer in (
        client.head(url, headers=TUS),
        send(client, url, b"1", 0),
        client.delete(url, headers=TUS),
    ):
        assert answer.status_code == 404
    assert PartialUpload.objects.get().received == 0


def test_visitors_send_nothing(client):
    assert announce(client, 3).status_code == 401
    address = reverse("upload", args=[uuid.uuid4()])
    assert client.head(address, headers=TUS).status_code == 401


def test_a_person_has_so_many_on_their_way_and_others_their_own(client, sender):
    for _n in range(MAX_OPEN):
        assert announce(client, 3).status_code == 201
    answer = announce(client, 3)
    assert answer.status_code == 422
    assert "at once" in answer.json()["message"]
    client.force_login(make_user())
    assert announce(client, 3).status_code == 201


def test_announcing_is_limited(client, sender, settings):
    settings.UPLOAD_RATE = "1/h"
    assert announce(client, 3).status_code == 201
    assert announce(client, 3).status_code == 429


def test_a_file_that_stands_still_is_forgotten(client, sender, settings):
    url = begun(client, 3)
    send(client, url, b"1", 0)
    assert forget_stale() == 0
    later = timezone.now() + datetime.timedelta(hours=settings.UPLOAD_KEPT_H, minutes=1)
    with time_machine.travel(later):
        client.force_login(sender)
        assert client.head(url, headers=TUS).status_code == 404
        assert forget_stale() == 1
        assert forget_stale() == 0
    assert not UploadPiece.objects.exists()


# --- two at once ----------------------------------------------------------------------------
def test_of_two_senders_at_one_place_one_goes_on(client, sender):
    begun(client, 4)
    first, second = PartialUpload.objects.get(), PartialUpload.objects.get()
    take_piece(first, b"ab", start=0)
    with pytest.raises(WrongOffset) as refusal:
        take_piece(second, b"xy", start=0)
    assert refusal.value.received == 2
    take_piece(second, b"cd", start=2)
    assert whole_file(first.pk, by=sender).read() == b"abcd"


def test_control_a_stale_row_alone_would_let_both_write(client, sender):
    begun(client, 4)
    first, second = PartialUpload.objects.get(), PartialUpload.objects.get()
    for stale in (first, second):
        assert stale.received == 0  # what take_piece would see without reading again
        stale.received += 2
        stale.save()
    assert PartialUpload.objects.get().received == 2
