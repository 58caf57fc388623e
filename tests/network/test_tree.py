"""The page tree under eight writers at once, and the same without the lock."""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from wagtail.models import Page

from gkc_site.models import HomePage
from network.tree import tree_change
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import make_author, make_reviewing_network

WRITERS = 8
ROUNDS = 3
APART_S = 2.0  # a writer that waits for a lock does not come in this time
SCRIPT = Path(__file__).with_name("tree_writer.py")

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def write_together(kind: str) -> list[str]:
    """Start the writers; each waits for the gate to open. Returns what each complained of."""
    gate = Path(settings.GKC_HOME) / f"gate-{kind}-{os.getpid()}"
    gate.unlink(missing_ok=True)
    database = settings.DATABASES["default"]
    environment = os.environ | {
        "TREE_DATABASE": str(database["NAME"]),
        "TREE_GATE": str(gate),
        "TREE_HOME": str(settings.GKC_HOME),
        "DJANGO_SETTINGS_MODULE": "gkc_site.settings.test",
    }
    connection.close()
    writers = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), kind, str(number), str(ROUNDS)],
            env=environment,
            cwd=SCRIPT.parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for number in range(WRITERS)
    ]
    try:
        for writer in writers:
            assert writer.stdout.readline().strip() == "ready"
        gate.touch()
        said = [writer.communicate(timeout=240)[0] for writer in writers]
    finally:
        for writer in writers:
            writer.kill()
        gate.unlink(missing_ok=True)
    return [line for text in said for line in text.splitlines() if line.startswith("ERROR")]


@pytest.fixture
def people():
    net = make_reviewing_network()
    for number in range(WRITERS):
        make_author("KE", code=f"ke-{number}", email=f"author{number}@tree.example")
    make_user(is_superuser=True, is_staff=True, email="root@tree.example")
    return net


def test_transitions_and_admin_posts_together_leave_a_sound_tree(people):
    from bulletins.models import Case

    assert write_together("locked") == []
    assert Page.find_problems() == ([], [], [], [], [])
    made = Case.objects.all()
    assert made.count() == WRITERS // 2 * ROUNDS
    assert made.filter(is_published=True).count() == made.count()
    assert Page.objects.filter(title__startswith="Written in the admin").count() == made.count()


@pytest.mark.sqlite  # PostgreSQL breaks it in some runs only: below it is made to
def test_control_without_the_lock_the_tree_breaks(people):
    errors = write_together("unlocked")
    assert errors or Page.find_problems() != ([], [], [], [], [])


# --- a page is published from what was read before a child came below it -----------------
def publish_while_a_child_comes(around) -> None:
    """One thread reads a page and publishes it, another adds a child in between.

    Each does its work inside `around()`. The publisher waits for the child,
    but where a lock keeps the other out it goes on after APART_S.
    """
    home = HomePage.objects.get(locale__language_code="en")
    has_read, has_added, errors = threading.Event(), threading.Event(), []

    def publish() -> None:
        with around():
            page = HomePage.objects.get(pk=home.pk)
            has_read.set()
            has_added.wait(APART_S)
            page.save_revision().publish()

    def add() -> None:
        has_read.wait()
        with around():
            parent = Page.objects.get(pk=home.pk)
            parent.add_child(instance=HomePage(title="New", slug="new", locale=home.locale))
        has_added.set()

    def run(work) -> None:
        try:
            work()
        except Exception as error:  # of a thread: the test raises it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in (publish, add)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_a_child_that_comes_while_its_parent_is_published_is_counted():
    publish_while_a_child_comes(tree_change)
    assert Page.find_problems() == ([], [], [], [], [])


def test_control_without_the_lock_the_publication_forgets_the_child():
    publish_while_a_child_comes(contextlib.nullcontext)
    wrong_numchild = Page.find_problems()[4]
    assert wrong_numchild == [HomePage.objects.get(locale__language_code="en", depth=2).pk]
