"""What the demo's distributors answered to the stories of released issues.

Generated from a fixed seed: invented, like the firms. Rows are written in one
go with the days they would have had; nobody is mailed about what lies in the
past. The newest issue is left open at the firm of the demo's manager.
"""

import datetime
import random
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from bulletins.models import (
    BulletinIssue,
    Case,
    Choice,
    Response,
    ResponseChange,
    ResponseResult,
    WillTry,
)
from bulletins.response_queries import TAKEN_OVER, asked_cases
from gkc_site.demo.issues import months_from_now
from gkc_site.demo.people import persona
from network.models import Distributor, Membership, User

SEED = 2002  # the year the centre was set up
# How likely each answer is, for a hundred.
WEIGHTS = {
    Choice.ADOPTING: 12,
    Choice.ADOPTED: 14,
    Choice.ADAPTED: 16,
    Choice.ALREADY: 20,
    Choice.ON_HOLD: 14,
    Choice.NOT_FOR_US: 24,
}
CHANGED = (
    "We began with two branches and took the third after a month.",
    "Our workshops close on Friday, so the second look is on Thursday.",
    "We do it by telephone where our customers have no e-mail.",
    "The dealers keep the list themselves; we read it once a week.",
)
WHY_NOT = (
    "Our dealers hold no stock of their own.",
    "We looked at it last year and the contracts do not allow it.",
    "Too few cars a month for a team of its own.",
)
NOTES = ("Ask the workshop manager first.", "For the meeting in spring.", "")
BATCH = 500


@transaction.atomic
def load_responses() -> int:
    """Answer as the network would have; nothing where there is an answer already."""
    if Response.objects.exists():
        return 0
    chance = random.Random(SEED)
    contacts = first_contacts()
    firms = [firm for firm in Distributor.objects.active().order_by("code") if firm.pk in contacts]
    cases = list(asked_cases().select_related("in_issue__issue").prefetch_related("results"))
    newest = BulletinIssue.objects.released().order_by("-month").first()
    lately = months_from_now(-3)
    left_open = persona("omar")["distributor"]
    made = []
    for firm in firms:
        keenness = chance.uniform(0.15, 0.95)
        for case in cases:
            issue = case.in_issue.issue
            new = issue.pk == newest.pk
            # Reminders work: of what is a quarter old little is left unanswered.
            likely = keenness * 0.4 if new else keenness if issue.month >= lately else 0.97
            if case.distributor_id == firm.pk:
                continue
            if chance.random() > likely and (new or firm.code != left_open):
                continue
            answer = answer_of(case, firm, contacts[firm.pk], chance)
            if not (new and firm.code == left_open):
                made.append(answer)
    Response.objects.bulk_create(made, batch_size=BATCH)
    measured = [result for response in made for result in results_of(response, chance)]
    ResponseResult.objects.bulk_create(measured, batch_size=BATCH)
    ResponseChange.objects.bulk_create([history_of(row) for row in made], batch_size=BATCH)
    mark_will_try(cases, chance)
    return len(made)


def first_contacts() -> dict[int, User]:
    """Distributor's key → its first contact, a deputy where it has none."""
    rows = Membership.objects.current().contacts().select_related("user").order_by("contact", "pk")
    found = {}
    for row in rows:  # 'deputy' before 'first': the later one stays
        found[row.distributor_id] = row.user
    return found


def answer_of(case: Case, firm: Distributor, contact: User, chance: random.Random) -> Response:
    """One distributor's word on one story, some days after the release."""
    choice = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    released = case.in_issue.issue.released_at
    at = min(
        released + datetime.timedelta(days=chance.randint(1, 40), hours=chance.randint(0, 9)),
        timezone.now() - datetime.timedelta(hours=1),
    )
    response = Response(case=case, distributor=firm, choice=choice, by=contact, at=at, first_at=at)
    if choice in (Choice.ADOPTING, Choice.ON_HOLD):
        response.until = timezone.localdate() + datetime.timedelta(days=chance.randint(-10, 120))
    if choice == Choice.ADOPTING:
        response.who = contact.display_name
    elif choice == Choice.ADAPTED:
        response.words = chance.choice(CHANGED)
    elif choice == Choice.NOT_FOR_US:
        response.reason = chance.choice(["no_need", "market", "rules", "means"])
        response.words = chance.choice([*WHY_NOT, "", ""])
    if choice in TAKEN_OVER:
        response.adopted_at = at
        if chance.random() < 0.4 and case.results.all():
            response.measured_at = min(
                at + datetime.timedelta(days=chance.randint(20, 60)),
                timezone.now() - datetime.timedelta(minutes=30),
            )
    return response


def results_of(response: Response, chance: random.Random) -> list[ResponseResult]:
    """Figures near the story's own, most of them a little weaker."""
    if response.measured_at is None:
        return []
    rows = []
    for row in response.case.results.all():
        if row.before is None or row.after is None:
            continue
        before = rounded(row.before * Decimal(str(round(chance.uniform(0.8, 1.2), 2))))
        share = Decimal(str(round(chance.uniform(0.4, 1.0), 2)))
        rows.append(
            ResponseResult(
                response=response,
                measure_key=row.measure_key,
                measure_id=row.measure_id,
                unit=row.unit,
                before=before,
                after=rounded(before + (row.after - row.before) * share),
                after_on=timezone.localtime(response.measured_at).date(),
                by=response.by,
                at=response.measured_at,
            )
        )
    return rows


def rounded(value: Decimal) -> Decimal:
    """Whole from ten on, one decimal below."""
    return value.quantize(Decimal(1) if abs(value) >= 10 else Decimal("0.1"))


def history_of(response: Response) -> ResponseChange:
    """The first and only word so far."""
    columns = ("choice", "until", "who", "reason", "words", "by_id", "at", "via", "version")
    return ResponseChange(response=response, **{name: getattr(response, name) for name in columns})


def mark_will_try(cases: list[Case], chance: random.Random) -> None:
    """Readers who mean to try something."""
    people = list(User.objects.filter(is_active=True, is_system=False).order_by("pk"))
    WillTry.objects.bulk_create(
        [
            WillTry(user=person, case=case, note=chance.choice(NOTES))
            for case in cases
            for person in chance.sample(people, min(len(people), chance.randint(0, 5)))
        ],
        batch_size=BATCH,
    )
