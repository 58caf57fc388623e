"""Claim: 2,000 certificates are given with progress, and a process that is killed on the way loses
none and gives none twice; so are their files.

    python -m benchmarks.workshops [--quick]

runs it among the others. A process of its own gives them, as the worker's sweep
does, and is killed half-way; then this one goes on. The same with the files of a
part of them: a whole set would take minutes of a processor. Prints the rate
beside that of a bare insert in the same database.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time

NUMBER, NUMBER_QUICK = 2000, 200
FILES, FILES_QUICK = 30, 8
BARE_INSERTS = 300


def certificates(people: dict, quick: bool) -> bool:
    """Print how fast they are given and drawn; whether each is there once."""
    from workshops.models import Certificate, CertificateEvent
    from workshops.transitions import certificate_progress, draw_files, give_certificates

    number, files = (NUMBER_QUICK, FILES_QUICK) if quick else (NUMBER, FILES)
    session = attended(people["firm"], number)
    rate = bare_inserts(session)
    print(f"\nCertificates, {number} people, killed half-way\n")
    killed_after("give", lambda: certificate_progress(session)["given"] >= number // 2)
    before = certificate_progress(session)["given"]
    begin = time.perf_counter()
    while give_certificates():
        print(f"  {certificate_progress(session)['given']} of {number} given", flush=True)
    own = (number - before) / (time.perf_counter() - begin)
    given, events = Certificate.objects.count(), CertificateEvent.objects.count()
    rows = Certificate.objects.order_by("pk").values_list("pk", flat=True)[:files]
    Certificate.objects.filter(pk__in=list(rows)).update(asked_at=session.ends_at)
    killed_after("draw", lambda: certificate_progress(session)["drawn"] >= files // 2)
    Certificate.objects.filter(drawn_at__isnull=True).update(drawing_until=None)  # leases ended
    kept = certificate_progress(session)["drawn"]
    begin = time.perf_counter()
    while draw_files():
        pass
    spent = time.perf_counter() - begin
    drawn = certificate_progress(session)["drawn"]
    print("\n| | a second |\n|---|--:|")
    print(f"| bare insert | {rate:.0f} |\n| certificate given | {own:.0f} |")
    print(f"| file drawn | {(drawn - kept) / spent:.1f} |")
    print(
        f"\n{given} given, {events} noted, {drawn} of {files} files; "
        f"aim {number}, {number}, {files}: none lost, none twice."
    )
    return given == events == number and drawn == files


def attended(firm, number: int):
    """A session with so many who were there, and nothing else asked of them."""
    import datetime

    from django.utils import timezone

    from network.models import Membership, User
    from tests.factories.workshops import make_programme, make_session
    from workshops.models import AttendanceList, Enrolment

    programme = make_programme("certified", name="Certified", has_evaluation=False)
    session = make_session(programme, in_days=-2, seats=1000, state="done")
    AttendanceList.objects.create(session=session, closed_by=session.created_by)
    users = User.objects.bulk_create(
        [
            User(email=f"holder{n}@bench.example", first_name="Holder", last_name=str(n))
            for n in range(number)
        ],
        batch_size=500,
    )
    since = timezone.localdate() - datetime.timedelta(days=90)
    Membership.objects.bulk_create(
        [Membership(user=user, distributor=firm, since=since) for user in users], batch_size=500
    )
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                session=session,
                user=user,
                state="attended",
                distributor=firm,
                language="en",
                created_by=user,
            )
            for user in users
        ],
        batch_size=500,
    )
    return session


def bare_inserts(session) -> float:
    """Plain rows a second, one transaction each."""
    from workshops.models import Enrolment, EnrolmentEvent

    row = Enrolment.objects.filter(session=session).first()
    spent = []
    for _turn in range(BARE_INSERTS):
        begin = time.perf_counter()
        EnrolmentEvent.objects.create(
            enrolment=row, verb="bench", old="attended", new="attended", by_id=row.user_id
        )
        spent.append(time.perf_counter() - begin)
    return 1 / statistics.median(spent)


def killed_after(work: str, is_far_enough) -> None:
    """Let another process work, and kill it once it is so far (or has finished)."""
    child = subprocess.Popen([sys.executable, "-m", "benchmarks.certificates", work])
    while child.poll() is None and not is_far_enough():
        pass  # each look is a query: it takes long enough
    if child.poll() is None:
        os.kill(child.pid, signal.SIGKILL)
    child.wait()


def main() -> int:
    """The part of a process that is killed: give or draw in the home of whoever started it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=["give", "draw"])
    chosen = parser.parse_args().work
    import django

    django.setup()
    from workshops.transitions import draw_files, give_certificates

    work = {"give": give_certificates, "draw": draw_files}[chosen]
    while work():
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
