"""Who comes to a session, as a table for other programs."""

from django.utils.translation import gettext as _

from network.languages import autonym
from network.working_days import local_day
from workshops.models import Enrolment, Need, Session

STATES = ("enrolled", "offered", "waiting", "requested", "nominated", "attended", "no_show")


def roster(session: Session, *, with_needs: bool) -> list[list]:
    """Head and rows: those with a seat first, then the line in its order. Two queries.

    `with_needs` for the coordinator alone: diet, access, language.
    """
    needs = session.programme.needs if with_needs else []
    head = [
        *(_("Number"), _("Name"), _("E-mail"), _("Distributor"), _("Country"), _("Post")),
        *(_("Years of experience"), _("Language"), _("State"), _("Since"), _("Place in line")),
        *(Need(need).label for need in needs),
    ]
    rows = Enrolment.objects.filter(session=session, state__in=STATES)
    rows = list(rows.select_related("user", "distributor__country").order_by("pk"))
    for row in rows:
        row.session = session
    rows.sort(key=lambda row: (STATES.index(row.state), row.pk))
    waiting = [row.pk for row in rows if row.state == "waiting"]
    return [head, *(_row(number, row, waiting, needs) for number, row in enumerate(rows, 1))]


def _row(number: int, row: Enrolment, waiting: list[int], needs) -> list:
    firm = row.distributor
    return [
        number,
        row.user.display_name,
        row.user.email,
        firm.name if firm else "",
        firm.country.name if firm else "",
        row.user.post,
        row.user.years_of_experience if row.user.years_of_experience is not None else "",
        autonym(row.language),
        row.get_state_display(),
        local_day(row.since, row.session.time_zone).isoformat(),
        waiting.index(row.pk) + 1 if row.pk in waiting else "",
        *(row.needs.get(need.value, "") for need in needs),
    ]
