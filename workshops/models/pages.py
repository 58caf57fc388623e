"""The catalogue and the programmes' pages: text only, one page a language."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail_localize.fields import SynchronizedField

from network.models import GkcPage
from workshops import catalogue, page_context
from workshops.blocks import BODY, LESSONS
from workshops.models.programme import Programme
from workshops.permissions import can_view_programme


class WorkshopPage(GkcPage):
    """What the catalogue and its programmes have in common."""

    class Meta:
        abstract = True

    def kept_for_all(self, request, name: tuple, make: Callable):
        """Kept with the catalogue."""
        return catalogue.kept_for_all(name, make)


class WorkshopIndexPage(WorkshopPage):
    """The catalogue in one language: /<lang>/workshops/."""

    parent_page_types = ["gkc_site.HomePage"]
    subpage_types = ["workshops.ProgrammePage"]
    max_count_per_parent = 1
    empty_is_hidden = True
    template = "workshops/index.html"

    class Meta:
        verbose_name = _("workshop catalogue")
        verbose_name_plural = _("workshop catalogues")

    def has_content(self) -> bool:
        """Whether any programme has a page, in this language or another."""
        return catalogue.has_content(ProgrammePage)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | catalogue.catalogue(request, Programme)


class ProgrammePage(WorkshopPage):
    """A programme in one language: /<lang>/workshops/<key>/. English is the source."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="pages")
    summary = models.TextField(_("summary"), blank=True)
    body = StreamField(BODY, blank=True, verbose_name=_("text"))
    happens = StreamField(BODY, blank=True, verbose_name=_("what happens"))
    before_after = StreamField(BODY, blank=True, verbose_name=_("before and after"))
    # An online lab (R29): lessons and questions, in their order. Empty: there is none.
    lessons = StreamField(LESSONS, blank=True, verbose_name=_("lessons of the online lab"))

    parent_page_types = ["workshops.WorkshopIndexPage"]
    subpage_types: list[str] = []
    template = "workshops/programme.html"
    content_panels = [
        *GkcPage.content_panels,
        *(
            FieldPanel(name)
            for name in ("programme", "summary", "body", "happens", "before_after", "lessons")
        ),
    ]
    promote_panels: list = []  # the address is the programme's key
    override_translatable_fields = [
        SynchronizedField(name, overridable=False) for name in ("programme", "slug")
    ]

    class Meta:
        verbose_name = _("programme page")
        verbose_name_plural = _("programme pages")

    def clean(self):
        """The address is the key. Raises ValidationError for a second page in one language."""
        super().clean()
        if self.programme_id:
            self.slug = self.programme.key
            same = ProgrammePage.objects.filter(programme=self.programme_id, locale=self.locale_id)
            if same.exclude(pk=self.pk).exists():
                raise ValidationError(
                    {"programme": _("This programme has a page in this language already.")}
                )

    def may_be_read_by(self, user) -> bool:
        """A distributor's own version is for its members and staff; all else is everybody's."""
        return can_view_programme(user, self.programme)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | page_context.programme(request, self)
