"""QuerySets of the texts. Paragraphs that the original no longer holds never count."""

from django.db.models import F, Q, QuerySet

# What readers see is behind: the newest words are, or the newest are not read yet.
BEHIND = Q(is_stale=True) | (~Q(read_hash="") & ~Q(read_hash=F("source_hash")))

# Words that no second person has read.
UNREAD = ~Q(text="") & ~Q(text=F("read_text"))


class TextStateQuerySet(QuerySet):
    """States of paragraphs."""

    def of(self, object_key, language: str | None = None) -> "TextStateQuerySet":
        """Those of an object that the original still holds, in one language or all."""
        found = self.filter(object_key=object_key, is_gone=False)
        return found.filter(language=language) if language else found

    def unread(self) -> "TextStateQuerySet":
        """With words that no second person has read."""
        return self.filter(UNREAD)

    def behind(self) -> "TextStateQuerySet":
        """Whose readers see words for an earlier original, or none."""
        return self.filter(BEHIND | Q(text=""))
