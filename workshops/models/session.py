"""A session: a programme given once, on certain days, with so many seats."""

import datetime
import zoneinfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.models import Country, Region, ReviewArea
from network.models.people import check_time_zone
from workshops.models.programme import Programme
from workshops.queries import SessionQuerySet
from workshops.vocabulary import PlaceKind


class SessionState(models.TextChoices):
    """Where a session is. Full, below minimum and past are computed."""

    PLANNED = "planned", pgettext_lazy("session", "Planned")  # seen by its team only
    OPEN = "open", pgettext_lazy("session", "Open")
    CONFIRMED = "confirmed", pgettext_lazy("session", "Confirmed")  # go: it takes place
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")
    DONE = "done", pgettext_lazy("session", "Done")


# People may come in.
ENROLLABLE = (SessionState.OPEN, SessionState.CONFIRMED)


class Session(models.Model):
    """One giving of a programme. Seats are counted and given under this row's lock only.

    `languages` are those taught, as codes of the site. Moments are UTC;
    `time_zone` is where it happens. `starts_at` and `ends_at` repeat the first
    and last `SessionDay`. `enrol_until` closes the list: who stands in it moves
    up until the beginning; after `cancel_until` one no longer leaves by oneself.
    On `decide_on` the coordinator decides whether it takes place with fewer
    than `minimum`.
    `sequence` is iCalendar's: it grows with each change of time or place, and
    with each end of somebody's entry, so that the end counts more than the entry.
    """

    number = models.CharField(_("number"), max_length=12, unique=True)  # W-0001
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sessions")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=SessionState.choices,
        default=SessionState.PLANNED,
        editable=False,
    )
    languages = models.JSONField(_("languages taught"), default=list)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[check_time_zone]
    )
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    place_kind = models.CharField(
        _("where"), max_length=8, choices=PlaceKind.choices, default=PlaceKind.PERSON
    )
    country = models.ForeignKey(
        Country, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    city = models.CharField(pgettext_lazy("place", "city"), max_length=80, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    link = models.URLField(_("link of the room"), blank=True)  # told to participants only
    trainers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="taught_sessions"
    )
    seats = models.PositiveSmallIntegerField(_("seats"))
    minimum = models.PositiveSmallIntegerField(_("minimum"), default=0)
    decide_on = models.DateField(_("go or no-go on"), null=True, blank=True)
    enrol_until = models.DateTimeField(_("enrolment closes"))
    cancel_until = models.DateTimeField(_("last moment to cancel"), null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # R30, taken from the programme when the session is planned: a person's fee, and the
    # per cent of it that the distributor bears.
    fee_amount = models.DecimalField(
        _("fee"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    fee_currency = models.CharField(_("currency"), max_length=3, blank=True)  # ISO 4217
    fee_share = models.PositiveSmallIntegerField(_("distributor’s share"), null=True, blank=True)
    # The versions it is taught with.
    materials = models.ManyToManyField("workshops.Material", blank=True, related_name="sessions")
    # Where its people went when it was merged; the session it repeats.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    repeat_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeats"
    )
    is_example = models.BooleanField(_("an example"), default=False)
    # Of the form that planned it: sent twice, it plans one session.
    once_key = models.UUIDField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(fields=["state", "starts_at"], name="session_upcoming"),
            models.Index(fields=["programme", "starts_at"], name="session_of_programme"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["created_by", "once_key"], name="one_session_a_form"),
            models.CheckConstraint(
                name="session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(name="session_has_seats", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="session_fee_has_currency",
                condition=Q(fee_amount__isnull=True) | ~Q(fee_currency=""),
            ),
            models.CheckConstraint(
                name="session_fee_share_per_cent",
                condition=Q(fee_share__isnull=True) | Q(fee_share__gte=0, fee_share__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Where it happens, for its hours."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def priced(self):
        """Whose fee holds: its own, or the programme's where it has none. 0 is no fee."""
        return self if self.fee_amount is not None else self.programme

    @property
    def first_day(self) -> datetime.date:
        """The day it begins, where it happens."""
        return self.starts_at.astimezone(self.zone).date()

    @property
    def last_day(self) -> datetime.date:
        """The day it ends, where it happens."""
        return self.ends_at.astimezone(self.zone).date()

    @property
    def is_open(self) -> bool:
        """One may come in now, if a seat or a place in line is to be had."""
        return self.state in ENROLLABLE and timezone.now() < self.enrol_until

    @property
    def is_upcoming(self) -> bool:
        return self.state in ENROLLABLE and timezone.now() < self.starts_at


class SessionDay(models.Model):
    """One day of a session, in UTC."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="days")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("day of a session")
        verbose_name_plural = _("days of sessions")
        constraints = [
            models.UniqueConstraint(fields=["session", "starts_at"], name="one_start_a_day"),
            models.CheckConstraint(
                name="day_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.starts_at:%Y-%m-%d}"


class SeatQuota(models.Model):
    """Seats kept for a region scope until a moment; what is unfilled then is everybody's.

    A region scope is a home region, or a review area where a country has none.
    `opened_at` says that the sweep gave the rest to the line.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="quotas")
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review_area = models.ForeignKey(
        ReviewArea, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seats = models.PositiveSmallIntegerField(_("seats"))
    held_until = models.DateTimeField(_("held until"))
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("seats kept for a region")
        verbose_name_plural = _("seats kept for regions")
        constraints = [
            models.CheckConstraint(
                name="quota_has_one_scope",
                condition=Q(region__isnull=False, review_area__isnull=True)
                | Q(region__isnull=True, review_area__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["session", "region"],
                condition=Q(region__isnull=False),
                name="one_quota_a_region",
            ),
            models.UniqueConstraint(
                fields=["session", "review_area"],
                condition=Q(review_area__isnull=False),
                name="one_quota_an_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.scope} {self.seats}"

    @property
    def scope(self) -> tuple[str, int]:
        """As `network.permissions.region_scope` names it."""
        return ("region", self.region_id) if self.region_id else ("area", self.review_area_id)
