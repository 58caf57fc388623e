"""What search knows of the book: its sections in each of their languages, and local texts."""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.signals import post_delete
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.signals import page_published, page_unpublished

from network.models import ProcessStep
from network.permissions import is_member
from search.api import mark_key_changed
from search.contract import Document
from search.registry import DocumentType, among, register
from silver_book import inline
from silver_book.blocks import PracticeElement
from silver_book.models import BookSectionPage, LocalText
from silver_book.paragraphs import anchor, block_states, plain_text
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


def section_documents(section: BookSectionPage, language: str = "") -> Iterator[Document]:
    """One for each live page: title, summary and text, with the names of its process steps.

    `language`: that page's alone.
    """
    pages = BookSectionPage.objects.filter(
        translation_key=section.translation_key, live=True
    ).select_related("locale")
    if language:
        pages = pages.filter(locale__language_code=language)
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
        in_language=section_documents,
    )
)


# --- the local edition: for members ---------------------------------------------------
MEMBERS = "members"


def eligible_local_texts() -> QuerySet[LocalText]:
    """Those that stand, of sections that can be read."""
    live = BookSectionPage.objects.filter(translation_key=OuterRef("section"), live=True)
    return LocalText.objects.standing().filter(Exists(live)).with_places()


def local_documents(local: LocalText) -> Iterator[Document]:
    """One, in the language it is written in; its title is the section's, with the place."""
    pages = BookSectionPage.objects.filter(translation_key=local.section, live=True)
    found = {page.language: page for page in pages.select_related("locale")}
    page = next(
        (found[code] for code in (local.language, "en", "ja") if code in found),
        next(iter(found.values())),
    )
    with translation.override(local.language):
        place = local.place.name
    yield Document(
        key=f"local:{local.pk}",
        language=local.language,
        title=f"{page.title} ({place})",
        body="\n".join(inline.plain(line) for line in local.text.splitlines() if line.strip()),
        url=f"{page.url or ''}?local={local.scope_code}#{anchor(local.block_id)}",
        values={
            "region": (local.place.slug,),
            "process": tuple(page.processes),
            "language": (local.language,),
        },
        date=local.changed_at.date(),
        audience=(MEMBERS,),
    )


def visible_local_texts(ids: Iterable[str], user) -> set[str]:
    """Every member reads every region's. One query; none for a visitor."""
    if not is_member(user):
        return set()
    return among(LocalText.objects.visible_to(user), ids)


register(
    DocumentType(
        name="local",
        label=_("Local edition"),
        model=LocalText,
        eligible=eligible_local_texts,
        to_documents=local_documents,
        visible=visible_local_texts,
        audiences=lambda user: (MEMBERS,) if is_member(user) else (),
    )
)


def on_section_changed(sender, instance, signal, **kwargs):
    """A language of a section went live, went away or was deleted."""
    first = (
        BookSectionPage.objects.filter(translation_key=instance.translation_key)
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    )
    # A page that is gone may have been the first, which all the others were known by.
    only = None if signal is post_delete else instance.language
    mark_key_changed(f"section:{first or instance.pk}", only)
    texts = LocalText.objects.standing().filter(section=instance.translation_key)
    for pk in texts.values_list("pk", flat=True):
        mark_key_changed(f"local:{pk}")


for _signal in (page_published, page_unpublished, post_delete):
    _signal.connect(
        on_section_changed, sender=BookSectionPage, dispatch_uid="silver_book.search.section"
    )
