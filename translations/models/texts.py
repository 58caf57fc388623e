"""State of every translated paragraph, second readings, and the memory of finished translations."""

import re

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from translations.queries import MemoryQuerySet, TextStateQuerySet

# Written without spaces; so many letters take a translator as long as a word does.
_RUNNING = {"ja": 2, "zh-hans": 2, "th": 5}


def count_words(text: str, language: str) -> int:
    """How many words a text has; for scripts without spaces a number that is as much work.

    >>> count_words("Stop, then call.", "en"), count_words("現地現物", "ja")
    (3, 2)
    """
    found = re.findall(r"\w+", text)
    letters = _RUNNING.get(language)
    return len(found) if letters is None else -(-sum(map(len, found)) // letters)


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
    # Readers see words that only their translator read (`api.publish_first_reading`).
    first_only = models.BooleanField(default=False)
    # The machine that drafted `text`, until a translator takes it over; never goes live before.
    drafted_by = models.CharField(max_length=100, blank=True, default="")
    # How much there is to translate: words of the original.
    words = models.PositiveIntegerField(default=0)

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


class MemoryUnit(models.Model):
    """A finished translation of one text, kept for the next time it appears.

    `object_key` is where it stands: who may not open that text is not offered
    its words (R18).
    """

    object_key = models.UUIDField()
    source_language = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    source_hash = models.CharField(max_length=64, db_index=True)
    source = models.TextField()
    target = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now=True)

    objects = MemoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_language", "language", "source_hash", "object_key"],
                name="one_memory_unit_a_text",
            )
        ]
        verbose_name = _("memory of a translation")
        verbose_name_plural = _("memory of translations")

    def __str__(self) -> str:
        return self.source[:60]
