"""The programme: one row a course, whatever number of languages its page is told in.

Like `bulletins.Case`: permissions, sessions, history and figures point here,
never at a page, so that a programme may be renamed or archived without them.
"""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models import Distributor, ProcessStep, Topic
from workshops.queries import CourseRecordQuerySet, ProgrammeQuerySet
from workshops.vocabulary import Audience, Entry, Level, Need, PlaceKind

# First parts of addresses below /workshops/ that are not programmes.
RESERVED_KEYS = frozenset(
    "sessions calendar mine verify record lab certificates evaluations new".split()
)


class Programme(models.Model):
    """A course of the catalogue.

    `programme_key` is what `Mandate(scope='programme')` names. `name` is the
    working name in English, for desks, logs and the book's references; the
    title that readers see is the page's. JSON lists hold values of the class
    beside each.
    """

    key = models.SlugField(_("key"), max_length=60, unique=True)  # twsm-discovery
    programme_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("working name"), max_length=120, unique=True)
    level = models.CharField(
        _("level"), max_length=10, choices=Level.choices, default=Level.PRACTICE
    )
    audience = models.JSONField(_("for whom"), default=list, blank=True)  # Audience
    process_steps = models.JSONField(_("process steps"), default=list, blank=True)  # ProcessStep
    topics = models.ManyToManyField(Topic, blank=True, related_name="programmes")
    # Empty where the sources give none ("—" in domain.md section 6).
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    # What a new session of it begins with.
    seats = models.PositiveSmallIntegerField(_("seats of a session"), null=True, blank=True)
    place_kind = models.CharField(
        _("where"), max_length=8, choices=PlaceKind.choices, default=PlaceKind.PERSON
    )
    entry = models.CharField(_("entry"), max_length=10, choices=Entry.choices, default=Entry.OPEN)
    # R27: what blocks, and says by how much.
    min_years = models.PositiveSmallIntegerField(_("years of experience"), null=True, blank=True)
    requires = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="required_by"
    )
    asks = models.JSONField(_("asks of who comes"), default=list, blank=True)  # Need
    # R29: each dealer employee does it each year.
    is_yearly_duty = models.BooleanField(_("a duty of every year"), default=False)
    # The day it became one, where that was after it was made: nobody is late from before.
    duty_since = models.DateField(null=True, blank=True, editable=False)
    has_evaluation = models.BooleanField(_("is evaluated"), default=True)
    # Days after the last one in which practice is shown; empty: no practice is asked for.
    proof_days = models.PositiveSmallIntegerField(_("days to show practice"), null=True, blank=True)
    # Per cent of right answers that pass an online lab's quiz.
    pass_mark = models.PositiveSmallIntegerField(_("pass mark, per cent"), default=80)
    gives_certificate = models.BooleanField(_("gives a certificate"), default=True)
    # R30: the fee a person, and the share of it that the distributor bears.
    fee_amount = models.DecimalField(
        _("fee"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    fee_currency = models.CharField(_("currency"), max_length=3, blank=True)  # ISO 4217
    fee_share = models.PositiveSmallIntegerField(_("distributor’s share, per cent"), default=50)
    # A distributor's own version of a programme.
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    distributor = models.ForeignKey(
        Distributor, null=True, blank=True, on_delete=models.PROTECT, related_name="programmes"
    )
    # Written by us: no source gives these facts.
    is_example = models.BooleanField(_("an example"), default=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(
                name="version_has_parent_and_distributor",
                condition=Q(parent__isnull=True, distributor__isnull=True)
                | Q(parent__isnull=False, distributor__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["parent", "distributor"],
                condition=Q(parent__isnull=False),
                name="one_version_a_distributor",
            ),
            models.CheckConstraint(
                name="pass_mark_per_cent", condition=Q(pass_mark__gte=1, pass_mark__lte=100)
            ),
            models.CheckConstraint(
                name="fee_has_currency",
                condition=Q(fee_amount__isnull=True) | ~Q(fee_currency=""),
            ),
            models.CheckConstraint(
                name="fee_share_per_cent", condition=Q(fee_share__gte=0, fee_share__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self):
        """Raises ValidationError for a key that is an address of the room, or unknown values."""
        super().clean()
        if self.key in RESERVED_KEYS:
            raise ValidationError({"key": _("This address is taken. Choose another key.")})
        known = {"audience": Audience, "process_steps": ProcessStep, "asks": Need}
        for name, choices in known.items():
            if set(getattr(self, name)) - set(choices.values):
                raise ValidationError({name: _("This is not one of the choices.")})

    @property
    def steps(self) -> list[ProcessStep]:
        """The process steps in the book's order."""
        return [step for step in ProcessStep if step.value in self.process_steps]

    @property
    def audiences(self) -> list[Audience]:
        """For whom, in one order everywhere."""
        return [one for one in Audience if one.value in self.audience]

    @property
    def needs(self) -> list[Need]:
        """What it asks of who comes, in one order everywhere."""
        return [one for one in Need if one.value in self.asks]

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class CourseRecord(models.Model):
    """A course that a person did: entered by them, or by the site after a session.

    Only a confirmed one counts (`requires`): by the distributor's manager, or
    with `session` by attendance there.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="course_records"
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="records")
    done_on = models.DateField(_("done on"))
    session = models.ForeignKey(
        "workshops.Session", null=True, blank=True, on_delete=models.PROTECT, related_name="records"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True)

    objects = CourseRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-pk"]
        verbose_name = _("course done")
        verbose_name_plural = _("courses done")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "programme", "done_on"], name="one_record_a_day"
            ),
            models.UniqueConstraint(
                fields=["user", "session"],
                condition=Q(session__isnull=False),
                name="one_record_a_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.programme_id} {self.done_on}"
