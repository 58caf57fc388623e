"""Co-authors: the author asks a colleague, who accepts or declines, leaves or is taken off.

A co-author writes; only the author deletes, withdraws, and says who writes along.
"""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.models import Case, CoAuthorship, Partaking, Stage
from bulletins.permissions import can_answer_co_authorship, can_choose_co_authors, wrote
from bulletins.transitions.core import changing, record, refuse_unless
from network.models import User
from network.permissions import belongs_to, forget_standing
from touchpoints.api import tell

# Stages in which somebody can begin to write along.
JOINABLE = set(Stage) - {Stage.WITHDRAWN, Stage.DECLINED, Stage.ARCHIVED}
MAX_WORDS = CoAuthorship._meta.get_field("words").max_length
MAX_CO_AUTHORS = 12  # asked or writing along


def invite_co_author(case: Case, *, person: User, by, words: str = "") -> CoAuthorship:
    """The author asks a colleague of the same distributor to write along.

    Raises PermissionDenied for anybody but the author; TransitionRefused where
    the story's way has ended, or that person cannot be asked, or is asked already.
    """
    words = " ".join(words.split())
    if len(words) > MAX_WORDS:
        raise TransitionRefused(_("This text is too long. Shorten it, then send."))
    with changing(case) as locked:
        if not can_choose_co_authors(by, locked):
            raise PermissionDenied
        refuse_unless(locked, JOINABLE, _("The way of this story has ended."))
        _check_colleague(person, locked)
        rows = locked.co_authorships.current()
        if wrote(person, locked) or rows.filter(user=person).exists():
            raise TransitionRefused(
                _("%(name)s is asked already, or writes along.") % {"name": person.display_name}
            )
        if rows.count() >= MAX_CO_AUTHORS:
            raise TransitionRefused(_("A story has no more co-authors than these."))
        made = CoAuthorship.objects.create(case=locked, user=person, by=by, words=words)
        _note(locked, "invite", by=by, about=person)
        tell("bulletins.co_author_asked", made)
        return made


def answer_co_authorship(made: CoAuthorship, *, by, accepts: bool, reason: str = "") -> None:
    """Whoever was asked writes along from now on, or declines; the author is told.

    Raises PermissionDenied for anybody else, TransitionRefused where it is no
    longer asked, the story's way has ended, or they left the distributor.
    """
    with changing(made.case) as locked:
        row = CoAuthorship.objects.select_for_update().get(pk=made.pk)
        if not can_answer_co_authorship(by, row):
            raise PermissionDenied
        if not row.is_open:
            raise TransitionRefused(_("This invitation is no longer open."))
        if accepts:
            refuse_unless(locked, JOINABLE, _("The way of this story has ended."))
            _check_colleague(by, locked)
            locked.co_authors.add(by)
            _note(locked, "join", by=by, about=by)
        row.state = Partaking.ACCEPTED if accepts else Partaking.DECLINED
        row.answered_at = timezone.now()
        row.reason = "" if accepts else " ".join(reason.split())[:MAX_WORDS]
        row.save(update_fields=["state", "answered_at", "reason"])
        tell("bulletins.co_author_answered", row)


def end_co_authorship(case: Case, *, person: User, by) -> None:
    """A co-author leaves the story, or the author takes them off; or no longer asks.

    What they wrote stays; they are no longer named. Raises PermissionDenied,
    or TransitionRefused where that person does not write along.
    """
    with changing(case) as locked:
        leaves = by.pk == person.pk
        if not (leaves or can_choose_co_authors(by, locked)):
            raise PermissionDenied
        row = locked.co_authorships.current().filter(user=person).first()
        writes = locked.co_authors.filter(pk=person.pk).exists()
        is_former = person in locked.former_authors()
        if is_former or not (row or writes) or (leaves and not writes):
            raise TransitionRefused(
                _("%(name)s does not write along.") % {"name": person.display_name}
            )
        # Whoever was a co-author before there were invitations has no row yet.
        row = row or CoAuthorship(case=locked, user=person, by=locked.author)
        row.state, row.ended_at = Partaking.TAKEN_BACK, timezone.now()
        if writes:
            row.state = Partaking.LEFT if leaves else Partaking.REMOVED
            locked.co_authors.remove(person)
            _note(locked, "part", by=by, about=person)
        row.save()
        tell("bulletins.co_author_ended", row)


def _check_colleague(person: User, case: Case) -> None:
    """Raises TransitionRefused for whoever is no member of the story's distributor now."""
    forget_standing(person)
    if person.is_system or not belongs_to(person, case.distributor):
        raise TransitionRefused(
            _("%(name)s is no member of your distributor.") % {"name": person.display_name}
        )


def _note(case: Case, verb: str, *, by, about: User) -> None:
    """A line of the log: the story stays where it is."""
    record(case, case.stage, verb=verb, by=by, holder=case.holder, on_behalf_of=about)
