"""Loads the demo's distributors, dealers, people and logins. Adds only what is missing."""

import datetime
import json
import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.crypto import get_random_string
from modeltranslation.utils import build_localized_fieldname

from network.models import Dealer, Distributor, Mandate, Membership, ReviewArea, User

FOLDER = Path(__file__).parent / "network"
SINCE = datetime.date(2024, 1, 1)
# Words of people.toml → roles of mandates. A member needs none to read, write or manage.
ROLES = {
    "translator": "translator",
    "editor": "editor",
    "trainer": "trainer",
    "workshop_coordinator": "coordinator",
    "executive": "executive",
    "administrator": "administrator",
}


def load_people() -> None:
    """Distributors with managers, deputies and dealers; campaigners; personae; their logins."""
    password = demo_password()
    hashed = make_password(password)
    rows = _read("distributors.toml")["distributor"]
    for row in rows:
        load_distributor(row, hashed)
    people = _read("people.toml")
    for row in people["campaigner"]:
        user = load_person(row, hashed)
        area = ReviewArea.objects.get(slug=row["area"])
        give_mandate(
            user,
            "lead" if row["lead"] else "campaigner",
            scope="review_area",
            review_area=area,
            field=row["field"],
        )
    for row in people["persona"]:
        user = load_person(row, hashed)
        for mandate in row["mandates"]:
            if mandate["role"] in ROLES:
                language = mandate.get("target", "") if mandate["scope"] == "language" else ""
                give_mandate(
                    user, ROLES[mandate["role"]], scope=mandate["scope"], language=language
                )
    write_logins(people, password)


def _read(name: str) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def persona(key: str) -> dict:
    """A persona's row of people.toml, by its short name. Raises StopIteration for none."""
    return next(row for row in _read("people.toml")["persona"] if row["key"] == key)


def load_distributor(row: dict, hashed: str) -> None:
    """One firm with its contacts and dealers."""
    names = {build_localized_fieldname("name", code): text for code, text in row["name"].items()}
    firm, _made = Distributor.objects.get_or_create(
        code=row["code"],
        defaults={
            "country_id": row["country"],
            "languages": row["languages"],
            "is_active": row["active"],
            **names,
        },
    )
    for dealer in row.get("dealers", []):
        Dealer.objects.get_or_create(
            code=dealer["code"],
            defaults={"name": dealer["name"], "city": dealer["city"], "distributor": firm},
        )
    for key, contact in (("manager", "first"), ("deputy", "deputy")):
        if key in row:
            person = row[key] | {
                "distributor": row["code"],
                "interface_language": row["languages"][0],
                "further_languages": row["languages"][1:],
                "time_zone": row["time_zone"],
            }
            load_person(person, hashed, contact=contact)


def load_person(row: dict, hashed: str, *, contact: str = "") -> User:
    """A user with a membership in their firm; one user an address."""
    user, made = User.objects.get_or_create(
        email=row["email"],
        defaults={
            "first_name": row["first"],
            "last_name": row["last"],
            "interface_language": row["interface_language"],
            "further_languages": row["further_languages"],
            "time_zone": row["time_zone"],
            "post": row.get("post", ""),
            "years_of_experience": row.get("years"),
            "password": hashed,
        },
    )
    if not made and row.get("post") and not user.post:
        user.post, user.years_of_experience = row["post"], row.get("years")
        user.save(update_fields=["post", "years_of_experience"])
    if row["distributor"]:
        firm = Distributor.objects.get(code=row["distributor"])
        dealer = Dealer.objects.filter(code=row.get("dealer", "")).first()
        Membership.objects.get_or_create(
            user=user,
            distributor=firm,
            defaults={"since": SINCE, "contact": contact, "dealer": dealer},
        )
    return user


def give_mandate(user: User, role: str, *, scope: str, **fields) -> None:
    """The mandate, once."""
    narrowed = {
        key: value for key, value in fields.items() if key not in ("field", "nomination_note")
    }
    Mandate.objects.get_or_create(
        user=user, role=role, scope=scope, **narrowed, defaults={"since": SINCE} | fields
    )


def demo_password() -> str:
    """One password for all demo logins of this home: made once, kept in the logins file."""
    path = logins_path()
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))[0]["password"]
    return f"demo-{get_random_string(10, 'abcdefghjkmnpqrstuvwxyz23456789')}"


def logins_path() -> Path:
    """GKC_HOME/demo-logins.json: a list of role, email, password."""
    return Path(settings.GKC_HOME) / "demo-logins.json"


def write_logins(people: dict, password: str) -> None:
    """Every persona and the campaigners that play a part."""
    rows = [
        {"role": row["part"], "email": row["email"], "password": password}
        for row in people["persona"]
    ] + [
        {
            "role": f"{'lead ' if row['lead'] else ''}campaigner, {row['area']}",
            "email": row["email"],
            "password": password,
        }
        for row in people["campaigner"]
        if row.get("key")
    ]
    path = logins_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    path.chmod(0o600)
