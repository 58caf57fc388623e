"""kill -9 at random points: nobody is missing, and few get a mail twice."""

import collections
import datetime
import random
import signal
import subprocess
import sys

import pytest
from django.utils import timezone

from tests.factories.network import make_distributor
from tests.processes import ROOT, sender_environment
from touchpoints.api import tell_once
from touchpoints.models import Delivery

RECIPIENTS = 200
ROUNDS = 4
SENDERS = 2
LEASE_S = 6  # longer than a busy machine lets a sender starve between mail and record


def start(home, *arguments: str) -> subprocess.Popen:
    """A sender; 'held' makes it wait for a line before each mail."""
    command = [sys.executable, "-m", "tests.touchpoints.sender_process", *arguments]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=sender_environment(home, LEASE_S),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def let_send(sender: subprocess.Popen, mails: int) -> list[str]:
    """Let it go on with so many mails. Returns at once: the last is on its way."""
    announced = []
    for _mail in range(mails):
        line = sender.stdout.readline()
        if not line:  # the others hold all that is due
            break
        announced.append(line)
        sender.stdin.write("\n")
        sender.stdin.flush()
    return announced


def run_out() -> None:
    """End the leases: their holders are dead, and a test does not wait."""
    past = timezone.now() - datetime.timedelta(seconds=1)
    Delivery.objects.filter(claimed_until__isnull=False).update(claimed_until=past)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_senders_lose_nobody(news, tmp_path):
    distributor = make_distributor()
    recipients = [(None, distributor, f"r{n}@gkc.example", "en", "") for n in range(RECIPIENTS)]
    tell_once("tests.news", distributor, "issue:1", recipients)
    handed_over: list[str] = []
    killed = 0
    for _round in range(ROUNDS):
        senders = [start(tmp_path, "held") for _number in range(SENDERS)]
        for sender in senders:
            handed_over += let_send(sender, random.randint(1, 12))
        for sender in senders:
            sender.send_signal(signal.SIGKILL)
        for sender in senders:
            handed_over += sender.communicate(timeout=120)[0].splitlines(keepends=True)
            killed += sender.returncode == -signal.SIGKILL
        run_out()

    for _start in range(20):
        if not Delivery.objects.filter(state="queued").exists():
            break
        sender = start(tmp_path)
        handed_over += sender.communicate(timeout=120)[0].splitlines(keepends=True)
        assert sender.returncode == 0

    # A killed pipe can end in a torn line; a whole one ends in '>'.
    times = collections.Counter(line.strip() for line in handed_over if line.endswith(">\n"))
    assert killed >= ROUNDS
    assert set(times) == {row.message_id for row in Delivery.objects.all()}
    assert len(list((tmp_path / "mail").glob("*.eml"))) == RECIPIENTS
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert sum(times.values()) - RECIPIENTS <= killed
