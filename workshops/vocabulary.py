"""Words that programmes and sessions are described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """Levels follow knowledge and skill (domain.md section 6, 638)."""

    START = "start", pgettext_lazy("level of a course", "Start")
    PRACTICE = "practice", pgettext_lazy("level of a course", "Practice")
    ADVANCED = "advanced", pgettext_lazy("level of a course", "Advanced")


class Audience(models.TextChoices):
    """For whom a programme is made: posts, not people (R28)."""

    RECRUITS = "recruits", _("New staff")
    MANAGERS = "managers", _("Managers of distributors")
    DISTRIBUTOR = "distributor", _("Staff of distributors")
    DEALER = "dealer", _("Staff of dealers")
    SELLERS = "sellers", _("Sellers")
    MECHANICS = "mechanics", _("Mechanics")


class Entry(models.TextChoices):
    """How one gets in."""

    OPEN = "open", _("Open to whoever meets what it asks for")
    APPROVAL = "approval", _("With the approval of the distributor’s manager")
    NOMINATION = "nomination", _("By nomination of the distributor’s manager")


class PlaceKind(models.TextChoices):
    """Where one takes part."""

    PERSON = "person", pgettext_lazy("place of a course", "In person")
    ONLINE = "online", pgettext_lazy("place of a course", "Online")
    LAB = "lab", pgettext_lazy("place of a course", "At the computer, at any time")


class Need(models.TextChoices):
    """What a programme asks of who comes: seen by the coordinator, erased after."""

    DIET = "diet", _("What you do not eat")
    ACCESS = "access", _("What you need to take part: steps, hearing, sight")
    LANGUAGE = "language", _("Help with the language you need")


class Hindrance(models.TextChoices):
    """What keeps a person out of a session, in a sentence for its log."""

    CANCELLED = "cancelled", _("This session has been cancelled.")
    NOT_OPEN = "not_open", _("This session is not open for enrolment.")
    CLOSED = "closed", _("Enrolment for this session has closed.")
    NOT_ELIGIBLE = "not_eligible", _("The programme is not open to this person")
    NOMINATION = "nomination", _("People come to this programme by nomination.")
    OWN = "own", _("No manager answers for themself.")
    TEACHES = "teaches", _("This person teaches the session.")
    NO_SEAT = "no_seat", _("There were not enough free seats.")


class EnrolmentState(models.TextChoices):
    """Where a person's way into a session is."""

    REQUESTED = "requested", pgettext_lazy("enrolment", "Waits for approval")
    NOMINATED = "nominated", pgettext_lazy("enrolment", "Nominated")  # the nominee's yes is due
    WAITING = "waiting", pgettext_lazy("enrolment", "On the waiting list")
    OFFERED = "offered", pgettext_lazy("enrolment", "A seat is offered")
    ENROLLED = "enrolled", pgettext_lazy("enrolment", "Has a seat")
    CANCELLED = "cancelled", pgettext_lazy("enrolment", "Cancelled")
    REFUSED = "refused", pgettext_lazy("enrolment", "Refused")
    LAPSED = "lapsed", pgettext_lazy("enrolment", "Lapsed")
    ATTENDED = "attended", pgettext_lazy("enrolment", "Attended")
    NO_SHOW = "no_show", pgettext_lazy("enrolment", "Did not come")


# Takes a seat away from others.
HOLDING = (
    EnrolmentState.OFFERED,
    EnrolmentState.ENROLLED,
    EnrolmentState.ATTENDED,
    EnrolmentState.NO_SHOW,
)
# May still lead to a seat, or holds one: ends when the session is cancelled.
LIVE = (
    EnrolmentState.REQUESTED,
    EnrolmentState.NOMINATED,
    EnrolmentState.WAITING,
    EnrolmentState.OFFERED,
    EnrolmentState.ENROLLED,
)
# Without a seat: the person may come again, by another row.
ENDED = (EnrolmentState.CANCELLED, EnrolmentState.REFUSED, EnrolmentState.LAPSED)
