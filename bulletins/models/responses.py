"""A distributor's word on another's story, and what came of it (domain.md: 'response').

Only `bulletins.transitions.responding` writes these rows.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulletins.models.case import Case
from bulletins.response_queries import (
    TAKEN_OVER,
    UNTIL_A_DAY,
    HandOverQuerySet,
    ResponseQuerySet,
)
from network.append_only import AppendOnly
from network.models import Distributor, Measure


class Choice(models.TextChoices):
    """What a distributor does with a story."""

    ADOPTING = "adopting", pgettext_lazy("response", "We are adopting it")
    ADOPTED = "adopted", pgettext_lazy("response", "Adopted as it is")
    ADAPTED = "adapted", pgettext_lazy("response", "Adopted and adapted")
    ALREADY = "already", pgettext_lazy("response", "We already do it")
    ON_HOLD = "on_hold", pgettext_lazy("response", "On hold")
    NOT_FOR_US = "not_for_us", pgettext_lazy("response", "Not for us")


class Reason(models.TextChoices):
    """Why a practice is not for a distributor: a short list, with words beside it."""

    NO_NEED = "no_need", pgettext_lazy("reason", "We do not have this problem")
    MARKET = "market", pgettext_lazy("reason", "Our market works differently")
    RULES = "rules", pgettext_lazy("reason", "Law or contracts here forbid it")
    MEANS = "means", pgettext_lazy("reason", "We lack people, money or systems")
    PROOF = "proof", pgettext_lazy("reason", "The results do not convince us")
    OTHER = "other", pgettext_lazy("reason", "Another reason")


class Via(models.TextChoices):
    """How an answer came in."""

    DESK = "desk", pgettext_lazy("way of an answer", "at the desk")
    LINK = "link", pgettext_lazy("way of an answer", "by the link in the mail")


class Word(models.Model):
    """What was said, by whom, when and how: the columns of a response and of its history."""

    choice = models.CharField(_("response"), max_length=12, choices=Choice.choices)
    # Adopting: by when; on hold: until when.
    until = models.DateField(_("date"), null=True, blank=True)
    who = models.CharField(_("who adopts it"), max_length=120, blank=True)
    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices, blank=True)
    # What was changed on adapting; the words beside a reason.
    words = models.TextField(_("in words"), blank=True)
    # The contact whose link was used, or whoever answered at the desk.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    via = models.CharField(max_length=4, choices=Via.choices, default=Via.DESK)
    # Typed by somebody to whom the contact forwarded the link; they have no account.
    typed_name = models.CharField(_("name"), max_length=120, blank=True)
    typed_address = models.EmailField(_("email address"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def answerer(self) -> str:
        """Who said it: the name typed on a forwarded link, else the person's own."""
        return self.typed_name or (self.by.display_name if self.by else "")


class Response(Word):
    """A distributor's present word on a story: one row, its history in `ResponseChange`."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="responses")
    distributor = models.ForeignKey(Distributor, on_delete=models.PROTECT, related_name="responses")
    # Since when there is a word, a practice taken over, a result: empty where there is none.
    first_at = models.DateTimeField(default=timezone.now)
    adopted_at = models.DateTimeField(null=True, blank=True)
    measured_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        indexes = [
            models.Index(fields=["distributor", "choice"]),
            models.Index(fields=["adopted_at"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "distributor"], name="one_response"),
            models.CheckConstraint(
                name="response_has_its_day",
                condition=~Q(choice__in=UNTIL_A_DAY) | Q(until__isnull=False),
            ),
            models.CheckConstraint(
                name="refusal_has_its_reason",
                condition=~Q(choice="not_for_us") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="adopted_since_a_moment",
                condition=Q(choice__in=TAKEN_OVER, adopted_at__isnull=False)
                | (~Q(choice__in=TAKEN_OVER) & Q(adopted_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.distributor_id} {self.case_id} {self.choice}"

    @property
    def is_taken_over(self) -> bool:
        return self.choice in TAKEN_OVER

    @property
    def is_due_again(self) -> bool:
        """The day of an adoption planned or of a wait has passed."""
        return self.choice in UNTIL_A_DAY and self.until < timezone.localdate()


class ResponseChange(AppendOnly, Word):
    """One word of a distributor as it was given, with its results.

    `results` holds what was reported with it or at that moment: a list of
    {measure_key, before, after, unit, before_on, after_on} as text.
    """

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="changes")
    results = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("change of a response")
        verbose_name_plural = _("changes of responses")
        constraints = [
            models.UniqueConstraint(fields=["response", "version"], name="one_change_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.response_id} {self.version} {self.choice}"


class ResponseResult(models.Model):
    """What a distributor measured after taking a practice over, in the story's own KPI row."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="results")
    measure_key = models.UUIDField(db_index=True)
    measure = models.ForeignKey(
        Measure, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # As the story's row had it: sums leave out what was reported in another one.
    unit = models.CharField(max_length=40, blank=True)
    before = models.DecimalField(max_digits=18, decimal_places=4)
    after = models.DecimalField(max_digits=18, decimal_places=4)
    before_on = models.DateField(null=True, blank=True)
    after_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["response", "pk"]
        verbose_name = _("result of a response")
        verbose_name_plural = _("results of responses")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "measure_key"], name="one_result_a_row_of_a_response"
            )
        ]

    def __str__(self) -> str:
        return f"{self.response_id} {self.measure_key}"


class HandOver(models.Model):
    """An answer in the hands of a named colleague until a day; one open a story and firm."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hand_overs")
    distributor = models.ForeignKey(
        Distributor, on_delete=models.PROTECT, related_name="hand_overs"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handed_over"
    )
    until = models.DateField(_("answer by"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # Answered, taken back, or given to another.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer handed over")
        verbose_name_plural = _("answers handed over")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "distributor"],
                condition=Q(ended_at__isnull=True),
                name="one_open_hand_over",
            )
        ]

    def __str__(self) -> str:
        return f"{self.distributor_id} {self.case_id} → {self.to_id}"


class WillTry(models.Model):
    """A reader means to try it; the note is for that reader alone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="will_try"
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="will_try")
    note = models.TextField(_("note to myself"), blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("'will try'")
        verbose_name_plural = _("'will try'")
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="one_will_try")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.case_id}"
