"""What every transition of a case shares: lock, read again, record."""

import contextlib
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import Case, CaseEvent, Stage
from network.tree import tree_change
from review.api import author_answered
from search.api import mark_changed

# Stages in which a story is in review, and the step each stands for.
STEP_OF = {
    Stage.AREA_REVIEW: "area",
    Stage.NEUTRAL_REVIEW: "neutral",
    Stage.EDITING: "editing",
}


MAX_REASON = 5000  # characters; it stands in a mail and on the author's page


@contextlib.contextmanager
def changing(case: Case) -> Iterator[Case]:
    """The case as it stands now, alone to us, in one transaction.

    The caller's object is refreshed afterwards, so that it shows what happened.
    """
    with tree_change(), inside_transition():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        yield locked
    if case.pk and Case.objects.filter(pk=case.pk).exists():
        case.refresh_from_db()


def record(
    case: Case,
    new: Stage,
    *,
    verb: str,
    by,
    holder,
    reason: str = "",
    revision=None,
    on_behalf_of=None,
) -> CaseEvent:
    """Write the event and its projection, and tell search. Nothing else writes them."""
    old, now = case.stage, timezone.now()
    if new != old or (holder.pk if holder else None) != case.holder_id:
        case.since = now
    if old == Stage.CHANGES_REQUESTED and new != old:
        author_answered(case)
    case.stage, case.holder = new, holder
    case.save()
    event = CaseEvent.objects.create(
        case=case,
        at=now,
        verb=verb,
        old=old,
        new=new,
        holder=holder,
        by=by,
        on_behalf_of=on_behalf_of,
        reason=reason,
        revision=revision,
    )
    mark_changed(case)
    return event


def refuse_unless(case: Case, stages: set, sentence: str) -> None:
    """Raises TransitionRefused where the case is not in one of the stages."""
    if case.stage not in stages:
        raise TransitionRefused(sentence)


def refuse_unless_seen(revision, seen: int | None) -> None:
    """Raises TransitionRefused where the person saw another text; None skips the check."""
    if seen and revision.pk != seen:
        raise TransitionRefused(
            _("The text has changed since you opened it. Read the difference, then decide.")
        )


def need_reason(reason: str, who_reads: str = "") -> str:
    """Raises TransitionRefused where no reason was given, or a book; returns it trimmed.

    `who_reads` is the sentence that asks for it, where its reader is not the author.
    """
    reason = (reason or "").strip()
    if not reason:
        raise TransitionRefused(who_reads or _("Say why: the author reads your reason."))
    if len(reason) > MAX_REASON:
        raise TransitionRefused(_("This reason is too long. Shorten it, then send."))
    return reason


def source_page(case: Case):
    """The author's page, read now. Raises TransitionRefused where there is none."""
    page = case.source_page()
    if page is None:
        raise TransitionRefused(_("This story has no text yet."))
    return page
