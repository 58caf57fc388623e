"""The monthly Best Practice Bulletin: the issue, its stories and its pages."""

import uuid

from django.conf import settings
from django.db import models
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from bulletins import blocks, page_context
from bulletins.models.case import Case
from bulletins.models.live import LiveByTransition
from bulletins.months import gaps
from bulletins.page_testers import IssuePermissionTester
from bulletins.queries import IssueQuerySet
from network.models import GkcPage
from network.permissions import managed_distributors


class IssueStage(models.TextChoices):
    """An issue's way (design.md)."""

    PLANNED = "planned", pgettext_lazy("issue stage", "Planned")
    FROZEN = "frozen", pgettext_lazy("issue stage", "Frozen")
    RELEASED = "released", pgettext_lazy("issue stage", "Released")
    HELD = "held", pgettext_lazy("issue stage", "Held")


class BulletinIssue(models.Model):
    """One month's issue. Only `bulletins.transitions` writes `stage` (R12: one a month)."""

    month = models.DateField(_("month"), unique=True)  # its first day
    number = models.PositiveIntegerField(_("number"), unique=True)
    stage = models.CharField(
        max_length=10, choices=IssueStage.choices, default=IssueStage.PLANNED, editable=False
    )
    # The editors' own word for what the month is about: a plan's, never shown to readers, who
    # get the translated title.
    theme = models.CharField(_("theme"), max_length=150, blank=True)
    # The day meant for the release while its minute is open: translations are due before it.
    planned_on = models.DateField(_("release planned on"), null=True, blank=True)
    release_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Languages in which letter and all stories were there at the release: their readers get
    # no second mail.
    whole_languages = models.JSONField(default=list, blank=True, editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        verbose_name = _("bulletin issue")
        verbose_name_plural = _("bulletin issues")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class IssueStory(models.Model):
    """A story's place in an issue. A case is in at most one.

    Its introduction is a paragraph of the issue's page, so that it is
    translated with the letter.
    """

    issue = models.ForeignKey(BulletinIssue, on_delete=models.CASCADE, related_name="stories")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="in_issue")
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("story of an issue")
        verbose_name_plural = _("stories of an issue")

    def __str__(self) -> str:
        return f"{self.issue_id} {self.case_id}"

    @property
    def introduction_key(self) -> str:
        """The block's id: equal in every language, and the same when a story comes back."""
        return introduction_key(self.case_id)


def introduction_key(case_pk: int) -> str:
    """The id of the paragraph that introduces a case."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"bulletins.introduction/{case_pk}"))


class BulletinIndexPage(GkcPage):
    """All issues of one language: /<lang>/bulletins/<year>/<month>/."""

    parent_page_types = ["gkc_site.HomePage"]
    subpage_types = ["bulletins.BulletinIssuePage"]
    max_count_per_parent = 1
    template = "bulletins/issue_index.html"

    class Meta:
        verbose_name = _("bulletin index")
        verbose_name_plural = _("bulletin indexes")

    def child_slug(self, components):
        """'2026/11' names the child with the slug '2026-11'."""
        if len(components) > 1 and components[0].isdigit() and components[1].isdigit():
            return f"{components[0]}-{components[1]}", components[2:]
        return components[0], components[1:]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        issues = BulletinIssue.objects.released()
        return context | page_context.issue_index(request, self, issues, gaps)


class BulletinIssuePage(LiveByTransition, GkcPage):
    """An issue in one language: subject and letter. Its stories come from the issue."""

    issue = models.ForeignKey(BulletinIssue, on_delete=models.PROTECT, related_name="pages")
    subject = models.CharField(_("mail subject"), max_length=150, blank=True)
    letter = StreamField(blocks.PROSE, blank=True, verbose_name=_("letter"))
    # One paragraph a story at most, by `introduction_key`.
    introductions = StreamField(blocks.PROSE, blank=True, verbose_name=_("introductions"))

    told_by = "issue"
    parent_page_types = ["bulletins.BulletinIndexPage"]
    subpage_types: list[str] = []
    template = "bulletins/issue.html"
    content_panels = Page.content_panels + [FieldPanel("subject"), FieldPanel("letter")]
    settings_panels: list = []
    override_translatable_fields = [
        SynchronizedField(name, overridable=False) for name in ("issue", "slug")
    ]

    class Meta:
        verbose_name = _("bulletin issue page")
        verbose_name_plural = _("bulletin issue pages")

    def introduction_of(self, case_pk: int) -> str:
        """The line above a story in this page's language; '' where it has none."""
        key = introduction_key(case_pk)
        return next((str(b.value) for b in self.introductions if b.id == key), "")

    def path_below_parent(self) -> str:
        return f"{self.issue.month:%Y/%m}/"

    def permissions_for_user(self, user):
        """An issue goes live by its release only."""
        return IssuePermissionTester(user, self)

    def serve(self, request, *args, **kwargs):
        """Note that a contact of a distributor opened the issue (R13)."""
        response = super().serve(request, *args, **kwargs)
        if request.method == "GET" and response.status_code == 200:
            self.note_opening(request.user)
        return response

    def note_opening(self, user) -> None:
        """At most one query for a contact who opened it before; none for others."""
        from bulletins.models.reach import IssueOpening

        if self.issue.stage == IssueStage.RELEASED:
            IssueOpening.note(self.issue, user, managed_distributors(user))

    def get_context(self, request, *args, **kwargs):
        is_preview = getattr(request, "is_preview", False)
        if not self.issue.released_at and not is_preview:
            raise Http404
        context = super().get_context(request, *args, **kwargs)
        cases = Case.objects
        cases = cases.visible_to(request.user) if is_preview else cases.readable_by(request.user)
        return context | page_context.issue(request, self, cases)
