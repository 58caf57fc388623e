"""Programmes with their pages, sessions and enrolments. States are set directly where a test is
about something else: transitions have their own tests."""

import datetime
import itertools
import uuid

from django.core.cache import cache
from django.utils import timezone
from wagtail.models import Locale

from network.models import Dealer, User
from tests.factories.network import make_country, make_distributor, make_region, make_user
from workshops.catalogue import HAS_CONTENT
from workshops.models import (
    Enrolment,
    EnrolmentEvent,
    Programme,
    ProgrammePage,
    Session,
    SessionDay,
    WorkshopIndexPage,
)

_counter = itertools.count(1)


def make_programme(key: str = "", *, live: bool = True, languages=("en",), **fields) -> Programme:
    """A programme in the catalogue, open to every member, with a page in each language."""
    key = key or f"programme-{next(_counter)}"
    fields.setdefault("name", key.replace("-", " ").capitalize())
    requires = fields.pop("requires", ())
    topics = fields.pop("topics", ())
    programme = Programme.objects.create(key=key, **fields)
    programme.requires.set(requires)
    programme.topics.set(topics)
    for language in languages:
        make_programme_page(programme, language, live=live)
    return programme


def make_programme_page(programme: Programme, language: str, *, title="", live=True, **fields):
    """The programme's page in a language."""
    index = WorkshopIndexPage.objects.get(locale__language_code=language)
    page = ProgrammePage(
        programme=programme,
        title=title or programme.name,
        slug=programme.key,
        summary=fields.pop("summary", "What one learns."),
        locale=Locale.objects.get(language_code=language),
        live=live,
        **fields,
    )
    other = programme.pages.first()
    if other is not None:
        page.translation_key = other.translation_key
    cache.delete(HAS_CONTENT)  # as publishing does
    return index.add_child(instance=page)


def lab_stream(questions: int = 2) -> list[dict]:
    """A lesson, then questions: of each the second answer is right; the last has two right ones."""
    lesson = {"title": "What the customer sees", "text": ["Look first.", "Then ask."]}
    found = [{"type": "lesson", "value": lesson, "id": str(uuid.uuid4())}]
    for number in range(1, questions + 1):
        value = {
            "question": f"Question {number}?",
            "options": ["Wrong", "Right", "Also"],
            "right": [2, 3] if number == questions else [2],
            "explanation": f"Because of {number}.",
        }
        found.append({"type": "question", "value": value, "id": str(uuid.uuid4())})
    return found


def make_lab(key: str = "", *, questions: int = 2, **fields) -> Programme:
    """A programme with an online lab in English."""
    fields.setdefault("place_kind", "lab")
    programme = make_programme(key, **fields)
    page = programme.pages.get(locale__language_code="en")
    block = ProgrammePage._meta.get_field("lessons").stream_block
    page.lessons = block.to_python(lab_stream(questions))
    page.save()
    return programme


def make_employee(distributor=None, *, since=None, **fields) -> User:
    """A trainee who works at a dealer."""
    firm = distributor or make_distributor()
    dealer = Dealer.objects.create(
        code=f"dealer-{next(_counter)}", name="Corner dealer", city="Here", distributor=firm
    )
    person = make_trainee(firm, **fields)
    since = since or datetime.date(2020, 1, 1)
    person.memberships.update(dealer=dealer, since=since)
    return person


def make_session(
    programme: Programme | None = None,
    *,
    in_days: float = 30,
    days: int = 1,
    state: str = "open",
    seats: int = 3,
    trainers=(),
    created_by: User | None = None,
    **fields,
) -> Session:
    """A session that begins `in_days` from now, six hours a day; open for enrolment unless said
    otherwise, until it begins."""
    programme = programme or make_programme()
    start = timezone.now().replace(microsecond=0) + datetime.timedelta(days=in_days)
    spans = [
        (start + datetime.timedelta(days=n), start + datetime.timedelta(days=n, hours=6))
        for n in range(days)
    ]
    fields.setdefault("languages", ["en"])
    fields.setdefault("enrol_until", spans[0][0])
    session = Session.objects.create(
        number=f"T-{next(_counter):04}",
        programme=programme,
        state=state,
        seats=seats,
        starts_at=spans[0][0],
        ends_at=spans[-1][1],
        created_by=created_by or User.objects.get(is_system=True),
        **fields,
    )
    SessionDay.objects.bulk_create(
        [SessionDay(session=session, starts_at=start, ends_at=end) for start, end in spans]
    )
    session.trainers.set(trainers)
    return session


def make_trainee(distributor=None, **fields) -> User:
    """A member with five confirmed years of experience, of a distributor of their own."""
    fields.setdefault("years_of_experience", 5)
    fields.setdefault("post", "Service adviser")
    fields.setdefault("post_confirmed_at", timezone.now())
    return make_user(distributor=distributor or make_distributor(), **fields)


def make_home(region_slug: str = "", **fields):
    """A distributor in a country of the region (none where empty)."""
    region = make_region(region_slug) if region_slug else None
    return make_distributor(country=make_country(region=region), **fields)


def make_enrolment(session: Session, user: User | None = None, state="enrolled", **fields):
    """A row as `enrol` would have left it."""
    user = user or make_trainee()
    membership = user.memberships.select_related("distributor__country").first()
    if membership is not None:
        country = membership.distributor.country
        fields.setdefault("distributor", membership.distributor)
        fields.setdefault("region", country.region)
        if country.region_id is None:
            fields.setdefault("review_area", country.review_area)
    made = Enrolment.objects.create(
        session=session, user=user, state=state, language="en", created_by=user, **fields
    )
    EnrolmentEvent.objects.create(enrolment=made, verb="enrol", old="", new=state, by=user)
    return made
