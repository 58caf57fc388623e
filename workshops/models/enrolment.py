"""A person's place in a session, its history, and offers of a seat.

State is a projection of `EnrolmentEvent`; only functions of
`workshops.transitions` write it, under the session's lock.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.append_only import AppendOnly
from network.models import Distributor, Region, ReviewArea
from workshops.models.session import Session
from workshops.queries import EnrolmentQuerySet
from workshops.vocabulary import LIVE, EnrolmentState


class Enrolment(models.Model):
    """One person's place in one session; after it ended, coming again is another row.

    Distributor and region scope are taken down when it is made. The line is
    in order of the primary key: who asked first is served first, however long
    an approval took. `needs` holds values by `Need`, emptied after the session.
    Those of one group enrolment share `group_key`; whom a coordinator enrolled
    by the desk's form have its key there.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="enrolments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=EnrolmentState.choices, editable=False
    )
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    distributor = models.ForeignKey(
        Distributor, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review_area = models.ForeignKey(
        ReviewArea, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10)
    group_key = models.UUIDField(null=True, blank=True, editable=False)
    needs = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        indexes = [
            models.Index(fields=["session", "state"], name="enrolment_seats"),
            models.Index(fields=["user", "state"], name="enrolment_of_user"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user"],
                condition=~Q(state__in=["cancelled", "refused", "lapsed"]),
                name="one_enrolment_a_session",
            ),
            models.CheckConstraint(
                name="enrolment_has_one_scope_at_most",
                condition=Q(region__isnull=True) | Q(review_area__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.user_id} {self.state}"

    @property
    def scope(self) -> tuple[str, int] | None:
        """As `network.permissions.region_scope` names it; None for who has no distributor."""
        if self.region_id:
            return ("region", self.region_id)
        return ("area", self.review_area_id) if self.review_area_id else None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def place_in_line(self) -> int:
        """The place on the session's waiting list, from 1, of one who waits. A query."""
        line = type(self).objects.in_line().filter(session=self.session_id)
        return line.filter(pk__lte=self.pk).count()

    @property
    def open_offer(self) -> "SeatOffer | None":
        """The offer that waits for an answer. A query."""
        return self.offers.filter(state=OfferState.OPEN).first()


class EnrolmentEvent(AppendOnly):
    """What happened to an enrolment: the truth for states and for the line.

    A 'skip' has the same state before and after: somebody further back came
    first, and `reason` says why.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=24)  # the transition's name
    old = models.CharField(max_length=10, choices=EnrolmentState.choices, blank=True)
    new = models.CharField(max_length=10, choices=EnrolmentState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # English or a person's own words; ours are translated where they are shown.
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("enrolment event")
        verbose_name_plural = _("enrolment events")

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.verb}"


class OfferState(models.TextChoices):
    """What became of an offer."""

    OPEN = "open", pgettext_lazy("offer of a seat", "Open")
    ACCEPTED = "accepted", pgettext_lazy("offer of a seat", "Accepted")
    DECLINED = "declined", pgettext_lazy("offer of a seat", "Declined")
    LAPSED = "lapsed", pgettext_lazy("offer of a seat", "Lapsed")
    ENDED = "ended", pgettext_lazy("offer of a seat", "Ended")  # with the enrolment or session


class SeatOffer(models.Model):
    """A seat held for one person of the waiting list until `expires_at`."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="offers")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("offer of a seat")
        verbose_name_plural = _("offers of seats")
        indexes = [models.Index(fields=["state", "expires_at"], name="offer_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(state="open"), name="one_open_offer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.state}"
