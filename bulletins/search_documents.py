"""What search knows of this room: stories and released issues.

`eligible()` is the one predicate of what is indexed; `visible()` decides for
a person, whatever the index holds.
"""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.db.models.signals import post_delete
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_unpublished

from bulletins.models import BulletinIssue, BulletinIssuePage, Case, CaseStoryPage
from bulletins.page_text import story_text
from bulletins.permissions import reader_tokens, story_audience
from network.localize import date_text
from search.api import mark_key_changed
from search.contract import Document
from search.registry import DocumentType, among, register


# --- stories -------------------------------------------------------------------
def eligible_stories() -> QuerySet[Case]:
    """Published cases. Which of their languages: those whose page is live."""
    return Case.objects.filter(is_published=True)


def story_documents(case: Case) -> Iterator[Document]:
    """One for each live page, with the names of its subjects and places in that language.

    Queries: pages, topics, distributor with country, region or area.
    """
    pages = case.pages.filter(live=True).select_related("locale")
    topics = list(case.topics.all())
    place = case.region or case.review_area
    audience = story_audience(case)
    for page in pages:
        page.case = case
        with translation.override(page.language):
            names = [str(topic) for topic in topics]
            names += [str(step.label) for step in case.steps]
            names += [str(case.distributor), str(case.distributor.country.name), str(place or "")]
            names.append(case.number)
            body = story_text(page)
        year = case.published_at.year if case.published_at else None
        yield Document(
            key=f"story:{case.pk}",
            language=page.language,
            title=page.title,
            body=body,
            url=page.url or "",
            values={
                "region": (place.slug,) if place else (),
                "process": tuple(step.value for step in case.steps),
                "topic": tuple(topic.slug for topic in topics),
                "language": (page.language,),
                "year": (str(year),) if year else (),
            },
            date=case.published_at.date() if case.published_at else None,
            names="\n".join(name for name in names if name),
            audience=audience,
        )


def visible_stories(ids: Iterable[str], user) -> set[str]:
    """Those this person may read. One query."""
    return among(Case.objects.readable_by(user), ids)


# --- issues --------------------------------------------------------------------
def eligible_issues() -> QuerySet[BulletinIssue]:
    """Released issues."""
    return BulletinIssue.objects.released()


def issue_documents(issue: BulletinIssue) -> Iterator[Document]:
    """One for each live page: its title and month, no more.

    A visitor may see an issue's title only, so the letter is not indexed: a
    hit on its words would tell what it says.
    """
    for page in issue.pages.filter(live=True).select_related("locale"):
        with translation.override(page.language):
            month = date_text(issue.month, "month")
        yield Document(
            key=f"issue:{issue.pk}",
            language=page.language,
            title=page.title,
            body=month,
            url=page.url or "",
            values={"language": (page.language,), "year": (str(issue.month.year),)},
            date=issue.released_at.date() if issue.released_at else issue.month,
        )


def visible_issues(ids: Iterable[str], user) -> set[str]:
    """A released issue's title is public. One query."""
    return among(BulletinIssue.objects.released(), ids)


register(
    DocumentType(
        name="story",
        label=_("Case story"),
        model=Case,
        eligible=eligible_stories,
        to_documents=story_documents,
        visible=visible_stories,
        audiences=reader_tokens,
    )
)
register(
    DocumentType(
        name="issue",
        label=_("Bulletin"),
        model=BulletinIssue,
        eligible=eligible_issues,
        to_documents=issue_documents,
        visible=visible_issues,
    )
)


# --- pages that go live or away outside a transition's own note --------------------
def on_story_page_changed(sender, instance, **kwargs):
    """A language of a story went live, went away or was moved out."""
    mark_key_changed(f"story:{instance.case_id}")


def on_issue_page_changed(sender, instance, **kwargs):
    """Likewise for an issue."""
    mark_key_changed(f"issue:{instance.issue_id}")


for _signal in (page_published, page_unpublished, post_delete):
    _signal.connect(
        on_story_page_changed, sender=CaseStoryPage, dispatch_uid="bulletins.search.story_page"
    )
    _signal.connect(
        on_issue_page_changed, sender=BulletinIssuePage, dispatch_uid="bulletins.search.issue_page"
    )
