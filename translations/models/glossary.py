"""The glossary: terms with their forms, definitions and words to avoid in each language."""

import unicodedata

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from translations.queries import TermQuerySet, TermTextQuerySet


class LinesFormField(forms.CharField):
    """A list of words, typed one a line. Spaces are tidied, empty lines dropped."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value) -> list[str]:
        if isinstance(value, list):  # of a field that is shown, not asked
            return value
        lines = (" ".join(line.split()) for line in (super().to_python(value) or "").splitlines())
        return [line for line in lines if line]

    def has_changed(self, initial, data) -> bool:
        return not self.disabled and self.to_python(data) != (initial or [])


class LinesField(models.JSONField):
    """A list of words in a JSON column."""

    def formfield(self, **kwargs):
        return LinesFormField(
            required=not self.blank, label=self.verbose_name.capitalize(), help_text=self.help_text
        )


class Term(ClusterableModel):
    """A glossary term: its key; forms, definition and words to avoid stand by language.

    English always has a form: it stands in where a language has none yet.
    """

    key = models.SlugField(_("key"), unique=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return self.key  # the name that log entries keep, also of a term that is gone

    def text_in(self, language: str) -> "TermText | None":
        """Its text in a language. No query where `texts` are prefetched."""
        return next((text for text in self.texts.all() if text.language == language), None)


class TermText(models.Model):
    """A term in one language. `forms`: the preferred one first; `avoid`: words not to use.

    `definition` may be empty: a form can be known before its explanation is.
    """

    term = ParentalKey(Term, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    forms = LinesField(
        _("forms"),
        default=list,
        help_text=_(
            "One a line, the preferred one first; then synonyms and endings as people type them."
        ),
    )
    definition = models.TextField(_("definition"), blank=True)
    avoid = LinesField(
        _("words not to use"),
        default=list,
        blank=True,
        help_text=_("One a line. For example: “customer” for a dealer."),
    )

    objects = TermTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "language"], name="one_text_a_term"),
        ]
        verbose_name = _("term in a language")
        verbose_name_plural = _("terms in languages")

    def __str__(self) -> str:
        return f"{self.term_id} {self.language}"

    @property
    def preferred(self) -> str:
        """The form that the site itself uses."""
        return self.forms[0] if self.forms else ""

    def clean(self):
        """Each form once, made of words, short enough to be one; never also a word to avoid."""
        errors = {
            name: problem
            for name, problem in (
                ("forms", _problem(self.forms)),
                ("avoid", _problem(self.avoid) or _problem_of_both(self.forms, self.avoid)),
            )
            if problem
        }
        if errors:
            raise ValidationError(errors)


MAX_FORM_LENGTH = 120  # characters
MAX_FORMS = 30


def _problem(words: list[str]) -> str:
    """What is wrong with a list of forms, in words; '' where nothing is."""
    if len(words) > MAX_FORMS:
        return ngettext(
            "At most %(n)s line is kept.", "At most %(n)s lines are kept.", MAX_FORMS
        ) % {"n": MAX_FORMS}
    seen = set()
    for word in words:
        if len(word) > MAX_FORM_LENGTH:
            return _("“%(word)s…” is too long to be a term.") % {"word": word[:40]}
        if not any(character.isalnum() for character in word):
            return _("“%(word)s” holds no letter or digit.") % {"word": word}
        if same_word(word) in seen:
            return _("“%(word)s” stands here twice.") % {"word": word}
        seen.add(same_word(word))
    return ""


def _problem_of_both(forms: list[str], avoid: list[str]) -> str:
    held = {same_word(word) for word in forms}
    for word in avoid:
        if same_word(word) in held:
            return _("“%(word)s” is a form of this term and cannot be avoided too.") % {
                "word": word
            }
    return ""


def same_word(word: str) -> str:
    """What two spellings share that are one word to whoever keeps the glossary."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())
