"""Claims: assignment costs at most three times its bare rows; a sweep three times its query.

    python -m benchmarks.review [--stories 1000] [--reviewers 60] [--open 50000] [--rounds 3]

Gives out so many stories that nobody has to so many reviewers, and writes the
same rows once more without a thought (bulk_create of the same objects, and a
prepared UPDATE for the stories). Then lets so many clocks run and compares the whole sweep, which
computes every clock anew and finds what is to be told, with the query that
reads these clocks; memory is that of the Python heap above its start, at a
fifth of the clocks and at all of them. Prints rows of Markdown tables.
"""

import argparse
import atexit
import datetime
import os
import shutil
import sys
import tempfile
import time
import tracemalloc
from datetime import date

AIM = 3.0
AREAS = 15
BATCH = 2000
MOST_GROWTH_KB = 512  # of the heap's peak, from a fifth of the clocks to all


def prepare() -> None:
    """A database of its own, migrated and bootstrapped."""
    home = tempfile.mkdtemp(prefix="gkc-bench-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "gkc_site.settings.test"
    os.environ["GKC_HOME"] = home
    os.environ.setdefault("GKC_LOG_LEVEL", "ERROR")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{home}/bench.sqlite3")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("bootstrap", verbosity=0)


def make_reviewers(number: int):
    """Campaigners of one area, each of a firm of another country; and the authors' firm."""
    from network.models import Country, Distributor, Mandate, Membership, ReviewArea, User

    area = ReviewArea.objects.create(slug="bench", name="Bench")
    countries = list(Country.objects.all()[:AREAS])
    home = Country.objects.create(code="XB", review_area=area, languages=["en"])
    firms = Distributor.objects.bulk_create(
        Distributor(
            code=f"bench-{n}", name=f"Firm {n}", country=countries[n % AREAS], languages=["en"]
        )
        for n in range(number)
    )
    own = Distributor.objects.create(code="bench-own", name="Own", country=home, languages=["en"])
    people = User.objects.bulk_create(
        User(email=f"reviewer-{n}@bench.example", password="!") for n in range(number)
    )
    since = date(2020, 1, 1)
    Membership.objects.bulk_create(
        Membership(user=user, distributor=firm, since=since)
        for user, firm in zip(people, firms, strict=True)
    )
    Mandate.objects.bulk_create(
        Mandate(user=user, role="campaigner", scope="review_area", review_area=area, since=since)
        for user in people
    )
    author = User.objects.create(email="author@bench.example", password="!")
    Membership.objects.create(user=author, distributor=own, since=since)
    return own, author, people


def make_stories(own, author, number: int, run: int) -> list:
    """Submitted stories that nobody has."""
    from django.utils import timezone

    from bulletins.models import Case

    now = timezone.now()
    return Case.objects.bulk_create(
        Case(
            number=f"{run:03}-{n:06}",
            distributor=own,
            author=author,
            source_language="en",
            review_area=own.country.review_area,
            stage="submitted",
            since=now,
            submitted_at=now,
        )
        for n in range(number)
    )


def assign(stories: int, by) -> float:
    """Seconds that giving out takes."""
    from bulletins.transitions import give_out_waiting

    begin = time.perf_counter()
    given = give_out_waiting(by=by, most=stories)
    took = time.perf_counter() - begin
    if len(given) != stories:
        raise SystemExit(f"only {len(given)} of {stories} were given out")
    return took


def spread(people) -> int:
    """The most and the least open reviews of a person, apart."""
    from review.api import open_load

    loads = open_load(person.pk for person in people).values()
    return max(loads) - min(loads)


def write_bare(stories: int) -> float:
    """Seconds that the same rows take: read before, taken away, and written as they were."""
    from django.db import connection, transaction

    from bulletins.models import Case, CaseEvent
    from network.append_only import unlocked
    from review.models import Clock, Review
    from touchpoints.models import Delivery, Mailing

    cases = list(Case.objects.filter(stage="area_review").order_by("-pk")[:stories])
    ids = [case.pk for case in cases]
    events = list(CaseEvent.objects.filter(case__in=ids))
    reviews = list(Review.objects.filter(object_id__in=ids))
    clocks = list(Clock.objects.filter(review__in=reviews))
    keys = [f"bulletins.case:{pk}" for pk in ids]
    mailings = list(Mailing.objects.filter(object_key__in=keys))
    deliveries = list(Delivery.objects.filter(mailing__in=mailings))
    with unlocked(CaseEvent, **CaseEvent.RULES):
        for rows in (deliveries, mailings, clocks, reviews, events):
            model = type(rows[0])
            model._base_manager.filter(pk__in=[row.pk for row in rows])._raw_delete("default")
    begin = time.perf_counter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE bulletins_case SET stage = %s, holder_id = %s, since = %s WHERE id = %s",
                [(case.stage, case.holder_id, str(case.since), case.pk) for case in cases],
            )
        for rows in (events, reviews, clocks, mailings, deliveries):
            type(rows[0]).objects.bulk_create(rows, batch_size=500)
    return time.perf_counter() - begin


def make_clocks(people, own, author, number: int) -> None:
    """So many open reviews with running clocks: nothing of them is due yet."""
    from django.utils import timezone

    from network.calendars import calendars_of
    from review.turns import Turn, open_reviews

    calendars = calendars_of(person.pk for person in people)
    for run, first in enumerate(range(0, number, BATCH), start=500):
        cases = make_stories(own, author, min(BATCH, number - first), run)
        open_reviews(
            [
                Turn(case, "area", person.pk, calendars[person.pk], 7)
                for n, case in enumerate(cases)
                for person in [people[n % len(people)]]
            ],
            by=author,
        )
    # They began in the course of a week, as real ones do.
    from review.models import Clock

    now = timezone.now()
    for day in range(5):
        began = now - datetime.timedelta(days=day)
        ids = Clock.objects.filter(pk__gt=0).values_list("pk", flat=True)
        Clock.objects.filter(pk__in=[pk for pk in ids if pk % 5 == day]).update(started_at=began)


def query_bare(most: int) -> float:
    """Seconds that the query takes that finds the open items, and nothing else."""
    from review.models import Clock

    begin = time.perf_counter()
    rows = Clock.objects.running().filter(started_at__isnull=False).order_by("pk")
    found = 0
    for _row in rows.values_list(
        "pk", "review_id", "person_id", "whose", "days", "started_at", "told", "due", "next_at"
    )[:most].iterator(chunk_size=BATCH):
        found += 1
    if found != most:
        raise SystemExit(f"{found} clocks instead of {most}")
    return time.perf_counter() - begin


def sweep_all(now) -> float:
    """Seconds that the whole sweep takes: compute every clock anew, find, tell."""
    from django.core.cache import cache

    from review.reminding import sweep

    cache.clear()
    begin = time.perf_counter()
    told = sweep(now)
    took = time.perf_counter() - begin
    if told:
        raise SystemExit(f"{told} notices were told before any was due")
    return took


def peak_kb(most: int) -> float:
    """The heap's peak while so many clocks are computed anew, above its start."""
    from review.clocks import recompute
    from review.models import Clock

    last = Clock.objects.order_by("pk").values_list("pk", flat=True)[most - 1]
    tracemalloc.start()
    recompute(Clock.objects.filter(pk__lte=last))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1024


def tell_all(most: int) -> float:
    """Notices a second where everything is late at once, as after a long outage."""
    from django.utils import timezone

    from review.reminding import remind_due

    begin = time.perf_counter()
    told = remind_due(timezone.now() + datetime.timedelta(days=60), most=most)
    return told / (time.perf_counter() - begin)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--reviewers", type=int, default=60)
    parser.add_argument("--open", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    prepare()
    from django.utils import timezone

    from network.models import User
    from review.clocks import recompute
    from review.models import Clock

    by = User.objects.get(is_system=True)
    own, author, people = make_reviewers(chosen.reviewers)
    ours, bare = [], []
    for run in range(chosen.rounds):
        make_stories(own, author, chosen.stories, run)
        ours.append(assign(chosen.stories, by))
        bare.append(write_bare(chosen.stories))
    uneven = spread(people)
    ratio = min(ours) / min(bare)
    print("| what | stories | reviewers | uneven by | s | bare rows s | ratio | aim |")
    print("|---|---|---|---|---|---|---|---|")
    print(
        f"| assignment | {chosen.stories} | {chosen.reviewers} | {uneven} | {min(ours):.2f} "
        f"| {min(bare):.2f} | {ratio:.2f} | ≤ {AIM}, uneven ≤ 1 |"
    )
    ok = ratio <= AIM and uneven <= 1

    Clock.objects.all().delete()
    make_clocks(people, own, author, chosen.open)
    recompute()
    now = timezone.now() - datetime.timedelta(days=30)
    sweeps = [sweep_all(now) for _run in range(chosen.rounds)]
    queries = [query_bare(chosen.open) for _run in range(chosen.rounds)]
    small, large = peak_kb(chosen.open // 5), peak_kb(chosen.open)
    pace = tell_all(min(500, chosen.open))
    ratio = min(sweeps) / min(queries)
    print()
    print(
        "| what | open | sweep s | query s | ratio | heap at a fifth, KB | heap at all, KB "
        "| told /s when all are late | aim |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    print(
        f"| reminders | {chosen.open} | {min(sweeps):.2f} | {min(queries):.2f} | {ratio:.2f} "
        f"| {small:.0f} | {large:.0f} | {pace:.0f} | ≤ {AIM}, heap flat |"
    )
    ok = ok and ratio <= AIM and large - small <= MOST_GROWTH_KB
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
