"""Questions that members ask at any text (R6): to whom, by when, answered for whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.append_only import AppendOnly
from review.models.clocks import Notice
from review.queries import QuestionQuerySet

MAX_QUESTION = 1000  # characters
MAX_ANSWER = 3000
MAX_REASON = 500  # of handing on
QUESTION_DAYS = 5  # working days of whoever is asked
OPEN_QUESTIONS = "review-questions"  # the cache's key, for `review.asked`


class Question(models.Model):
    """What a member asks, who answers it, and the answer.

    `kind`, `key`, `anchor`, `title` and `quoted` are as a `Flag`'s. Open while it
    is neither answered nor taken back. `is_private`: only whoever asked, and
    whoever answers, reads it; the asker may want that, or the answerer choose it.

    The clock is the owner's: `due` and `next_at` are computed from `owner_since`,
    QUESTION_DAYS and their calendar (review.questions), and kept for queries.
    `…_wanted_in` names the language of whoever cannot read these words yet.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    anchor = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=255)
    place = models.CharField(max_length=120, blank=True)  # what the anchor was called
    quoted = models.TextField(blank=True)

    text = models.TextField(_("question"), max_length=MAX_QUESTION)
    text_language = models.CharField(max_length=10)
    text_wanted_in = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="questions"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    country = models.ForeignKey(  # of the asker's firm
        "network.Country", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_private = models.BooleanField(default=False)

    # Whose campaigners answer where no author does, and whose lead it goes to when it is late.
    area = models.ForeignKey(
        "network.ReviewArea", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    owner = models.ForeignKey(  # empty where nobody can be asked: an editor is named later
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="questions_to_answer",
    )
    owner_since = models.DateTimeField(null=True, blank=True)
    due = models.DateTimeField(_("due"), null=True, blank=True)
    told = models.CharField(max_length=8, choices=Notice.choices, blank=True)  # the furthest
    next_at = models.DateTimeField(null=True, blank=True)  # when the next notice falls due
    reminded_at = models.DateTimeField(null=True, blank=True)  # by the asker
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    escalated_at = models.DateTimeField(null=True, blank=True)

    answer = models.TextField(_("answer"), max_length=MAX_ANSWER, blank=True)
    answer_language = models.CharField(max_length=10, blank=True)
    answer_wanted_in = models.CharField(max_length=10, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [
            models.Index(fields=["kind", "key"]),
            models.Index(
                fields=["owner"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="question_open_of",
            ),
            models.Index(
                fields=["next_at"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="question_next_notice",
            ),
            models.Index(fields=["country", "asked_at"]),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def age_days(self) -> int:
        """Whole days from the question to its answer, or until now."""
        end = self.answered_at or self.withdrawn_at or timezone.now()
        return (timezone.localtime(end).date() - timezone.localtime(self.asked_at).date()).days


class QuestionStep(models.TextChoices):
    """What happened to a question."""

    ASKED = "asked", pgettext_lazy("question", "Asked")
    HANDED_ON = "handed_on", pgettext_lazy("question", "Handed on")
    REMINDED = "reminded", pgettext_lazy("question", "Reminded")
    ESCALATED = "escalated", pgettext_lazy("question", "Taken to the lead campaigner")
    ANSWERED = "answered", pgettext_lazy("question", "Answered")
    TRANSLATED = "translated", pgettext_lazy("question", "Put into another language")
    WITHDRAWN = "withdrawn", pgettext_lazy("question", "Taken back")


class QuestionEvent(AppendOnly):
    """A line of a question's log: written once, in the transaction of what happened.

    `by` is empty where the site itself acted: a reminder, a late question.
    """

    # What was asked at a draft that is thrown away goes with it (`forget_questions`).
    RULES = {
        "may_go": "EXISTS (SELECT 1 FROM review_question "
        "WHERE review_question.id = OLD.question_id AND review_question.kind = 'draft')",
    }

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="events")
    step = models.CharField(max_length=12, choices=QuestionStep.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=MAX_REASON, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.question_id} {self.step}"
