"""The story's page: text only, one page a language, all pointing at one case."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail_localize.fields import SynchronizedField

from bulletins import blocks, page_context
from bulletins.admin_forms import NotesPanel
from bulletins.models.case import Case
from bulletins.models.live import LiveByTransition
from bulletins.models.reading import ReadMark
from bulletins.page_testers import StoryIndexPermissionTester, StoryPermissionTester
from bulletins.permissions import can_view_case
from network.models import GkcPage
from network.permissions import is_member


class StoryIndexPage(GkcPage):
    """All stories of one language, by year: /<lang>/stories/<year>/<number>-<slug>/."""

    parent_page_types = ["gkc_site.HomePage"]
    subpage_types = ["bulletins.CaseStoryPage"]
    max_count_per_parent = 1
    template = "bulletins/story_index.html"

    class Meta:
        verbose_name = _("story index")
        verbose_name_plural = _("story indexes")

    def child_slug(self, components):
        """'2026/2026-0533-first-reply' names one child; a year alone names none."""
        if len(components) > 1 and components[0].isdigit():
            return components[1], components[2:]
        return components[0], components[1:]

    def permissions_for_user(self, user):
        """Nobody publishes below the index by the tree: stories go through review."""
        return StoryIndexPermissionTester(user, self)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        cases = Case.objects.readable_by(request.user)
        return context | page_context.story_index(request, self, cases)


class CaseStoryPage(LiveByTransition, GkcPage):
    """One story in one language, by the parts of the A3 sheet (guide.md 'Form')."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pages")
    summary = models.TextField(_("summary"), blank=True)
    # 1 Background
    place_seen = models.CharField(_("place seen"), max_length=200, blank=True)
    seen_on = models.DateField(_("date seen"), null=True, blank=True)
    seen_precision = models.CharField(
        max_length=5, choices=blocks.Precision.choices, default=blocks.Precision.DAY
    )
    background = StreamField(blocks.PROSE, blank=True, verbose_name=_("background"))
    # 2 Current situation, 3 Target
    situation = StreamField(blocks.PROSE, blank=True, verbose_name=_("current situation"))
    gap = StreamField(blocks.GAP, blank=True, verbose_name=_("gap"))
    target = StreamField(blocks.PROSE, blank=True, verbose_name=_("target"))
    # 4 Why it happened
    causes_text = StreamField(blocks.PROSE, blank=True, verbose_name=_("why it happened"))
    causes = StreamField(blocks.CAUSES, blank=True, verbose_name=_("causes"))
    # 5 What we did
    did = StreamField(blocks.PROSE, blank=True, verbose_name=_("what we did"))
    countermeasures = StreamField(
        blocks.COUNTERMEASURES, blank=True, verbose_name=_("countermeasures")
    )
    tried = StreamField(blocks.PROSE, blank=True, verbose_name=_("what did not work"))
    nothing_tried = models.BooleanField(_("nothing else was tried"), default=False)
    # 6 What happened
    happened = StreamField(blocks.PROSE, blank=True, verbose_name=_("what happened"))
    results = StreamField(blocks.RESULTS, blank=True, verbose_name=_("results"))
    not_measured = models.BooleanField(_("not measured"), default=False)
    # 7 What we keep
    learned = StreamField(blocks.PROSE, blank=True, verbose_name=_("what we learned"))
    adapt = StreamField(blocks.PROSE, blank=True, verbose_name=_("what to adapt"))
    # Photographs and files
    pictures = StreamField(blocks.PICTURES, blank=True, verbose_name=_("pictures"))
    files = StreamField(blocks.FILES, blank=True, verbose_name=_("files"))

    told_by = "case"
    parent_page_types = ["bulletins.StoryIndexPage"]
    subpage_types: list[str] = []
    template = "bulletins/story.html"

    content_panels = GkcPage.content_panels + [
        FieldPanel(name)
        for name in (
            "summary",
            "place_seen",
            "seen_on",
            "seen_precision",
            "background",
            "situation",
            "gap",
            "target",
            "causes_text",
            "causes",
            "did",
            "countermeasures",
            "tried",
            "nothing_tried",
            "happened",
            "results",
            "not_measured",
            "learned",
            "adapt",
            "pictures",
            "files",
        )
    ]
    content_panels.append(NotesPanel(heading=_("Notes of the review")))
    promote_panels: list = []  # the address is the story's number and title
    settings_panels: list = []  # 'go live' has no place here: issue or editor publish
    # Words are translated; what is named here stays the source's and nobody overrides it.
    # One slug in all languages: an address finds the story whatever its prefix.
    override_translatable_fields = [
        SynchronizedField(name, overridable=False)
        for name in ("case", "slug", "seen_on", "seen_precision", "nothing_tried", "not_measured")
    ]

    class Meta:
        verbose_name = _("case story page")
        verbose_name_plural = _("case story pages")

    # Which StreamFields the parts of the form hold, in the sheet's order.
    PART_FIELDS = {
        "background": ["place_seen", "seen_on", "seen_precision", "background"],
        "situation": ["situation"],
        "target": ["target", "gap"],
        "causes": ["causes_text", "causes"],
        "did": ["did", "countermeasures", "tried", "nothing_tried"],
        "happened": ["happened", "results", "not_measured"],
        "learned": ["learned", "adapt"],
    }
    # A change in one of these voids the neutral approval (issue 'Review').
    JUDGED_FIELDS = ["gap", "causes", "causes_text", "did", "countermeasures", "happened"] + [
        "results",
        "not_measured",
    ]

    @property
    def is_source(self) -> bool:
        """Whether this is the page the author wrote."""
        return self.language == self.case.source_language

    def path_below_parent(self) -> str:
        return f"{self.case.number[:4]}/{self.slug}/"

    def may_be_read_by(self, user) -> bool:
        return can_view_case(user, self.case)

    def permissions_for_user(self, user):
        """Stories cannot go around review, superusers included."""
        return StoryPermissionTester(user, self)

    def serve(self, request, *args, **kwargs):
        """Read the case once, with its surroundings; note a member's reading."""
        self.case = Case.objects.for_readers().get(pk=self.case_id)
        response = super().serve(request, *args, **kwargs)
        if request.method == "GET" and response.status_code == 200 and is_member(request.user):
            ReadMark.note(request.user, self.case)
        return response

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | page_context.story(request, self)
