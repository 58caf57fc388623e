"""Places and people."""

import datetime
import itertools

from network.models import (
    Country,
    Dealer,
    Distributor,
    Mandate,
    Membership,
    Region,
    ReviewArea,
    Topic,
    User,
)
from network.permissions import forget_standing

PASSWORD = "correct horse battery staple"
SINCE = datetime.date(2020, 1, 1)
_counter = itertools.count(1)
# A letter and a digit: codes that no country has.
_ALL_CODES = [f"{letter}{digit}" for letter in "XYZWVUQ" for digit in "0123456789"]
_codes = itertools.cycle(_ALL_CODES)


def make_region(slug: str | None = None, **fields) -> Region:
    """A home region."""
    slug = slug or f"region-{next(_counter)}"
    fields.setdefault("name", slug.replace("-", " ").title())
    return Region.objects.get_or_create(slug=slug, defaults=fields)[0]


def make_area(slug: str | None = None, **fields) -> ReviewArea:
    """A review area."""
    slug = slug or f"area-{next(_counter)}"
    fields.setdefault("name", slug.replace("-", " ").title())
    return ReviewArea.objects.get_or_create(slug=slug, defaults=fields)[0]


def _free_code() -> str:
    for code in itertools.islice(_codes, len(_ALL_CODES)):
        if not Country.objects.filter(pk=code).exists():
            return code
    raise LookupError("every country code is taken: let distributors share a country")


def make_country(
    code: str | None = None,
    *,
    area: ReviewArea | None = None,
    region: Region | None = None,
    **fields,
) -> Country:
    """A country of `area` (a new one where None); without a home region unless given."""
    if code is None:
        code = _free_code()
    fields.setdefault("languages", ["en"])
    defaults = fields | {"review_area": area or make_area(), "region": region}
    return Country.objects.get_or_create(code=code, defaults=defaults)[0]


def make_distributor(
    code: str | None = None, *, country: Country | None = None, **fields
) -> Distributor:
    """An active distributor, in a country of its own unless given."""
    code = code or f"distributor-{next(_counter)}"
    fields.setdefault("name", code.replace("-", " ").title())
    fields.setdefault("languages", ["en"])
    return Distributor.objects.create(code=code, country=country or make_country(), **fields)


def make_dealer(distributor: Distributor, **fields) -> Dealer:
    """A dealer of the distributor."""
    fields.setdefault("code", f"dealer-{next(_counter)}")
    fields.setdefault("name", "Dealer")
    return Dealer.objects.create(distributor=distributor, **fields)


def make_topic(slug: str, **names) -> Topic:
    """A topic; `names` are `name_en`, `name_ja` and so on."""
    names.setdefault("name_en", slug.replace("-", " ").capitalize())
    return Topic.objects.create(slug=slug, **names)


def make_membership(user: User, distributor: Distributor, contact: str = "", **fields):
    """A current membership; `contact` is '', 'first' or 'deputy'."""
    fields.setdefault("since", SINCE)
    forget_standing(user)
    return Membership.objects.create(user=user, distributor=distributor, contact=contact, **fields)


def make_mandate(user: User, role: str, **scope) -> Mandate:
    """A current mandate: global, or over the one keyword given.

    >>> make_mandate(user, "campaigner", review_area=area)
    """
    fields = {"since": SINCE, "scope": next(iter(scope), "global")} | scope
    forget_standing(user)
    return Mandate.objects.create(user=user, role=role, **fields)


def make_user(
    role: str = "",
    *,
    distributor: Distributor | None = None,
    contact: str = "",
    email: str | None = None,
    **fields,
) -> User:
    """A person with PASSWORD: a plain member, or holder of `role`.

    Role fields go by name: `review_area`, `language`, `region`, `country` give
    the mandate that scope; 'manager' is the distributor's first contact.
    """
    scope = {
        name: fields.pop(name)
        for name in ("review_area", "language", "region", "country")
        if name in fields
    }
    if role == "manager":
        role, contact = "", "first"
    number = next(_counter)
    fields.setdefault("first_name", f"Person {number}")
    user = User.objects.create_user(email or f"person-{number}@gkc.example", PASSWORD, **fields)
    if distributor is not None:
        make_membership(user, distributor, contact)
    if role:
        make_mandate(user, role, **scope)
    return user
