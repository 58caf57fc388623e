"""A person's training record: what they attended, what was confirmed from elsewhere, and which
certificates they hold. One list for page, print, PDF, CSV and JSON."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import User
from network.working_days import local_day
from workshops.models import Certificate, CourseRecord, Enrolment
from workshops.titles import Title, titles_for

# Key, for programs → what a reader calls it.
COLUMNS = {
    "done_on": gettext_lazy("Done on"),
    "programme": gettext_lazy("Programme"),
    "programme_key": gettext_lazy("Key of the programme"),
    "where": gettext_lazy("Where it was done"),
    "confirmed_by": gettext_lazy("Confirmed by"),
    "confirmed_on": gettext_lazy("Confirmed on"),
    "session": gettext_lazy("Session"),
    "certificate": gettext_lazy("Certificate"),
    "certificate_state": gettext_lazy("State of the certificate"),
    "practice": gettext_lazy("Proof of practice"),
}


@dataclass(frozen=True)
class Line:
    """A course in the record."""

    record: CourseRecord
    title: Title
    certificate: Certificate | None = None
    proof: object = None

    @property
    def where(self) -> str:
        """Whether it was a session of this network, or done elsewhere."""
        return _("Session of the network") if self.record.session_id else _("Done elsewhere")

    @property
    def is_confirmed(self) -> bool:
        return self.record.confirmed_at is not None

    @property
    def confirmed_by(self) -> str:
        """The name of who vouches for it; '' for nobody yet."""
        return self.record.confirmed_by.display_name if self.record.confirmed_by else ""

    def cells(self) -> list[str]:
        """As COLUMNS; days as ISO, states in the reader's language."""
        record, certificate = self.record, self.certificate
        state = ""
        if certificate is not None:
            state = _("counts") if certificate.is_valid else _("revoked")
        confirmed = _day(record) if record.confirmed_at else ""
        return [
            record.done_on.isoformat(),
            self.title.title,
            record.programme.key,
            self.where,
            self.confirmed_by,
            confirmed,
            record.session.number if record.session else "",
            certificate.number if certificate else "",
            state,
            self.proof.get_state_display() if self.proof else "",
        ]


def _day(record: CourseRecord) -> str:
    """On which it was confirmed, where the person is."""
    return local_day(record.confirmed_at, record.user.time_zone).isoformat()


def record_of(person: User, order: list[str]) -> list[Line]:
    """The person's courses, the newest first; titles in the reader's languages. Three queries."""
    rows = person.course_records.select_related("programme", "session", "confirmed_by")
    records = list(rows.order_by("-done_on", "-pk"))
    titles = titles_for({one.programme for one in records}, order)
    places = Enrolment.objects.filter(user=person, state="attended")
    by_session = {
        row.session_id: row for row in places.select_related("certificate", "proof").order_by("pk")
    }
    lines = []
    for one in records:
        place = by_session.get(one.session_id) if one.session_id else None
        lines.append(
            Line(
                one,
                titles[one.programme_id],
                getattr(place, "certificate", None),
                getattr(place, "proof", None),
            )
        )
    return lines


def staff_of(firms: list) -> list[User]:
    """Members of the distributors with how many courses are confirmed, the newest one's day, and
    how many certificates count. One query."""
    confirmed = Q(course_records__confirmed_at__isnull=False)
    people = User.objects.members_of(*firms).annotate(
        courses=Count("course_records", filter=confirmed, distinct=True),
        newest=Max("course_records__done_on", filter=confirmed),
        valid=Count("certificates", filter=Q(certificates__revoked_at__isnull=True), distinct=True),
    )
    return list(people.order_by("last_name", "first_name", "pk"))


def as_objects(lines: list[Line]) -> list[dict[str, str]]:
    """For JSON: a name for each cell."""
    return [dict(zip(COLUMNS, line.cells(), strict=True)) for line in lines]
