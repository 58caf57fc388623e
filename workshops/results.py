"""What attendees said, question by question: only ever sums of whole batches (R31).

A batch is five sheets and more of one form; nothing here looks at a sheet
without one, nor at a part of a batch. So no view, and no difference of two
views, is about fewer than five people.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from workshops.models import EvaluationBatch, EvaluationQuestion, EvaluationSheet, QuestionKind
from workshops.questions import LEVELS, SCALE, Words, words_of

LEAST_TRAINERS = 2  # trainers behind a row without names, at least
LISTED_WORDS = 200  # answers in words a question, at most


@dataclass
class Answers:
    """A question with what was said: how many chose each level, and the words."""

    key: str
    kind: str
    words: Words
    counts: dict[int, int] = field(default_factory=lambda: dict.fromkeys(SCALE, 0))
    said: list[str] = field(default_factory=list)

    @property
    def n(self) -> int:
        """How many answered."""
        return sum(self.counts.values()) if self.kind == QuestionKind.SCALE else len(self.said)

    @property
    def mean(self) -> float | None:
        """1 to 5; None where nobody answered, or it is in words."""
        if self.kind != QuestionKind.SCALE or not self.n:
            return None
        return sum(level * count for level, count in self.counts.items()) / self.n

    @property
    def levels(self) -> list[dict]:
        """From the best down: its words and how many chose it."""
        return [{"label": LEVELS[one], "count": self.counts[one]} for one in sorted(LEVELS)[::-1]]

    @property
    def chosen(self) -> list[dict]:
        """Of `levels` those that somebody chose."""
        return [level for level in self.levels if level["count"]]


@dataclass
class Result:
    """All that the batches of one view say."""

    size: int = 0
    questions: list[Answers] = field(default_factory=list)

    @property
    def scales(self) -> list[Answers]:
        return [one for one in self.questions if one.kind == QuestionKind.SCALE]

    @property
    def in_words(self) -> list[Answers]:
        return [one for one in self.questions if one.kind == QuestionKind.WORDS]

    @property
    def mean(self) -> float | None:
        """Over all scales: one number for a table of sessions."""
        found = [one.mean for one in self.scales if one.mean is not None]
        return sum(found) / len(found) if found else None


def of_batches(batches: Iterable[EvaluationBatch]) -> Result:
    """The sum of these batches. Two queries."""
    return by_group({batch.pk: "" for batch in batches}, sizes(batches)).get("", Result())


def sizes(batches: Iterable[EvaluationBatch]) -> dict[int, int]:
    """Batch → how many sheets it has."""
    return {batch.pk: batch.size for batch in batches}


def by_group(groups: dict[int, object], size_of: dict[int, int]) -> dict[object, Result]:
    """Group → the sum of its batches; `groups` says to which each batch belongs. Two queries,
    whatever the number of groups."""
    rows = EvaluationSheet.objects.filter(batch__in=list(groups)).order_by("pk")
    sheets = list(rows.values_list("batch", "form", "answers"))
    questions = EvaluationQuestion.objects.filter(form__in={form for _b, form, _a in sheets})
    by_form: dict[int, list[EvaluationQuestion]] = defaultdict(list)
    for question in questions.order_by("form", "sort_order", "pk"):
        by_form[question.form_id].append(question)
    found: dict[object, dict[str, Answers]] = defaultdict(dict)
    for batch, form, answers in sheets:
        here = found[groups[batch]]
        for question in by_form[form]:
            key = str(question.key)
            if key not in here:
                here[key] = Answers(key, question.kind, words_of(question))
            given = answers.get(key)
            if given is None:
                continue
            if question.kind == QuestionKind.SCALE:
                here[key].counts[int(given)] += 1
            elif len(here[key].said) < LISTED_WORDS:
                here[key].said.append(str(given))
    totals: dict[object, int] = defaultdict(int)
    for pk, group in groups.items():
        totals[group] += size_of[pk]
    return {
        group: Result(totals[group], list(answers.values())) for group, answers in found.items()
    }


def of_session(session) -> tuple[Result, list[EvaluationBatch], Result]:
    """(what is shown of this session alone, the pools that it is part of, what these say).

    Six queries at most.
    """
    own = list(EvaluationBatch.objects.filter(session=session))
    pooled = list(
        EvaluationBatch.objects.filter(session__isnull=True, sheets__session=session).distinct()
    )
    return of_batches(own), pooled, of_batches(pooled)


# --- the comparison ---------------------------------------------------------------------------
GROUPINGS = ("programme", "session", "trainer", "region")


def grouped(batches: list[EvaluationBatch], by: str, titles: dict) -> list[dict]:
    """Rows of the comparison: a name, how many answered, and the result. Batches need programme,
    session, trainers, region and area loaded. Two queries."""
    if by == "trainer":
        return _by_trainer(batches)
    groups, names = {}, {}
    for batch in batches:
        key, name = _group(batch, by, titles)
        groups[batch.pk], names[key] = key, name
    results = by_group(groups, sizes(batches))
    rows = [{"name": names[key], "result": result} for key, result in results.items()]
    return sorted(rows, key=lambda row: str(row["name"]).casefold())


def _group(batch: EvaluationBatch, by: str, titles: dict) -> tuple[object, str]:
    if by == "region":
        place = batch.region or batch.review_area
        if place is None:
            return "", _("Online, or in several regions")
        return (type(place).__name__, place.pk), str(place.name)
    title = titles[batch.programme_id].title
    if by == "programme":
        return batch.programme_id, title
    if batch.session is None:
        return (
            ("pool", batch.pk),
            _("%(title)s: several sessions together") % {"title": title},
        )
    return batch.session_id, f"{title} · {batch.session.number}"


def _by_trainer(batches: list[EvaluationBatch]) -> list[dict]:
    """A batch counts for each of its trainers."""
    people = {}
    for batch in batches:
        for person in batch.trainers.all():
            people[person.pk] = person.display_name
    # One pass over the sheets by sets of trainers, then each trainer's sets are added up.
    sets = {batch.pk: tuple(sorted(p.pk for p in batch.trainers.all())) for batch in batches}
    results = by_group(sets, sizes(batches))
    rows = []
    for pk, name in people.items():
        parts = [result for group, result in results.items() if pk in group]
        rows.append({"name": name, "result": _sum(parts)})
    return sorted(rows, key=lambda row: row["name"].casefold())


def of_others(batches: list[EvaluationBatch]) -> list[dict]:
    """Rows beside a trainer's own: what other trainers' attendees said, by region, without names.

    Only of two trainers and more of one programme: regions with one are added
    up, and left out where that leaves one. Each row is a sum of such parts, so
    that no difference of two views is one trainer's. Batches need trainers,
    region and area loaded. Two queries.
    """
    names: dict[object, str] = {None: _("Other trainers in other regions")}
    parts = {}
    for batch in batches:
        region, name = _group(batch, "region", {})
        names[region] = _("Other trainers: %(region)s") % {"region": name}
        parts[batch.pk] = (batch.programme_id, region)
    alone = _alone(batches, parts)
    parts = {pk: (part[0], None) if part in alone else part for pk, part in parts.items()}
    alone = _alone(batches, parts)
    groups = {pk: part[1] for pk, part in parts.items() if part not in alone}
    rows = [
        {"name": names[region], "result": result}
        for region, result in by_group(groups, sizes(batches)).items()
    ]
    return sorted(rows, key=lambda row: row["name"].casefold())


def _alone(batches: list[EvaluationBatch], parts: dict[int, object]) -> set:
    """Parts with fewer trainers than a row without names needs."""
    teams: dict[object, set[int]] = defaultdict(set)
    for batch in batches:
        teams[parts[batch.pk]] |= {person.pk for person in batch.trainers.all()}
    return {part for part, team in teams.items() if len(team) < LEAST_TRAINERS}


def _sum(parts: list[Result]) -> Result:
    total, questions = Result(), {}
    for part in parts:
        total.size += part.size
        for one in part.questions:
            here = questions.setdefault(one.key, Answers(one.key, one.kind, one.words))
            for level, count in one.counts.items():
                here.counts[level] += count
            here.said += one.said
    total.questions = list(questions.values())
    return total
