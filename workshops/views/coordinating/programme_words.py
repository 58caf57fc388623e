"""What stands in a programme's fields, in words: for its history, and beside a stale form."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from network.languages import autonym, reading_order
from network.localize import list_text, number_text
from network.models import ProcessStep, Topic
from workshops.models import (
    Audience,
    Entry,
    Level,
    Need,
    PlaceKind,
    Programme,
    ProgrammeVerb,
)
from workshops.session_forms.programme import ProgrammeForm
from workshops.titles import titles_for

_ONE = {"level": Level, "place_kind": PlaceKind, "entry": Entry}
_SEVERAL = {"audience": Audience, "process_steps": ProcessStep, "asks": Need}


class Words:
    """Names of programmes and topics, loaded once for all that is shown. Three queries."""

    def __init__(self, user, states: Iterable[Mapping]):
        keys, slugs = set(), set()
        for state in states:
            keys.update(state.get("requires") or ())
            slugs.update(state.get("topics") or ())
        programmes = list(Programme.objects.filter(key__in=keys)) if keys else []
        titles = titles_for(programmes, reading_order(user))
        self._titles = {one.key: titles[one.pk].title for one in programmes}
        self._topics = (
            {one.slug: str(one) for one in Topic.objects.filter(slug__in=slugs)} if slugs else {}
        )

    def shown(self, name: str, value) -> str:
        """A field's stored value for a reader; '–' for none."""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if value in (None, "", []):
            return "–"
        if name == "requires":
            return list_text(self._titles.get(key, key) for key in value)
        if name == "topics":
            return list_text(self._topics.get(slug, slug) for slug in value)
        if name in _SEVERAL:
            labels = dict(_SEVERAL[name].choices)
            return list_text(str(labels.get(one, one)) for one in value)
        if name in _ONE:
            return str(dict(_ONE[name].choices).get(value, value))
        return number_text(value) if isinstance(value, int) else str(value)


def label_of(name: str) -> str:
    """What the form calls the field; 'title_ja' is the title in Japanese."""
    fields = ProgrammeForm.base_fields
    if name in fields:
        return str(fields[name].label)
    plain, _sign, code = name.partition("_")
    return f"{fields[plain].label} ({autonym(code)})" if plain in fields else name


def history_of(programme: Programme, user, most: int) -> list[dict]:
    """The newest events, in words. Queries: the events, names of programmes and topics."""
    events = list(programme.events.select_related("by").order_by("-pk")[:most])
    states = []
    for event in events:
        states += [{name: pair[side] for name, pair in event.changes.items()} for side in (0, 1)]
    words = Words(user, states)
    return [
        {
            "at": event.at,
            "by": event.by.display_name,
            "what": event.get_verb_display(),
            "reason": _(event.reason) if event.reason else "",
            "changes": [
                {
                    "label": label_of(name),
                    "before": words.shown(name, before),
                    "after": words.shown(name, after),
                }
                for name, (before, after) in event.changes.items()
            ]
            if event.verb != ProgrammeVerb.MAKE
            else [],
        }
        for event in events
    ]


def conflicts(stored: Mapping, typed: Mapping, user) -> list[dict]:
    """Fields in which what was typed is not what stands there now."""
    words = Words(user, [stored, typed])
    return [
        {
            "label": label_of(name),
            "now": words.shown(name, stored[name]),
            "typed": words.shown(name, typed[name]),
        }
        for name in stored
        if name in typed and typed[name] != stored[name]
    ]
