"""The words of a programme's page: its text, and the lessons and questions of its online lab."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from network.tree import tree_change
from workshops.exceptions import StaleForm, StepsRefused, TransitionRefused
from workshops.models import Programme, ProgrammeEvent, ProgrammePage, ProgrammeVerb
from workshops.page_text import WRITABLE, fingerprint, items_from, rewritten, texts_of, values_of
from workshops.permissions import can_change_programme, can_write_lab
from workshops.transitions.programmes import newest_words, source_page

MAX_STEPS = 80
MAX_TITLE = 120  # characters, as the block has it
MIN_OPTIONS, MAX_OPTIONS = 2, 8


@dataclass(frozen=True)
class TypedStep:
    """A lesson (`title`, `lines`) or a question (`title` is the question, `lines` its answers).

    `id` is the block's, '' for a new one; `right` holds numbers of answers from 1.
    """

    kind: str
    title: str
    lines: tuple[str, ...] = ()
    right: frozenset[int] = frozenset()
    explanation: str = ""
    id: str = ""


def writing_page(programme: Programme) -> ProgrammePage:
    """The page that a programme is written in, with its newest words. Raises TransitionRefused
    where it has none."""
    page = source_page(programme)
    if page is None:
        raise TransitionRefused(_("Give it a name first: it has no page yet."))
    return newest_words(page)


def write_text(
    programme: Programme,
    texts: Mapping[str, str],
    added: Mapping[str, str],
    *,
    by,
    seen: str,
    publish: bool,
) -> ProgrammePage:
    """Keep the English text by anchor, with paragraphs `added` by stream and days under 'days';
    in the catalogue where `publish`. Finished translations follow.

    `seen` is the fingerprint of the words that the writer began from. Raises
    PermissionDenied, or StaleForm where somebody else wrote meanwhile.
    """
    with tree_change():
        found = _held(programme, by, can_change_programme)
        if found.parent_id is not None:
            raise PermissionDenied  # written at the desk of versions
        page = writing_page(found)
        if fingerprint(texts_of(page)) != seen:
            raise StaleForm(
                _("Somebody else has changed this text. Yours stands below; compare, then save.")
            )
        for stream in WRITABLE:
            days = added.get("days", "") if stream == "happens" else ""
            stored = getattr(page, stream).get_prep_value()
            _set(page, stream, rewritten(stored, dict(texts), added.get(stream, ""), days))
        return _keep(found, page, ProgrammeVerb.TEXT, by=by, publish=publish)


def lab_mark(page: ProgrammePage) -> str:
    """Another one means that somebody changed the lab since."""
    facts = [
        [block["id"], block["type"], {name: _bare(v) for name, v in block["value"].items()}]
        for block in page.lessons.get_prep_value()
    ]
    stored = json.dumps(facts, sort_keys=True)
    return hashlib.blake2b(stored.encode(), digest_size=16).hexdigest()


def _bare(value):
    """A stored list without its items' ids: those of older rows are made at each reading."""
    return values_of(value) if isinstance(value, list) else value


def write_lab(
    programme: Programme, steps: Sequence[TypedStep], *, by, seen: str, publish: bool
) -> ProgrammePage:
    """Keep the lessons and questions in this order; in the catalogue where `publish`.

    A step that goes on keeps its id, and so its place in runs and translations;
    an answer that was given counts as it was judged. Raises PermissionDenied,
    StaleForm, or StepsRefused with what is wrong by the step's place from 0.
    """
    with tree_change():
        found = _held(programme, by, can_write_lab)
        page = writing_page(found)
        if lab_mark(page) != seen:
            raise StaleForm(
                _("Somebody else has changed this lab. Yours stands below; compare, then save.")
            )
        errors = {place: said for place, step in enumerate(steps) if (said := wrong_with(step))}
        if len(steps) > MAX_STEPS:
            errors[MAX_STEPS] = _("These are too many steps: make two labs of them.")
        if errors:
            raise StepsRefused(errors)
        stored = {block["id"]: block for block in page.lessons.get_prep_value()}
        _set(page, "lessons", [_block(step, stored.get(step.id)) for step in steps])
        return _keep(found, page, ProgrammeVerb.LAB, by=by, publish=publish)


def wrong_with(step: TypedStep) -> str:
    """The first thing that cannot stand, in a sentence; '' for none."""
    if step.kind == "lesson":
        if not step.title:
            return _("A lesson has a title.")
        if len(step.title) > MAX_TITLE:
            return _("This title is too long. Shorten it.")
        return "" if step.lines else _("A lesson has at least one paragraph.")
    if not step.title:
        return _("A question has words.")
    if not MIN_OPTIONS <= len(step.lines) <= MAX_OPTIONS:
        return _("A question has between two and eight answers.")
    right = step.right & set(range(1, len(step.lines) + 1))
    if not right:
        return _("Tick at least one right answer.")
    if len(right) == len(step.lines):
        return _("At least one answer is not right.")
    return "" if step.explanation else _("Say why: it is shown after the answer.")


def _block(step: TypedStep, stored: dict | None) -> dict:
    same = stored is not None and stored["type"] == step.kind
    old = stored["value"] if same else {}
    key = stored["id"] if same else str(uuid.uuid4())
    if step.kind == "lesson":
        value = {"title": step.title, "text": items_from(list(step.lines), old.get("text", ()))}
    else:
        value = {
            "question": step.title,
            "options": items_from(list(step.lines), old.get("options", ())),
            "right": items_from(sorted(step.right), old.get("right", ())),
            "explanation": step.explanation,
        }
    return {"type": step.kind, "value": value, "id": key}


# --- parts ------------------------------------------------------------------------------
def _held(programme: Programme, by, may) -> Programme:
    """The programme alone to us. Raises PermissionDenied; TransitionRefused for an archived one."""
    rows = Programme.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("parent", "distributor").get(pk=programme.pk)
    if not may(by, found):
        raise PermissionDenied
    if found.is_archived:
        raise TransitionRefused(_("This programme is archived. Take it up again first."))
    return found


def _set(page: ProgrammePage, stream: str, blocks: list[dict]) -> None:
    block = ProgrammePage._meta.get_field(stream).stream_block
    setattr(page, stream, block.to_python(blocks))


def _keep(programme: Programme, page: ProgrammePage, verb, *, by, publish: bool) -> ProgrammePage:
    revision = page.save_revision(user=by)
    ProgrammeEvent.objects.create(programme=programme, by=by, verb=verb)
    if publish:
        if not page.live:
            ProgrammeEvent.objects.create(programme=programme, by=by, verb=ProgrammeVerb.SHOW)
        revision.publish(user=by, skip_permission_checks=True)
    return page
