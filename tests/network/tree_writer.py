"""One of eight writers (test_tree.py): `tree_writer.py locked|unlocked NUMBER ROUNDS`.

'locked': even numbers take stories to publication, odd ones add pages in the
admin. 'unlocked': everybody adds and publishes pages past the lock, as stock
Wagtail does; on SQLite with its deferred transactions.
"""

import os
import selectors
import sys
from pathlib import Path


def main(kind: str, number: int, rounds: int) -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["TREE_DATABASE"]
    settings.GKC_HOME = Path(os.environ["TREE_HOME"])
    settings.SEARCH_INDEX_PATH = str(settings.GKC_HOME / "search.sqlite3")
    if kind == "unlocked" and "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        settings.DATABASES["default"]["OPTIONS"] = {"timeout": 1}
    django.setup()
    work = {"unlocked": past_the_lock}.get(kind) or (in_admin if number % 2 else by_transition)
    say("ready")
    wait_for(Path(os.environ["TREE_GATE"]))
    for turn in range(rounds):
        try:
            work(number, turn)
        except Exception as error:  # each complaint is counted by the parent
            say(f"ERROR {number} {turn} {type(error).__name__}: {error}")


def say(line: str) -> None:
    """To the parent, at once."""
    sys.stdout.write(line.replace("\n", " ") + "\n")
    sys.stdout.flush()


def wait_for(gate: Path) -> None:
    """Until the parent opens the gate; asks every 10 ms."""
    with selectors.DefaultSelector() as clock:
        while not gate.exists():
            clock.select(timeout=0.01)


def by_transition(number: int, turn: int) -> None:
    from bulletins.transitions import decide_case, start_case, submit_case
    from network.models import User
    from tests.factories.network_of_reviewers import write_story

    author = User.objects.get(email=f"author{number}@tree.example")
    firm = author.memberships.get().distributor
    case = start_case(by=author, distributor=firm, language="en")
    write_story(case)
    submit_case(case, by=author, people_agreed=True, no_customer_data=True)
    for _step in range(3):
        decide_case(case, decision="approve", by=case.holder)


def in_admin(number: int, turn: int) -> None:
    from django.test import Client
    from django.urls import reverse
    from wagtail.models import Page

    from network.models import User

    client = Client()
    client.force_login(
        User.objects.get(email="root@tree.example"), "gkc_site.accounts.backends.MemberBackend"
    )
    address = reverse("wagtailadmin_pages:add", args=["gkc_site", "homepage", 1])
    data = {
        "title": f"Written in the admin {number} {turn}",
        "slug": f"admin-{number}-{turn}",
        "action-publish": "action-publish",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.status_code
    page = Page.objects.get(slug=f"admin-{number}-{turn}")
    assert page.live


def past_the_lock(number: int, turn: int) -> None:
    from wagtail.models import Page

    from gkc_site.models import HomePage

    parent = Page.objects.get(depth=1)
    page = HomePage(
        title=f"Past {number} {turn}",
        slug=f"past-{number}-{turn}",
        locale=HomePage.objects.first().locale,
    )
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.unpublish()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
