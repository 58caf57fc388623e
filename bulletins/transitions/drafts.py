"""Beginning a story, and throwing a draft away."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from bulletins.completeness import untitled
from bulletins.exceptions import TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import Case, CaseEvent, CaseStoryPage, Stage, StoryIndexPage
from bulletins.permissions import can_delete_draft, can_share_case
from bulletins.transitions.core import changing, refuse_unless
from network.tree import tree_change
from review.api import forget


def start_case(*, by, distributor, language: str, audience: str = "network") -> Case:
    """Make an empty draft with its page in `language`.

    Raises PermissionDenied for someone who is no member of the distributor,
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
            source_language=language,
            audience=audience,
            holder=by,
            since=timezone.now(),
        )
        add_page(case, locale, title=untitled(), by=by)
        CaseEvent.objects.create(
            case=case, at=case.since, verb="start", old="", new=Stage.DRAFT, holder=by, by=by
        )
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
        if locked.events.exclude(verb="start").exists():
            raise TransitionRefused(_("This story was submitted once; withdraw it instead."))
        forget(locked)
        for page in locked.pages.all():
            page.delete()
        # The one place where events go: a draft that nobody but its author ever saw.
        CaseEvent.objects.filter(case=locked)._raw_delete(using=locked._state.db)
        locked.delete()
