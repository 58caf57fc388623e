"""kill -9 of the whole process group while an issue goes out to 2,000 people.

GKC_RELEASE=10000 makes it 10,000: `make soak`.
"""

import collections
import datetime
import os
import random
import select
import signal
import subprocess
import sys

import pytest
from django.utils import timezone

from bulletins.models import BulletinIssue, CaseEvent, IssueStage
from bulletins.transitions import add_story, plan_issue, schedule_issue
from network.models import Distributor, Membership, User
from tests.bulletins.release_process import WORKERS
from tests.bulletins.test_issue_way import ready_case
from tests.factories.network import SINCE, make_country, make_user
from tests.factories.stories import make_case
from tests.processes import ROOT, sender_environment
from touchpoints.backends import file_of
from touchpoints.models import Delivery, Mailing

RECIPIENTS = int(os.environ.get("GKC_RELEASE", "2000"))
NO_CONTACT = 20  # distributors without anybody; one more has a contact without an address
LANGUAGES = ("en", "ja", "es", "ar", "fa")
LEASE_S = 6  # longer than a busy machine lets a sender starve between mail and record
SILENT_S = 60  # a group that ticks no more
SEED = 7
# Where the kills fall: after so many SQL statements before the release's end, or so many
# mails. What runs goes on until the signal comes, so the place itself is nobody's choice.
STATEMENTS, MAILS = 200, RECIPIENTS // 10  # the release takes some 220
KILLS, RELEASE_KILLS = 10, 4


def make_recipients() -> None:
    """Distributors with a first contact each, and some without anybody to write to."""
    country = make_country()
    firms = Distributor.objects.bulk_create(
        Distributor(code=f"firm-{n}", name=f"Firm {n}", country=country, languages=["en"])
        for n in range(RECIPIENTS + 1 + NO_CONTACT)
    )
    people = User.objects.bulk_create(
        User(
            email=f"contact-{n}@gkc.example" if n < RECIPIENTS else "",
            interface_language=LANGUAGES[n % len(LANGUAGES)],
            password="!",
        )
        for n in range(RECIPIENTS + 1)
    )
    Membership.objects.bulk_create(
        Membership(user=user, distributor=firm, since=SINCE, contact="first")
        for user, firm in zip(people, firms, strict=False)
    )


def frozen_issue() -> BulletinIssue:
    """An issue whose minute has come: a story that goes live with it, and one that is live."""
    editor = make_user("editor")
    issue = plan_issue(by=editor, month=datetime.date(2026, 12, 1), title="Early")
    for case in (ready_case(), make_case(published=True, number="2026-9001")):
        add_story(issue, case, by=editor)
    now = timezone.now()
    schedule_issue(issue, by=editor, release_at=now + datetime.timedelta(minutes=1))
    BulletinIssue.objects.update(release_at=now)
    Delivery.objects.all().delete()  # what the story's own way told
    return issue


class Groups:
    """Starts groups, lets them run to a point and kills them."""

    def __init__(self, home):
        self.home = home
        self.started = 0
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.bulletins.release_process"],
            cwd=ROOT,
            env=sender_environment(home, LEASE_S),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, kind: bytes = b"", ticks: int = 0) -> bool:
        """Start a group; kill -9 it after so many ticks of a kind. Whether it was killed.

        Without a kind it runs to its end.
        """
        self.started += 1
        fifo = self.home / f"ticks-{self.started}"
        os.mkfifo(fifo)
        pipe = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        self.nursery.stdin.write(f"{fifo}\n")
        self.nursery.stdin.flush()
        group = int(self.nursery.stdout.readline())
        seen, killed, begun = 0, False, False
        try:
            while True:
                assert select.select([pipe], [], [], SILENT_S)[0], "the group hangs"
                part = os.read(pipe, 4096)
                if not part:
                    if begun:
                        return killed
                    continue  # nobody has opened the other end yet
                begun = True
                seen += part.count(kind) if kind else 0
                if kind and seen >= ticks and not killed:
                    os.killpg(group, signal.SIGKILL)
                    killed = True
        finally:
            os.close(pipe)

    def close(self) -> None:
        self.nursery.stdin.close()
        self.nursery.wait(30)


@pytest.fixture
def groups(django_db_setup, transactional_db, tmp_path, settings):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    made = Groups(tmp_path)
    yield made
    made.close()


@pytest.mark.slow
def test_a_killed_release_reaches_everyone_once(groups):
    chance = random.Random(SEED)
    make_recipients()
    issue = frozen_issue()
    rolled_back = 0
    for _kill in range(RELEASE_KILLS):
        assert groups.run(b"s", chance.randint(1, STATEMENTS))
        issue.refresh_from_db()
        told = Delivery.objects.filter(mailing__kind="bulletins.issue").count()
        if issue.stage == IssueStage.RELEASED:  # the signal came late: all of it is there
            assert told == len(active_firms())
            break
        assert told == 0
        rolled_back += 1
    while groups.started < KILLS:
        assert groups.run(b"m", chance.randint(1, MAILS))
    left = Delivery.objects.filter(state="queued").count()
    groups.run()

    # Kills fell inside the release and inside the sending: else this proves nothing.
    assert rolled_back > 0
    assert left > 0
    # Released once.
    issue.refresh_from_db()
    assert issue.stage == IssueStage.RELEASED
    mailing = Mailing.objects.get(kind="bulletins.issue")
    assert CaseEvent.objects.filter(case__in_issue__issue=issue, new="published").count() == 1
    # Every distributor is reached, or not with the reason.
    rows = {row.distributor_id: row for row in mailing.deliveries.select_related("user")}
    assert set(rows) == active_firms()
    counted = collections.Counter((row.state, row.reason) for row in rows.values())
    assert counted == {
        ("sent", ""): RECIPIENTS,
        ("unreachable", "This distributor has no contact."): NO_CONTACT + others(),
        ("unreachable", "The contact has no usable address."): 1,
    }
    # Nobody is missing, and a double has the same Message-ID.
    lines = [line.split() for line in (groups.home / "journal").read_text().splitlines()]
    ids = {row.user.email: row.message_id for row in rows.values() if row.user}
    handed_over = [line for line in lines if line[0] in ids]  # the author is told as well
    assert {address for address, _id in handed_over} == {
        f"contact-{n}@gkc.example" for n in range(RECIPIENTS)
    }
    assert all(ids[address] == message_id for address, message_id in handed_over)
    assert all(file_of(message_id).exists() for message_id in ids.values())
    doubles = len(handed_over) - RECIPIENTS
    assert 0 <= doubles <= KILLS * WORKERS


def active_firms() -> set[int]:
    return set(Distributor.objects.active().values_list("pk", flat=True))


def others() -> int:
    """Distributors of the stories' authors, who are nobody's contact."""
    return Distributor.objects.active().exclude(code__startswith="firm-").count()
