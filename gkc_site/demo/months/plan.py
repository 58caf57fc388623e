"""What the generated months hold: drawn from a fixed seed, without a database.

The moments are those of a plausible way: working days between steps, a month
between a story that is ready and the issue that carries it.
"""

import datetime
import random
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gkc_site.demo.story_files import StoryFile

SEED = 1968
# Issues of so many months ago: the younger ones are told from the sources.
MONTHS_AGO = range(24, 3, -1)
PRACTICES = Path(__file__).parent / "practices.toml"
# How a way ended that did not end in an issue, and how many of each.
ENDED = {"declined": 8, "withdrawn": 4}
# Stories on their way now, by stage.
OPEN = {"area_review": 5, "neutral_review": 4, "changes_requested": 3, "editing": 2, "ready": 2}


@dataclass(frozen=True)
class Step:
    """One event of a story's way: the transition's name, the stage after it, days after the one
    before. `actor`: who did it; `holder`: who has it then."""

    verb: str
    stage: str
    days: float
    actor: str
    holder: str = ""


@dataclass(frozen=True)
class PlannedStory:
    """A story to be told: its text, the country's code, its way."""

    file: StoryFile
    fate: str
    months_ago: int  # of its issue, or of the end of its way; 0 for one on its way now
    steps: tuple[Step, ...] = ()
    lasts: str = ""  # what the author answered after ninety days; '' for nothing yet
    rubric: int = 3  # the reviewers' usual score


def practices() -> list[dict]:
    """The invented practices."""
    return tomllib.loads(PRACTICES.read_text(encoding="utf-8"))["practice"]


def plan(countries: dict[str, str], today: datetime.date) -> list[PlannedStory]:
    """All stories, oldest first; `countries`: code → English name. The same for the same day's
    month."""
    chance = random.Random(SEED)
    told = _told(countries, chance)
    found = []
    for months_ago in MONTHS_AGO:
        for _story in range(chance.choice([3, 3, 4])):
            file = _file(*next(told), months_ago, today, chance)
            found.append(
                PlannedStory(
                    file,
                    "published",
                    months_ago,
                    tuple(_published(chance)),
                    chance.choices(
                        ["holds", "better", "worse", "not_measured", ""], [50, 16, 14, 8, 12]
                    )[0],
                    chance.choice([2, 3, 3, 4]),
                )
            )
    for fate, number in ENDED.items():
        for order in range(number):
            months_ago = 2 + order * 22 // number
            file = _file(*next(told), months_ago, today, chance)
            steps = tuple(_ended(fate, chance))
            found.append(PlannedStory(file, fate, months_ago, steps, rubric=chance.choice([1, 2])))
    for fate, number in OPEN.items():
        for _story in range(number):
            found.append(PlannedStory(_file(*next(told), 0, today, chance, fate), fate, 0))
    return sorted(found, key=lambda story: -story.months_ago)


def _told(countries: dict[str, str], chance) -> Iterator[tuple[dict, str, str]]:
    """(practice, country's code, its name): no pair twice, neighbours unlike."""
    codes = sorted(countries)
    pairs = [(practice, code) for practice in practices() for code in codes]
    chance.shuffle(pairs)
    for practice, code in pairs:
        yield practice, code, countries[code]


def _published(chance) -> Iterator[Step]:
    """The way into an issue; every fourth is sent back once."""
    yield Step("start", "draft", 0, "author", "author")
    yield Step("submit", "area_review", chance.uniform(2, 20), "author", "area")
    if chance.random() < 0.25:
        yield Step("request_changes", "changes_requested", chance.uniform(2, 8), "area", "author")
        yield Step("resubmit", "area_review", chance.uniform(2, 14), "author", "area")
    yield Step("approve_area", "neutral_review", chance.uniform(1, 9), "area", "neutral")
    yield Step("approve_neutral", "editing", chance.uniform(2, 12), "neutral", "editor")
    yield Step("ready", "ready", chance.uniform(1, 8), "editor")
    yield Step("publish", "published", chance.uniform(3, 25), "editor")


def _ended(fate: str, chance) -> Iterator[Step]:
    yield Step("start", "draft", 0, "author", "author")
    yield Step("submit", "area_review", chance.uniform(2, 20), "author", "area")
    if fate == "withdrawn":
        yield Step("withdraw", "withdrawn", chance.uniform(2, 30), "author")
    elif chance.random() < 0.5:
        yield Step("decline", "declined", chance.uniform(3, 9), "area")
    else:
        yield Step("approve_area", "neutral_review", chance.uniform(1, 9), "area", "neutral")
        yield Step("decline", "declined", chance.uniform(3, 12), "neutral")


def _file(
    practice: dict,
    country: str,
    name: str,
    months_ago: int,
    today: datetime.date,
    chance,
    state: str = "",
) -> StoryFile:
    """The practice as this country tells it, with figures of its own."""
    seen = today - datetime.timedelta(days=30 * months_ago + chance.randint(90, 200))
    before, after = (_figure(practice[at], chance) for at in ("before", "after"))
    facts = {
        "source_language": "en",
        "country": country,
        "audience": "network",
        "is_archive": False,
        "example": True,
        "not_recorded": [],
        "not_measured": False,
        "processes": practice["processes"],
        "topics": practice["topics"],
        "state": state,
        "seen_on": f"{seen:%Y-%m}",
        "seen_precision": "month",
        "gap": [{"key": "g1", "from": before, "to": after, "unit": practice["unit"]}],
        "causes": [{"key": "c1"}],
        "countermeasures": [{"key": "m1", "cause": "c1"}],
        "results": [
            {
                "key": "r1",
                "measure": practice["kpi"],
                "unit": practice["unit"],
                "target": after,
                "before": before,
                "after": after,
                "before_date": f"{seen - datetime.timedelta(days=120):%Y-%m}",
                "after_date": f"{seen:%Y-%m}",
            }
        ],
    }
    text = {
        "title": practice["title"] % {"country": name},
        "summary": practice["summary"],
        "place": name,
        "causes_intro": [],
        "tried": [],
        "gap": {"g1": {"what": practice["gap"]}},
        "causes": {"c1": {"name": practice["cause"], "whys": practice["whys"]}},
        "countermeasures": {"m1": {"what": practice["measure"], "who": "The distributor"}},
        "results": {"r1": {"label": practice["label"], "note": ""}},
    }
    for part in ("background", "situation", "target", "did", "happened", "learned", "adapt"):
        text[part] = [practice[part]]
    return StoryFile(f"months/{practice['key']}/{country}", facts, {"en": text})


def _figure(ends: Iterable[float], chance) -> str:
    """A figure between two ends; whole from ten on, one decimal below."""
    low, high = ends
    figure = chance.uniform(low, high)
    return f"{figure:.0f}" if low >= 10 else f"{figure:.1f}"
