"""Files are built once, survive their builders, and say what this machine lacks."""

import hashlib
import subprocess
import sys

import pytest
import time_machine
from django.utils import timezone

from network import pdf as network_pdf
from network.exceptions import PrintingUnavailable
from silver_book.editions import files
from silver_book.models import BuildStep, EditionFile, FileState, FrozenPicture
from silver_book.transitions.freezing import build_again
from tests.factories import make_user
from tests.processes import ROOT, sender_environment
from tests.silver_book.frozen_books import make_edition, make_everything, make_ready

pytestmark = pytest.mark.django_db
LEASE_S = 60


@pytest.fixture(autouse=True)
def _new_process(monkeypatch):
    """No file has been found impossible yet."""
    monkeypatch.setattr(files, "_blocked", set())


@pytest.fixture
def no_pango(monkeypatch):
    """A machine whose libraries do not load; undone by `undo`."""
    with monkeypatch.context() as patch:

        def unavailable(style):
            raise PrintingUnavailable("cannot load library 'libpango-1.0-0'")

        patch.setattr(network_pdf, "machine", unavailable)
        yield patch


def epub(edition) -> EditionFile:
    return edition.files.get(format="epub")


def of(edition, kind: str) -> EditionFile:
    return edition.files.get(format=kind)


@pytest.mark.slow
@pytest.mark.pango
def test_files_are_built_once_and_downloaded(client):
    edition = make_edition()
    assert files.build_waiting() == 2
    built = {file.format: (file.sha256, file.built_at) for file in edition.files.all()}
    assert files.build_waiting() == 0
    assert {f.format: (f.sha256, f.built_at) for f in edition.files.all()} == built
    for kind, start in (("pdf", b"%PDF-"), ("epub", b"PK")):
        answer = client.get(f"/en/editions/1/en/files/{kind}/")
        content = b"".join(answer.streaming_content)
        assert content.startswith(start)
        assert hashlib.sha256(content).hexdigest() == built[kind][0]
        assert f"silver-book-1-en.{kind}" in answer["Content-Disposition"]
        again = client.get(
            f"/en/editions/1/en/files/{kind}/", headers={"If-None-Match": answer["ETag"]}
        )
        assert again.status_code == 304
        assert built[kind][0] in client.get("/en/editions/1/").content.decode()


@pytest.mark.slow
@pytest.mark.pango
@pytest.mark.parametrize("kind", ["pdf", "epub"])
def test_the_same_book_is_the_same_file(kind):
    file = make_everything("ar").files.get(format=kind, language="ar")
    EditionFile.objects.exclude(pk=file.pk).update(state=FileState.FAILED)
    file = files._claim()
    now, _pages = files._content(file)
    with time_machine.travel("2031-01-01T00:00:00Z"):
        EditionFile.objects.filter(pk=file.pk).update(claimed_until=timezone.now())
        later, _pages = files._content(file)
    assert now == later


def test_one_builder_at_a_time():
    make_edition()
    first = files._claim()
    assert first is not None
    assert files._claim() is None
    assert files.build_waiting() == 0


def test_a_lost_builders_file_is_built_by_another():
    edition = make_edition()
    EditionFile.objects.filter(format="pdf").update(state=FileState.FAILED)
    dead = files._claim()
    with time_machine.travel(timezone.now() + timezone.timedelta(seconds=LEASE_S - 1)):
        assert files.build_waiting() == 0
    with time_machine.travel(timezone.now() + timezone.timedelta(seconds=LEASE_S + 1)):
        assert files.build_waiting() == 1
    assert epub(edition).is_ready
    # The first was only slow, and comes back: it writes nothing.
    before = epub(edition).built_at
    assert files._build(dead) is False
    assert epub(edition).built_at == before


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_builder_that_is_killed_half_way(tmp_path, settings):
    edition = make_edition()
    EditionFile.objects.filter(format="pdf").update(state=FileState.FAILED)
    environment = sender_environment(tmp_path, LEASE_S) | {"GKC_HOME": str(settings.GKC_HOME)}
    builder = subprocess.Popen(
        [sys.executable, "-m", "tests.silver_book.builder_process"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stored = builder.stdout.readline().strip()
    builder.kill()
    builder.wait()
    file = epub(edition)
    assert (file.state, file.sha256) == (FileState.BUILDING, "")
    # Its bytes are in storage, and nothing says so.
    storage = file.file.storage
    assert storage.exists(stored)
    with time_machine.travel(timezone.now() + timezone.timedelta(seconds=LEASE_S + 1)):
        assert files.build_waiting() == 1
    file = epub(edition)
    assert file.file.name == stored
    with file.file.open("rb") as content:
        assert hashlib.sha256(content.read()).hexdigest() == file.sha256


def test_what_ends_every_builder_is_given_up():
    edition = make_edition()
    EditionFile.objects.filter(format="pdf").update(state=FileState.FAILED)
    for _builder in range(files.MAX_KILLED):
        assert files._claim() is not None
        EditionFile.objects.filter(format="epub").update(claimed_until=timezone.now())
    assert files._claim() is None
    assert epub(edition).state == FileState.FAILED


def test_a_fault_is_tried_again_then_told_to_the_editor(client):
    edition = make_everything("en")
    EditionFile.objects.filter(format="pdf").update(state=FileState.FAILED)
    picture = FrozenPicture.objects.get()
    picture.file.storage.delete(picture.file.name)
    later = timezone.now()
    for _attempt in range(files.MAX_ATTEMPTS):
        with time_machine.travel(later):
            assert files.build_waiting(run_s=0.01) == 0
        later += timezone.timedelta(hours=1)
    assert epub(edition).state == FileState.FAILED
    assert client.get("/en/editions/1/en/files/epub/").status_code == 503
    client.force_login(make_user("editor"))
    assert "Build it again" in client.get("/en/desk/book/editions/").content.decode()
    with picture.file.storage.open(picture.file.name, "wb") as file:
        file.write(b"\x89PNG")
    assert build_again(epub(edition), by=make_user("editor"))
    assert not build_again(epub(edition), by=make_user("editor"))
    assert files.build_waiting() == 1
    assert epub(edition).is_ready


def test_without_pango_the_site_runs_and_says_what_to_install(client, no_pango):
    edition = make_edition()
    assert files.build_waiting() == 1
    assert epub(edition).is_ready
    file = of(edition, "pdf")
    assert (file.state, file.last_error) == (
        FileState.BLOCKED,
        "cannot load library 'libpango-1.0-0'",
    )
    answer = client.get("/en/editions/1/en/files/pdf/")
    assert answer.status_code == 503
    assert "apt install libpango-1.0-0" in answer.content.decode()
    for path in ("/en/editions/", "/en/editions/1/", "/en/editions/1/en/sections/see/"):
        assert client.get(path).status_code == 200
    assert files.build_waiting() == 0  # this process knows


@pytest.mark.slow
@pytest.mark.pango
def test_once_pango_is_there_the_file_is_built(no_pango, monkeypatch):
    edition = make_edition()
    files.build_waiting()
    no_pango.undo()
    monkeypatch.setattr(files, "_blocked", set())
    assert files.build_waiting() == 1
    assert of(edition, "pdf").is_ready


def test_progress_is_shown(client):
    edition = make_edition()
    held = files._claim()
    files._progress(held)(BuildStep.LAYOUT, 34)
    client.force_login(make_user("editor"))
    text = client.get("/en/desk/book/editions/", headers={"HX-Request": "true"}).content.decode()
    assert "laying out page 34" in text
    assert "0 of 2 files are ready" in text
    assert text.lstrip().startswith("<div hx-get")
    assert "laying out page 34" in client.get("/en/editions/1/en/files/pdf/").content.decode()
    for file in edition.files.all():
        make_ready(file)
    text = client.get("/en/desk/book/editions/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in text


def test_a_builder_whose_row_was_taken_stops():
    make_edition()
    held = files._claim()
    EditionFile.objects.filter(pk=held.pk).update(claim="another")
    with pytest.raises(files.ClaimLost):
        files._progress(held)(BuildStep.LAYOUT, 1)
