"""Where a story is on its way, in words: done, now, later, who has it, what comes next."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bulletins.models import Stage

# The stations of a story's way, as the author sees them (design.md 'A story's way').
STATIONS = [
    (Stage.DRAFT, pgettext_lazy("station", "Draft")),
    (Stage.SUBMITTED, pgettext_lazy("station", "Submitted")),
    (Stage.AREA_REVIEW, pgettext_lazy("station", "Your review area")),
    (Stage.NEUTRAL_REVIEW, pgettext_lazy("station", "Another region")),
    (Stage.EDITING, pgettext_lazy("station", "Editors")),
    (Stage.PUBLISHED, pgettext_lazy("station", "Published")),
]
# The marks of `.state[data-s]` in gkc.css.
MARKS = {
    "draft": "draft",
    "submitted": "submitted",
    "area_review": "review",
    "neutral_review": "review",
    "changes_requested": "returned",
    "editing": "accepted",
    "ready": "accepted",
    "published": "published",
    "withdrawn": "draft",
    "declined": "returned",
    "archived": "draft",
}
ENDED = {Stage.WITHDRAWN, Stage.DECLINED, Stage.ARCHIVED}
_STATION_OF = {
    Stage.READY: Stage.EDITING,
    Stage.WITHDRAWN: None,
    Stage.DECLINED: None,
    Stage.ARCHIVED: Stage.PUBLISHED,
}
# Usual lengths, in working days, that the author is told; clocks come with the editorial issue.
WHAT_COMES_NEXT = {
    "draft": gettext_lazy("Submit it; then a campaigner of your review area reads it."),
    "submitted": gettext_lazy("Then a campaigner of your review area reads it."),
    "area_review": gettext_lazy("Then a campaigner of another region reads it."),
    "neutral_review": gettext_lazy("Then the editors read it."),
    "changes_requested": gettext_lazy("Then it returns to whoever asked."),
    "editing": gettext_lazy("Then it is published, or ready for an issue of the bulletin."),
    "ready": gettext_lazy("Then it is published with its issue of the bulletin."),
    "published": gettext_lazy("Other distributors can read it and tell what they made of it."),
    "withdrawn": gettext_lazy("Nothing more happens."),
    "declined": gettext_lazy("Its author may appeal once to an editor of another region."),
    "archived": gettext_lazy("Nothing more happens."),
}


@dataclass(frozen=True)
class Station:
    """One station of the track: `state` is 'done', 'now' or 'later'."""

    label: str
    state: str
    since: datetime.datetime | None = None


def track(case, events) -> list[Station]:
    """The story's stations. `events` are all of its events in order; no query."""
    reached = {}
    for event in events:
        reached[event.new] = event.at
    here = _STATION_OF.get(case.stage, case.stage)
    if case.stage == Stage.CHANGES_REQUESTED:
        here = _last_review(events)
    order = [stage for stage, _label in STATIONS]
    index = order.index(here) if here in order else -1
    stations = []
    for place, (stage, label) in enumerate(STATIONS):
        if place == index:
            words = _("Changes requested") if case.stage == Stage.CHANGES_REQUESTED else label
            words = Stage.READY.label if case.stage == Stage.READY else words
            stations.append(Station(str(words), "now", case.since))
        elif stage in reached and (place < index or index < 0):
            stations.append(Station(str(label), "done", reached[stage]))
        elif place < index:
            # A station that was passed in the same minute, or by another way.
            stations.append(Station(str(label), "done", _submitted_at(stage, case)))
        else:
            stations.append(Station(str(label), "later"))
    return stations


def _submitted_at(stage, case):
    return case.submitted_at if stage == Stage.SUBMITTED else None


def _last_review(events) -> str:
    """The step that asked for changes."""
    for event in reversed(events):
        if event.verb == "request_changes":
            return event.old
    return Stage.AREA_REVIEW


def holder_sentence(case) -> str:
    """Who has the story, in a whole sentence; names as the person gives them."""
    name = case.holder.display_name if case.holder else ""
    sentences = {
        "draft": _("You have it."),
        "submitted": _("The lead of your review area looks for a reviewer."),
        "area_review": _("%(name)s, of your review area, has it."),
        "neutral_review": _("%(name)s, a campaigner of another region, has it."),
        "changes_requested": _("You have it: changes are requested."),
        "editing": _("%(name)s, an editor, has it."),
        "ready": _("It waits for its issue of the bulletin."),
        "published": _("Everybody whom it is for can read it."),
        "withdrawn": _("It was withdrawn."),
        "declined": _("It was declined."),
        "archived": _("It is in the archive."),
    }
    if name and case.stage == Stage.DECLINED:
        return _("%(name)s, an editor, has your appeal.") % {"name": name}
    if not name and case.stage in ("area_review", "neutral_review", "editing"):
        return _("Nobody has it yet: the lead looks for a reviewer.")
    return sentences[case.stage] % {"name": name}


EVENT_WORDS = {
    "start": gettext_lazy("%(name)s began the story."),
    "submit": gettext_lazy("%(name)s submitted it."),
    "resubmit": gettext_lazy("%(name)s submitted it again."),
    "approve_area": gettext_lazy("%(name)s approved it for the review area."),
    "approve_neutral": gettext_lazy("%(name)s approved it as neutral reviewer."),
    "request_changes": gettext_lazy("%(name)s asked for changes."),
    "decline": gettext_lazy("%(name)s declined it."),
    "appeal": gettext_lazy("%(name)s appealed against that."),
    "appeal_given": gettext_lazy("The appeal went to another editor."),
    "appeal_upheld": gettext_lazy("%(name)s upheld the appeal: it is reviewed once more."),
    "appeal_refused": gettext_lazy("%(name)s refused the appeal."),
    "lasting": gettext_lazy("%(name)s said whether the results last."),
    "revive": gettext_lazy("%(name)s brought it back."),
    "hand_on": gettext_lazy("It went to another reviewer."),
    "turn_down": gettext_lazy("It went to another reviewer."),
    "assign": gettext_lazy("It went to another reviewer."),
    "void_approval": gettext_lazy("The text changed after the neutral approval; it goes back."),
    "edit": gettext_lazy("%(name)s, an editor, changed the text."),
    "author_confirm": gettext_lazy("%(name)s confirmed the edit."),
    "author_object": gettext_lazy("%(name)s objected to the edit."),
    "author_silent": gettext_lazy("No objection came in time: the edit stands."),
    "ready": gettext_lazy("%(name)s made it ready."),
    "publish": gettext_lazy("It was published."),
    "publish_translation": gettext_lazy("A translation was published."),
    "withdraw": gettext_lazy("%(name)s withdrew it."),
    "archive": gettext_lazy("%(name)s archived it."),
    "change_audience": gettext_lazy("%(name)s changed who may read it."),
    "consent_public": gettext_lazy("%(name)s agreed that everyone may read it."),
    "clear_public": gettext_lazy("%(name)s opened it to everyone."),
    "ask": gettext_lazy("%(name)s asked the area’s campaigners."),
    "invite": gettext_lazy("%(name)s asked %(other)s to write along."),
    "join": gettext_lazy("%(name)s writes along."),
    "part": gettext_lazy("%(other)s no longer writes along."),
    "name_author": gettext_lazy("%(name)s named %(other)s the author."),
    "ask_public": gettext_lazy("%(name)s asked to open it to everyone."),
    "refuse_public": gettext_lazy("%(name)s did not agree to open it to everyone."),
    "mark_archive": gettext_lazy("%(name)s noted what the source does not record."),
}


def event_sentence(event) -> str:
    """What happened, in a sentence; an unknown verb shows the stage it led to."""
    words = EVENT_WORDS.get(event.verb)
    if words is None:
        return str(event.get_new_display())
    other = event.on_behalf_of or event.by
    return str(words) % {"name": event.by.display_name, "other": other.display_name}


# The same for those who read the whole log.
LOG_WORDS = {
    "start": gettext_lazy("Begun"),
    "submit": gettext_lazy("Submitted"),
    "resubmit": gettext_lazy("Submitted again"),
    "approve_area": gettext_lazy("Approved by the review area"),
    "approve_neutral": gettext_lazy("Approved by the neutral reviewer"),
    "request_changes": gettext_lazy("Returned for changes"),
    "decline": gettext_lazy("Declined"),
    "appeal": gettext_lazy("The author appeals"),
    "appeal_given": gettext_lazy("Appeal given to another editor"),
    "appeal_upheld": gettext_lazy("Appeal upheld: reviewed once more"),
    "appeal_refused": gettext_lazy("Appeal refused"),
    "lasting": gettext_lazy("Said whether the results last"),
    "revive": gettext_lazy("Brought back"),
    "hand_on": gettext_lazy("Given to another reviewer"),
    "turn_down": gettext_lazy("Turned down by its reviewer"),
    "assign": gettext_lazy("Given to a reviewer by the lead or an editor"),
    "ready": gettext_lazy("Ready"),
    "publish": gettext_lazy("Published"),
    "edit": gettext_lazy("Edited by an editor"),
    "void_approval": gettext_lazy(
        "Approval void: a cause, countermeasure, result or figure changed"
    ),
    "author_confirm": gettext_lazy("The author confirms the edit"),
    "author_object": gettext_lazy("The author objects to the edit"),
    "author_silent": gettext_lazy("The author’s days passed without an objection"),
    "withdraw": gettext_lazy("Withdrawn"),
    "archive": gettext_lazy("Archived"),
    "change_audience": gettext_lazy("Audience changed"),
    "consent_public": gettext_lazy("The distributor agrees to everyone reading it"),
    "clear_public": gettext_lazy("Cleared for everyone"),
    "invite": gettext_lazy("A co-author is asked"),
    "join": gettext_lazy("A co-author writes along"),
    "part": gettext_lazy("A co-author no longer writes along"),
    "name_author": gettext_lazy("A new author is named"),
}
