"""What search knows of this room: the glossary's forms, which stand for one another in queries."""

from collections.abc import Iterator
from functools import partial

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from search.api import vocabulary_changed
from search.concepts import Concept
from search.registry import register_vocabulary
from translations.aids.naming import STAMP, VOCABULARY
from translations.models import Term, TermText


def glossary_concepts() -> Iterator[Concept]:
    """Every term with its forms by language. One query."""
    forms: dict[str, dict[str, tuple[str, ...]]] = {}
    rows = TermText.objects.order_by("term__key").values_list("term__key", "language", "forms")
    for key, language, words in rows:
        if words:
            forms.setdefault(key, {})[language] = tuple(words)
    for key, by_language in forms.items():
        yield Concept(f"term:{key}", by_language)


register_vocabulary(VOCABULARY, glossary_concepts)


def on_glossary_changed(sender, instance, **kwargs):
    """A term was written or removed: known at the next query, when this commits."""
    vocabulary_changed(VOCABULARY)
    cache.delete(STAMP)
    transaction.on_commit(partial(cache.delete, STAMP))


for _model in (Term, TermText):
    for _signal in (post_save, post_delete):
        _signal.connect(
            on_glossary_changed, sender=_model, dispatch_uid="translations.search.glossary"
        )
