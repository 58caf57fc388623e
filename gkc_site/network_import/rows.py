"""Writes the rows of a sheet by code or e-mail address: a second import changes nothing."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname
from wagtail.log_actions import log

from gkc_site.network_import.courses import Courses
from gkc_site.network_import.files import KINDS, Problem, SheetRow
from gkc_site.network_import.values import Change
from gkc_site.network_import.values import Wrong as _Wrong
from gkc_site.network_import.values import needed as _needed
from network.models import (
    Country,
    Dealer,
    Distributor,
    Membership,
    Region,
    ReviewArea,
    User,
)
from network.models.people import check_time_zone
from network.permissions import can_confirm_post

YES, NO = {"", "yes", "true", "1"}, {"no", "false", "0"}


# What a distributor's manager loads: people of theirs, and what these did.
OF_MANAGERS = ("member", "course")
# Of a member a manager's sheet says only this; the rest is the person's own.
VOUCHED = ("post", "years", "dealer")


@dataclass
class _Import:
    by: User
    languages: list[str]
    firms: list | None  # a manager's own; None for the whole network
    courses: Courses
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def import_rows(
    rows: list[SheetRow],
    *,
    by: User,
    languages: list[str],
    dry_run: bool = False,
    firms: list | None = None,
) -> tuple[list[Change], list[Problem]]:
    """Write all rows in one transaction, or none where one is wrong or on a dry run.

    Kinds are taken in the order of KINDS, whatever the file's: a distributor
    may stand below its members. `firms` narrows it to what a manager of these
    may load: members that are there, and courses that they did. Posts and
    courses of people that `by` vouches for count at once.
    """
    work = _Import(by, languages, firms, Courses(by, firms))
    seen: dict[tuple, SheetRow] = {}
    with transaction.atomic():
        for row in sorted(rows, key=lambda row: _order(row)):
            try:
                if row["kind"] not in KINDS:
                    raise _Wrong("kind", _("One of: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
                if firms is not None and row["kind"] not in OF_MANAGERS:
                    raise _Wrong("kind", _("One of: %(kinds)s.") % {"kinds": "member, course"})
                _refuse_double(row, seen, firms)
                # A savepoint: a broken row must not break the next one's report.
                with transaction.atomic():
                    _WRITERS[row["kind"]](work, row)
            except _Wrong as wrong:
                column, message = wrong.args
                work.problems.append(Problem(row.sheet, row.line, column, message))
        if not work.problems:
            work.changes += work.courses.write()
        if work.problems or dry_run:
            transaction.set_rollback(True)
    work.problems.sort(key=lambda problem: (problem.sheet, problem.line))
    return work.changes, work.problems


def _order(row: SheetRow) -> int:
    return KINDS.index(row["kind"]) if row["kind"] in KINDS else -1


def _refuse_double(row: SheetRow, seen: dict, firms: list | None) -> None:
    people = row["kind"] in ("contact", "member", "course")
    key = (row["kind"], row["code"])
    if row["kind"] == "course":
        key = ("course", row["email"].lower(), row["programme"], row["done_on"])
    elif people:
        # A manager of one firm need not name it.
        only = firms[0].code if firms is not None and len(firms) == 1 else ""
        key = ("person", row["email"].lower(), row["distributor"] or only)
    if key in seen:
        raise _Wrong(
            "email" if people else "code",
            _("Stands in line %(line)s already.") % {"line": seen[key].line},
        )
    seen[key] = row


# --- places ------------------------------------------------------------------------
def _region(work: _Import, row: SheetRow) -> None:
    _save(work, row, Region, "slug", _names(work, row, Region))


def _area(work: _Import, row: SheetRow) -> None:
    values = _names(work, row, ReviewArea)
    if row["neighbour"]:
        values["neighbour"] = _find(ReviewArea, "slug", row, "neighbour")
    _save(work, row, ReviewArea, "slug", values)


def _distributor(work: _Import, row: SheetRow) -> None:
    values = _names(work, row, Distributor)
    is_new = not Distributor.objects.filter(code=row["code"]).exists()
    if row["country"] or is_new:
        values["country"] = _find(Country, "code", row, "country", row["country"].upper())
    if row["languages"]:
        values["languages"] = _languages(work, row)
    elif is_new:
        values["languages"] = values["country"].languages
    if row["active"] or is_new:
        values["is_active"] = _yes(row)
    _save(work, row, Distributor, "code", values)


def _dealer(work: _Import, row: SheetRow) -> None:
    values: dict = {}
    is_new = not Dealer.objects.filter(code=row["code"]).exists()
    if row["name"] or is_new:
        values["name"] = _needed(row, "name")
    if row["distributor"] or is_new:
        values["distributor"] = _find(Distributor, "code", row, "distributor")
    if row["city"]:
        values["city"] = row["city"]
    if row["active"] or is_new:
        values["is_active"] = _yes(row)
    _save(work, row, Dealer, "code", values)


def _save(work: _Import, row: SheetRow, model, key: str, values: dict) -> None:
    code = _needed(row, "code")
    try:
        validate_slug(code)
    except ValidationError as error:
        raise _Wrong("code", _("Letters, digits, - and _ only.")) from error
    found = model.objects.filter(**{key: code}).first()
    if found is None:
        _write(model(**{key: code}, **values))
        work.changes.append(Change(row["kind"], code, is_new=True))
        return
    _update(work, row["kind"], code, found, values)


def _update(work: _Import, kind: str, code: str, found, values: dict) -> None:
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(found, name, values[name])
    _write(found)
    work.changes.append(Change(kind, code, is_new=False, fields=tuple(changed)))


def _write(thing) -> None:
    try:
        thing.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise _Wrong(name, " ".join(messages)) from error
    thing.save()


# --- people ------------------------------------------------------------------------
def _person(work: _Import, row: SheetRow) -> None:
    email = User.objects.normalize_email(_needed(row, "email"))
    try:
        validate_email(email)
    except ValidationError as error:
        raise _Wrong("email", _("This is not an e-mail address.")) from error
    if work.firms is not None:
        _own_member(work, row, email)
        return
    distributor = _find(Distributor, "code", row, "distributor")
    values = {name: row[name] for name in ("first_name", "last_name", "post") if row[name]}
    if row["language"]:
        values["interface_language"] = _language(work, row["language"], "language")
    if row["years"]:
        values["years_of_experience"] = _number(row, "years")
    if row["time_zone"]:
        values["time_zone"] = _time_zone(row)
    user = User.objects.filter(email=email).first()
    if user is None:
        _needed(row, "first_name")
        if "post" in values or "years_of_experience" in values:  # an administrator's word
            values |= {"post_confirmed_by": work.by, "post_confirmed_at": timezone.now()}
        user = User(email=email, **values)
        # Without a password: the way in is 'I do not know my password'.
        user.set_unusable_password()
        _write(user)
        work.changes.append(Change(row["kind"], email, is_new=True))
    elif user.is_system or not user.is_active:
        raise _Wrong("email", _("This account is closed. An administrator can reopen it."))
    else:
        _update(work, row["kind"], email, user, values | _vouch(work, user, values))
    _membership(work, row, user, distributor)


def _own_member(work: _Import, row: SheetRow, email: str) -> None:
    """A member of a manager's own firm, who is there: post, years, dealer."""
    given = [name for name in row.values if row[name]]
    for name in given:
        if name not in ("kind", "email", "distributor", *VOUCHED):
            raise _Wrong(name, _("Only the person, or an administrator, changes this."))
    firms = [firm for firm in work.firms if row["distributor"] in ("", firm.code)]
    if not firms:
        raise _Wrong("distributor", _("“%(value)s” is not known.") % {"value": row["distributor"]})
    current = Membership.objects.current().filter(distributor__in=firms, user__email=email)
    found = current.select_related("user", "distributor").first()
    if found is None:
        raise _Wrong("email", _("No member of yours has this address. Invite the person first."))
    values = {"post": row["post"]} if row["post"] else {}
    if row["years"]:
        values["years_of_experience"] = _number(row, "years")
    values |= _vouch(work, found.user, values)
    _update(work, row["kind"], email, found.user, values)
    if row["dealer"]:
        _membership(work, row, found.user, found.distributor)


def _vouch(work: _Import, user: User, values: dict) -> dict:
    """A post or years that differ void the confirmation; whoever may vouch for them does.

    Nobody vouches for what the line does not name: years that a member typed stay to be
    looked at where the sheet tells the post alone.
    """
    both = ("post", "years_of_experience")
    about = {name: values[name] for name in both if name in values}
    changed = any(getattr(user, name) != value for name, value in about.items())
    was_seen = user.post_confirmed_at is not None
    if about and can_confirm_post(work.by, user):
        names_all = all(name in about or not getattr(user, name) for name in both)
        if (names_all or was_seen) and (changed or not was_seen):
            return {"post_confirmed_by": work.by, "post_confirmed_at": timezone.now()}
    elif changed and user.post_confirmed_at is not None:
        return {"post_confirmed_by": None, "post_confirmed_at": None}
    return {}


def _course(work: _Import, row: SheetRow) -> None:
    work.courses.add(row)


def _membership(work: _Import, row: SheetRow, user: User, distributor: Distributor) -> None:
    values = {"contact": _contact(row)} if row["kind"] == "contact" else {}
    if row["dealer"]:
        values["dealer"] = _find(Dealer, "code", row, "dealer")
        if values["dealer"].distributor_id != distributor.pk:
            raise _Wrong("dealer", _("This dealer belongs to another distributor."))
    current = Membership.objects.current().filter(distributor=distributor)
    if values.get("contact") == "first":
        taken = current.filter(contact="first").exclude(user=user).select_related("user").first()
        if taken:
            raise _Wrong(
                "contact", _("First contact is %(person)s.") % {"person": taken.user.email}
            )
    found = current.filter(user=user).first()
    if found is None:
        found = Membership(user=user, distributor=distributor, since=timezone.localdate(), **values)
        found.save()
        log(user, "network.join", user=work.by, data={"distributor": distributor.code})
        work.changes.append(Change("membership", f"{user.email} {distributor.code}", is_new=True))
        return
    _update(work, "membership", f"{user.email} {distributor.code}", found, values)


_WRITERS = {
    "region": _region,
    "area": _area,
    "distributor": _distributor,
    "dealer": _dealer,
    "contact": _person,
    "member": _person,
    "course": _course,
}


# --- values ------------------------------------------------------------------------
def _names(work: _Import, row: SheetRow, model) -> dict:
    """English from `name` or `name_en`; needed for something new."""
    names = row.names()
    if row["name"]:
        names.setdefault("en", row["name"])
    key = "slug" if model in (Region, ReviewArea) else "code"
    if "en" not in names and not model.objects.filter(**{key: row["code"]}).exists():
        raise _Wrong("name", _("This must be filled."))
    return {build_localized_fieldname("name", code): text for code, text in names.items()}


def _find(model, key: str, row: SheetRow, column: str, value: str | None = None):
    value = value if value is not None else row[column]
    if not value:
        raise _Wrong(column, _("This must be filled."))
    found = model.objects.filter(**{key: value}).first()
    if found is None:
        raise _Wrong(column, _("“%(value)s” is not known.") % {"value": value})
    return found


def _languages(work: _Import, row: SheetRow) -> list[str]:
    return [
        _language(work, code, "languages")
        for code in row["languages"].replace(",", " ").replace(";", " ").split()
    ]


def _language(work: _Import, value: str, column: str) -> str:
    code = value.lower().replace("_", "-")
    if code not in work.languages:
        raise _Wrong(column, _("“%(value)s” is not one of the languages.") % {"value": value})
    return code


def _contact(row: SheetRow) -> str:
    value = row["contact"].lower() or "first"
    if value not in ("first", "deputy"):
        raise _Wrong("contact", _("first or deputy."))
    return value


def _yes(row: SheetRow) -> bool:
    value = row["active"].lower()
    if value not in YES | NO:
        raise _Wrong("active", _("yes or no."))
    return value in YES


def _number(row: SheetRow, column: str) -> int:
    try:
        value = int(row[column])
    except ValueError as error:
        raise _Wrong(column, _("This is not a whole number.")) from error
    if not 0 <= value <= 60:
        raise _Wrong(column, _("Between 0 and 60."))
    return value


def _time_zone(row: SheetRow) -> str:
    try:
        check_time_zone(row["time_zone"])
    except ValidationError as error:
        raise _Wrong("time_zone", error.messages[0]) from error
    return row["time_zone"]
