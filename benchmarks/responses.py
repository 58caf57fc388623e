"""Claim: the grid of 170 distributors × 12 stories costs at most the bare page's queries + 8.

    python -m benchmarks.responses [--quick]

Makes a throw-away home with a bare Wagtail page, 170 distributors in one area,
an issue of 12 stories and answers to two thirds of them; asks for the grid as
its campaigner, and for the desk of a manager with 12 open stories, each in turn
with the bare page as the same person. Prints queries, milliseconds and
kilobytes, each with the bare page's of the same run. Also the time to find who
is to be reminded. Leaves nothing behind.
"""

import argparse
import datetime
import os
import random
import shutil
import statistics
import sys
import tempfile
import time

FIRMS, STORIES = 170, 12
QUERIES_MORE = 8


def prepare(firms: int, stories: int) -> dict:
    """Tables, bare page, and the network to ask about."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("bootstrap", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from benchmarks.content import make_bare_page
    from network.models import User
    from tests.bulletins.responding import make_response
    from tests.factories.network import (
        make_area,
        make_country,
        make_distributor,
        make_mandate,
        make_user,
    )
    from tests.factories.stories import make_case, make_issue

    make_bare_page()
    chance = random.Random(1)
    country = make_country(area=make_area())
    network = [make_distributor(country=country) for _ in range(firms)]
    for firm in network:
        make_user("manager", distributor=firm)
    cases = [make_case(published=True, title=f"Story {n}") for n in range(stories)]
    make_issue(datetime.date(2026, 10, 1), cases=tuple(cases), released=True)
    for firm in network[1:]:
        for case in cases:
            if chance.random() < 0.66:
                choice = chance.choice(["adopted", "adapted", "already", "not_for_us", "on_hold"])
                make_response(case, firm, choice=choice)
    campaigner = make_user(distributor=network[1])
    make_mandate(campaigner, "campaigner", review_area=country.review_area)
    manager = User.objects.get(memberships__distributor=network[0])
    return {"campaigner": campaigner, "manager": manager}


def measure(person, address: str, times: int) -> tuple[int, float, float]:
    """(queries, median milliseconds, kilobytes) of a page as this person."""
    from django.test import Client

    from benchmarks.counting import ANSWER, ASKED, QUERIES

    client = Client()
    client.force_login(person, "gkc_site.accounts.backends.MemberBackend")
    page = client.get(address)  # warm: templates, caches
    if page.status_code != 200:
        raise SystemExit(f"{address} answers {page.status_code}")
    counted = client.get(address, headers={ASKED: QUERIES})
    spent = []
    for _time in range(times):
        begin = time.perf_counter()
        client.get(address)
        spent.append((time.perf_counter() - begin) * 1000)
    return int(counted[ANSWER]), statistics.median(spent), len(page.content) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer requests")
    times = 3 if parser.parse_args().quick else 15
    home = tempfile.mkdtemp(prefix="gkc-bench-")
    os.environ |= {"GKC_HOME": home, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
    try:
        import django

        django.setup()
        from django.conf import settings

        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        # Nobody signs in with these: 170 strong hashes would be most of the run.
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        people = prepare(FIRMS, STORIES)
        return 0 if report(people, times) else 1
    finally:
        shutil.rmtree(home)


def report(people: dict, times: int) -> bool:
    """Print the table and the verdict."""
    from bulletins.transitions.reminding import _candidates

    met = True
    print("\n| page | queries | bare | aim | ms | bare | KB |\n|---|--:|--:|--:|--:|--:|--:|")
    for name, who, address in (
        (f"grid {FIRMS} × {STORIES}", "campaigner", "/en/desk/response-grid/"),
        (f"desk with {STORIES} open", "manager", "/en/desk/responses/"),
    ):
        bare, bare_ms, _size = measure(people[who], "/en/bare/", times)
        queries, ms, size = measure(people[who], address, times)
        aim = bare + QUERIES_MORE if "grid" in name else ""
        met = met and (not aim or queries <= aim)
        print(
            f"| {name} | {queries} | {bare} | {f'≤ {aim}' if aim else ''} | {ms:.0f} "
            f"| {bare_ms:.0f} | {size:.0f} |"
        )
    from django.utils import timezone

    begin = time.perf_counter()
    found = len(_candidates(timezone.now()))
    spent = (time.perf_counter() - begin) * 1000
    print(f"\nWho may be reminded: {found} of {FIRMS} managers found in {spent:.0f} ms.")
    print("met" if met else "NOT MET")
    return met


if __name__ == "__main__":
    sys.exit(main())
