"""A programme is archived with its history, or taken up again."""

import hashlib
import json
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from network.languages import reading_order
from network.localize import list_text
from network.tree import tree_change
from search.api import mark_changed
from workshops.exceptions import StaleForm, TransitionRefused
from workshops.models import (
    EligibilityWatch,
    ExceptionRequest,
    LabRun,
    LabState,
    Programme,
    ProgrammeEvent,
    ProgrammeVerb,
    Session,
    SessionState,
)
from workshops.models.session import ENROLLABLE
from workshops.permissions import can_change_programme
from workshops.titles import titles_for
from workshops.transitions.core import MAX_REASON, changing
from workshops.transitions.sessions import call_off
from workshops.transitions.wishing import end_wishes

# Stored in English where the coordinator gives no reason, and translated where it is shown.
NO_LONGER = gettext_noop("This programme is no longer given.")


@dataclass(frozen=True)
class Archiving:
    """What archiving a programme would meet and do.

    `sessions` that are open and not over, and programmes that ask for it
    (`required_by`), keep it from being archived. Planned sessions are called
    off, distributors' versions go with it, wishes and requests are answered;
    who is in the middle of its online lab (`labs`) cannot go on.
    """

    sessions: tuple[Session, ...]
    required_by: tuple[Programme, ...]
    planned: tuple[Session, ...]
    versions: tuple[Programme, ...]
    watches: int
    exceptions: int
    labs: int

    @property
    def is_refused(self) -> bool:
        return bool(self.sessions or self.required_by)

    @property
    def mark(self) -> str:
        """Another one means that something changed since it was shown."""
        rows = (self.sessions, self.required_by, self.planned, self.versions)
        facts = [[one.pk for one in found] for found in rows]
        facts += [self.watches, self.exceptions, self.labs]
        return hashlib.blake2b(json.dumps(facts).encode(), digest_size=16).hexdigest()


def foresee_archiving(programme: Programme) -> Archiving:
    """What it would meet and do now. Six queries."""
    versions = tuple(programme.versions.current().select_related("distributor"))
    going = [programme, *versions]
    ahead = Session.objects.filter(programme__in=going, ends_at__gt=timezone.now())
    ahead = ahead.select_related("programme", "country").order_by("starts_at", "pk")
    states = (*ENROLLABLE, SessionState.PLANNED)
    ahead = list(ahead.filter(state__in=states))
    required_by = Programme.objects.current().filter(requires__in=going).distinct()
    keys = {one.pk for one in going}
    return Archiving(
        sessions=tuple(one for one in ahead if one.state != SessionState.PLANNED),
        required_by=tuple(one for one in required_by if one.pk not in keys),
        planned=tuple(one for one in ahead if one.state == SessionState.PLANNED),
        versions=versions,
        watches=EligibilityWatch.objects.open().filter(programme__in=going).count(),
        exceptions=ExceptionRequest.objects.open().filter(programme__in=going).count(),
        labs=LabRun.objects.filter(programme__in=going, state=LabState.OPEN).count(),
    )


def archive_programme(
    programme: Programme, *, by, reason: str = "", seen: str | None = None
) -> Programme:
    """Take it out of the catalogue; sessions, history and certificates stay.

    Planned sessions are called off, versions of distributors go with it, and
    whoever wished for it or asked for an exception is told why. `seen` is the
    mark of what was shown. Raises PermissionDenied; TransitionRefused while
    sessions are ahead or another programme asks for it; StaleForm where it
    would do something else than was seen.
    """
    with tree_change():
        found = locked_programme(programme, by)
        if found.is_archived:
            return found
        effects = foresee_archiving(found)
        if seen is not None and seen != effects.mark:
            raise StaleForm(
                _(
                    "Something changed since you saw this. Nothing was done: look again, then "
                    "confirm."
                )
            )
        if effects.sessions:
            raise TransitionRefused(_("Sessions are still ahead. Give or cancel them first."))
        if effects.required_by:
            raise TransitionRefused(_asked_for_by(effects.required_by, by))
        why = (reason or "").strip() or NO_LONGER
        if len(why) > MAX_REASON:
            raise TransitionRefused(_("This reason is too long. Shorten it, then send."))
        for session in sorted(effects.planned, key=lambda one: one.pk):
            with changing(session) as held:
                if held.state != SessionState.PLANNED:  # opened in this very moment
                    raise TransitionRefused(
                        _("Sessions are still ahead. Give or cancel them first.")
                    )
                call_off(held, by=by, reason=why)
        for one in (*effects.versions, found):
            put_away(one, by=by, reason=why)
        return found


def _asked_for_by(programmes, by) -> str:
    titles = titles_for(programmes, reading_order(by))
    names = list_text(titles[one.pk].title for one in programmes)
    return ngettext(
        "%(names)s asks for it. Change that first.",
        "%(names)s ask for it. Change that first.",
        len(programmes),
    ) % {"names": names}


def put_away(programme: Programme, *, by, reason: str) -> None:
    """Mark it archived, with its event; answer who wished for it. The caller holds its row."""
    now = timezone.now()
    programme.archived_at = now
    programme.save(update_fields=["archived_at"])
    ProgrammeEvent.objects.create(
        programme=programme, at=now, by=by, verb=ProgrammeVerb.ARCHIVE, reason=reason
    )
    end_wishes(programme, by=by, reason=reason, at=now)
    mark_changed(programme)


def unarchive_programme(programme: Programme, *, by) -> Programme:
    """Give it again, as it was. Raises PermissionDenied, or TransitionRefused for a version whose
    global programme is archived."""
    with tree_change():
        found = locked_programme(programme, by)
        if found.is_archived:
            take_up(found, by=by)
        return found


def take_up(programme: Programme, *, by) -> None:
    """As `unarchive_programme`, for a caller who holds its row and has asked for permission."""
    if programme.parent_id and programme.parent.is_archived:
        raise TransitionRefused(_("Its global programme is archived. Take that up first."))
    programme.archived_at = None
    programme.save(update_fields=["archived_at"])
    ProgrammeEvent.objects.create(programme=programme, by=by, verb=ProgrammeVerb.UNARCHIVE)
    mark_changed(programme)


def locked_programme(programme: Programme, by) -> Programme:
    """The programme as it stands now, alone to us. Raises PermissionDenied.

    Sessions and records may be added meanwhile: they hold its key only.
    """
    rows = Programme.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("parent", "distributor").get(pk=programme.pk)
    if not can_change_programme(by, found):
        raise PermissionDenied
    return found
