"""What search knows of the book: its sections, each in the languages it exists in."""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.signals import post_delete
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_unpublished

from network.models import ProcessStep
from search.api import mark_key_changed
from search.contract import Document
from search.registry import DocumentType, among, register
from silver_book.blocks import PracticeElement
from silver_book.models import BookSectionPage
from silver_book.paragraphs import block_states, plain_text
from silver_book.permissions import BASE_LANGUAGES
from translations.api import paragraphs_behind


def eligible_sections() -> QuerySet[BookSectionPage]:
    """One page for each section: the first that was made stands for all its languages.

    Asked for one section at a time while a book is taken in, so both
    conditions look at that section's own pages only.
    """
    twins = BookSectionPage.objects.order_by().filter(translation_key=OuterRef("translation_key"))
    return BookSectionPage.objects.filter(
        Exists(twins.filter(live=True)), ~Exists(twins.filter(pk__lt=OuterRef("pk")))
    )


def section_documents(section: BookSectionPage) -> Iterator[Document]:
    """One for each live page: title, summary and text, with the names of its process steps."""
    pages = BookSectionPage.objects.filter(
        translation_key=section.translation_key, live=True
    ).select_related("locale")
    for page in pages:
        with translation.override(page.language):
            names = [str(ProcessStep(x).label) for x in page.processes if x in ProcessStep.values]
            names += [
                str(PracticeElement(x).label) for x in page.elements if x in PracticeElement.values
            ]
        yield Document(
            key=f"section:{section.pk}",
            language=page.language,
            title=page.title,
            body="\n".join(text for text in (page.summary, plain_text(_own_blocks(page))) if text),
            url=page.url or "",
            values={"process": tuple(page.processes), "language": (page.language,)},
            date=page.last_published_at.date() if page.last_published_at else None,
            names="\n".join([*names, *page.terms]),
        )


def _own_blocks(page: BookSectionPage) -> list:
    """Paragraphs with words in the page's language: the original's are found as the original's.

    A query for a translation.
    """
    if page.language in BASE_LANGUAGES:
        return list(page.body.raw_data)
    states = block_states(paragraphs_behind(page), "body")
    missing = {block_id for block_id, (state, _since) in states.items() if state == "missing"}
    return [block for block in page.body.raw_data if block["id"] not in missing]


def visible_sections(ids: Iterable[str], user) -> set[str]:
    """The standard text is open to everyone. One query."""
    return among(eligible_sections(), ids)


register(
    DocumentType(
        name="section",
        label=_("Silver Book"),
        model=BookSectionPage,
        eligible=eligible_sections,
        to_documents=section_documents,
        visible=visible_sections,
    )
)


def on_section_changed(sender, instance, **kwargs):
    """A language of a section went live, went away or was deleted."""
    first = (
        BookSectionPage.objects.filter(translation_key=instance.translation_key)
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    )
    mark_key_changed(f"section:{first or instance.pk}")


for _signal in (page_published, page_unpublished, post_delete):
    _signal.connect(
        on_section_changed, sender=BookSectionPage, dispatch_uid="silver_book.search.section"
    )
