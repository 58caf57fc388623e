"""What a region runs itself: stories proposed for an issue, authors invited, its supplement."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.fields import StreamField

from bulletins import blocks
from bulletins.models.case import Case
from bulletins.models.issue import BulletinIssue
from bulletins.queries import InvitationQuerySet, ProposalQuerySet, SupplementQuerySet
from network.append_only import AppendOnly
from network.models import Distributor, Region, ReviewArea, Topic


class Answer(models.TextChoices):
    """What the editor says of a proposed story."""

    TAKEN = "taken", pgettext_lazy("answer to a proposal", "Taken")
    LATER = "later", pgettext_lazy("answer to a proposal", "Later")
    NO = "no", pgettext_lazy("answer to a proposal", "No")


class IssueProposal(models.Model):
    """A lead proposes a story for a month, with one sentence; an editor answers.

    `month` is the first day of the issue's month, planned or still open.
    `answer` and what follows it repeat the newest `ProposalAnswer`.
    """

    month = models.DateField(_("month"))
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    area = models.ForeignKey(ReviewArea, on_delete=models.PROTECT, related_name="+")
    sentence = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True, editable=False)
    reason = models.TextField(blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["month", "pk"]
        verbose_name = _("proposal for an issue")
        verbose_name_plural = _("proposals for issues")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answer=""), name="one_open_proposal_a_story"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.month:%Y-%m}"


class ProposalAnswer(AppendOnly):
    """An editor's answer to a proposal: the history, the newest one last."""

    proposal = models.ForeignKey(IssueProposal, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=8, choices=Answer.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer to a proposal")
        verbose_name_plural = _("answers to proposals")

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.answer}"


class AuthorInvitation(models.Model):
    """A lead asks a member of a distributor of the area to write a story."""

    area = models.ForeignKey(ReviewArea, on_delete=models.PROTECT, related_name="+")
    distributor = models.ForeignKey(Distributor, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invited_to_write"
    )
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL)
    sentence = models.CharField(_("what about"), max_length=400)
    wished_on = models.DateField(_("wished by"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # The story begun from it; a draft thrown away leaves the invitation open again.
    case = models.OneToOneField(
        Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitation"
    )
    started_at = models.DateTimeField(null=True, editable=False)
    declined_at = models.DateTimeField(null=True, editable=False)
    reason = models.TextField(blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("invitation to write")
        verbose_name_plural = _("invitations to write")

    def __str__(self) -> str:
        return self.sentence[:60]

    @property
    def is_open(self) -> bool:
        """Neither begun, declined nor taken back."""
        return self.case_id is None and not (self.declined_at or self.withdrawn_at)


class RegionalSupplement(models.Model):
    """A region scope's own page of an issue, in one language, written by its leads.

    Exactly one of `region` and `review_area` says whose readers it is for
    (design.md 'Region scope'). It may come out with the issue or later.
    `version` counts the saves: two leads never overwrite each other unseen.
    """

    issue = models.ForeignKey(BulletinIssue, on_delete=models.PROTECT, related_name="supplements")
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT)
    review_area = models.ForeignKey(ReviewArea, null=True, blank=True, on_delete=models.PROTECT)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=150)
    body = StreamField(blocks.PROSE, blank=True, verbose_name=_("text"))
    version = models.PositiveIntegerField(default=1, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # Set: readers of the scope see it, once the issue is out.
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SupplementQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("regional supplement")
        verbose_name_plural = _("regional supplements")
        constraints = [
            models.CheckConstraint(
                name="supplement_has_one_scope",
                condition=Q(region__isnull=True) ^ Q(review_area__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["issue", "region", "language"], name="one_supplement_a_region"
            ),
            models.UniqueConstraint(
                fields=["issue", "review_area", "language"], name="one_supplement_an_area"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def scope(self) -> tuple[str, int]:
        """As `network.permissions.region_scope`."""
        return ("region", self.region_id) if self.region_id else ("area", self.review_area_id)

    @property
    def scope_key(self) -> str:
        """'region-3': the scope in an address."""
        kind, pk = self.scope
        return f"{kind}-{pk}"

    @property
    def place(self) -> Region | ReviewArea:
        """Whose readers it is for."""
        return self.region or self.review_area
