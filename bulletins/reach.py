"""Whom an issue reached, and how: the proof of R13. And who read it.

*Reached*: the receiving server took the mail for a contact and it did not come
back within 72 hours; or a contact opened the issue signed in; or a campaigner
recorded that it was delivered by other means. *Read*: a member opened a story
signed in, or what another module knows (`register_reading`), counted once for
a distributor. Mails carry no tracking picture.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_noop

from bulletins.models import HandDelivery, IssueOpening, IssueStory, ReadMark
from network.models import Distributor, Membership
from touchpoints.api import SAME_ADDRESS, object_key
from touchpoints.models import Delivery, Suppression

COMES_BACK_WITHIN = datetime.timedelta(hours=72)
KIND = "bulletins.issue"

# English, translated where they are shown.
NOT_IN_LEDGER = gettext_noop("The ledger has no mail for this distributor.")
NAME_A_CONTACT = gettext_noop("Name a contact.")
CORRECT_ADDRESS = gettext_noop(
    "Have the contact's address corrected, or say that it works again, or name another contact."
)
RECORD = gettext_noop("Or deliver the issue by other means and record it.")


@dataclass
class Reach:
    """How one issue went to one distributor."""

    distributor: Distributor
    state: str = "unreached"  # or 'reached', 'waiting', 'ended' (no longer active)
    how: str = ""  # of a reached one: 'mail', 'opened', 'by_hand'
    at: datetime.datetime | datetime.date | None = None
    who: str = ""  # the address, or to whom it was given
    until: datetime.datetime | None = None  # of a waiting one: when it counts as reached
    reasons: tuple[str, ...] = ()  # of an unreached one; English
    to_do: tuple[str, ...] = ()  # of an unreached one; English
    stories_read: int = 0


@dataclass
class Report:
    """An issue's distributors by name. The counts are those of the lists."""

    issue: object
    rows: list[Reach] = field(default_factory=list)

    def of_state(self, state: str) -> list[Reach]:
        """The distributors in one state."""
        return [row for row in self.rows if row.state == state]

    @property
    def counts(self) -> dict[str, int]:
        """State → how many distributors, and 'read': how many read a story."""
        found = {
            state: len(self.of_state(state))
            for state in ("reached", "waiting", "unreached", "ended")
        }
        return found | {"read": sum(row.stories_read > 0 for row in self.rows)}


# provider(case_ids) -> iterable of (distributor id, case id) that somebody read
_readings: dict[str, Callable] = {}


def register_reading(name: str, provider: Callable) -> None:
    """Add what else proves that a distributor read a story, e.g. a used response page.

    `provider(case_ids)` yields (distributor_id, case_id); one query.
    """
    _readings[name] = provider


def report(issue, areas: Iterable | None = None) -> Report:
    """Of one released issue; in some review areas only where `areas` are given."""
    return reports([issue], areas)[0]


def reports(issues, areas: Iterable | None = None, *, reading: bool = True) -> list[Report]:
    """Of several issues. Nine queries, and one a reading provider, whatever the
    numbers. Without `reading` two less and no provider's: who read what stays out."""
    issues = list(issues)
    keys = {object_key(issue): issue for issue in issues}
    in_areas = Q() if areas is None else Q(distributor__country__review_area__in=areas)
    mails = list(
        Delivery.objects.filter(
            in_areas,
            mailing__kind=KIND,
            mailing__object_key__in=keys,
            distributor__isnull=False,
        ).values_list("mailing__object_key", "distributor_id", "address", *_MAIL)
    )
    by_issue: dict[str, dict[int, list]] = defaultdict(lambda: defaultdict(list))
    for key, firm, *mail in mails:
        by_issue[key][firm].append(mail)
    taken = _by_address(keys, {mail[2].lower() for mail in mails if mail[2]})
    hands, openings = _by_hand(issues, in_areas), _openings(issues, in_areas)
    firms = Distributor.objects.select_related("country__review_area").in_bulk(
        {firm for _key, firm, *_mail in mails}
        | {firm for _issue, firm in hands}
        | {firm for _issue, firm in openings}
    )
    contacts = _contacts(firms)
    read = _read(issues, firms) if reading else {}
    now = timezone.now()
    made = []
    for key, issue in keys.items():
        named = set(by_issue[key]) | {
            firm for number, firm in [*hands, *openings] if number == issue.pk
        }
        rows = []
        for firm in sorted(named, key=lambda pk: (firms[pk].name, pk)):
            row = Reach(firms[firm], stories_read=read.get((issue.pk, firm), 0))
            mails_of = by_issue[key][firm]
            _judge(
                row,
                [(mail, taken.get((key, mail[0].lower()), [mail])) for mail in mails_of],
                openings.get((issue.pk, firm)),
                hands.get((issue.pk, firm)),
                now,
            )
            if row.state == "unreached":
                row.to_do = _to_do(contacts.get(firm))
            rows.append(row)
        made.append(Report(issue, rows))
    return made


_MAIL = ("state", "reason", "sent_at", "returned_at")


def _by_address(keys, addresses) -> dict[tuple[str, str], list]:
    """A person who is contact of two distributors gets one mail: it stands for both."""
    found = defaultdict(list)
    rows = Delivery.objects.filter(mailing__kind=KIND, mailing__object_key__in=keys)
    if len(addresses) <= 500:
        rows = rows.filter(address__in=addresses)
    for key, address, *mail in rows.exclude(address="").values_list(
        "mailing__object_key", "address", *_MAIL
    ):
        found[(key, address.lower())].append([address, *mail])
    return found


def _judge(row: Reach, mails: list, opening, hand, now: datetime.datetime) -> None:
    """The strongest proof there is, or why there is none."""
    reasons, until = [], None
    for _own, same_address in mails:
        reasons += [mail[2] for mail in same_address if mail[2] != SAME_ADDRESS]
        for address, state, _reason, sent_at, returned_at in same_address:
            if sent_at is None and state != "queued":
                continue
            settled = sent_at and sent_at + COMES_BACK_WITHIN
            if state == "complained" or (
                sent_at and settled <= (returned_at or now) and state in ("sent", "bounced")
            ):
                # Whoever calls a mail spam has got it.
                if row.how != "mail" or sent_at < row.at:
                    row.state, row.how, row.at, row.who = "reached", "mail", sent_at, address
            elif state in ("sent", "queued"):
                until = min(filter(None, [until, settled or now + COMES_BACK_WITHIN]))
    if row.state != "reached" and opening is not None:
        row.state, row.how, row.at, row.who = "reached", "opened", opening[0], opening[1]
    if row.state != "reached" and hand is not None:
        row.state, row.how = "reached", "by_hand"
        row.at, row.who = hand.given_on, hand.given_to
    if row.state == "reached":
        return
    if until is not None:
        row.state, row.until = "waiting", until
    elif not row.distributor.is_active:
        row.state = "ended"
    else:
        row.reasons = tuple(dict.fromkeys(filter(None, reasons))) or (NOT_IN_LEDGER,)


def _by_hand(issues, in_areas: Q) -> dict[tuple[int, int], HandDelivery]:
    rows = HandDelivery.objects.filter(in_areas, issue__in=issues, taken_back_at=None)
    return {(row.issue_id, row.distributor_id): row for row in rows}


def _openings(issues, in_areas: Q) -> dict[tuple[int, int], tuple]:
    rows = IssueOpening.objects.filter(in_areas, issue__in=issues).select_related("user")
    return {
        (row.issue_id, row.distributor_id): (
            row.at,
            row.user.display_name if row.user else "",
        )
        for row in rows
    }


def _contacts(firms) -> dict[int, list[str]]:
    """Distributor → the usable addresses of its contacts; no key where it has no contact."""
    rows = Membership.objects.current().contacts().filter(distributor__in=list(firms))
    pairs = list(rows.values_list("distributor_id", "user__email"))
    out = Suppression.objects.among(address for _firm, address in pairs)
    found: dict[int, list[str]] = {}
    for firm, address in pairs:
        usable = found.setdefault(firm, [])
        if address and address.lower() not in out:
            usable.append(address)
    return found


def _to_do(contacts: list[str] | None) -> tuple[str, ...]:
    return (NAME_A_CONTACT if contacts is None else CORRECT_ADDRESS, RECORD)


def _read(issues, firms) -> dict[tuple[int, int], int]:
    """(issue, distributor) → how many of its stories a member read."""
    issue_of = dict(IssueStory.objects.filter(issue__in=issues).values_list("case", "issue"))
    then = TruncDate("first_at")
    pairs = set(
        ReadMark.objects.filter(case__in=list(issue_of))
        .filter(user__memberships__distributor__in=list(firms))
        .annotate(day=then)
        .filter(user__memberships__since__lte=F("day"))
        .filter(
            Q(user__memberships__until__isnull=True) | Q(user__memberships__until__gte=F("day"))
        )
        .values_list("user__memberships__distributor_id", "case_id")
    )
    for provider in _readings.values():
        pairs |= set(provider(list(issue_of)))
    found: dict[tuple[int, int], int] = defaultdict(int)
    for firm, case in pairs:
        found[(issue_of[case], firm)] += 1
    return found
