"""Authorship moves when an author leaves: their distributor names a new author."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.models import Case, LastingCheck, Partaking
from bulletins.page_context import STORY_FLAGGED_AS
from bulletins.permissions import can_name_author
from bulletins.transitions.core import MAX_REASON, changing, record
from bulletins.transitions.lasting import days_to_answer
from bulletins.transitions.publishing import days_to_confirm
from network.models import User
from network.permissions import belongs_to, forget_standing
from review.api import author_changed
from review.asking import pass_on
from touchpoints.api import tell


def name_author(case: Case, *, to: User, by, reason: str = "") -> None:
    """Give a story whose author left to a member of its distributor, with all its duties.

    Drafts, requested changes, an edit to confirm, the question whether results
    last, open questions and readers' marks are theirs from now on, with days of
    their own. The former author stays named. Raises PermissionDenied, or
    TransitionRefused where the author is still there, somebody else was named
    meanwhile, or that person is no member.
    """
    reason = (reason or "").strip()
    if len(reason) > MAX_REASON:
        raise TransitionRefused(_("This reason is too long. Shorten it, then send."))
    with changing(case) as locked:
        if not can_name_author(by, locked):
            raise PermissionDenied
        if not Case.objects.left_by_author().filter(pk=locked.pk).exists():
            raise TransitionRefused(
                _("%(name)s is the author of this story.") % {"name": locked.author.display_name}
            )
        forget_standing(to)
        if to.is_system or not belongs_to(to, locked.distributor):
            raise TransitionRefused(
                _("%(name)s is no member of the distributor.") % {"name": to.display_name}
            )
        former, locked.author = locked.author, to
        locked.co_authors.remove(to)
        locked.co_authors.add(former)
        rows = locked.co_authorships.current().filter(user=to)
        rows.update(state=Partaking.AUTHOR, ended_at=timezone.now())
        _give_days(locked, to)
        record(
            locked,
            locked.stage,
            verb="name_author",
            by=by,
            holder=to if locked.holder_id == former.pk else locked.holder,
            reason=reason,
            on_behalf_of=to,
        )
        pass_on(STORY_FLAGGED_AS, locked.number, former=former, to=to, by=by)
        tell("bulletins.author_named", locked, former=former.pk)


def _give_days(case: Case, author: User) -> None:
    """What waits for the author's word begins anew: nobody inherits days that are over."""
    author_changed(case, author)
    if case.author_confirm_until is not None:
        last = case.events.filter(verb__in=["author_object", "edit"]).last()
        if last is None or last.verb == "edit":
            case.author_confirm_until = days_to_confirm(author)
    LastingCheck.objects.filter(case=case, answer="").update(
        due=days_to_answer(author, timezone.now())
    )
