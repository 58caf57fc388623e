"""Claims: the catalogue with 1,000 dates costs at most the bare page's queries + 8 and twice its
p50; 50 people who enrol at once get at least a quarter of a bare insert's rate.

    python -m benchmarks.workshops [--quick]

Makes a throw-away home with a bare Wagtail page, 12 programmes and 1,000 dates
with people in them; asks for the catalogue as a visitor and as a member, each
in turn with the bare page. Then 50 clients enrol people through the site's own
view, in turn with 50 that ask a view which inserts one bare row: an event of an
enrolment that is there (`benchmarks.urls`), with the same sign-in, middleware
and database. Last, 2,000 certificates (benchmarks.certificates). Prints tables
with the bare figures of the same run. Leaves nothing behind.
"""

import argparse
import datetime
import itertools
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time

# As many programmes as the sources name.
PROGRAMMES, DATES, PEOPLE_A_DATE = 12, 1000, 4
QUERIES_MORE, TIMES_BARE = 8, 2.0
CLIENTS, RATIO = 50, 0.25


def prepare() -> dict:
    """Tables, bare page, catalogue."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("bootstrap", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from benchmarks.content import make_bare_page
    from tests.factories.network import make_distributor
    from tests.factories.workshops import make_programme, make_trainee
    from workshops.models import Enrolment

    make_bare_page()
    firm = make_distributor()
    people = [make_trainee(firm) for _ in range(PEOPLE_A_DATE * 5)]
    programmes = [
        make_programme(f"course-{n}", name=f"Course {n}", audience=["sellers"])
        for n in range(PROGRAMMES)
    ]
    for course, first in zip(programmes[1:], programmes, strict=False):
        course.requires.set([first])
    sessions = make_dates(programmes)
    turn = itertools.cycle(people)
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                session=session,
                user=next(turn),
                state="enrolled",
                distributor=firm,
                language="en",
                created_by=people[0],
            )
            for session in sessions
            for _ in range(PEOPLE_A_DATE)
        ],
        batch_size=500,
    )
    return {"visitor": None, "member": people[0], "firm": firm}


def make_dates(programmes: list) -> list:
    """Dates over eighteen months, one or two days each."""
    from django.utils import timezone

    from network.models import Country, User
    from workshops.models import Session, SessionDay

    begin = timezone.now().replace(microsecond=0) + datetime.timedelta(days=1)
    system, country = User.objects.get(is_system=True), Country.objects.order_by("pk").first()
    wanted = []
    for n in range(DATES):
        start = begin + datetime.timedelta(hours=13 * n)
        wanted.append(
            Session(
                number=f"B-{n:04}",
                programme=programmes[n % len(programmes)],
                state="open",
                languages=["en"],
                starts_at=start,
                ends_at=start + datetime.timedelta(days=n % 2, hours=6),
                enrol_until=start,
                seats=12,
                country=country,
                created_by=system,
            )
        )
    made = Session.objects.bulk_create(wanted, batch_size=500)
    SessionDay.objects.bulk_create(
        [
            SessionDay(
                session=one,
                starts_at=one.starts_at + datetime.timedelta(days=day),
                ends_at=one.starts_at + datetime.timedelta(days=day, hours=6),
            )
            for one in made
            for day in range((one.ends_at - one.starts_at).days + 1)
        ],
        batch_size=500,
    )
    return made


# --- the catalogue -----------------------------------------------------------------------
def ask(people: dict, times: int) -> bool:
    """Print the table of pages; whether the aims are met."""
    from django.test import Client

    from benchmarks.counting import ANSWER, ASKED, QUERIES

    met = True
    print(f"\nCatalogue, {PROGRAMMES} programmes, {DATES} dates\n")
    print("| reader | queries | bare | aim | p50 ms | bare | times | aim |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for reader in ("visitor", "member"):
        client = Client()
        if people[reader] is not None:
            client.force_login(people[reader], "gkc_site.accounts.backends.MemberBackend")
        spent: dict[str, list[float]] = {"/en/bare/": [], "/en/workshops/": []}
        queries = {}
        for address in spent:
            for _warm in range(3):
                if client.get(address).status_code != 200:
                    raise SystemExit(f"{address} does not answer")
            queries[address] = int(client.get(address, headers={ASKED: QUERIES})[ANSWER])
        for _turn in range(times):
            for address, found in spent.items():
                begin = time.perf_counter()
                client.get(address)
                found.append((time.perf_counter() - begin) * 1000)
        bare, page = (statistics.median(found) for found in spent.values())
        had, has = queries.values()
        aim = had + QUERIES_MORE
        met = met and has <= aim and page <= bare * TIMES_BARE
        print(
            f"| {reader} | {has} | {had} | ≤ {aim} | {page:.1f} | {bare:.1f} "
            f"| {page / bare:.2f} | ≤ {TIMES_BARE:g} |"
        )
    return met


# --- enrolments --------------------------------------------------------------------------
def enrolments(people: dict, each: int) -> bool:
    """Print how many a second come in, and how many bare rows; whether the aim is met."""
    from django.test import Client

    from tests.factories.workshops import make_programme, make_session, make_trainee
    from workshops.models import Enrolment

    rounds, number = 3, CLIENTS * each
    clients = []
    for _person in range(number):
        clients.append(Client(HTTP_ACCEPT_LANGUAGE="en"))
        # One site for all: each client would look through the static files on its first request.
        clients[-1].handler = clients[0].handler
        clients[-1].force_login(
            make_trainee(people["firm"]), "gkc_site.accounts.backends.MemberBackend"
        )
    clients[0].handler.load_middleware()
    programme = make_programme("crowded", name="Crowded")
    bare = f"/bare-insert/{Enrolment.objects.order_by('pk').first().pk}/"
    rates: dict[str, list[float]] = {"insert": [], "enrol": []}

    for _round in range(rounds):
        session = make_session(programme, seats=number)
        own = f"/en/workshops/sessions/{session.number}/enrol/"
        for name, address, wanted in (("insert", bare, 204), ("enrol", own, 302)):

            def ask_once(n: int, address=address, wanted=wanted) -> None:
                answered = clients[n].post(address).status_code
                if answered != wanted:
                    raise SystemExit(f"{address} answers {answered}")

            rates[name].append(number / at_once(ask_once, each))
        if session.enrolments.filter(state="enrolled").count() != number:
            raise SystemExit("not everybody has a seat")
    inserted, enrolled = (statistics.median(found) for found in rates.values())
    print(f"\nEnrolments, {CLIENTS} clients, {number} people, median of {rounds} rounds\n")
    print("| | a second |\n|---|--:|")
    print(f"| bare insert | {inserted:.0f} |\n| enrolment | {enrolled:.0f} |")
    print(f"\nRatio {enrolled / inserted:.2f}, aim at least {RATIO:g}.")
    return enrolled / inserted >= RATIO


def at_once(work, each: int) -> float:
    """Seconds until CLIENTS threads have done `work` for `each` numbers of their own."""
    from django.db import connection

    barrier, failed = threading.Barrier(CLIENTS + 1), []

    def client(first: int) -> None:
        try:
            barrier.wait()
            for n in range(first, first + each):
                work(n)
        except (Exception, SystemExit) as error:
            failed.append(error)
            barrier.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=client, args=(n * each,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    barrier.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - begin
    if failed:
        raise SystemExit(f"{len(failed)} clients failed: {failed[0]!r}")
    return spent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer requests")
    quick = parser.parse_args().quick
    home = tempfile.mkdtemp(prefix="gkc-bench-")
    os.environ |= {"GKC_HOME": home, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
    try:
        import django

        django.setup()
        from django.conf import settings

        from benchmarks.certificates import certificates

        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        settings.ROOT_URLCONF = "benchmarks.urls"
        # Nobody signs in with these: strong hashes would be most of the run.
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        people = prepare()
        met = ask(people, 10 if quick else 60)
        met = enrolments(people, 2 if quick else 6) and met
        met = certificates(people, quick) and met
        print("met" if met else "NOT MET")
        return 0 if met else 1
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    sys.exit(main())
