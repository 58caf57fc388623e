"""Judgements and notes about any object, and translations made for reviewing it."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from review.queries import NoteQuerySet, ReviewQuerySet, TranslationQuerySet


class AnyObject(models.Model):
    """Points at a registered reviewable (review.registry)."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")

    class Meta:
        abstract = True


class Decision(models.TextChoices):
    """What a reviewer decided."""

    APPROVE = "approve", pgettext_lazy("decision", "Approved")
    REQUEST_CHANGES = "request_changes", pgettext_lazy("decision", "Changes requested")
    DECLINE = "decline", pgettext_lazy("decision", "Declined")
    HANDED_ON = "handed_on", pgettext_lazy("decision", "Handed on")
    CONFLICT = "conflict", pgettext_lazy("decision", "Conflict of interest")
    TURNED_DOWN = "turned_down", pgettext_lazy("decision", "Turned down")


# What a reviewer scores, 1 to 4 (guide.md 'Review').
CRITERIA = ("evidence", "cause", "result", "transferability", "clarity")


def clean_rubric(scores: dict) -> dict[str, int]:
    """Known criteria with a score from 1 to 4; anything else is dropped."""
    return {
        name: int(scores[name])
        for name in CRITERIA
        if str(scores.get(name, "")) in {"1", "2", "3", "4"}
    }


class Review(AnyObject):
    """One person's turn at one step: the truth for judgements.

    Open while `decision` is empty and it is not voided. At most one open
    review for an object.
    """

    step = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField(default=1)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews"
    )
    assigned_at = models.DateTimeField(auto_now_add=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Of the reviewer's clock, kept here for queries; empty while it has not begun.
    # Only review.clocks writes it.
    due = models.DateTimeField(_("due"), null=True, blank=True)
    decision = models.CharField(max_length=16, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    rubric = models.JSONField(default=dict, blank=True)  # criterion → 1..4
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_because = models.TextField(blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [
            models.Index(fields=["reviewer", "decision"]),
            models.Index(fields=["content_type", "object_id"]),
            models.Index(
                fields=["due"],
                condition=models.Q(decision="", voided_at__isnull=True),
                name="review_open_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=models.Q(decision="", voided_at__isnull=True),
                name="one_open_review_an_object",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.round} {self.reviewer_id}"


class NoteAudience(models.TextChoices):
    """Who reads a note."""

    AUTHOR = "author", pgettext_lazy("note audience", "To the author")
    REVIEWERS = (
        "reviewers",
        pgettext_lazy("note audience", "Internal: campaigners and editors only"),
    )


class ReviewNote(AnyObject):
    """A remark beside a paragraph or KPI row.

    `anchor` is a block id, a measure_key, a field name, or empty for the
    whole. It is unsent (its writer's own) until `sent_at`.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="notes", null=True)
    anchor = models.CharField(max_length=64, blank=True)
    quoted = models.TextField(blank=True)
    text = models.TextField(_("note"))
    language = models.CharField(max_length=10)
    audience = models.CharField(
        max_length=10, choices=NoteAudience.choices, default=NoteAudience.AUTHOR
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_notes"
    )
    in_reply_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # A requested change is an item of the author's checklist: theirs to tick, not to settle.
    ticked_at = models.DateTimeField(null=True, blank=True)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    tick_words = models.CharField(max_length=300, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("review note")
        verbose_name_plural = _("review notes")
        indexes = [models.Index(fields=["content_type", "object_id", "sent_at"])]

    def __str__(self) -> str:
        return self.text[:60]


class WorkingTranslation(AnyObject):
    """A paragraph or note put into a language for a reviewer or author; never published.

    `source_hash` is that of the text it was made from: another text makes it stale.
    """

    anchor = models.CharField(max_length=64)  # block id, or 'note:<pk>'
    language = models.CharField(max_length=10)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)
    source_hash = models.CharField(max_length=64)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "anchor", "language"],
                name="one_working_translation",
            )
        ]
        verbose_name = _("working translation")
        verbose_name_plural = _("working translations")

    def __str__(self) -> str:
        return f"{self.anchor} {self.language}"
