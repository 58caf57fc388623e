"""Claim: an issue in twelve languages is rendered and handed to a mail server at 0.6 of bare
smtplib's speed or better, with flat memory.

    python -m benchmarks.release [--recipients 10000] [--rounds 3]

Tells an issue to so many contacts, sends it from the ledger to an SMTP sink in
a process of its own, and sends mails of the same bytes there with bare
smtplib over one connection. Each mail has a signed link of its receiver's own, as
the bulletin has. Prints a row of a Markdown table; `ratio` is rendering and
handing over to bare smtplib, in messages a second, the best round of each;
`with telling` counts writing the ledger's rows too. `memory` is what the
process grew by from the first round's end to the last's (MB at its peak).
"""

import argparse
import atexit
import multiprocessing
import os
import resource
import shutil
import smtplib
import sys
import tempfile
import time
from datetime import date

AIM = 0.6
LANGUAGES = tuple("en ja es ar fa fr de it pt-br zh-hans id th".split())
DISTRIBUTORS = 200


def sink(ready) -> None:
    """Answer SMTP and forget the mails. Sends its port through `ready`.

    Offers PIPELINING as Postfix does: smtplib does not use it, our backend does.
    """
    import asyncio

    async def session(reader, writer):
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
            if verb == b"EHLO":
                writer.write(b"250-sink\r\n250-SIZE\r\n250 PIPELINING\r\n")
                continue
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 OK\r\n")
            if verb == b"QUIT":
                break
        writer.close()

    async def serve():
        server = await asyncio.start_server(session, "127.0.0.1", 0, limit=2**22)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def prepare() -> None:
    """A database of its own, migrated and bootstrapped."""
    home = tempfile.mkdtemp(prefix="gkc-bench-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "gkc_site.settings.test"
    os.environ["GKC_HOME"] = home
    os.environ.setdefault("GKC_LOG_LEVEL", "ERROR")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.EMAIL_BACKEND = "touchpoints.backends.SMTPBackend"
    call_command("migrate", verbosity=0)


def contacts(number: int) -> list[tuple]:
    """So many first contacts and deputies, as `tell_once` takes them."""
    from network.models import Country, Distributor, Membership, ReviewArea, User

    area = ReviewArea.objects.create(slug="bench", name="Bench")
    country = Country.objects.create(code="XB", review_area=area, languages=["en"])
    distributors = Distributor.objects.bulk_create(
        Distributor(code=f"bench-{n}", name=f"Distributor {n}", country=country, languages=["en"])
        for n in range(DISTRIBUTORS)
    )
    users = User.objects.bulk_create(
        User(
            email=f"contact-{n}@bench.example",
            interface_language=LANGUAGES[n % len(LANGUAGES)],
            password="!",
        )
        for n in range(number)
    )
    Membership.objects.bulk_create(
        Membership(
            user=user,
            distributor=distributors[n % DISTRIBUTORS],
            since=date(2020, 1, 1),
            contact="deputy",
        )
        for n, user in enumerate(users)
    )
    return [
        (user, distributors[n % DISTRIBUTORS], user.email, user.interface_language, "")
        for n, user in enumerate(users)
    ]


def register_kind():
    """An issue's mail: six stories, a sentence or two each."""
    from bulletins.response_links import link_token
    from network.models import User
    from touchpoints.personal import placeholder
    from touchpoints.registry import Kind, Message, register

    own = placeholder("respond")

    def links(obj, delivery):
        token = link_token(delivery.distributor_id, 1, delivery.user_id)
        return {"respond": f"https://gkc.example/{delivery.language}/respond/{token}/"}

    def words(obj, data, user):
        line = "Parts are picked the evening before into one tray for each order, and seen early. "
        return Message(
            "Look before it is late", (line * 4,) * 12 + (own,), "/en/bulletins/", "Read"
        )

    def audience(obj, data):
        return User.objects.filter(is_active=True, memberships__contact="deputy")

    return register(
        Kind(
            "bench.issue",
            audience,
            "contacts",
            words,
            optional=False,
            per_person=False,
            personal=links,
        )
    )


def ours(recipients: list[tuple], run: int) -> tuple[float, float]:
    """Messages a second of telling and sending, and of sending alone."""
    from touchpoints.api import tell_once
    from touchpoints.models import Delivery
    from touchpoints.sending import send_due

    begin = time.perf_counter()
    mailing = tell_once("bench.issue", recipients[0][1], f"bench:{run}", recipients)
    told = time.perf_counter()
    send_due(run_s=3600)
    end = time.perf_counter()
    sent = Delivery.objects.filter(mailing=mailing, state="sent").count()
    if sent != len(recipients):
        raise SystemExit(f"only {sent} of {len(recipients)} were sent")
    return sent / (end - begin), sent / (end - told)


def same_bytes(recipients: list[tuple]) -> list[tuple[str, bytes]]:
    """The mails of the first mailing, ready to be handed over."""
    from touchpoints.models import Delivery
    from touchpoints.rendering import LedgerMail
    from touchpoints.sending import contents

    rows = Delivery.objects.select_related("mailing", "user", "distributor")[: len(recipients)]
    parts: dict = {}
    mails = []
    for row in rows:
        shared = parts.setdefault(row.language, None) or contents(row)
        parts[row.language] = shared
        mail = LedgerMail(shared, row.address, row.message_id)
        mails.append((row.address, mail.message().as_bytes(linesep="\r\n")))
    return mails


def bare(port: int, mails: list[tuple[str, bytes]]) -> float:
    """Messages a second of smtplib over one connection."""
    begin = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for address, content in mails:
            server.sendmail("gkc@gkc.example", [address], content)
    return len(mails) / (time.perf_counter() - begin)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    prepare()
    from django.conf import settings

    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=sink, args=(there,), daemon=True)
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", here.recv()
    register_kind()
    recipients = contacts(chosen.recipients)
    whole, sending, theirs, peaks = [], [], [], []
    for run in range(chosen.rounds):
        told_and_sent, sent = ours(recipients, run)
        whole.append(told_and_sent)
        sending.append(sent)
        if run == 0:
            mails = same_bytes(recipients)
        theirs.append(bare(settings.EMAIL_PORT, mails))
        # After the first round: the mails that smtplib sends are the benchmark's own memory.
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    server.terminate()
    ratio, with_telling = (max(ours) / max(theirs) for ours in (sending, whole))
    size = sum(len(content) for _address, content in mails) / len(mails) / 1024
    print(
        "| what | recipients | languages | KB a mail | ours /s | smtplib /s | ratio | aim "
        "| with telling | memory |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    print(
        f"| issue to an SMTP sink | {chosen.recipients} | {len(LANGUAGES)} | {size:.1f} "
        f"| {max(sending):.0f} | {max(theirs):.0f} | {ratio:.2f} | ≥ {AIM} "
        f"| {with_telling:.2f} | +{peaks[-1] - peaks[0]:.0f} of {peaks[0]:.0f} MB |"
    )
    return 0 if ratio >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
