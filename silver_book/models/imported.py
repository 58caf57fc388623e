"""What the import brought, so that the next one overwrites nobody's edit."""

from django.db import models


class ImportedText(models.Model):
    """A file of a book's folder as it was taken in last, in one language.

    `object_key` is the page's translation key. `digests` maps a field name or
    a block's id to the hash of what the file said; `order` lists the ids of
    the file's blocks. A text on the site with another hash was edited there.
    """

    object_key = models.UUIDField()
    language = models.CharField(max_length=10)
    file = models.CharField(max_length=500)
    file_hash = models.CharField(max_length=64)
    digests = models.JSONField(default=dict)
    order = models.JSONField(default=list)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["object_key", "language"], name="one_import_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.file} ({self.language})"
