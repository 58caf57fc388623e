"""Small helps of the author's desk: looking up by a field's name, stages' marks."""

from django import template

from bulletins.timeline import MARKS, WHAT_COMES_NEXT, event_sentence, holder_sentence

register = template.Library()


@register.filter
def at(mapping, key):
    """The value of a key; nothing where there is none."""
    return mapping.get(key) if mapping else None


@register.filter
def stage_mark(stage: str) -> str:
    """The `data-s` of `.state` for a stage."""
    return MARKS.get(stage, "draft")


@register.filter
def holder_words(case) -> str:
    """Who has the story, in a sentence."""
    return holder_sentence(case)


@register.filter
def next_words(case) -> str:
    """What comes next, in a sentence."""
    return str(WHAT_COMES_NEXT[case.stage])


@register.filter
def event_words(event) -> str:
    """What happened, in a sentence."""
    return event_sentence(event)


@register.filter
def preview(picture):
    """A small rendition of a stored picture; two queries the first time, one later."""
    return picture.get_rendition("max-320x320")
