"""Parts, chapters and sections: one page a language, the same key in all of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from network.models import ProcessStep
from network.permissions import is_member
from silver_book import page_context
from silver_book.blocks import BODY, PracticeElement
from silver_book.models.fields import ChoicesField
from silver_book.models.index import CONTENT_PANELS, BookPage, same_in_all_languages
from silver_book.models.reading import ReadingPlace
from silver_book.queries import SectionManager
from translations.models import LinesField


class BookPartPage(BookPage):
    """A part of the book, with the words that open it."""

    introduction = StreamField(BODY, blank=True, verbose_name=_("introduction"))

    parent_page_types = ["silver_book.BookIndexPage"]
    subpage_types = ["silver_book.BookChapterPage", "silver_book.BookSectionPage"]
    template = "silver_book/part.html"
    content_panels = [*CONTENT_PANELS, FieldPanel("introduction")]
    override_translatable_fields = same_in_all_languages()

    class Meta:
        verbose_name = _("part of the book")
        verbose_name_plural = _("parts of the book")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | page_context.part(request, self, part_key=self.key, chapter_key="")


class BookChapterPage(BookPage):
    """A chapter of a part."""

    part_key = models.CharField(max_length=100, blank=True, editable=False)
    introduction = StreamField(BODY, blank=True, verbose_name=_("introduction"))

    parent_page_types = ["silver_book.BookPartPage"]
    subpage_types = ["silver_book.BookSectionPage"]
    template = "silver_book/part.html"
    content_panels = [*CONTENT_PANELS, FieldPanel("introduction")]
    override_translatable_fields = same_in_all_languages("part_key")

    class Meta:
        verbose_name = _("chapter of the book")
        verbose_name_plural = _("chapters of the book")

    def save(self, *args, **kwargs):
        """Takes its part from the tree when it is made."""
        if self._state.adding and not self.part_key and self.path:
            self.part_key = self.get_parent().specific.key
        super().save(*args, **kwargs)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | page_context.part(
            request, self, part_key=self.part_key, chapter_key=self.key
        )


class BookSectionPage(BookPage):
    """A section in one language. English and Japanese are written, the others translated (R15).

    `part_key` and `chapter_key` repeat what the tree says, so that contents in
    any mix of languages take one query.
    """

    part_key = models.CharField(max_length=100, blank=True, editable=False)
    chapter_key = models.CharField(max_length=100, blank=True, editable=False)
    summary = models.TextField(_("summary"), blank=True)
    processes = ChoicesField(
        _("process steps"), default=list, blank=True, choices_class=ProcessStep
    )
    elements = ChoicesField(
        _("practice elements"), default=list, blank=True, choices_class=PracticeElement
    )
    body = StreamField(BODY, blank=True, verbose_name=_("text"))
    # Keys of what proves and teaches it: resolved by network.registry.references.
    cases = LinesField(_("stories"), default=list, blank=True, help_text=_("Numbers, one a line."))
    workshops = LinesField(
        _("workshops"), default=list, blank=True, help_text=_("Keys or names, one a line.")
    )
    terms = LinesField(_("terms"), default=list, blank=True, help_text=_("One a line."))

    objects = SectionManager()

    parent_page_types = ["silver_book.BookPartPage", "silver_book.BookChapterPage"]
    subpage_types: list[str] = []
    template = "silver_book/section.html"
    content_panels = [
        *CONTENT_PANELS,
        *(
            FieldPanel(name)
            for name in ("summary", "processes", "elements", "body", "cases", "workshops", "terms")
        ),
    ]
    override_translatable_fields = same_in_all_languages(
        "part_key", "chapter_key", "processes", "elements", "cases", "workshops", "terms"
    )

    class Meta:
        verbose_name = _("section of the book")
        verbose_name_plural = _("sections of the book")
        indexes = [
            models.Index(fields=["part_key", "chapter_key"], name="section_place"),
            models.Index(fields=["number"], name="section_number"),
        ]

    def save(self, *args, **kwargs):
        """Takes its part and chapter from the tree when it is made."""
        if self._state.adding and not self.part_key and self.path:
            parent = self.get_parent().specific
            is_chapter = isinstance(parent, BookChapterPage)
            self.part_key = parent.part_key if is_chapter else parent.key
            self.chapter_key = parent.key if is_chapter else ""
        super().save(*args, **kwargs)

    def serve(self, request, *args, **kwargs):
        """Note where a member is reading."""
        response = super().serve(request, *args, **kwargs)
        if request.method == "GET" and response.status_code == 200 and is_member(request.user):
            ReadingPlace.note(request.user, self.translation_key)
        return response

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | page_context.section(request, self)

    def get_template(self, request, *args, **kwargs):
        """Side by side where another language is asked for."""
        if request.GET.get("beside"):
            return "silver_book/beside.html"
        return super().get_template(request, *args, **kwargs)
