"""The case: one row a story, whatever number of languages it is told in.

Stage, holder and since are a projection of `CaseEvent`; only functions of
`bulletins.transitions` write them (docs/adr/0002).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulletins.queries import CaseQuerySet
from network.append_only import AppendOnly
from network.models import Distributor, Measure, ProcessStep, Region, ReviewArea, Topic


class Stage(models.TextChoices):
    """Where a story is on its way. One vocabulary everywhere; 'late' is computed."""

    DRAFT = "draft", pgettext_lazy("stage", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("stage", "Submitted")
    AREA_REVIEW = "area_review", pgettext_lazy("stage", "In area review")
    NEUTRAL_REVIEW = "neutral_review", pgettext_lazy("stage", "In neutral review")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("stage", "Changes requested")
    EDITING = "editing", pgettext_lazy("stage", "With the editors")
    READY = "ready", pgettext_lazy("stage", "Ready")
    PUBLISHED = "published", pgettext_lazy("stage", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("stage", "Withdrawn")
    DECLINED = "declined", pgettext_lazy("stage", "Declined")
    ARCHIVED = "archived", pgettext_lazy("stage", "Archived")


# The `.state[data-s]` of gkc.css for each stage.
STATE_MARKS = {
    Stage.DRAFT: "draft",
    Stage.SUBMITTED: "submitted",
    Stage.AREA_REVIEW: "review",
    Stage.NEUTRAL_REVIEW: "review",
    Stage.CHANGES_REQUESTED: "returned",
    Stage.EDITING: "review",
    Stage.READY: "accepted",
    Stage.PUBLISHED: "published",
}


class Audience(models.TextChoices):
    """Who may read a published story. Public needs consent and clearance (R7)."""

    REGION = "region", pgettext_lazy("audience", "My region only")
    NETWORK = "network", pgettext_lazy("audience", "The whole network")
    PUBLIC = "public", pgettext_lazy("audience", "Everyone")


class Case(models.Model):
    """A story's row: what permissions, responses, ratings, search and ledger point at."""

    number = models.CharField(_("number"), max_length=12, unique=True)  # 2026-0533
    distributor = models.ForeignKey(Distributor, on_delete=models.PROTECT, related_name="cases")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases"
    )
    co_authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="shared_cases"
    )
    # Who began it in the author's name, with words of their own: judges it no more than authors.
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source_language = models.CharField(_("written in"), max_length=10)
    audience = models.CharField(
        _("audience"), max_length=8, choices=Audience.choices, default=Audience.NETWORK
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="cases")
    process_steps = models.JSONField(_("process steps"), default=list, blank=True)
    # Taken down at submission: a story keeps the region it was reviewed for.
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT)
    review_area = models.ForeignKey(
        ReviewArea, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    # Where nobody of the area is free of the author's distributor, the
    # approval falls to this neighbour; empty where the area decides itself.
    deciding_area = models.ForeignKey(
        ReviewArea, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # R7: the distributor manager's consent and the editor's clearance, each to a revision.
    consent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, blank=True)
    # Parts that the source of an archive case does not record; shown so to readers.
    not_recorded = models.JSONField(_("not recorded in the source"), default=list, blank=True)
    is_archive = models.BooleanField(_("told from an archive"), default=False)
    is_example = models.BooleanField(_("the teller is an example"), default=False)
    # What the author ticked on submitting: people agreed; no customer's data.
    people_agreed_at = models.DateTimeField(null=True, blank=True)
    no_customer_data_at = models.DateTimeField(null=True, blank=True)
    based_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followers"
    )
    # The revision that the last approval looked at; nothing else goes live.
    approved_revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # An editor's edit after the approvals waits for the author until then.
    author_confirm_until = models.DateTimeField(null=True, blank=True)

    # --- projection of CaseEvent ---
    stage = models.CharField(
        _("stage"), max_length=20, choices=Stage.choices, default=Stage.DRAFT, editable=False
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="held_cases",
    )
    since = models.DateTimeField(_("since"), editable=False)
    is_published = models.BooleanField(default=False, editable=False)

    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("case story")
        verbose_name_plural = _("case stories")
        indexes = [
            models.Index(fields=["stage", "since"]),
            models.Index(fields=["is_published", "audience", "-published_at"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def steps(self) -> list[ProcessStep]:
        """The process steps in the book's order."""
        return [step for step in ProcessStep if step.value in self.process_steps]

    @property
    def state_mark(self) -> str:
        """What `.state[data-s]` shows for the stage; '' for an ended way."""
        return STATE_MARKS.get(self.stage, "")

    @property
    def country(self):
        return self.distributor.country

    @property
    def headline(self) -> str:
        """The story's title as its author last wrote it; no query where `pages` is prefetched."""
        pages = list(self.pages.all())
        source = [p for p in pages if p.locale.language_code == self.source_language] or pages
        return (source[0].draft_title or source[0].title) if source else self.number

    def former_authors(self) -> list:
        """Who told it before the present author, the first one first. A query, or three."""
        named = list(self.events.filter(verb="name_author").values_list("on_behalf_of", flat=True))
        if not named:
            return []
        first = self.events.filter(verb="start").values_list("holder", flat=True).first()
        order = [pk for pk in dict.fromkeys([first, *named]) if pk and pk != self.author_id]
        people = {person.pk: person for person in self.co_authors.filter(pk__in=order)}
        return [people[pk] for pk in order if pk in people]

    def source_page(self):
        """The page the author writes, live or not; None before the first save."""
        return self.pages.filter(locale__language_code=self.source_language).first()


# Events of a draft that nobody but its authors ever saw.
AMONG_AUTHORS = ("start", "ask", "invite", "join", "part", "name_author")


class CaseEvent(AppendOnly):
    """What happened to a case. Append-only: the truth for stages.

    The database refuses changes as well, but for the events of a draft that
    nobody but its authors ever saw, which go with it (AMONG_AUTHORS).
    """

    # What its newest migration gave `network.append_only.lock`.
    RULES = {
        "may_empty": "revision_id",
        "may_go": "NOT EXISTS (SELECT 1 FROM bulletins_caseevent AS other "
        "WHERE other.case_id = OLD.case_id AND other.verb NOT IN "
        f"({', '.join(repr(verb) for verb in AMONG_AUTHORS)}))",
    }

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=24)  # the transition's name
    old = models.CharField(max_length=20, choices=Stage.choices, blank=True)
    new = models.CharField(max_length=20, choices=Stage.choices)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Whom it is about, where that is neither `by` nor the holder: a co-author, a new author.
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("case event")
        verbose_name_plural = _("case events")

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"


class CaseResult(models.Model):
    """A KPI row of a published story, projected from its source page at publication."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="results")
    measure_key = models.UUIDField(db_index=True)
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.PROTECT)
    unit = models.CharField(max_length=40)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    before = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    after = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    before_on = models.DateField(null=True)
    after_on = models.DateField(null=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["case", "sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["case", "measure_key"], name="one_result_a_measure"),
            models.CheckConstraint(
                name="result_has_both_or_neither",
                condition=Q(before__isnull=True, after__isnull=True)
                | Q(before__isnull=False, after__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.measure_key}"
