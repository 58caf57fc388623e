"""The generated months' issues: released then, with the ledger of who got them."""

import datetime
import random
import uuid

from django.utils import timezone

from bulletins.models import (
    BulletinIndexPage,
    BulletinIssue,
    BulletinIssuePage,
    Case,
    HandDelivery,
    IssueEvent,
    IssueOpening,
    IssueStory,
    ReadMark,
)
from bulletins.transitions.reaching import once_key
from bulletins.transitions.release import recipients
from gkc_site.demo.issues import first_tuesday, months_from_now
from gkc_site.demo.months.plan import SEED, PlannedStory
from gkc_site.demo.people import persona
from network.models import User
from search.api import mark_changed
from touchpoints.api import object_key
from touchpoints.models import Delivery, DeliveryState, Mailing

TITLES = (
    ("What the queue taught us", "Waiting"),
    ("Before the customer asks", "Foresight"),
    ("Seen by everybody", "Open figures"),
    ("The second look", "Causes"),
    ("Smaller, sooner", "Small steps"),
    ("Asked first", "Listening"),
)
LETTER = (
    "Stories from the network, each with the figures before and after. Tell us which of them "
    "you take over, and which are not for you.",
)
# When an issue is opened and its stories are read, in days after its release.
DAYS_LATER = (0, 1, 2, 4, 7, 13, 24)
MINUTE = datetime.timedelta(minutes=1)


def release(months_ago: int, stories: list[tuple[PlannedStory, Case]]) -> BulletinIssue:
    """One month's issue as it stands after its release; inside a transition."""
    chance = random.Random(SEED + months_ago)
    month = months_from_now(-months_ago)
    taken = BulletinIssue.objects.filter(month=month).first()
    if taken is not None:  # a site that was there before these months were
        return taken
    out = first_tuesday(month)
    by = User.objects.get(email=persona("ken")["email"])
    title, theme = TITLES[months_ago % len(TITLES)]
    last = BulletinIssue.objects.order_by("-number").first()
    issue = BulletinIssue.objects.create(
        month=month,
        number=last.number + 1 if last else 1,
        stage="released",
        theme=theme,
        release_at=out,
        released_at=out,
        released_by=by,
        created_by=by,
        whole_languages=["en"],
    )
    _page(issue, title, by=by)
    cases = [case for _story, case in stories]
    IssueStory.objects.bulk_create(
        [IssueStory(issue=issue, case=case, sort_order=n) for n, case in enumerate(cases, 1)]
    )
    _log(issue, cases, by=by)
    mark_changed(issue)
    _deliver(issue, chance)
    read(issue, cases)
    return issue


def _page(issue: BulletinIssue, title: str, *, by: User) -> None:
    index = BulletinIndexPage.objects.get(locale__language_code="en")
    page = BulletinIssuePage(
        title=title,
        slug=f"{issue.month:%Y-%m}",
        issue=issue,
        locale=index.locale,
        live=True,
        first_published_at=issue.released_at,
        last_published_at=issue.released_at,
    )
    page.letter = page._meta.get_field("letter").stream_block.to_python(
        [{"type": "paragraph", "value": text, "id": str(uuid.uuid4())} for text in LETTER]
    )
    index.add_child(instance=page)
    revision = page.save_revision(user=by, changed=False)
    BulletinIssuePage.objects.filter(pk=page.pk).update(live_revision=revision)


def _log(issue: BulletinIssue, cases: list[Case], *, by: User) -> None:
    out = issue.released_at
    planned, frozen = out - datetime.timedelta(days=40), out - datetime.timedelta(days=2)
    rows = [IssueEvent(issue=issue, at=planned, verb="plan", by=by)]
    rows += [
        IssueEvent(issue=issue, at=frozen - MINUTE * (len(cases) - n), verb="add", by=by, case=case)
        for n, case in enumerate(cases)
    ]
    rows.append(IssueEvent(issue=issue, at=frozen, verb="freeze", by=by, reason=out.isoformat()))
    rows.append(IssueEvent(issue=issue, at=out, verb="release", by=by))
    IssueEvent.objects.bulk_create(rows)


def _deliver(issue: BulletinIssue, chance) -> None:
    """Ledger rows of mails that went out then; a few came back, one was brought by hand."""
    out = issue.released_at
    mailing = Mailing.objects.create(
        kind="bulletins.issue", object_key=object_key(issue), once_key=once_key(issue.pk)
    )
    Mailing.objects.filter(pk=mailing.pk).update(created_at=out)
    rows, missed = [], {}
    for user, firm, address, language, reason in recipients():
        row = Delivery(
            mailing=mailing,
            user=user,
            distributor=firm,
            address=address,
            language=language,
            due_at=out,
            attempts=1,
            state=DeliveryState.SENT,
            sent_at=out + MINUTE * chance.randint(0, 9),
        )
        if not address:
            row.state, row.reason, row.sent_at = DeliveryState.UNREACHABLE, reason[:200], None
        elif firm.pk in missed or chance.random() < 0.01:
            row.state, row.returned_at = DeliveryState.BOUNCED, row.sent_at + MINUTE
            missed[firm.pk] = firm
        rows.append(row)
    Delivery.objects.bulk_create(rows)
    firms = {row.distributor_id: row.user for row in rows if row.user}
    _open(issue, firms, chance)
    for firm in list(missed.values())[:1]:
        HandDelivery.objects.create(
            issue=issue,
            distributor=firm,
            given_on=(out + datetime.timedelta(days=chance.randint(4, 12))).date(),
            given_to=firms[firm.pk].display_name,
            way="Read out on the telephone; the printed issue went by post.",
            by=User.objects.holding("lead").order_by("pk").first(),
        )


def _open(issue: BulletinIssue, firms: dict[int, User], chance) -> None:
    rows = [
        IssueOpening(issue=issue, distributor_id=firm, user=user)
        for firm, user in firms.items()
        if chance.random() < 0.6
    ]
    IssueOpening.objects.bulk_create(rows)  # which writes today's day
    for row in rows:
        row.at = _after(issue, chance.choice(DAYS_LATER))
    IssueOpening.objects.bulk_update(rows, ["at"])


def load_readings() -> int:
    """Readers of released issues that nobody has read yet. Returns of how many issues."""
    unread = BulletinIssue.objects.released().exclude(stories__case__read_marks__isnull=False)
    for issue in unread:
        read(issue, [story.case for story in issue.stories.select_related("case")])
    return len(unread)


def read(issue: BulletinIssue, cases: list[Case]) -> None:
    """Members who read the stories signed in, in the weeks after the release."""
    chance = random.Random(SEED + issue.number)
    people = list(
        User.objects.filter(is_active=True, is_system=False, memberships__until=None)
        .exclude(memberships=None)
        .distinct()
        .order_by("pk")
    )
    rows = [
        ReadMark(user=person, case=case)
        for case in cases
        for person in chance.sample(people, len(people) * chance.randint(30, 60) // 100)
    ]
    ReadMark.objects.bulk_create(rows)  # which writes today's day
    for days in DAYS_LATER:
        at = _after(issue, days)
        if at > timezone.now():
            break
        some = [row.pk for row in rows if chance.random() < 0.5] if days else []
        ReadMark.objects.filter(pk__in=some or [r.pk for r in rows]).update(first_at=at, at=at)


def _after(issue: BulletinIssue, days: int) -> datetime.datetime:
    return issue.released_at + datetime.timedelta(days=days, hours=2)
