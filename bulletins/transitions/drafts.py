"""Beginning a story, keeping what is typed, making revisions of it, throwing a draft away."""

import json

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from bulletins.completeness import untitled
from bulletins.exceptions import DraftConflict, TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import (
    AMONG_AUTHORS,
    Case,
    CaseEvent,
    CaseStoryPage,
    DraftInput,
    Stage,
    StoryIndexPage,
)
from bulletins.page_context import DRAFT_ASKED_AT
from bulletins.parts import FORMS
from bulletins.parts.base import MAX_TYPED, with_ids
from bulletins.parts.draft import GUARD, Draft
from bulletins.permissions import (
    can_begin_for,
    can_delete_draft,
    can_edit_case,
    can_share_case,
)
from bulletins.transitions.core import changing, refuse_unless
from network.models import GkcDocument, GkcImage, Topic, User
from network.tree import tree_change
from review.api import forget, forget_questions
from touchpoints.api import tell

# Stages in which the author writes: a published story gets a new version.
WRITABLE = {Stage.DRAFT, Stage.CHANGES_REQUESTED, Stage.PUBLISHED}


def start_case(
    *,
    by,
    distributor,
    language: str,
    audience: str = "network",
    based_on: Case | None = None,
    begun_by: User | None = None,
) -> Case:
    """Make an empty draft with its page in `language`; `based_on` is its origin (R8).

    `begun_by` began it in the name of `by`, its author. Raises
    PermissionDenied for an author who is no member of the distributor,
    TransitionRefused for an unknown language.
    """
    if not can_share_case(by, distributor):
        raise PermissionDenied
    locale = Locale.objects.filter(language_code=language).first()
    if locale is None:
        raise TransitionRefused(_("Stories are written in one of the twelve languages."))
    with tree_change(), inside_transition():
        case = Case.objects.create(
            number=next_number(),
            distributor=distributor,
            author=by,
            begun_by=begun_by,
            source_language=language,
            audience=audience,
            based_on=based_on,
            holder=by,
            since=timezone.now(),
        )
        add_page(case, locale, title=untitled(), by=by)
        CaseEvent.objects.create(
            case=case,
            at=case.since,
            verb="start",
            old="",
            new=Stage.DRAFT,
            holder=by,
            by=begun_by or by,
            on_behalf_of=by if begun_by else None,
        )
    return case


def start_case_for(author: User, *, by, distributor, language: str, words: str) -> Case:
    """Begin a draft in an author's name with what somebody else saw; the author is told.

    The words stand in its background, the author's to change or to throw away;
    whoever wrote them never judges the story.
    Raises PermissionDenied, or TransitionRefused where the author cannot write
    for the distributor.
    """
    if not can_begin_for(by, distributor):
        raise PermissionDenied
    if not can_share_case(author, distributor):
        raise TransitionRefused(_("This person cannot write for this distributor."))
    with tree_change(), inside_transition():
        case = start_case(by=author, distributor=distributor, language=language, begun_by=by)
        _keep(case, "background", {"background": words}, by=by, seen=0)
        tell("bulletins.begun_for_author", case, by=by.pk)
    return case


def next_number() -> str:
    """'2026-0533': the year and a running number; alone inside `tree_change`."""
    year = f"{timezone.localdate():%Y}"
    last = Case.objects.filter(number__startswith=f"{year}-").order_by("-number").first()
    running = int(last.number[5:]) + 1 if last else 1
    return f"{year}-{running:04d}"


def add_page(case: Case, locale: Locale, *, title: str, by) -> CaseStoryPage:
    """A page of the case in one language, not live, with its first revision."""
    index = StoryIndexPage.objects.get(locale=locale)
    page = CaseStoryPage(
        title=title, slug=case.number.lower(), case=case, locale=locale, owner=by, live=False
    )
    original = case.pages.first()
    if original:
        page.translation_key = original.translation_key
    index.add_child(instance=page)
    page.save_revision(user=by, clean=False)
    return page


def check_writable(case: Case, by) -> None:
    """Raises PermissionDenied, or TransitionRefused while the story is in others' hands."""
    if not can_edit_case(by, case):
        raise PermissionDenied
    refuse_unless(case, WRITABLE, _("This story is on its way; its text cannot be changed now."))


def save_typed(case: Case, part: str, typed: dict, *, by, seen: int) -> DraftInput:
    """Keep a part as typed, valid or not. `seen` is the version that the writer started from.

    Saving the same words again changes nothing, also when the story went on meanwhile: a
    device that does not know that they arrived is told so. Raises DraftConflict where
    somebody else, or another tab, saved meanwhile; PermissionDenied or
    TransitionRefused as `check_writable`.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if can_edit_case(by, locked) and (there := _as_kept(locked, part, typed)):
            return there
        check_writable(locked, by)
        return _keep(locked, part, typed, by=by, seen=seen)


def _keep(locked: Case, part: str, typed: dict, *, by, seen: int) -> DraftInput:
    if len(json.dumps(typed, ensure_ascii=False)) > MAX_TYPED:
        raise TransitionRefused(_("This part is too long to be kept. Shorten it, then save."))
    kept, _made = DraftInput.objects.get_or_create(
        case=locked, language=locked.source_language, part=part, defaults={"by": by}
    )
    typed = with_ids(typed, FORMS[part], kept.data)
    if kept.version and kept.data == typed:
        return kept
    if kept.version != seen:
        raise DraftConflict(kept)
    kept.data, kept.by, kept.version = typed, by, kept.version + 1
    kept.save()
    return kept


def _as_kept(case: Case, part: str, typed: dict) -> DraftInput | None:
    """The part's row where it holds these very words."""
    kept = (
        case.draft_inputs.filter(language=case.source_language, part=part)
        .exclude(version=0)
        .first()
    )
    return kept if kept and kept.data == with_ids(typed, FORMS[part], kept.data) else None


def revise_case(case: Case, by) -> CaseStoryPage:
    """Make one revision of all that was typed since the last one; none where nothing changed.

    Unchanged paragraphs and rows keep their block ids, KPI rows their
    measure_key. What no field accepts stays in DraftInput and is shown again.
    Returns the author's page as it stands then. Raises as `check_writable`.
    """
    with changing(case) as locked:
        check_writable(locked, by)
        draft = Draft(locked)
        page = draft.built
        for part in draft.unsaved_parts():
            if part == "check":
                _describe(locked, draft.accepted(part))
            kept = draft.inputs[part]
            DraftInput.objects.filter(pk=kept.pk).update(revised_version=kept.version)
        if draft.is_changed:
            page.save_revision(user=by, clean=False)
        return page


def _describe(case: Case, values: dict) -> None:
    """Steps and topics: the case's own, whatever the language."""
    if "steps" in values:
        case.process_steps = values["steps"]
        case.save(update_fields=["process_steps"])
    if "topics" in values:
        case.topics.set(Topic.objects.filter(slug__in=values["topics"]))


def delete_draft(case: Case, *, by) -> None:
    """Throw away a story that was never submitted, with all that hangs on it.

    Raises PermissionDenied, or TransitionRefused once it was submitted.
    """
    with changing(case) as locked:
        if not can_delete_draft(by, locked):
            raise PermissionDenied
        refuse_unless(
            locked,
            {Stage.DRAFT},
            _("Only a draft can be deleted. A submitted story can be withdrawn."),
        )
        if locked.events.exclude(verb__in=AMONG_AUTHORS).exists():
            raise TransitionRefused(_("This story was submitted once; withdraw it instead."))
        forget(locked)
        forget_questions(DRAFT_ASKED_AT, locked.number)
        for page in locked.pages.all():
            page.delete()
        for kind in (GkcImage, GkcDocument):
            kind.objects.filter(guard=GUARD, guard_key=locked.number).delete()
        # The one place where events go: a draft that nobody but its author ever saw.
        CaseEvent.objects.filter(case=locked)._raw_delete(using=locked._state.db)
        locked.delete()
