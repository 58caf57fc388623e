"""Writes the generated stories whose way is over: rows in one go, with the days they had."""

import datetime
import random
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Locale

from bulletins import assignment
from bulletins.models import (
    Case,
    CaseEvent,
    CaseStoryPage,
    LastingCheck,
    Stage,
    StoryIndexPage,
)
from bulletins.transitions.publishing import project_results
from gkc_site.demo.issues import first_tuesday, months_from_now
from gkc_site.demo.months.plan import SEED, PlannedStory, Step
from gkc_site.demo.stories import author_of, firm_in
from network.models import Topic, User
from review.models import CRITERIA, Decision, Review
from search.api import mark_changed

REASONS = {
    "decline": "Nothing here can be taken over by others: it hangs on one building.",
    "withdraw": "The workshop that we wrote about has changed hands.",
    "request_changes": "Name the day of the second figure, and what did not work at first.",
}
DECISIONS = {
    "approve_area": ("area", Decision.APPROVE),
    "approve_neutral": ("neutral", Decision.APPROVE),
    "ready": ("editing", Decision.APPROVE),
    "request_changes": ("area", Decision.REQUEST_CHANGES),
    "decline": ("", Decision.DECLINE),
}
ASKED_AFTER = datetime.timedelta(days=90)
ANSWER_WITHIN = datetime.timedelta(days=28)


@dataclass
class Told:
    """A story being written down: its case, who took part, when each step was."""

    story: PlannedStory
    case: Case
    actors: dict[str, User | None]
    moments: list[datetime.datetime]

    def at(self, verb: str) -> datetime.datetime | None:
        """When a step was taken; the last time, where it was taken twice."""
        steps = zip(self.story.steps, self.moments, strict=True)
        return next((at for step, at in reversed(list(steps)) if step.verb == verb), None)


class People:
    """Who takes part in a story. Conflict-free, by the rules that choose them today."""

    def __init__(self):
        self.campaigners = assignment.Pool.of_campaigners()
        self.editors = assignment.Pool.of_editors()

    def of(self, case: Case) -> dict[str, User | None]:
        """Role of a step → person. The turns are shared out evenly."""
        area, reviewer = assignment.area_reviewer(case, pool=self.campaigners)
        case.deciding_area = area if area.pk != case.review_area_id else None
        chosen = {
            "author": case.author,
            "area": reviewer,
            "neutral": assignment.neutral_reviewer(case, pool=self.campaigners),
            "editor": assignment.editor_for(case, pool=self.editors),
            "": None,
        }
        for role, pool in (
            ("area", self.campaigners),
            ("neutral", self.campaigners),
            ("editor", self.editors),
        ):
            pool.take(chosen[role])
        return chosen


def tell(stories: list[PlannedStory]) -> list[tuple[PlannedStory, Case]]:
    """Write the stories down, oldest first; inside a transition."""
    numbers = Numbers()
    ways = [_moments(story) for story in stories]
    cases = [_case(story, moments, numbers) for story, moments in zip(stories, ways, strict=True)]
    Case.objects.bulk_create(cases)  # which writes today's day
    people, told = People(), []
    for story, case, moments in zip(stories, cases, ways, strict=True):
        case.created_at = moments[0]
        told.append(Told(story, case, people.of(case), moments))
    Case.objects.bulk_update(cases, ["created_at", "deciding_area"], batch_size=200)
    _give_topics(told)
    index = StoryIndexPage.objects.get(locale__language_code="en")
    revisions = {one.case.pk: _page(one, index) for one in told}
    CaseEvent.objects.bulk_create(
        [event for one in told for event in _events(one, revisions[one.case.pk])]
    )
    _judge(told, revisions)
    _ask_whether_it_lasts(told)
    for one in told:
        mark_changed(one.case)
    return [(one.story, one.case) for one in told]


class Numbers:
    """Story numbers of past years, each after the highest that there is."""

    def __init__(self):
        self.last = {}
        for number in Case.objects.order_by("number").values_list("number", flat=True):
            self.last[number[:4]] = int(number[5:])

    def next(self, at: datetime.datetime) -> str:
        """'2025-0012' for a story begun then."""
        year = f"{at:%Y}"
        self.last[year] = self.last.get(year, 0) + 1
        return f"{year}-{self.last[year]:04d}"


def _moments(story: PlannedStory) -> list[datetime.datetime]:
    """The steps' moments, counted back from the release or the end of the way."""
    at = first_tuesday(months_from_now(-story.months_ago))
    found = [at]
    for step in reversed(story.steps[1:]):
        at -= datetime.timedelta(days=step.days)
        found.append(at)
    return found[::-1]


def _case(story: PlannedStory, moments: list, numbers: Numbers) -> Case:
    facts, last = story.file.facts, story.steps[-1]
    firm = firm_in(facts["country"]).first()
    verbs = [step.verb for step in story.steps]
    submitted = moments[verbs.index("submit")]
    return Case(
        number=numbers.next(moments[0]),
        distributor=firm,
        author=author_of(firm),
        source_language="en",
        audience=facts["audience"],
        process_steps=facts["processes"],
        is_example=True,
        region=firm.region,
        review_area=firm.review_area,
        people_agreed_at=submitted,
        no_customer_data_at=submitted,
        stage=last.stage,
        since=moments[-1],
        is_published=last.stage == Stage.PUBLISHED,
        submitted_at=submitted,
        published_at=moments[-1] if last.stage == Stage.PUBLISHED else None,
    )


def _give_topics(told: list[Told]) -> None:
    by_slug = {topic.slug: topic for topic in Topic.objects.all()}
    through = Case.topics.through
    through.objects.bulk_create(
        [
            through(case_id=one.case.pk, topic_id=by_slug[slug].pk)
            for one in told
            for slug in one.story.file.facts["topics"]
        ]
    )


def _page(one: Told, index: StoryIndexPage):
    """The story's English page with its one revision, live where it was published; the revision."""
    case, published = one.case, one.case.published_at
    values = one.story.file.page_values()
    page = CaseStoryPage(
        case=case,
        slug=f"{case.number}-{slugify(values['title'])[:80].strip('-')}",
        locale=Locale.objects.get(language_code="en"),
        translation_key=one.story.file.key,
        owner=case.author,
        live=case.is_published,
        first_published_at=published,
        last_published_at=published,
    )
    for name, value in values.items():
        stream = getattr(page._meta.get_field(name), "stream_block", None)
        setattr(page, name, stream.to_python(value) if stream else value)
    index.add_child(instance=page)
    revision = page.save_revision(user=case.author, changed=False, clean=False)
    if case.is_published:
        CaseStoryPage.objects.filter(pk=page.pk).update(live_revision=revision)
        project_results(case, page)
    if one.at("approve_neutral"):
        case.approved_revision = revision
        case.save(update_fields=["approved_revision"])
    return revision


def _events(one: Told, revision) -> list[CaseEvent]:
    found, before = [], ""
    for step, at in zip(one.story.steps, one.moments, strict=True):
        found.append(
            CaseEvent(
                case=one.case,
                at=at,
                verb=step.verb,
                old=before,
                new=step.stage,
                holder=one.actors[step.holder],
                by=one.actors[step.actor],
                reason=REASONS.get(step.verb, ""),
                revision=None if step.verb in ("start", "withdraw") else revision,
            )
        )
        before = step.stage
    return found


def _judge(told: list[Told], revisions: dict) -> None:
    """A review for each decision, with scores near the reviewers' usual one."""
    chance = random.Random(SEED)
    subject = ContentType.objects.get_for_model(Case)
    reviews = []
    for one in told:
        rounds = dict.fromkeys(("area", "neutral", "editing"), 0)
        assigned = one.moments[0]
        for step, at in zip(one.story.steps, one.moments, strict=True):
            if step.verb in DECISIONS:
                reviews.append(_review(one, step, assigned, at, rounds, chance))
                reviews[-1].content_type = subject
                reviews[-1].revision = revisions[one.case.pk]
            assigned = at
    days = {id(review): review.assigned_at for review in reviews}
    Review.objects.bulk_create(reviews)  # which writes today's day
    for review in reviews:
        review.assigned_at = days[id(review)]
    Review.objects.bulk_update(reviews, ["assigned_at"], batch_size=200)


def _review(one: Told, step: Step, assigned, at, rounds: dict, chance) -> Review:
    name, decision = DECISIONS[step.verb]
    name = name or step.actor
    rounds[name] += 1
    scored = name != "editing"
    return Review(
        object_id=one.case.pk,
        step=name,
        round=rounds[name],
        reviewer=one.actors[step.actor],
        assigned_by=one.case.author,
        assigned_at=assigned,
        decision=decision,
        decided_at=at,
        reason=REASONS.get(step.verb, ""),
        rubric={
            criterion: min(4, max(1, one.story.rubric + chance.choice([-1, 0, 0, 1])))
            for criterion in CRITERIA
        }
        if scored
        else {},
    )


def _ask_whether_it_lasts(told: list[Told]) -> None:
    """Ninety days after publication; most have answered."""
    chance, now, rows = random.Random(SEED), timezone.now(), []
    for one in told:
        published = one.case.published_at
        if published is None or published + ASKED_AFTER > now:
            continue
        asked = published + ASKED_AFTER
        row = LastingCheck(case=one.case, asked_at=asked, due=asked + ANSWER_WITHIN)
        if one.story.lasts:
            row.answer = one.story.lasts
            row.answered_at = min(asked + datetime.timedelta(days=chance.randint(1, 25)), now)
            row.answered_by = one.case.author
            if row.answer in ("better", "worse"):
                row.measured_on = row.answered_at.date()
                row.figures = {
                    str(result.measure_key): str(_later(result, row.answer))
                    for result in one.case.results.all()
                }
        rows.append(row)
    LastingCheck.objects.bulk_create(rows)


def _later(result, answer: str):
    """A sixth of the way further, or back."""
    step = (result.after - result.before) / 6
    figure = result.after + step if answer == "better" else result.after - step
    return round(figure, 1)
