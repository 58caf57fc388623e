"""QuerySets of the texts and the glossary. Paragraphs that the original lost never count."""

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length

from search.analysis import fold, normal

# What readers see is behind: the newest words are, or the newest are not read yet.
BEHIND = Q(is_stale=True) | (~Q(read_hash="") & ~Q(read_hash=F("source_hash")))

# Words that keep a text from going live: no second person has read them.
UNREAD = ~Q(text="") & (~Q(text=F("read_text")) | ~Q(drafted_by=""))

# Words that a second person is asked to read; some of them are live as a first reading only.
TO_READ = ~Q(text="") & Q(drafted_by="") & (~Q(text=F("read_text")) | Q(first_only=True))

# What a translator has to do: no words, words for an earlier original, a machine's words.
TO_WRITE = Q(text="") | Q(is_stale=True) | ~Q(drafted_by="")


class TextStateQuerySet(QuerySet):
    """States of paragraphs."""

    def of(self, object_key, language: str | None = None) -> "TextStateQuerySet":
        """Those of an object that the original still holds, in one language or all."""
        found = self.filter(object_key=object_key, is_gone=False)
        return found.filter(language=language) if language else found

    def unread(self) -> "TextStateQuerySet":
        """With words that no second person has read."""
        return self.filter(UNREAD)

    def to_read(self) -> "TextStateQuerySet":
        """Whose words wait for a second reader."""
        return self.filter(TO_READ)

    def behind(self) -> "TextStateQuerySet":
        """Whose readers see words for an earlier original, or none."""
        return self.filter(BEHIND | Q(text=""))


class MemoryQuerySet(QuerySet):
    """Finished translations."""

    def of_pair(self, source_language: str, language: str, length: tuple[int, int]):
        """From one language into another, whose original has so many letters (least, most)."""
        return (
            self.filter(source_language=source_language, language=language)
            .annotate(length=Length("source"))
            .filter(length__range=length)
        )


class QuestionQuerySet(QuerySet):
    """Translators' questions. Who may open the text may read them."""

    def open(self) -> "QuestionQuerySet":
        """Without an answer."""
        return self.filter(answered_at=None)


class TermQuerySet(QuerySet):
    """Terms of the glossary. All of them are public (design 'Roles')."""

    def matching(self, text: str) -> "TermQuerySet":
        """Whose key, form, word to avoid or definition holds `text`, as search folds letters.

        Reads the whole glossary (some hundred terms): for those who keep it.
        """
        wanted = fold(normal(text)).strip()
        texts = self.model.texts.rel.related_model.objects.values_list(
            "term_id", "forms", "avoid", "definition"
        )
        found = {
            term_id
            for term_id, forms, avoid, definition in texts
            if wanted in fold("\n".join([*forms, *avoid, definition]))
        }
        return self.filter(Q(pk__in=found) | Q(key__icontains=text.strip()))


class TermTextQuerySet(QuerySet):
    """Terms in languages."""

    def shown(self, language: str) -> "TermTextQuerySet":
        """What a reader of this language is shown: terms that have a form there."""
        return self.filter(language=language).exclude(forms=[]).select_related("term")
