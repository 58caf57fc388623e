"""News: a few lines with a date, for everybody or for one region, in any of the languages."""

import datetime
import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bulletins.queries import NewsQuerySet
from network.languages import reading_order
from network.models import Region, ReviewArea


class News(models.Model):
    """One item. Without region and review area it is for the whole network."""

    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT)
    review_area = models.ForeignKey(ReviewArea, null=True, blank=True, on_delete=models.PROTECT)
    source_language = models.CharField(_("written in"), max_length=10, choices=settings.LANGUAGES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # Readers see it from here on (it may lie ahead) …
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    # … until the end of this day, UTC.
    expires_on = models.DateField(_("shown until"), null=True, blank=True)

    objects = NewsQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("news")
        verbose_name_plural = _("news")
        constraints = [
            models.CheckConstraint(
                name="news_has_one_scope_at_most",
                condition=Q(region__isnull=True) | Q(review_area__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def scope(self) -> tuple[str, int] | None:
        """As `network.permissions.region_scope`; None for everybody."""
        if self.region_id:
            return ("region", self.region_id)
        return ("area", self.review_area_id) if self.review_area_id else None

    @property
    def place(self) -> Region | ReviewArea | None:
        """Whose readers it is for; None for everybody."""
        return self.region or self.review_area

    @property
    def is_out(self) -> bool:
        """Shown now: equals `NewsQuerySet.out`."""
        now = timezone.now()
        if self.published_at is None or self.published_at > now:
            return False
        return self.expires_on is None or self.expires_on >= now.astimezone(datetime.UTC).date()

    def text_for(self, user) -> "NewsText":
        """In the reader's best language. No query where `texts` are prefetched."""
        texts = {text.language: text for text in self.texts.all()}
        order = [*reading_order(user), self.source_language]
        return next(texts[code] for code in order if code in texts)

    @property
    def source_text(self) -> "NewsText":
        """As it was written."""
        return next(t for t in self.texts.all() if t.language == self.source_language)

    def lacks(self, language: str) -> bool:
        """Whether a language has no words, or words for an earlier original. As `text_for`."""
        if language == self.source_language:
            return False
        text = next((t for t in self.texts.all() if t.language == language), None)
        return text is None or text.made_for != self.source_text.fingerprint


class NewsText(models.Model):
    """An item in one language. `made_for` is the hash of the original it was made from."""

    news = models.ForeignKey(News, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("text"), max_length=2000)
    made_for = models.CharField(max_length=64, blank=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("text of news")
        verbose_name_plural = _("texts of news")
        constraints = [
            models.UniqueConstraint(fields=["news", "language"], name="one_text_a_news_language")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def fingerprint(self) -> str:
        """Of these words: what a translation keeps of its original."""
        return hashlib.sha256(f"{self.title}\0{self.text}".encode()).hexdigest()
