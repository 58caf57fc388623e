"""What holds of a story after every step, told once more from the bare rows.

Nothing here asks the transitions' own predicates but to compare them.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count

from bulletins.models import Case, CaseEvent, Stage
from bulletins.permissions import can_review_case, can_view_case
from bulletins.projection import wrong_cases
from bulletins.revisions import judged_changes
from network.models import Mandate, Membership
from network.permissions import standing
from review.models import Clock, Review
from touchpoints.models import Delivery, Mailing

REVIEW = {"area_review": "area", "neutral_review": "neutral", "editing": "editing"}
ON = {"area_review", "neutral_review", "editing"}
ENDED = {"withdrawn", "declined", "archived"}
SAME = {(stage, stage) for stage in Stage.values}
TO_AREA = {"area_review", "submitted"}


def _ways(olds, news) -> set[tuple[str, str]]:
    return {(old, new) for old in olds for new in news}


# Verb → the stages it may lead from and to. What is not here is forbidden.
WAYS: dict[str, set[tuple[str, str]]] = {
    "start": {("", "draft")},
    "submit": _ways({"draft", "published"}, TO_AREA),
    "resubmit": _ways({"changes_requested"}, TO_AREA | {"neutral_review", "editing"}),
    "approve_area": {("area_review", "neutral_review")},
    "approve_neutral": {("neutral_review", "editing")},
    "request_changes": _ways(ON, {"changes_requested"}),
    "decline": _ways(ON, {"declined", "published"}),
    "hand_on": {(one, one) for one in ON} | {("area_review", "submitted")},
    "turn_down": {(one, one) for one in ON} | {("area_review", "submitted")},
    "assign": {(one, one) for one in ON} | {("submitted", "area_review")},
    "void_approval": _ways({"editing", "ready", "published"}, {"neutral_review"}),
    "edit": _ways({"editing", "ready", "published"}, {"editing"}),
    "author_confirm": SAME,
    "author_object": SAME,
    "author_silent": SAME,
    "ready": {("editing", "ready")},
    "publish": _ways({"editing", "ready"}, {"published"}),
    "withdraw": _ways(set(Stage.values) - ENDED - {"draft"}, {"withdrawn"}),
    "archive": {("published", "archived")},
    "revive": {("withdrawn", "draft"), ("declined", "draft"), ("archived", "editing")},
    "appeal": {("declined", "declined")},
    "appeal_given": {("declined", "declined")},
    "appeal_refused": {("declined", "declined")},
    "appeal_upheld": _ways({"declined"}, ON | {"submitted"}),
    "lasting": {("published", "published")},
    "ask_public": {("published", "published")},
    "consent_public": {("published", "published")},
    "refuse_public": {("published", "published")},
    "clear_public": {("published", "published")},
    "change_audience": SAME,
    "mark_archive": SAME,
    "invite": SAME - {(one, one) for one in ENDED},
    "join": SAME - {(one, one) for one in ENDED},
    "part": SAME,
    "name_author": SAME - {(one, one) for one in ENDED},
}

# Each message is told once for each of these events, and never without one.
TOLD_FOR = {
    "bulletins.case_submitted": ("submit", "resubmit"),
    "bulletins.case_moved": ("approve_area", "approve_neutral", "ready"),
    "bulletins.changes_requested": ("request_changes",),
    "bulletins.case_declined": ("decline",),
    "bulletins.case_published": ("publish",),
    "bulletins.case_withdrawn": ("withdraw", "archive"),
    "bulletins.case_revived": ("revive",),
    "bulletins.edit_to_confirm": ("edit",),
    "bulletins.edit_objected": ("author_object",),
    "bulletins.appeal_made": ("appeal", "appeal_given"),
    "bulletins.appeal_answered": ("appeal_upheld", "appeal_refused"),
    "bulletins.appeal_known": ("appeal_upheld", "appeal_refused"),
    "bulletins.author_named": ("name_author",),
    "bulletins.clearance_asked": ("consent_public",),
    "bulletins.consent_asked": ("ask_public",),
}


@dataclass(frozen=True)
class Bare:
    """A story and who has to do with it, as the rows have it."""

    case: Case
    co_authors: frozenset[int]
    left: frozenset[int]  # wrote along once

    @classmethod
    def of(cls, pk: int) -> "Bare":
        case = Case.objects.select_related("distributor__country").get(pk=pk)
        past = case.co_authorships.filter(state__in=["left", "removed"])
        return cls(
            case,
            frozenset(case.co_authors.values_list("pk", flat=True)),
            frozenset(past.values_list("user", flat=True)),
        )

    @property
    def wrote(self) -> frozenset[int]:
        return self.co_authors | self.left | {self.case.author_id}

    def has_interest(self, pk: int) -> bool:
        rows = Membership.objects.current().filter(user=pk, distributor=self.case.distributor)
        return pk in self.wrote | {self.case.begun_by_id} or rows.exists()


def print_of(case: Case) -> tuple:
    """All that a refused step must leave as it was."""
    row = Case.objects.filter(pk=case.pk).values().first()
    return (
        row,
        tuple(case.co_authors.order_by("pk").values_list("pk", flat=True)),
        tuple(case.co_authorships.order_by("pk").values_list("pk", "state")),
        tuple(case.draft_inputs.order_by("pk").values_list("pk", "version")),
        tuple(Review.objects.of(case).order_by("pk").values_list("pk", "decision", "voided_at")),
        tuple(Clock.objects.order_by("pk").values_list("pk", "person", "due", "ended_at")),
        tuple(case.pages.order_by("pk").values_list("pk", "latest_revision", "live")),
        CaseEvent.objects.count(),
        Delivery.objects.count(),
    )


def history_of(case_pk: int) -> list[tuple]:
    """Every event with all its columns."""
    return list(CaseEvent.objects.filter(case=case_pk).order_by("pk").values_list())


def check_story(pk: int, before: list[tuple], people: dict) -> list[tuple]:
    """All promises about one story. Returns its history, for the next step."""
    bare, events = Bare.of(pk), list(CaseEvent.objects.filter(case=pk).order_by("pk"))
    now = history_of(pk)
    assert now[: len(before)] == before  # no event lost or changed
    ways_are_allowed(events)
    assert wrong_cases() == []  # the projection equals the events
    whoever_has_it_may(bare)
    clocks_run_for_whom_it_waits(bare)
    nothing_is_told_twice(bare, events)
    what_is_live_was_approved(bare)
    nobody_sees_more(bare, people)
    return now


def ways_are_allowed(events: list[CaseEvent]) -> None:
    for earlier, later in zip([None, *events], events, strict=False):
        assert (later.old, later.new) in WAYS[later.verb], (later.verb, later.old, later.new)
        if earlier is not None:
            assert earlier.new == later.old


def whoever_has_it_may(bare: Bare) -> None:
    """One open review at most, its reviewer's; nobody with an interest; R4 at the neutral step."""
    case, step = bare.case, REVIEW.get(bare.case.stage)
    opened = list(Review.objects.of(case).open())
    if step is None:
        appeals = case.stage == "declined" and case.holder_id
        assert [one.step for one in opened] == (["appeal"] if appeals else [])
        assert not appeals or opened[0].reviewer_id == case.holder_id
        theirs = case.author_id if case.stage in ("draft", "changes_requested") else None
        assert case.holder_id == (case.holder_id if appeals else theirs)
        return
    assert [(one.step, one.reviewer_id) for one in opened] == (
        [(step, case.holder_id)] if case.holder_id else []
    )
    if case.holder_id is None:
        return
    assert not bare.has_interest(case.holder_id)
    if step == "neutral":
        own = case.distributor.country
        for firm in (
            Membership.objects.current()
            .filter(user=case.holder_id)
            .select_related("distributor__country")
        ):
            country = firm.distributor.country
            assert country.review_area_id not in (case.review_area_id, case.deciding_area_id)
            assert own.region_id is None or country.region_id != own.region_id
    role = ["editor"] if step == "editing" else ["campaigner", "lead"]
    held = Mandate.objects.current().filter(user=case.holder_id, role__in=role)
    assert held.exists() or step == "editing"  # a superuser edits, too


def clocks_run_for_whom_it_waits(bare: Bare) -> None:
    case = bare.case
    running = Clock.objects.running().filter(review__in=Review.objects.of(case))
    wanted = Counter()
    if case.stage in REVIEW and case.holder_id or case.stage == "declined" and case.holder_id:
        wanted["reviewer"] += 1
    if case.stage == "changes_requested":
        wanted["author"] += 1
    assert Counter(running.values_list("whose", flat=True)) == wanted
    assert set(running.values_list("person", flat=True)) <= {case.holder_id}


def nothing_is_told_twice(bare: Bare, events: list[CaseEvent]) -> None:
    verbs = Counter(event.verb for event in events)
    rows = Mailing.objects.filter(object_key=f"bulletins.case:{bare.case.pk}")
    told = Counter(rows.values_list("kind", flat=True))
    for kind, its in TOLD_FOR.items():
        assert told[kind] == sum(verbs[verb] for verb in its), kind
    assert told["bulletins.lasting_asked"] <= 1
    made = bare.case.co_authorships.all()
    keys = [f"bulletins.coauthorship:{one.pk}" for one in made]
    found = Mailing.objects.filter(object_key__in=keys)
    assert not found.values("kind", "object_key").annotate(n=Count("pk")).filter(n__gt=1).exists()
    twice = Delivery.objects.values("mailing", "user").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()


def what_is_live_was_approved(bare: Bare) -> None:
    """Readers find a text exactly while it is published, and one a neutral reviewer approved."""
    page = bare.case.source_page()
    assert page.live == bare.case.is_published
    if not page.live:
        return
    approved = Review.objects.of(bare.case).filter(step="neutral", decision="approve")
    live = page.live_revision
    assert any(not judged_changes(one.revision, live) for one in approved)


class Asked:
    """Who was asked already what they may see, of the same rows, with the same answer.

    In a long run most people stand to most stories as they did before. What is
    left out of `rows` is when something was, and which revision: no rule about
    seeing asks for it. One in RECHECKED is asked again all the same.
    """

    RECHECKED = 20

    def __init__(self):
        self.known: set[tuple] = set()
        self.times = 0

    def is_known(self, key: tuple) -> bool:
        self.times += 1
        return key in self.known and self.times % self.RECHECKED != 0


asked = Asked()


def rows_of(case: Case) -> tuple:
    """The story's columns; of a moment or a revision whether there is one."""
    row = Case.objects.filter(pk=case.pk).values().get()
    return tuple(
        value is not None
        if name.endswith(("_at", "_until", "_revision_id")) or name == "since"
        else str(value)
        for name, value in sorted(row.items())
    )


def turns_of(case: Case) -> dict[int, list]:
    """Person → what rows beside the story's own tie them to it."""
    found = defaultdict(list)
    for row in Review.objects.of(case).order_by("pk"):
        found[row.reviewer_id].append((row.step, row.decision, row.voided_at is None))
    for row in case.co_authorships.order_by("pk"):
        found[row.user_id].append(row.state)
    return found


def standing_of(person) -> tuple:
    """What a person is, as the rules read it."""
    if person.pk is None:
        return ()
    held = standing(person)
    return (
        (person.pk, person.is_active, person.is_superuser, person.is_staff),
        tuple((m.distributor_id, m.contact, m.distributor.country_id) for m in held.memberships),
        tuple(
            (m.role, m.scope, m.region_id, m.review_area_id, m.country_id, m.distributor_id)
            for m in held.mandates
        ),
    )


def nobody_sees_more(bare: Bare, people: dict) -> None:
    """Who sees the story equals the list, and the rule told anew; its authors never at the desk."""
    case = Case.objects.prefetch_related("co_authors").get(pk=bare.case.pk)
    everybody = case.is_published and case.audience == "public" and case.cleared_at is not None
    member_of = dict(
        Membership.objects.current()
        .filter(distributor=case.distributor)
        .values_list("user", "contact")
    )
    rights = ({case.author_id} | bare.co_authors) & set(member_of)
    rows, turns = rows_of(case), turns_of(case)
    for role, person in people.items():
        tied = (tuple(turns[person.pk]), person.pk in bare.co_authors, member_of.get(person.pk))
        key = (role, standing_of(person), rows, tied)
        if asked.is_known(key):
            continue
        sees = can_view_case(person, case)
        assert sees == Case.objects.visible_to(person).filter(pk=case.pk).exists(), role
        if person.pk is None or not person.is_active:
            assert sees == everybody, role
            asked.known.add(key)
            continue
        if case.stage == Stage.DRAFT and not case.is_published:
            edits = role in ("editor", "second_editor", "superuser")
            assert sees == (person.pk in rights or edits), role
        if role in ("reader", "trainer", "coordinator", "executive", "administrator"):
            open_to_all = case.is_published and case.audience != "region"
            assert sees == (everybody or open_to_all), role
        at_desk = can_review_case(person, case)
        assert at_desk == Case.objects.at_desk_of(person).filter(pk=case.pk).exists(), role
        assert not (at_desk and person.pk in bare.co_authors | {case.author_id}), role
        asked.known.add(key)
