"""A story's words as plain text, in the order of the sheet: one place for all who need them.

Functions take a page and import no model of this room. No query beyond the
page's own row.
"""

from collections.abc import Iterator

from bulletins.story_parts import change_text


def story_text(page) -> str:
    """All that a reader of the page reads, title left out: a line a paragraph."""
    return "\n".join(text for part in _parts(page) if (text := str(part or "").strip()))


def _parts(page) -> Iterator[str]:
    yield page.summary
    yield page.place_seen
    yield from _prose(page.background, page.situation, page.target)
    for gap in _values(page.gap):
        yield change_text(gap.get("what"), gap.get("start"), gap.get("goal"), gap.get("unit"))
    yield from _prose(page.causes_text)
    for cause in _values(page.causes):
        yield cause.get("name")
        yield from cause.get("whys") or ()
    yield from _prose(page.did)
    for measure in _values(page.countermeasures):
        yield measure.get("what")
        yield measure.get("who")
    yield from _prose(page.tried, page.happened)
    for result in _values(page.results):
        yield change_text(
            result.get("label"), result.get("before"), result.get("after"), result.get("unit")
        )
        yield result.get("note")
    yield from _prose(page.learned, page.adapt)
    for picture in _values(page.pictures):
        yield picture.get("alt")
        yield picture.get("caption")
    for file in _values(page.files):
        yield file.get("title")


def prose_text(*streams) -> str:
    """The paragraphs of StreamFields that hold only prose."""
    return "\n".join(_prose(*streams))


def _prose(*streams) -> Iterator[str]:
    for stream in streams:
        for value in _values(stream):
            yield str(value)


def _values(stream) -> Iterator:
    for block in stream or ():
        yield block.value
