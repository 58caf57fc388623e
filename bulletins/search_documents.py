"""What search knows of this room: stories, released issues and news.

`eligible()` is the one predicate of what is indexed; `visible()` decides for
a person, whatever the index holds.
"""

from collections.abc import Iterable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete, pre_delete
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import ReferenceIndex
from wagtail.signals import page_published, page_unpublished

from bulletins.models import BulletinIssue, BulletinIssuePage, Case, CaseStoryPage, News
from bulletins.page_text import story_text
from bulletins.permissions import reader_tokens, readers_may_fetch, story_audience
from network.languages import codes, names_of, unique
from network.localize import date_text
from network.models import DocumentText, GkcDocument
from network.models.places import country_name
from network.signals import document_changed, document_changing
from search.api import mark_key_changed
from search.contract import ELSEWHERE, Document
from search.registry import DocumentType, among, register

#: Characters of a story's files that are indexed, all files together.
MAX_ATTACHED = 400_000


# --- stories -------------------------------------------------------------------
def eligible_stories() -> QuerySet[Case]:
    """Published cases. Which of their languages: those whose page is live."""
    return Case.objects.filter(is_published=True)


def story_documents(case: Case) -> Iterator[Document]:
    """One for each live page, with the names of its subjects and places in every language.

    Queries: pages, topics, distributor with country, region or area, texts of files.
    """
    pages = list(case.pages.filter(live=True).select_related("locale"))
    attached = attached_texts(case, pages)
    topics = list(case.topics.all())
    place = case.region or case.review_area
    audience = story_audience(case)
    foreign = unique(_names_everywhere(case, topics, place))
    for page in pages:
        page.case = case
        with translation.override(page.language):
            names = [str(topic) for topic in topics]
            names += [str(step.label) for step in case.steps]
            names += [str(case.distributor), str(case.distributor.country.name), str(place or "")]
            names.append(case.number)
            elsewhere = [name for name in foreign if name not in names]
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
            names="\n".join([*(name for name in names if name), ELSEWHERE, *elsewhere]),
            attachments=attached[page.pk],
            audience=audience,
        )


def attached_texts(case: Case, pages: Iterable[CaseStoryPage]) -> dict[int, str]:
    """Page's key → what stands in the files that it shows, a line a paragraph.

    Left out are files that some reader of the story may not fetch. Files share
    the room evenly: the first one never leaves none to the last.
    """
    shown = {
        page.pk: [
            document.pk
            for block in page.files
            if (document := block.value.get("document")) and readers_may_fetch(case, document)
        ]
        for page in pages
    }
    wanted = {pk for ids in shown.values() for pk in ids}
    read = DocumentText.objects.filter(pk__in=wanted).exclude(text="")
    texts = dict(read.values_list("pk", "text")) if wanted else {}
    joined = {}
    for page_pk, ids in shown.items():
        found = [texts[pk] for pk in dict.fromkeys(ids) if pk in texts]
        joined[page_pk] = "\n".join(text[: MAX_ATTACHED // len(found)] for text in found)
    return joined


def _names_everywhere(case: Case, topics: list, place) -> Iterator[str]:
    """Names of topics, steps, region and country in all languages, its own included."""
    for topic in topics:
        yield from names_of(topic).values()
    for step in case.steps:
        yield from step.names().values()
    if place:
        yield from names_of(place).values()
    for code in codes():
        yield country_name(case.distributor.country_id, code)


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


# --- news ----------------------------------------------------------------------
def eligible_news() -> QuerySet[News]:
    """What is shown now. The last day may pass unnoticed by the index: `visible` asks again."""
    return News.objects.out()


def news_documents(item: News) -> Iterator[Document]:
    """One for each language. One query where nothing was prefetched."""
    readers = "members" if item.scope is None else f"{item.scope[0]}:{item.scope[1]}"
    for text in item.texts.all():
        with translation.override(text.language):
            place = str(item.place or "")
            url = reverse("news_item", args=[item.pk])
        yield Document(
            key=f"news:{item.pk}",
            language=text.language,
            title=text.title,
            body=text.text,
            url=url,
            values={
                "language": (text.language,),
                "region": (item.place.slug,) if item.place else (),
                "year": (str(item.published_at.year),),
            },
            date=item.published_at.date(),
            names=place,
            audience=("editors", readers),
        )


def visible_news(ids: Iterable[str], user) -> set[str]:
    """Those of this person's scopes that are shown now. One query."""
    return among(News.objects.visible_to(user), ids)


register(
    DocumentType(
        name="news",
        label=_("News"),
        model=News,
        eligible=eligible_news,
        to_documents=news_documents,
        visible=visible_news,
        audiences=reader_tokens,
    )
)
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


# --- files of stories ---------------------------------------------------------------
def stories_showing(document: GkcDocument) -> QuerySet[Case]:
    """Stories that the file belongs to, and those an editor chose it for."""
    chosen = CaseStoryPage.objects.none()
    if document.pk:
        references = ReferenceIndex.get_references_to(document).filter(
            content_type=ContentType.objects.get_for_model(CaseStoryPage)
        )
        ids = [int(pk) for pk in references.values_list("object_id", flat=True)]
        chosen = CaseStoryPage.objects.filter(pk__in=ids)
    of_guard = Q(number=document.guard_key) if document.guard_key else Q(pk=None)
    return Case.objects.filter(of_guard | Q(pk__in=chosen.values("case"))).order_by("pk")


def on_document_changing(sender, document, **kwargs):
    """Hold the stories that show it: they are published before or after, never meanwhile."""
    list(stories_showing(document).select_for_update(no_key=True).values_list("pk", flat=True))


def on_document_changed(sender, document, **kwargs):
    """Its text, guard or name is another: write the published stories that show it again."""
    for pk in stories_showing(document).filter(is_published=True).values_list("pk", flat=True):
        mark_key_changed(f"story:{pk}")


def on_document_deleting(sender, instance, **kwargs):
    """As before any change."""
    on_document_changing(sender, instance)


def on_document_deleted(sender, instance, **kwargs):
    """Its words go in the same transaction."""
    on_document_changed(sender, instance)


document_changing.connect(on_document_changing, dispatch_uid="bulletins.search.changing")
document_changed.connect(on_document_changed, dispatch_uid="bulletins.search.changed")
pre_delete.connect(
    on_document_deleting, sender=GkcDocument, dispatch_uid="bulletins.search.deleting"
)
post_delete.connect(
    on_document_deleted, sender=GkcDocument, dispatch_uid="bulletins.search.deleted"
)
