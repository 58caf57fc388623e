"""After a visit: what was seen is logged, and becomes a proposal or a story."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.models import Case, IssueProposal
from bulletins.transitions.regional import propose_story
from gkc_site.measures.permissions import can_begin_story, can_log_visit, can_see_brief
from gkc_site.models import VisitNote
from network.models import Country, Membership
from network.registry import start_story
from network.tree import tree_change
from touchpoints.api import tell


def log_visit(country: Country, *, by, visited_on: datetime.date, text: str) -> VisitNote:
    """An executive writes down what was seen; the area's leads are told.

    Raises PermissionDenied, or TransitionRefused for an empty note or a day to come.
    """
    if not can_log_visit(by, country):
        raise PermissionDenied
    text = text.strip()
    if not text:
        raise TransitionRefused(_("Write what you saw."))
    if visited_on > timezone.localdate():
        raise TransitionRefused(_("This day has not come yet."))
    with transaction.atomic():
        Country.objects.select_for_update(no_key=True).get(pk=country.pk)
        newest = VisitNote.objects.filter(country=country, by=by).order_by("-pk").first()
        if newest and (newest.visited_on, newest.text) == (visited_on, text):
            return newest  # a form sent twice
        note = VisitNote.objects.create(country=country, by=by, visited_on=visited_on, text=text)
        tell("gkc_site.visit_logged", note)
    return note


def propose_from_visit(
    note: VisitNote, *, by, case: Case, month: datetime.date, sentence: str
) -> IssueProposal:
    """The area's lead proposes a story of the country because of what was seen.

    Raises PermissionDenied, or TransitionRefused where the note led to a
    proposal already, or as `propose_story`.
    """
    with transaction.atomic():
        found = _locked(note, by)
        if found.proposal_id:
            raise TransitionRefused(_("A proposal came of this note already."))
        if case.distributor.country_id != found.country_id:
            raise TransitionRefused(_("This story is from another country."))
        found.proposal = propose_story(case, by=by, month=month, sentence=sentence)
        found.save(update_fields=["proposal"])
    return found.proposal


def begin_story_from_visit(note: VisitNote, *, by, member: Membership, language: str):
    """A draft for an author of the country that begins with the note; the author is told.

    Raises PermissionDenied, or TransitionRefused where the note led to a story
    already, or the author belongs to no distributor there.
    """
    with tree_change():
        found = _locked(note, by)
        if not can_begin_story(by, found.country):
            raise PermissionDenied
        if found.case_id:
            raise TransitionRefused(_("A story came of this note already."))
        if member.distributor.country_id != found.country_id:
            raise TransitionRefused(_("This person cannot write for this distributor."))
        found.case = start_story(
            author=member.user,
            by=by,
            distributor=member.distributor,
            language=language,
            words=found.text,
        )
        found.save(update_fields=["case"])
    return found.case


def _locked(note: VisitNote, by) -> VisitNote:
    rows = VisitNote.objects.select_for_update(of=("self",)).select_related("country__review_area")
    found = rows.get(pk=note.pk)
    if not can_see_brief(by, found.country):
        raise PermissionDenied
    return found
