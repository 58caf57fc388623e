"""What search knows of the site itself: entrance pages, names of subjects and places.

Also the receivers for the network's own objects: a new name of a topic or a
place is part of every story that bears it, and of the words that stand for it
in queries.
"""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from bulletins.models import BulletinIndexPage, Case, StoryIndexPage
from bulletins.page_text import prose_text
from network.languages import names_of
from network.models import Distributor, ProcessStep, Region, ReviewArea, Topic
from search.api import mark_changed, vocabulary_changed
from search.concepts import Concept
from search.contract import Document
from search.models import SearchDocument
from search.registry import DocumentType, among, register, register_facet, register_vocabulary
from silver_book.models import BookIndexPage
from workshops.models import WorkshopIndexPage

ENTRANCES = (BookIndexPage, StoryIndexPage, BulletinIndexPage, WorkshopIndexPage)


# --- entrance pages --------------------------------------------------------------
def eligible_pages() -> QuerySet[Page]:
    """Live, unrestricted entrance pages that lead somewhere. The home page says nothing to find."""
    hidden = [model for model in ENTRANCES if model.empty_is_hidden]
    found = Page.objects.live().public().type(ENTRANCES)
    return found.exclude(pk__in=Page.objects.type(tuple(hidden)).filter(numchild=0).values("pk"))


def page_documents(page: Page) -> Iterator[Document]:
    """The page in its own language."""
    page = page.specific
    yield Document(
        key=f"page:{page.pk}",
        language=page.language,
        title=page.title,
        body=prose_text(getattr(page, "introduction", ())),
        url=page.url or "",
        values={"language": (page.language,)},
    )


def visible_pages(ids: Iterable[str], user) -> set[str]:
    """Live and unrestricted: everyone's. One query."""
    return among(Page.objects.live().public(), ids)


register(
    DocumentType(
        name="page",
        label=_("Page"),
        model=ENTRANCES,
        eligible=eligible_pages,
        to_documents=page_documents,
        visible=visible_pages,
    )
)


def index_entrances() -> None:
    """Note the entrance pages that search does not know yet (bootstrap sends no signal)."""
    known = set(
        SearchDocument.objects.filter(key__startswith="page:").values_list("key", flat=True)
    )
    for page in eligible_pages():
        if f"page:{page.pk}" not in known:
            mark_changed(page.specific)


# --- facets ------------------------------------------------------------------------
def region_labels(slugs: list[str]) -> dict[str, str]:
    """Home regions, and review areas where a story has no home region. Two queries."""
    labels = {area.slug: str(area) for area in ReviewArea.objects.filter(slug__in=slugs)}
    return labels | {region.slug: str(region) for region in Region.objects.filter(slug__in=slugs)}


def process_labels(values: list[str]) -> dict[str, str]:
    """The five steps."""
    return {step.value: str(step.label) for step in ProcessStep}


def topic_labels(slugs: list[str]) -> dict[str, str]:
    """Topics. One query."""
    return {topic.slug: str(topic) for topic in Topic.objects.filter(slug__in=slugs)}


register_facet("region", region_labels)
register_facet("process", process_labels)
register_facet("topic", topic_labels)


# --- vocabulary -------------------------------------------------------------------
TOPICS, REGIONS = "topics", "regions"


def topic_concepts() -> Iterator[Concept]:
    """Topics by their names. One query."""
    yield from _concepts("topic", Topic.objects.order_by("slug"))


def region_concepts() -> Iterator[Concept]:
    """Home regions by their names. One query."""
    yield from _concepts("region", Region.objects.order_by("slug"))


def _concepts(kind: str, objects: QuerySet) -> Iterator[Concept]:
    for obj in objects:
        yield Concept(f"{kind}:{obj.slug}", {code: (n,) for code, n in names_of(obj).items()})


def step_concepts() -> Iterator[Concept]:
    """The five steps. No query."""
    for step in ProcessStep:
        yield Concept(f"step:{step.value}", {code: (n,) for code, n in step.names().items()})


register_vocabulary(TOPICS, topic_concepts)
register_vocabulary(REGIONS, region_concepts)
register_vocabulary("steps", step_concepts)


# --- receivers -----------------------------------------------------------------------
def on_page_changed(sender, instance, **kwargs):
    """An entrance page was published, unpublished or deleted."""
    mark_changed(instance)


for _model in ENTRANCES:
    for _signal in (page_published, page_unpublished, post_delete):
        _signal.connect(on_page_changed, sender=_model, dispatch_uid="gkc_site.search.page")


def _mark_all(cases: QuerySet[Case]) -> None:
    for case in cases.filter(is_published=True):
        mark_changed(case)


def on_topic_saved(sender, instance, created, raw=False, **kwargs):
    """A topic's name stands in its stories, and in queries."""
    vocabulary_changed(TOPICS)
    if not created and not raw:
        _mark_all(Case.objects.filter(topics=instance))


def on_distributor_saved(sender, instance, created, raw=False, **kwargs):
    """A distributor's name stands in its stories."""
    if not created and not raw:
        _mark_all(Case.objects.filter(distributor=instance))


def on_region_saved(sender, instance, created, raw=False, **kwargs):
    """A region's name stands in its stories, and in queries."""
    vocabulary_changed(REGIONS)
    if not created and not raw:
        _mark_all(Case.objects.filter(region=instance))


def on_area_saved(sender, instance, created, raw=False, **kwargs):
    """An area's name stands in the stories that have no home region."""
    if not created and not raw:
        _mark_all(Case.objects.filter(region__isnull=True, review_area=instance))


def on_topic_deleted(sender, instance, **kwargs):
    """Nor does its name mean anything more."""
    vocabulary_changed(TOPICS)


def on_region_deleted(sender, instance, **kwargs):
    """Likewise."""
    vocabulary_changed(REGIONS)


post_delete.connect(on_topic_deleted, sender=Topic, dispatch_uid="gkc_site.search.names")
post_delete.connect(on_region_deleted, sender=Region, dispatch_uid="gkc_site.search.names")
for _model, _receiver in (
    (Topic, on_topic_saved),
    (Distributor, on_distributor_saved),
    (Region, on_region_saved),
    (ReviewArea, on_area_saved),
):
    post_save.connect(_receiver, sender=_model, dispatch_uid="gkc_site.search.names")
