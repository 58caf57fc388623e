"""Makes the demo's catalogue: the sources' programmes, and example dates with people in them.

Every step is a transition that a person could have done at the desk.
"""

import datetime
import tomllib
from pathlib import Path

from django.db import transaction
from wagtail.models import Locale

from gkc_site.demo.people import persona
from gkc_site.demo.workshops import blocks
from gkc_site.demo.workshops.desk import let_decide, load_desk
from gkc_site.demo.workshops.history import spans_of
from gkc_site.demo.workshops.wishes import load_wishes
from network.exceptions import ChangeRefused
from network.models import Distributor, Membership, Region, Topic, User
from network.permissions import forget_standing
from network.transitions import confirm_post
from workshops.models import Programme, ProgrammePage, Session, WorkshopIndexPage
from workshops.transitions import (
    accept_nomination,
    approve,
    cancel_enrolment,
    cancel_session,
    confirm_session,
    enrol,
    enrol_group,
    keep_seats,
    nominate,
    open_session,
    plan_session,
    publish_programme,
    refuse,
)

FOLDER = Path(__file__).parent
CLOSES_BEFORE = datetime.timedelta(days=4)
REFUSED = "The stocktaking is in that week. Please take a later date."
GROUP = 2  # members of a firm that its manager enrols at once


def load_workshops() -> tuple[int, int]:
    """Programmes, then dates where there are none. Returns how many of each were made."""
    rows = blocks.programme_rows()
    made = [row for row in rows if load_programme(row)]
    for row in made:
        programme = Programme.objects.get(key=row["key"])
        programme.requires.set(Programme.objects.filter(key__in=row.get("requires", [])))
    load_desk()
    if Session.objects.filter(is_example=True).exists():
        return len(made), 0
    rows = tomllib.loads((FOLDER / "sessions.toml").read_text(encoding="utf-8"))["session"]
    with transaction.atomic():  # all or none: a load that is broken off begins anew
        for row in rows:
            load_session(row)
        load_wishes()
    return len(made), len(rows)


# --- programmes ------------------------------------------------------------------------
def load_programme(row: dict) -> bool:
    """The programme with its English page, live; False where it is there."""
    if Programme.objects.filter(key=row["key"]).exists():
        return False
    programme = Programme(
        key=row["key"],
        name=row["name"],
        programme_key=blocks.own_id(row["key"]),
        days=row.get("days"),
        level=row["level"],
        audience=row["audience"],
        entry=row["entry"],
        place_kind=row["place"],
        asks=row.get("asks", []),
        process_steps=row["steps"],
        min_years=row.get("min_years"),
        is_yearly_duty=row.get("yearly", False),
        proof_days=row.get("proof_days"),
        gives_certificate=row.get("certificate", True),
        fee_amount=row.get("fee"),
        fee_currency=row.get("currency", ""),
    )
    programme.full_clean()
    programme.save()
    programme.topics.set(Topic.objects.filter(slug__in=row["topics"]))
    editor = User.objects.get(email=persona("ken")["email"])
    index = WorkshopIndexPage.objects.get(locale__language_code="en")
    page = ProgrammePage(
        programme=programme,
        title=row["title"],
        slug=row["key"],
        summary=row["summary"],
        locale=Locale.objects.get(language_code="en"),
        translation_key=blocks.own_id(f"{row['key']}/page"),
        live=False,
    )
    page.body = _stream("body", blocks.paragraphs(row, "body"))
    page.happens = _stream("happens", blocks.days(row))
    page.before_after = _stream("before_after", blocks.paragraphs(row, "before_after"))
    if row["place"] == "lab":
        page.lessons = _stream("lessons", blocks.lessons(row["key"]))
    index.add_child(instance=page)
    page.save_revision(user=editor)
    publish_programme(page, by=editor)
    return True


def _stream(name: str, rows: list[dict]):
    return ProgrammePage._meta.get_field(name).stream_block.to_python(rows)


# --- sessions ---------------------------------------------------------------------------
def load_session(row: dict) -> Session:
    """Plan a session, open it, and let people come in."""
    coordinator = User.objects.get(email=persona("patricia")["email"])
    days = spans_of(row)
    closes = days[0][0] - CLOSES_BEFORE
    names = [row["trainer"]] if "trainer" in row else []
    trainers = [User.objects.get(email=persona(name)["email"]) for name in names]
    online = {"place_kind": "online"} if row.get("link") else {}
    session = plan_session(
        Programme.objects.get(key=row["programme"]),
        by=coordinator,
        days=days,
        seats=row["seats"],
        languages=row["languages"],
        time_zone=row["zone"],
        enrol_until=closes,
        cancel_until=closes,
        minimum=row.get("minimum", 0),
        decide_on=(closes - datetime.timedelta(days=3)).date(),
        country_id=row.get("country"),
        city=row.get("city", ""),
        venue=row.get("venue", ""),
        link=row.get("link", ""),
        trainers=trainers,
        is_example=True,
        **online,
    )
    if row.get("state") == "planned":
        return session
    open_session(session, by=coordinator)
    for slug, seats in row.get("quota", {}).items():
        region = Region.objects.get(slug=slug)
        until = closes - datetime.timedelta(days=14)
        keep_seats(session, ("region", region.pk), seats, until=until, by=coordinator)
    fill(session, row)
    if row.get("state") == "confirmed":
        confirm_session(session, by=coordinator)
    elif row.get("state") == "to decide":
        let_decide(session)
    elif row.get("state") == "cancelled":
        cancel_session(session, by=coordinator, reason="The new model arrives later than planned.")
    return session


def fill(session: Session, row: dict) -> None:
    """People come in, each by the way that the programme has."""
    for key in row.get("own", []):
        person = _person(key)
        _vouch(person)
        enrol(session, person, by=person)
    for key in row.get("approve", []):
        person = _person(key)
        made = person.enrolments.get(session=session)
        approve(made, by=manager_of(made.distributor))
    for key in row.get("refuse", []):
        made = _person(key).enrolments.get(session=session)
        refuse(made, by=manager_of(made.distributor), reason=REFUSED)
    for key in row.get("leave", []):
        person = _person(key)
        cancel_enrolment(person.enrolments.get(session=session), by=person)
    for key in row.get("nominate", []):
        person = _person(key)
        nominate(session, [person], by=manager_of(_firm(person)))
        if key in row.get("accept", []):
            accept_nomination(person.enrolments.get(session=session), by=person)
    if code := row.get("group"):
        firm = Distributor.objects.get(code=code)
        there = session.enrolments.values("user")
        people = User.objects.members_of(firm).exclude(pk__in=there).order_by("pk")[:GROUP]
        try:
            enrol_group(session, people, by=manager_of(firm))
        except ChangeRefused:  # full by now: all of them or nobody
            return


def _person(key: str) -> User:
    return User.objects.get(email=key if "@" in key else persona(key)["email"])


def _firm(person: User) -> Distributor:
    return person.memberships.current().order_by("pk").first().distributor


def manager_of(firm: Distributor) -> User:
    """The firm's first contact."""
    return Membership.objects.current().get(distributor=firm, contact="first").user


def _vouch(person: User) -> None:
    """Their manager has confirmed post and years; a manager's, the deputy or an administrator."""
    if person.post_confirmed_at is not None or not person.post:
        return
    manager = manager_of(_firm(person))
    if manager.pk == person.pk:
        manager = User.objects.holding("administrator").order_by("pk").first()
    forget_standing(person)
    confirm_post(person, by=manager)
