"""What stories are about: process steps, topics, measures and their units."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProcessStep(models.TextChoices):
    """The five steps of the Silver Book, in their order (domain.md section 3)."""

    BROWSE = "browse", pgettext_lazy("process step", "Browse")
    VISIT = "visit", pgettext_lazy("process step", "Visit")
    BUY = "buy", pgettext_lazy("process step", "Buy")
    GET = "get", pgettext_lazy("process step", "Get")
    OWN = "own", pgettext_lazy("process step", "Own")


class Unit(models.TextChoices):
    """Units a shared measure may have. A story's own measure may name any other."""

    PERCENT = "percent", _("%")
    DAYS = "days", _("days")
    HOURS = "hours", _("hours")
    MINUTES = "minutes", _("minutes")
    CARS = "cars", _("cars")
    COUNT = "count", pgettext_lazy("unit", "number")
    USD = "usd", _("US dollars")
    PER_100 = "per_100", _("per 100")


class Topic(models.Model):
    """A subject that stories, book sections and workshops share. The name is translated."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """A key figure that several stories report, so that they can be set side by side."""

    class Better(models.TextChoices):
        LOWER = "lower", _("lower is better")
        HIGHER = "higher", _("higher is better")

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    unit = models.CharField(_("unit"), max_length=16, choices=Unit.choices)
    better = models.CharField(max_length=8, choices=Better.choices, default=Better.HIGHER)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")

    def __str__(self) -> str:
        return self.name
