"""The page tree under eight writers at once, and the same without the lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from wagtail.models import Page

from tests.factories.network import make_user
from tests.factories.network_of_reviewers import make_author, make_reviewing_network

WRITERS = 8
ROUNDS = 3
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


@pytest.mark.sqlite  # PostgreSQL breaks it only in some runs: no proof either way
def test_control_without_the_lock_the_tree_breaks(people):
    errors = write_together("unlocked")
    assert errors or Page.find_problems() != ([], [], [], [], [])
