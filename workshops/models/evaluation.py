"""What attendees say of a session, without their names, and what the trainer makes of it.

An answer cannot be led back to a person by anything in these tables: the
person's row says only that they answered, without a time; sheets have random
keys, no time, no language and no region of the person, and all sheets of a
session that are not shown yet are written anew in random order with each
answer, so that not even the order of rows tells.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.append_only import AppendOnly
from network.models import Region, ReviewArea
from workshops.models.enrolment import Enrolment
from workshops.models.programme import Programme
from workshops.models.session import Session
from workshops.proof_queries import EvaluationBatchQuerySet, EvaluationFormQuerySet


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    SCALE = "scale", pgettext_lazy("question of an evaluation", "By a scale from 1 to 5")
    WORDS = "words", pgettext_lazy("question of an evaluation", "In words")


class EvaluationForm(models.Model):
    """A version of the questions: of a programme, or (without one) the standard for all others.

    Never changed once somebody was asked with it: another version is made.
    """

    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="evaluation_forms"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = EvaluationFormQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "-version"]
        verbose_name = _("evaluation form")
        verbose_name_plural = _("evaluation forms")
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="one_form_a_version"),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(programme__isnull=True),
                name="one_standard_form_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id or 'standard'} {self.version}"


class EvaluationQuestion(models.Model):
    """A question of a form. `key` stays the same from version to version, so that answers compare.

    `standard` names one of the site's own questions, whose words the catalogs
    hold in every language; the others have their `text`, one column a language.
    """

    form = models.ForeignKey(EvaluationForm, on_delete=models.CASCADE, related_name="questions")
    key = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(_("kind"), max_length=8, choices=QuestionKind.choices)
    standard = models.SlugField(max_length=20, blank=True)
    text = models.CharField(_("question"), max_length=300, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("place"))

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("question of an evaluation")
        verbose_name_plural = _("questions of an evaluation")
        constraints = [
            models.UniqueConstraint(fields=["form", "key"], name="one_question_a_key"),
        ]

    def __str__(self) -> str:
        return self.standard or self.text


class EvaluationRequest(models.Model):
    """That an attendee is asked, and whether they answered: no time, and no way to the answer."""

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.PROTECT, related_name="evaluation_request"
    )
    form = models.ForeignKey(EvaluationForm, on_delete=models.PROTECT, related_name="requests")
    asked_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True, blank=True)
    has_answered = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("request for an evaluation")
        verbose_name_plural = _("requests for an evaluation")
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(has_answered=False), name="evaluation_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.has_answered}"


class EvaluationBatch(models.Model):
    """Five sheets or more that are shown together, and never apart.

    Whatever is shown is a sum of batches: the difference of any two views is
    one too, so five people at least. `session` is empty where sheets of
    several sessions of one programme and the same trainers had to be pooled;
    a region scope is empty where they took place in several.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="evaluation_batches"
    )
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="evaluation_batches"
    )
    trainers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review_area = models.ForeignKey(
        ReviewArea, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_on = models.DateField()
    size = models.PositiveSmallIntegerField()

    objects = EvaluationBatchQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answers shown together")
        verbose_name_plural = _("answers shown together")
        constraints = [
            models.CheckConstraint(name="batch_hides_its_people", condition=Q(size__gte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.session_id} {self.size}"


class EvaluationSheet(models.Model):
    """One attendee's answers. `answers` maps a question's key to 1 to 5, or words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="sheets")
    form = models.ForeignKey(EvaluationForm, on_delete=models.PROTECT, related_name="sheets")
    batch = models.ForeignKey(
        EvaluationBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="sheets"
    )
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("sheet of an evaluation")
        verbose_name_plural = _("sheets of an evaluation")

    def __str__(self) -> str:
        return str(self.pk)


class Reflection(models.Model):
    """What a trainer changes after a session (R35): a gap, from what to what by when, whose it is,
    and what they do. Open until somebody says what came of it."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="reflections")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reflections"
    )
    gap_from = models.TextField(_("how it is"))
    gap_to = models.TextField(_("how it shall be"))
    due_on = models.DateField(_("by when"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_reflections"
    )
    action = models.TextField(_("what will be done"))
    is_settled = models.BooleanField(default=False, editable=False)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("reflection")
        verbose_name_plural = _("reflections")
        indexes = [
            models.Index(
                fields=["owner", "due_on"], condition=Q(is_settled=False), name="reflection_open"
            )
        ]
        constraints = [
            # R35 stands in the table too.
            models.CheckConstraint(
                name="reflection_has_gap_and_action",
                condition=~Q(gap_from="") & ~Q(gap_to="") & ~Q(action=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.due_on}"


class ReflectionStep(AppendOnly):
    """What came of a reflection: more time was needed (`due_on`), or it is settled."""

    reflection = models.ForeignKey(Reflection, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    due_on = models.DateField(null=True, blank=True)  # the new day; empty: settled

    class Meta:
        ordering = ["pk"]
        verbose_name = _("step of a reflection")
        verbose_name_plural = _("steps of a reflection")

    def __str__(self) -> str:
        return f"{self.reflection_id} {self.due_on or 'settled'}"
