"""What the translators' desk keeps: who has a text, words on their way, former words, questions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from translations.queries import QuestionQuerySet


class Assignment(models.Model):
    """Who translates an object into a language. Without a row it is anybody's of that language."""

    object_key = models.UUIDField()
    language = models.CharField(max_length=10)
    translator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["object_key", "language"], name="one_translator_a_text")
        ]
        verbose_name = _("translator of a text")
        verbose_name_plural = _("translators of texts")

    def __str__(self) -> str:
        return f"{self.object_key} {self.language}"


class TypedWords(models.Model):
    """Words that a person types and has not declared done: their own, so nobody overwrites them.

    `seen` is the version of the paragraph they were typed for (`translating.writing`).
    `number` counts the saves, so that a second window of the same person is noticed.
    """

    object_key = models.UUIDField()
    path = models.CharField(max_length=255)
    language = models.CharField(max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    seen = models.CharField(max_length=64)
    number = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_key", "path", "language", "by"], name="one_typing_a_person"
            )
        ]
        verbose_name = _("words being typed")
        verbose_name_plural = _("words being typed")

    def __str__(self) -> str:
        return f"{self.object_key} {self.language} {self.path}"


class Former(models.TextChoices):
    """How words came to be kept beside a paragraph instead of in it."""

    REPLACED = "replaced", _("Replaced by other words")
    TYPED = "typed", _("Typed while somebody else was faster")
    FILE = "file", _("From a file, while the site had other words")


class FormerWords(models.Model):
    """Words of a paragraph that are not its text: nothing that a person wrote is lost."""

    object_key = models.UUIDField()
    path = models.CharField(max_length=255)
    language = models.CharField(max_length=10)
    text = models.TextField()
    source_hash = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=10, choices=Former.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object_key", "language"], name="former_words_of_a_text"),
        ]
        verbose_name = _("former words")
        verbose_name_plural = _("former words")

    def __str__(self) -> str:
        return f"{self.object_key} {self.language} {self.path}"


class Question(models.Model):
    """A translator asks the editors about a paragraph; the answer is for all its translators.

    `place` is the block's id or the field's name: the same in every language.
    """

    object_key = models.UUIDField(db_index=True)
    place = models.CharField(max_length=255)
    language = models.CharField(max_length=10)  # that the asker translates into
    text = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("question of a translator")
        verbose_name_plural = _("questions of translators")

    def __str__(self) -> str:
        return f"{self.object_key} {self.place}"
