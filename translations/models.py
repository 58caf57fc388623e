"""State of every translated paragraph, terms, and the memory of finished translations."""

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from translations.queries import TextStateQuerySet


class TextState(models.Model):
    """One paragraph (or field) of an object in one language, and the source it was made from.

    `object_key` is the translation key of the page; `path` wagtail-localize's
    context path, which holds the block id. `text` is the newest human words
    (plain), `source_hash` the original they were made for. `read_text` is
    what a second person read, for `read_hash`: only that goes live. Stale
    where the original's present hash is not `source_hash`.
    """

    object_key = models.UUIDField(db_index=True)
    path = models.CharField(max_length=255)
    language = models.CharField(max_length=10)
    source_hash = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    read_text = models.TextField(blank=True, default="")
    read_hash = models.CharField(max_length=64, blank=True, default="")
    changed_at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_stale = models.BooleanField(default=False)
    stale_since = models.DateTimeField(null=True, blank=True)
    # The original no longer holds this paragraph; its words are kept should it return.
    is_gone = models.BooleanField(default=False)

    objects = TextStateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_key", "path", "language"], name="one_state_a_paragraph"
            )
        ]
        verbose_name = _("text state")
        verbose_name_plural = _("text states")

    def __str__(self) -> str:
        return f"{self.object_key} {self.language} {self.path}"


class Reading(models.Model):
    """A second person, never the translator, read an object's text in a language."""

    object_key = models.UUIDField(db_index=True)
    language = models.CharField(max_length=10)
    translator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text_hash = models.CharField(max_length=64)
    read_at = models.DateTimeField(null=True, blank=True)
    requested_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("second reading")
        verbose_name_plural = _("second readings")

    def __str__(self) -> str:
        return f"{self.object_key} {self.language}"


class LinesFormField(forms.CharField):
    """A list of words, typed one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value) -> list[str]:
        lines = (line.strip() for line in (super().to_python(value) or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial, data) -> bool:
        return self.to_python(data) != (initial or [])


class LinesField(models.JSONField):
    """A list of words in a JSON column."""

    def formfield(self, **kwargs):
        return LinesFormField(
            required=not self.blank, label=self.verbose_name.capitalize(), help_text=self.help_text
        )


class Term(ClusterableModel):
    """A glossary term: its key; forms, definition and words to avoid stand by language."""

    key = models.SlugField(_("key"), unique=True)

    class Meta:
        ordering = ["key"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return self.key


class TermText(models.Model):
    """A term in one language. `forms`: the preferred one first; `avoid`: words not to use."""

    term = ParentalKey(Term, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    forms = LinesField(
        _("forms"), default=list, help_text=_("One a line, the preferred one first.")
    )
    definition = models.TextField(_("definition"), blank=True)
    avoid = LinesField(_("words not to use"), default=list, blank=True, help_text=_("One a line."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "language"], name="one_text_a_term"),
        ]
        verbose_name = _("term in a language")
        verbose_name_plural = _("terms in languages")

    def __str__(self) -> str:
        return f"{self.term_id} {self.language}"


class MemoryUnit(models.Model):
    """A finished translation of one text, kept for the next time it appears."""

    source_language = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    source_hash = models.CharField(max_length=64, db_index=True)
    source = models.TextField()
    target = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_language", "language", "source_hash"], name="one_memory_unit"
            )
        ]

    def __str__(self) -> str:
        return self.source[:60]
