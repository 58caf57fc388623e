"""Who is in the network: users, what they may do (mandates), where they belong (memberships)."""

import zoneinfo

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.languages import codes, unique
from network.models.places import Country, Dealer, Distributor, Region, ReviewArea
from network.queries import MandateQuerySet, MembershipQuerySet, UserQuerySet


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Makes users by e-mail address, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Lower case throughout: two people never share a mailbox that differs in case."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=self.normalize_email(email))


def check_time_zone(value: str) -> None:
    """Refuse a name that the time zone database does not know."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("This is not a known time zone."))


class User(AbstractUser):
    """A person, known by e-mail address. `is_system` is the site acting by itself."""

    class MailRhythm(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("once a day")
        WEEKLY = "weekly", _("once a week")

    username = None
    email = models.EmailField(_("email address"), unique=True)
    interface_language = models.CharField(_("interface language"), max_length=10, default="en")
    further_languages = models.JSONField(
        _("further reading languages, in order"), default=list, blank=True
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[check_time_zone]
    )
    mail_rhythm = models.CharField(
        _("mail rhythm"), max_length=8, choices=MailRhythm.choices, default=MailRhythm.AT_ONCE
    )
    post = models.CharField(_("post"), max_length=120, blank=True)
    years_of_experience = models.PositiveSmallIntegerField(
        _("years of experience"), null=True, blank=True
    )
    post_confirmed_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    post_confirmed_at = models.DateTimeField(null=True, blank=True)
    is_system = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["is_system"], condition=Q(is_system=True), name="one_system_user"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args, **kwargs) -> None:
        self.email = UserManager.normalize_email(self.email)
        super().save(*args, **kwargs)

    @property
    def display_name(self) -> str:
        """Name as shown to others; the address only where no name is known."""
        return self.get_full_name() or self.email

    @property
    def reading_languages(self) -> list[str]:
        """Interface language, then the further ones in the person's own order."""
        known = set(codes())
        return unique(c for c in [self.interface_language, *self.further_languages] if c in known)


class Role(models.TextChoices):
    """What a mandate lets its holder do; design.md 'Roles'."""

    CAMPAIGNER = "campaigner", _("campaigner")
    LEAD = "lead", _("lead campaigner")
    TRANSLATOR = "translator", _("translator")
    EDITOR = "editor", _("editor")
    TRAINER = "trainer", _("trainer")
    COORDINATOR = "coordinator", _("workshop coordinator")
    EXECUTIVE = "executive", _("executive")
    ADMINISTRATOR = "administrator", _("administrator")


class Scope(models.TextChoices):
    """What a mandate reaches over."""

    GLOBAL = "global", _("everywhere")
    REGION = "region", _("home region")
    REVIEW_AREA = "review_area", _("review area")
    COUNTRY = "country", _("country")
    DISTRIBUTOR = "distributor", _("distributor")
    LANGUAGE = "language", _("language")
    PROGRAMME = "programme", _("programme")


class Field(models.TextChoices):
    """What a campaigner knows best (R24)."""

    SALES = "sales", pgettext_lazy("field of work", "sales")
    MARKETING = "marketing", pgettext_lazy("field of work", "marketing")
    LOGISTICS = "logistics", pgettext_lazy("field of work", "logistics")


class Period(models.Model):
    """From a day, until a day (both included); no end where `until` is empty."""

    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True


class Mandate(Period):
    """A role that a person holds over a scope. Predicates read only mandates and memberships.

    Exactly the column that the scope names is filled (`mandate_scope_filled`).
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mandates")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    scope = models.CharField(_("scope"), max_length=12, choices=Scope.choices, default=Scope.GLOBAL)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.CASCADE)
    review_area = models.ForeignKey(
        ReviewArea, null=True, blank=True, on_delete=models.CASCADE, related_name="mandates"
    )
    country = models.ForeignKey(Country, null=True, blank=True, on_delete=models.CASCADE)
    distributor = models.ForeignKey(Distributor, null=True, blank=True, on_delete=models.CASCADE)
    language = models.CharField(_("language"), max_length=10, blank=True)
    programme_key = models.UUIDField(null=True, blank=True)  # workshops lie above this room
    # R24: what was noted at the campaigner's nomination.
    field = models.CharField(_("field"), max_length=40, blank=True, choices=Field.choices)
    nomination_note = models.TextField(_("breadth and leadership"), blank=True)
    # Of a campaigner: who is asked while they are away. Empty: the area's others, its neighbour.
    deputy = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deputises_for",
        verbose_name=_("deputy"),
    )

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(
                name="mandate_scope_filled",
                condition=(
                    Q(scope="global")
                    | Q(scope="region", region__isnull=False)
                    | Q(scope="review_area", review_area__isnull=False)
                    | Q(scope="country", country__isnull=False)
                    | Q(scope="distributor", distributor__isnull=False)
                    | (Q(scope="language") & ~Q(language=""))
                    | Q(scope="programme", programme_key__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Membership(Period):
    """A person's place in a distributor, and whether they are its contact."""

    class Contact(models.TextChoices):
        NONE = "", _("no contact")
        FIRST = "first", _("first contact")
        DEPUTY = "deputy", _("deputy")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    distributor = models.ForeignKey(
        Distributor, on_delete=models.PROTECT, related_name="memberships"
    )
    dealer = models.ForeignKey(Dealer, null=True, blank=True, on_delete=models.PROTECT)
    contact = models.CharField(
        _("contact"), max_length=8, choices=Contact.choices, blank=True, default=Contact.NONE
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["distributor"],
                condition=Q(contact="first", until__isnull=True),
                name="one_first_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.distributor}"
