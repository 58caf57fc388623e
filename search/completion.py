"""What a person may be about to type: titles they may see, and terms of the vocabulary."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from network.languages import unique
from network.working_days import days_anywhere
from search import engines, vocabulary
from search.answers import catch_up, visible
from search.contract import FacetValue
from search.engines.titles import Title, beginning_with, newest
from search.registry import facet_labels

#: So many entries are offered.
MAX_ENTRIES = 8
#: Of these, terms at most.
MAX_TERMS = 4
# So many titles are put to the database, which decides which of them are shown.
_CONSIDERED = 500
_NEWEST = 5
_TOPICS = 12


@dataclass(frozen=True)
class Entry:
    """A line to choose: a page with its address, or words to search for."""

    text: str
    kind: str
    language: str
    url: str = ""


def complete(text: str, languages: Sequence[str], viewer) -> list[Entry]:
    """Entries that begin with what is typed, in the first language that has any."""
    if not text.strip():
        return []
    catch_up()
    for language in unique(languages):
        found = _in_language(text, language, viewer)
        if found:
            return found
    return []


def _in_language(text: str, language: str, viewer) -> list[Entry]:
    titles = _seen(beginning_with(engines.embedded(), text, language, _CONSIDERED), viewer)
    terms = vocabulary.current().starting_with(text, language, MAX_TERMS)
    titles = titles[: MAX_ENTRIES - len(terms)]
    labels = facet_labels("type", [_type(title) for title in titles])
    return [
        *(Entry(term, _("Term"), language) for term in terms),
        *(Entry(t.title, labels[_type(t)], t.language, t.url) for t in titles),
    ]


def _seen(titles: list[Title], viewer) -> list[Title]:
    allowed = visible([title.key for title in titles], viewer)
    return [title for title in titles if title.key in allowed]


def _type(title: Title) -> str:
    return title.key.partition(":")[0]


@dataclass(frozen=True)
class Start:
    """Where somebody begins who has not said yet what they look for."""

    titles: tuple[Entry, ...] = ()
    topics: tuple[FacetValue, ...] = ()


def start(languages: Sequence[str], viewer) -> Start:
    """The newest that this person may see, and the topics of it."""
    catch_up()
    _first, today = days_anywhere(timezone.now())
    for language in unique(languages):
        found = newest(engines.embedded(), language, _CONSIDERED, until=today)
        seen = _seen(found, viewer)
        if seen:
            return _start(seen)
    return Start()


def _start(seen: list[Title]) -> Start:
    shown = seen[:_NEWEST]
    labels = facet_labels("type", [_type(title) for title in shown])
    counts = Counter(topic for title in seen for topic in title.values.get("topic", ()))
    common = [topic for topic, _count in counts.most_common(_TOPICS)]
    names = facet_labels("topic", common)
    return Start(
        titles=tuple(Entry(t.title, labels[_type(t)], t.language, t.url) for t in shown),
        topics=tuple(FacetValue(topic, names[topic], counts[topic], False) for topic in common),
    )
