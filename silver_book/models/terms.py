"""Which sections use which terms of the glossary: counted when a text went live, not when read."""

from django.db import models


class TermUse(models.Model):
    """A live section (translation key) whose text in a language uses a term."""

    section = models.UUIDField()
    language = models.CharField(max_length=10)
    term = models.CharField(max_length=50)  # translations.Term.key

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section", "language", "term"], name="one_use_a_term_and_text"
            )
        ]
        indexes = [models.Index(fields=["language", "term"], name="term_in_language")]

    def __str__(self) -> str:
        return f"{self.term} {self.language} {self.section}"


class TermPending(models.Model):
    """A text that went live or away, and is to be counted (`transitions.terms`)."""

    section = models.UUIDField()
    language = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "language"], name="one_pending_a_text")
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.section}"


class TermCount(models.Model):
    """For which glossary (its stamp) the uses in a language were counted last."""

    language = models.CharField(max_length=10, unique=True)
    stamp = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.language
