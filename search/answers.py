"""From a question to a page: which engine is asked, in which languages, and for whom."""

import logging
from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from network.languages import autonym, codes, reading_order, unique
from search import engines, vocabulary
from search.concepts import EMPTY, Vocabulary
from search.contract import FACETS, FacetValue, Hit, SearchPage, SearchRequest, Suggestion
from search.engines.base import Access, Answer, Engine, EngineUnavailable, Question
from search.engines.store import IndexUnavailable
from search.engines.titles import words_beginning_with
from search.following import drain, embedded_consumer, refuse_stuck
from search.merging import best_objects, by_date, in_turns, summed, windows
from search.query import Query, parse, translated
from search.registry import document_types, facet_labels, type_of_key

logger = logging.getLogger(__name__)

# Below so many hits, the other languages are asked as well.
_FEW_HITS = 5
# So many objects of other languages are shown below them.
_OBJECTS_FROM_OTHER_LANGUAGES = 10
#: Several languages sorted by date: further hits than these of each are not reached.
MOST_BY_DATE = 500
# What is written before a query where this host has an index of its own: some
# hundred milliseconds at most. The sweep writes the rest.
_CATCH_UP = 100
_LATELY = timedelta(minutes=2)
# So many words are tried for one that is only begun.
_BEGUN = 3
_NO_FACETS: dict[str, tuple[FacetValue, ...]] = {}


def search(request: SearchRequest) -> SearchPage:
    """Answer a question by the site's engine; where it does not answer, by the embedded one."""
    wished = engines.current()
    if request.languages is None:
        order = reading_order(request.viewer, first=request.language)
        request = replace(request, languages=tuple(order[1:]))
    others = unique([*request.languages, *codes()])
    others = [code for code in others if code != request.language]
    access = access_of(request.viewer)
    known = vocabulary.current()
    catch_up()
    own = engines.embedded()
    try:
        refuse_stuck()
        answer = ask(wished, request, access, others, known)
    except EngineUnavailable as error:
        logger.warning("search engine %s does not answer: %s", wished.name, error)
        answer = ask(own, request, access, others, known, degraded=True)
    if answer.engine == own.name and not own.is_whole():
        answer = replace(answer, is_partial=True)
    return answer


def ask(
    engine: Engine,
    request: SearchRequest,
    access: Access,
    other_languages: Sequence[str] = (),
    known: Vocabulary = EMPTY,
    *,
    degraded: bool = False,
) -> SearchPage:
    """Answer a question by `engine`: its hits, and where those are few or none has all the
    words, hits of other languages.

    `known` are the concepts whose forms stand for one another.
    Cost: one call of the engine; one more where hits are few; for several chosen
    languages up to two more. Raises EngineUnavailable.
    """
    asking = _Asking(engine, request, access, known)
    if asking.query.is_empty:
        return SearchPage((), 0, _NO_FACETS, None, (), engine.name, degraded)
    answer = asking.chosen()
    if request.is_unfinished and not answer.total and not answer.suggestion:
        answer = asking.finished() or answer
    others: tuple[Hit, ...] = ()
    others_total = 0
    suggestion = answer.suggestion
    # Five texts with one of three words are no answer either, unless a word was mistyped.
    is_enough = answer.total >= _FEW_HITS and bool(answer.has_all_words or answer.suggestion)
    if not is_enough and request.page == 1 and "language" not in request.filters:
        found = asking.in_others(other_languages)
        others, others_total = asking.others(found, answer.hits)
        if not (suggestion or answer.has_all_words or any(a.has_all_words for a in found.values())):
            suggestion = asking.respelt_elsewhere(found)
    return SearchPage(
        hits=answer.hits,
        total=answer.total,
        facets=_facets(answer, request),
        suggestion=suggestion,
        other_languages=others,
        engine=engine.name,
        degraded=degraded,
        other_languages_total=others_total,
    )


@dataclass(frozen=True)
class _Asking:
    """One request, as it is put to one engine."""

    engine: Engine
    request: SearchRequest
    access: Access
    known: Vocabulary

    @cached_property
    def query(self) -> Query:
        """What was typed, in the language of the page."""
        return parse(self.request.text, self.request.language, self.known)

    @cached_property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """Those put to a language's index; which indexes are asked is the language's."""
        return {k: v for k, v in self.request.filters.items() if k != "language"}

    @cached_property
    def languages(self) -> list[str]:
        """Those whose texts are the hits, the reader's own first."""
        chosen = self.request.filters.get("language")
        if not chosen:
            return [self.request.language]
        own = (self.request.language, *(self.request.languages or ()))
        return [code for code in unique([*own, *codes()]) if code in chosen]

    def question(self, language: str, *, corrects: bool = False, **fields) -> Question:
        """The request put to one language; `corrects` also where it is not the page's."""
        return Question(
            query=translated(self.query, language),
            access=self.access,
            filters=self.filters,
            every_word=self.request.match == "all",
            sort=self.request.sort,
            # A word of another language is no mistyped word of this one, unless none has it.
            corrects=corrects or language == self.request.language,
            **fields,
        )

    def chosen(self) -> Answer:
        """One answer for all languages whose texts are the hits."""
        request, languages = self.request, self.languages
        first = (max(1, request.page) - 1) * request.page_size
        facets = tuple(name for name in FACETS if name in request.facets and name != "language")
        single = len(languages) == 1
        questions = [
            self.question(
                code,
                corrects=single,
                facets=facets,
                first=first if single else 0,
                size=request.page_size if single or first == 0 else 0,
            )
            for code in languages
        ]
        counted = []
        if "language" in request.facets:
            counted = [c for c in self._counted() if c not in languages]
        answers = self.engine.answers(questions + [self.question(code, size=0) for code in counted])
        totals = {
            code: answer.total for code, answer in zip([*languages, *counted], answers, strict=True)
        }
        answers = answers[: len(languages)]
        made = answers[0] if single else self._merged(answers, questions, first)
        if "language" in request.facets:
            found = {code: total for code, total in totals.items() if total}
            made = replace(made, counts=made.counts | {"language": found})
        return made

    def finished(self) -> Answer | None:
        """The answer for what may be about to be typed; None where it finds nothing either.

        The words come from the documents that this person may see.
        """
        last = self.query.terms[-1]
        is_last = last.end == len(self.query.text) and not self.request.text[-1:].isspace()
        if last.kind != "word" or len(last.word) < 2 or not is_last:
            return None
        language = self.request.language
        begun = words_beginning_with(engines.embedded(), last.word, language, _BEGUN, self.access)
        for word in begun:
            text = self.query.text[: last.start] + word
            answer = replace(self, request=replace(self.request, text=text)).chosen()
            if answer.total and answer.has_all_words:
                return replace(answer, suggestion=Suggestion(text, answer.total))
        return None

    def _counted(self) -> list[str]:
        """Languages that the facet offers: the reader's, and what is chosen."""
        return unique([self.request.language, *(self.request.languages or ()), *self.languages])

    def _merged(self, answers: list[Answer], questions: list[Question], first: int) -> Answer:
        """Several languages' answers as one."""
        size = self.request.page_size
        suggestion = next((a.suggestion for a in answers if a.suggestion), None)
        has_all_words = any(answer.has_all_words for answer in answers)
        if not suggestion and not has_all_words:
            further = [self.question(code, corrects=True, size=0) for code in self.languages]
            again = self.engine.answers(further)
            suggestion = next((a.suggestion for a in again if a.suggestion), None)
        return Answer(
            hits=self._merged_hits(answers, questions, first, size),
            total=sum(answer.total for answer in answers),
            counts=summed(answers),
            suggestion=suggestion and self._counted_in_all(suggestion),
            has_all_words=has_all_words,
        )

    def _merged_hits(
        self, answers: list[Answer], questions: list[Question], first: int, size: int
    ) -> tuple[Hit, ...]:
        if self.request.sort == "date":
            reach = min(first + size, MOST_BY_DATE)
            deep = [replace(question, first=0, size=reach, facets=()) for question in questions]
            return tuple(by_date(self.engine.answers(deep))[first : first + size])
        # Languages in which all words were found go before those that have only some.
        order = sorted(range(len(answers)), key=lambda i: not answers[i].has_all_words)
        if first == 0:
            return tuple(in_turns([answers[i] for i in order])[:size])
        wanted = windows([answers[i].total for i in order], first, size)
        parts = [
            replace(questions[order[index]], first=start, size=count, facets=())
            for index, (start, count) in wanted.items()
        ]
        return tuple(in_turns(self.engine.answers(parts))) if parts else ()

    def _counted_in_all(self, suggestion: Suggestion) -> Suggestion:
        """The suggestion with its count in all chosen languages: that of the page it leads to."""
        other = replace(self, request=replace(self.request, text=suggestion.text))
        answers = self.engine.answers([other.question(code, size=0) for code in self.languages])
        return replace(suggestion, total=sum(answer.total for answer in answers))

    def in_others(self, languages: Sequence[str]) -> dict[str, Answer]:
        """What the same question finds in other languages."""
        size = _OBJECTS_FROM_OTHER_LANGUAGES + self.request.page_size
        questions = [self.question(language, size=size) for language in languages]
        questions = [question for question in questions if not question.query.is_empty]
        answers = self.engine.answers(questions) if questions else []
        return {q.query.language: a for q, a in zip(questions, answers, strict=True)}

    def others(self, found: dict[str, Answer], known: Sequence[Hit]) -> tuple[tuple[Hit, ...], int]:
        """The best hits in other languages on objects that are not `known`.

        And how many texts there are, translations of the known ones among them: as
        many as the same question finds in those languages. 0 where nothing else is.
        """
        keys = frozenset(hit.key for hit in known)
        own = self.request.languages or ()
        tiers: dict[tuple[bool, bool], list[Answer]] = defaultdict(list)
        for language, answer in found.items():
            fresh = replace(answer, hits=tuple(hit for hit in answer.hits if hit.key not in keys))
            tiers[not answer.has_all_words, language not in own].append(fresh)
        hits = [hit for tier in sorted(tiers) for hit in in_turns(tiers[tier])]
        best = best_objects(hits, _OBJECTS_FROM_OTHER_LANGUAGES)
        return best, sum(answer.total for answer in found.values()) if best else 0

    def respelt_elsewhere(self, languages: Container[str]) -> Suggestion | None:
        """Another spelling, in a language that the reader chose besides the page's.

        Asked where no language has all the words.
        """
        own = [code for code in self.request.languages or () if code in languages]
        if not own:
            return None
        questions = [self.question(code, corrects=True, size=0) for code in own]
        for code, answer in zip(own, self.engine.answers(questions), strict=True):
            if answer.suggestion:
                text = answer.suggestion.text
                filters = self.request.filters | {"language": (code,)}
                there = replace(self, request=replace(self.request, text=text, filters=filters))
                if total := there.chosen().total:
                    return Suggestion(text, total, code)
        return None


def access_of(viewer) -> Access:
    """What this person may find. The database is asked once about each object."""
    return Access(
        audiences=frozenset(
            f"{document_type.name}:{token}"
            for document_type in document_types()
            for token in document_type.audiences(viewer)
        ),
        visible=_remembering(viewer),
    )


def _remembering(viewer) -> Callable[[Sequence[str]], set[str]]:
    """`visible` for one request: a story in five languages is asked about once."""
    known: dict[str, bool] = {}

    def asked(keys: Sequence[str]) -> set[str]:
        new = [key for key in keys if key not in known]
        if new:
            allowed = visible(new, viewer)
            known.update((key, key in allowed) for key in new)
        return {key for key in keys if known[key]}

    return asked


def visible(keys: Sequence[str], viewer) -> set[str]:
    """Those that the database lets this person find, asked once a type."""
    ids: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        name, _colon, pk = key.partition(":")
        ids[name].append(pk)
    return {
        f"{name}:{pk}"
        for name, pks in ids.items()
        if (document_type := type_of_key(f"{name}:")) is not None
        for pk in document_type.visible(pks, viewer)
    }


def catch_up() -> None:
    """Follow recent changes where this host has an index of its own (nothing to do on SQLite)."""
    if engines.embedded().is_transactional:
        return
    try:
        drain(embedded_consumer(), limit=_CATCH_UP, since=timezone.now() - _LATELY)
    except IndexUnavailable as error:
        # What stands in the index answers; the database drops what may not be shown.
        logger.warning("search index not followed: %s", error)


def _facets(answer: Answer, request: SearchRequest) -> dict[str, tuple[FacetValue, ...]]:
    """Counts with labels, the commonest first; a chosen value is shown though it counts nothing."""
    made = {}
    for facet, found in answer.counts.items():
        chosen = request.filters.get(facet, ())
        counts = dict.fromkeys(chosen, 0) | found
        if facet == "language":
            labels = {code: autonym(code) for code in counts}
        else:
            labels = facet_labels(facet, list(counts))
        shown = [
            FacetValue(value, labels[value], count, value in chosen)
            for value, count in counts.items()
        ]
        if facet == "year":
            shown.sort(key=lambda v: v.value, reverse=True)
        else:
            shown.sort(key=lambda v: (-v.count, v.label))
        made[facet] = tuple(shown)
    return {facet: made[facet] for facet in FACETS if facet in made}
