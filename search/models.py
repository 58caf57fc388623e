"""Document versions: what changed, and how far each index has followed (docs/adr/0003)."""

from django.db import models


class SearchDocument(models.Model):
    """One object in one language. Writing the object raises `version` under the row lock.

    `key` is 'type:id'. A tombstone (`deleted`) stays until reconcile, so that
    every consumer learns of it.
    """

    key = models.CharField(max_length=120)
    language = models.CharField(max_length=10)
    version = models.PositiveBigIntegerField(default=1)
    deleted = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)  # 'what changed lately?'

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "language"], name="one_document_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.language} v{self.version}"


class ConsumerVersion(models.Model):
    """How far a consumer ('elasticsearch', 'embedded@host') has come with a document."""

    consumer = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    language = models.CharField(max_length=10)
    done_version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consumer", "key", "language"], name="one_version_a_consumer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consumer} {self.key} {self.language} v{self.done_version}"


class DeadLetter(models.Model):
    """A document that an engine refused for good; an administrator may try it again."""

    consumer = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    language = models.CharField(max_length=10)
    version = models.PositiveBigIntegerField()
    error = models.TextField()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consumer", "key", "language"], name="one_dead_letter")
        ]

    def __str__(self) -> str:
        return f"{self.consumer} {self.key} {self.language}"


class VocabularyStamp(models.Model):
    """Changes with a source of concepts, so that every process knows to read it again."""

    source = models.CharField(max_length=40, primary_key=True)
    stamp = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"{self.source} {self.stamp}"


class SearchDay(models.Model):
    """How many searches a day had in a language, and how many of them found nothing.

    Only searches that were sent, not what is asked while one types; never the
    words. Counted by `search.counting`.
    """

    day = models.DateField()
    language = models.CharField(max_length=10)
    sent = models.PositiveIntegerField(default=0)
    without_result = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "language"], name="one_search_day_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.language} {self.without_result}/{self.sent}"


class Blockage(models.Model):
    """An index that takes no changes now: since when, and why. Gone when it takes one."""

    consumer = models.CharField(max_length=80, unique=True)
    since = models.DateTimeField(auto_now_add=True)
    reason = models.TextField()

    def __str__(self) -> str:
        return f"{self.consumer} {self.since:%F %T}"
