"""Where the network is: regions, review areas, countries, distributors, dealers."""

from babel import Locale as BabelLocale
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.queries import DistributorQuerySet, RegionQuerySet


class Region(models.Model):
    """One of the eight home regions (domain.md section 2, R22). The name is translated."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    sort_order = models.PositiveSmallIntegerField(default=0)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["sort_order", "slug"]
        verbose_name = _("home region")
        verbose_name_plural = _("home regions")

    def __str__(self) -> str:
        return self.name


# The network's limits for what a lead sets: the shortest and the longest clock, in working
# days. Three, so that there is a reminder before the last one (review.clocks.REMIND_BEFORE);
# no longer than the network's own usual length twice over. Source: design.md's seven for a
# reviewer and fourteen for an author.
CLOCK_LIMITS = {"area_days": (3, 14), "neutral_days": (3, 14), "author_days": (5, 28)}


def _within(name: str) -> list:
    shortest, longest = CLOCK_LIMITS[name]
    return [MinValueValidator(shortest), MaxValueValidator(longest)]


class ReviewArea(models.Model):
    """The countries whose stories one group of campaigners reviews.

    Every country belongs to exactly one. Its lead is whoever holds the lead
    campaigner's mandate for it; `neighbour` takes the approval when nobody of
    this area is free of the author's distributor.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    neighbour = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="neighbour_of"
    )
    # Whose working days hold for a campaigner of the area who belongs to no distributor.
    lead_country = models.ForeignKey(
        "Country", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    area_days = models.PositiveSmallIntegerField(
        _("working days for the area review"), default=7, validators=_within("area_days")
    )
    neutral_days = models.PositiveSmallIntegerField(
        _("working days for the neutral review"), default=7, validators=_within("neutral_days")
    )
    author_days = models.PositiveSmallIntegerField(
        _("working days for the author"), default=14, validators=_within("author_days")
    )
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "slug"]
        verbose_name = _("review area")
        verbose_name_plural = _("review areas")

    def __str__(self) -> str:
        return self.name


class Country(models.Model):
    """A country by its ISO 3166-1 alpha-2 code; names come from CLDR (Babel)."""

    class Weekend(models.TextChoices):
        SAT_SUN = "sat-sun", _("Saturday and Sunday")
        FRI_SAT = "fri-sat", _("Friday and Saturday")
        THU_FRI = "thu-fri", _("Thursday and Friday")
        FRI_SUN = "fri-sun", _("Friday and Sunday")
        FRI = "fri", _("Friday")
        SAT = "sat", _("Saturday")
        SUN = "sun", _("Sunday")

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    review_area = models.ForeignKey(ReviewArea, on_delete=models.PROTECT, related_name="countries")
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="countries"
    )
    languages = models.JSONField(_("languages"), default=list)
    weekend = models.CharField(
        _("weekend"), max_length=8, choices=Weekend.choices, default=Weekend.SAT_SUN
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> str:
        """The country's name in the active language."""
        return country_name(self.code, translation.get_language() or "en")


def country_name(code: str, language: str) -> str:
    """CLDR's name of a country in a language, e.g. ('SA', 'ar') → المملكة العربية السعودية."""
    parts = language.replace("-", "_").split("_")
    if parts[0] == "zh":
        parts = ["zh", "Hans"]
    elif len(parts) == 2:
        parts = [parts[0], parts[1].upper()]
    return BabelLocale.parse("_".join(parts)).territories.get(code, code)


class Distributor(models.Model):
    """A national sales firm. Its name is translated."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="distributors")
    languages = models.JSONField(_("languages"), default=list)
    is_active = models.BooleanField(_("active"), default=True)

    objects = DistributorQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("distributor")
        verbose_name_plural = _("distributors")

    def __str__(self) -> str:
        return self.name

    @property
    def review_area(self) -> ReviewArea:
        return self.country.review_area

    @property
    def region(self) -> Region | None:
        return self.country.region


class Dealer(models.Model):
    """An outlet supplied by a distributor: a partner, never a customer (R19)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(pgettext_lazy("place", "city"), max_length=80, blank=True)
    distributor = models.ForeignKey(Distributor, on_delete=models.PROTECT, related_name="dealers")
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("dealer")
        verbose_name_plural = _("dealers")

    def __str__(self) -> str:
        return self.name
