"""A file's text is wanted from the moment it is stored; a worker may die at any point."""

import datetime
import os
import signal
import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network import document_texts, reading
from network.document_texts import claim, read_waiting, settle, work_off
from network.file_reader import Answer
from network.models import DocumentText, GkcDocument, TextState
from network.signals import document_changed
from network.storage import PrivateStorage
from network.tasks import read_documents
from network.uploads import take_upload
from tests.factories import make_user
from tests.network.attached_files import a_docx, a_pdf
from tests.processes import ROOT, sender_environment

pytestmark = pytest.mark.django_db

WORDS = "Quokkafence warehouse"


def stored(content: bytes | None = None, name: str = "plan.docx", title="Plan") -> GkcDocument:
    content = a_docx(WORDS) if content is None else content
    document = GkcDocument(title=title)
    document.file.save(name, ContentFile(content))
    return document


def text_of(document) -> DocumentText:
    return DocumentText.objects.get(document=document)


@pytest.fixture
def changes():
    """Keys of documents that were told as changed."""
    told = []

    def on_changed(sender, document, **kwargs):
        told.append(document.pk)

    document_changed.connect(on_changed)
    yield told
    document_changed.disconnect(on_changed)


def test_an_upload_asks_for_its_text_and_the_sweep_reads_it(changes):
    upload = SimpleUploadedFile("plan.docx", a_docx(WORDS))
    document = take_upload(upload, guard="bulletins.case", guard_key="2026-0001", by=make_user())
    row = text_of(document)
    assert (row.state, row.text, row.reader) == (TextState.WAITING, "", 0)
    del changes[:]
    read_documents()
    row.refresh_from_db()
    assert (row.state, row.text, row.pages, row.reader, row.file_name) == (
        TextState.DONE,
        WORDS,
        1,
        reading.VERSION,
        document.file.name,
    )
    assert changes == [document.pk]


def test_an_upload_that_is_rolled_back_leaves_no_row():
    with transaction.atomic():
        assert text_of(stored()).state == TextState.WAITING
        transaction.set_rollback(True)
    assert not DocumentText.objects.exists()


def test_a_second_run_finds_nothing_to_do(changes):
    document = stored()
    assert read_waiting() == 1
    del changes[:]
    assert read_waiting() == 0
    assert (text_of(document).text, changes) == (WORDS, [])


def test_documents_without_a_row_get_theirs():
    document = stored()
    DocumentText.objects.all().delete()
    read_waiting()
    assert text_of(document).text == WORDS


def test_what_an_older_reader_read_is_read_again_and_stays_meanwhile(monkeypatch):
    document = stored()
    read_waiting()
    monkeypatch.setattr(reading, "VERSION", reading.VERSION + 1)
    document_texts.ask_for_unread()
    row = text_of(document)
    assert (row.state, row.text) == (TextState.WAITING, WORDS)
    read_waiting()
    row.refresh_from_db()
    assert (row.state, row.text, row.reader) == (TextState.DONE, WORDS, reading.VERSION)


def test_a_replaced_file_loses_its_text_at_once(changes):
    document = stored()
    read_waiting()
    del changes[:]
    document.file.save("new.pdf", ContentFile(a_pdf("Another text")))
    row = text_of(document)
    assert (row.state, row.text, changes) == (TextState.WAITING, "", [document.pk])
    read_waiting()
    assert text_of(document).text == "Another text"


def test_a_changed_title_does_not_read_the_file_again():
    document = stored()
    read_waiting()
    document.title = "Another title"
    document.save()
    assert text_of(document).state == TextState.DONE


def test_an_outcome_for_a_file_that_was_replaced_meanwhile_is_dropped():
    document = stored()
    row = claim("first")
    document.file.save("new.docx", ContentFile(a_docx("Another text")))
    assert not work_off(row, "first")
    assert text_of(document).state == TextState.WAITING
    read_waiting()
    assert text_of(document).text == "Another text"


def test_a_document_deleted_meanwhile_is_no_error():
    document = stored()
    row = claim("first")
    document.delete()
    assert not settle(row, "first", Answer("done", text=WORDS))
    assert not DocumentText.objects.exists()


def test_a_missing_file_says_so():
    document = stored()
    document.file.storage.delete(document.file.name)
    read_waiting()
    row = text_of(document)
    assert (row.state, row.reason) == (TextState.FAILED, "missing")


def test_a_storage_that_does_not_answer_is_asked_again_later(monkeypatch):
    document = stored()

    def unreachable(*args, **kwargs):
        raise ConnectionError("no route")

    with monkeypatch.context() as broken:
        broken.setattr(PrivateStorage, "_open", unreachable)
        for attempt in range(1, document_texts.MAX_ATTEMPTS):
            assert read_waiting() == 0
            row = text_of(document)
            assert (row.state, row.attempts) == (TextState.WAITING, attempt)
            assert row.due_at > timezone.now() + datetime.timedelta(minutes=5)
            DocumentText.objects.update(due_at=timezone.now())
        read_waiting()
    row = text_of(document)
    assert (row.state, row.reason, row.detail) == (TextState.FAILED, "storage", "ConnectionError")


def test_the_command_tries_failed_files_again(capsys):
    document = stored(b"")
    other = stored()
    call_command("read_documents")
    assert capsys.readouterr().out == "read: 2\n"
    assert text_of(document).reason == "empty"
    document.file.storage.delete(document.file.name)
    document.file.storage.save(document.file.name, ContentFile(a_docx("Filled since")))
    call_command("read_documents", "--failed")
    assert capsys.readouterr().out == "asked again: 1\nread: 1\n"
    assert (text_of(document).text, text_of(document).reason) == ("Filled since", "")
    assert text_of(other).text == WORDS


# --- the admin's report -----------------------------------------------------------------
def test_the_report_says_why_a_file_is_not_read_and_failed_ones_first(client):
    stored(a_docx("Read"), title="Fine")
    locked = stored(a_pdf("x", password="y"), name="locked.pdf", title="Locked")
    read_waiting()
    client.force_login(make_user("editor"), "gkc_site.accounts.backends.MemberBackend")
    page = client.get(reverse("network_document_texts"))
    assert [row.document.title for row in page.context["object_list"]] == ["Locked", "Fine"]
    text = page.content.decode()
    assert "It is locked with a password." in text
    assert reverse("wagtaildocs:edit", args=[locked.pk]) in text
    only = client.get(reverse("network_document_texts"), {"state": "failed"})
    assert [row.document.title for row in only.context["object_list"]] == ["Locked"]


def test_the_reports_queries_do_not_grow(client):
    client.force_login(make_user("editor"), "gkc_site.accounts.backends.MemberBackend")
    seen = []
    for wanted in (1, 3):
        while DocumentText.objects.count() < wanted:
            stored(b"")
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("network_document_texts_results"))
        seen.append(len(captured))
    assert seen[0] == seen[1]


# --- workers ------------------------------------------------------------------------
def test_one_worker_at_a_time_reads():
    stored()
    stored(a_docx("Another"))
    assert claim("first") is not None
    assert claim("second") is None


def test_a_claim_of_a_dead_worker_runs_out_and_its_outcome_no_longer_counts():
    document = stored()
    dead = claim("first")
    DocumentText.objects.update(claimed_until=timezone.now())
    living = claim("second")
    assert living.pk == dead.pk
    assert not settle(dead, "first", Answer("done", text="late"))
    assert settle(living, "second", Answer("done", text=WORDS))
    assert text_of(document).text == WORDS


def test_a_file_that_takes_its_worker_with_it_is_given_up():
    document, other = stored(), stored(a_docx("Another"))
    for attempt in range(document_texts.MAX_ATTEMPTS):
        assert claim(f"worker {attempt}").pk == document.pk  # and dies
        DocumentText.objects.update(claimed_until=timezone.now())
    read_waiting()
    row = text_of(document)
    assert (row.state, row.reason) == (TextState.FAILED, "crashed")
    assert text_of(other).text == "Another"


READ_UNTIL_KILLED = """
import os, sys, django
django.setup()
from network import document_texts, reading
at = sys.argv[1]
settle = document_texts.settle
def stop(*args):
    os.kill(os.getpid(), 9)
def stop_inside(*args):
    from network.signals import document_changed
    document_changed.connect(lambda **kwargs: stop(), weak=False)
    return settle(*args)
if at == "before reading":
    reading.read = stop
elif at == "after reading":
    document_texts.settle = stop
elif at == "before the commit":
    document_texts.settle = stop_inside
document_texts.read_waiting()
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at", ["before reading", "after reading", "before the commit", "never"])
def test_a_worker_killed_at_any_point_loses_nothing(settings, at):
    document = stored()
    environment = sender_environment(settings.GKC_HOME, lease_s=90)
    environment["DJANGO_SETTINGS_MODULE"] = "gkc_site.settings.test"
    worker = subprocess.run(
        [sys.executable, "-c", READ_UNTIL_KILLED, at], cwd=ROOT, env=environment, timeout=60
    )
    row = text_of(document)
    if at == "never":  # the control: the same program, left alone
        assert (worker.returncode, row.state) == (0, TextState.DONE)
        return
    assert worker.returncode == -signal.SIGKILL
    assert (row.state, row.text, row.attempts) == (TextState.WAITING, "", 1)
    DocumentText.objects.update(claimed_until=timezone.now())  # the lease ran out
    read_waiting()
    row.refresh_from_db()
    assert (row.state, row.text, row.attempts) == (TextState.DONE, WORDS, 2)


def test_a_worker_keeps_no_file_open():
    stored()
    before = len(os.listdir("/proc/self/fd"))
    read_waiting()
    assert len(os.listdir("/proc/self/fd")) <= before
