"""Highlights, made from the original text: escaped, with <mark> round what was found."""

from django.utils.html import escape

from search.analysis import Term, terms
from search.query import FORM_GAP

#: A snippet's length; less where a character is a word's worth and twice as wide.
SNIPPET_CHARACTERS = 200
_WIDE_SNIPPET_CHARACTERS = 90
_WIDE = ("ja", "zh-hans")
# Longer texts are searched for a snippet only this far (characters).
_LOOK_AHEAD = 30_000
_ELLIPSIS = "…"
# A line that ends so needs no sign before the next.
_ENDS = ".!?:;,…·|。！？：；،؛؟"


def mark(text: str, language: str, wanted: frozenset[str]) -> str:
    """The whole text with every found term marked (`wanted`: see Query.marked)."""
    return _render(text, _spans(_found(_terms(text, language, wanted), wanted)))


def snippet(text: str, language: str, wanted: frozenset[str]) -> str:
    """Some two lines of the text, where most different terms stand close together."""
    text = _in_a_line(text[:_LOOK_AHEAD])
    found = _found(_terms(text, language, wanted), wanted)
    size = _WIDE_SNIPPET_CHARACTERS if language in _WIDE else SNIPPET_CHARACTERS
    start, end = _window(text, found, size)
    inside = [term for term in found if term.start >= start and term.end <= end]
    html = _render(text[start:end], [(a - start, b - start) for a, b in _spans(inside)])
    before = _ELLIPSIS if start else ""
    after = _ELLIPSIS if end < len(text) else ""
    return before + html + after


def _in_a_line(text: str) -> str:
    """Paragraphs, points of lists and rows of tables in one line, still apart for the eye."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    *lines, last = [line for line in lines if line] or [""]
    return "".join([f"{line} " if line[-1] in _ENDS else f"{line} · " for line in lines]) + last


def _terms(text: str, language: str, wanted: frozenset[str]) -> list[Term]:
    """The terms to choose from: all where some must stand close together, else the wanted."""
    has_forms = any(" " in form for form in wanted)
    return terms(text, language, None if has_forms else wanted)


def _window(text: str, found: list[Term], size: int) -> tuple[int, int]:
    """Where the snippet of about `size` characters begins and ends."""
    if len(text) <= size:
        return 0, len(text)
    best, best_count, first = 0, 0, 0
    inside: dict[str, int] = {}
    for term in found:
        inside[term.text] = inside.get(term.text, 0) + 1
        while term.end - found[first].start > size * 3 // 4:
            leaving = found[first].text
            inside[leaving] -= 1
            if not inside[leaving]:
                del inside[leaving]
            first += 1
        if len(inside) > best_count:
            best, best_count = found[first].start, len(inside)
    start = max(0, best - size // 5)
    if start:
        space = text.find(" ", start, best)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + size)
    if end < len(text):
        space = text.rfind(" ", max(start, end - 30), end)
        end = space if space > best else end
    return start, end


def _found(every: list[Term], wanted: frozenset[str]) -> list[Term]:
    """Those terms of a text that are wanted, alone or close to the rest of their form."""
    forms = [tuple(form.split()) for form in wanted if " " in form]
    in_forms = {text for form in forms for text in form}
    chosen = {place for place, term in enumerate(every) if term.text in wanted}
    for place, term in enumerate(every):
        if term.text not in in_forms:
            continue
        for form in forms:
            near = range(place, min(len(every), place + len(form) + FORM_GAP))
            first = {every[other].text: other for other in reversed(near)}
            if all(text in first for text in form):
                chosen.update(first[text] for text in form)
    return [every[place] for place in sorted(chosen)]


def _spans(found: list[Term]) -> list[tuple[int, int]]:
    """Places to mark; overlapping and touching ones become one."""
    spans: list[tuple[int, int]] = []
    for term in found:
        if spans and term.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], term.end))
        else:
            spans.append((term.start, term.end))
    return spans


def _render(text: str, spans: list[tuple[int, int]]) -> str:
    out, at = [], 0
    for start, end in spans:
        out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    out.append(escape(text[at:]))
    return "".join(out)
