"""R18: each kind of message reaches its audience and nobody else.

A room describes its kinds in `tests/<room>/audiences.py`:

    AUDIENCES = {"bulletins.case_withdrawn": case_withdrawn}

    def case_withdrawn(crowd):
        '''The author and the holder.'''
        case = …
        return Told(case, {}, [case.author])

`crowd` holds somebody of every role who has nothing to do with it, by role
name: whoever of them does get the message is named among the people.
"""

import importlib.util

import pytest

from network.models import User
from tests.factories.network import make_area, make_country, make_distributor, make_user
from tests.touchpoints.audiences import Told
from touchpoints.api import tell
from touchpoints.registry import Message, kinds

ROOMS = (
    "accounts",
    "gkc_site",
    "silver_book",
    "bulletins",
    "workshops",
    "translations",
    "review",
    "network",
)
EXAMPLE = "tests.members"


def example(crowd) -> Told:
    """Members of the distributor."""
    distributor = make_distributor()
    return Told(
        distributor,
        {},
        [make_user(distributor=distributor), make_user("editor", distributor=distributor)],
    )


def table() -> dict:
    """Every room's rows."""
    rows = {EXAMPLE: example}
    for room in ROOMS:
        name = f"tests.{room}.audiences"
        if importlib.util.find_spec(f"tests.{room}") and importlib.util.find_spec(name):
            rows |= importlib.import_module(name).AUDIENCES
    return rows


@pytest.fixture
def crowd(db) -> dict[str, User]:
    """Somebody of every role, each of a distributor, area and region of their own."""
    people = {
        role: make_user(role, distributor=make_distributor())
        for role in ("editor", "trainer", "coordinator", "executive", "administrator")
    }
    area = make_area()
    at_home = make_distributor(country=make_country(area=area))
    for role in ("campaigner", "lead"):
        people[role] = make_user(role, review_area=area, distributor=at_home)
    people["translator"] = make_user("translator", language="ja", distributor=at_home)
    people["reader"] = make_user(distributor=at_home)
    people["manager"] = make_user("manager", distributor=at_home)
    people["deactivated"] = make_user("editor", distributor=at_home, is_active=False)
    people["superuser"] = make_user(is_superuser=True, is_staff=True)
    return people


@pytest.fixture
def example_kind(register):
    return register(EXAMPLE)


def check(name: str, crowd) -> None:
    """That `tell` reaches exactly the people in the kind's row."""
    told = table()[name](crowd)
    assert User.objects.exclude(pk__in=[user.pk for user in told.people]).exists()
    mailing = tell(name, told.obj, **told.data)
    reached = mailing.deliveries.values_list("user__email", flat=True)
    assert sorted(reached) == sorted(user.email for user in told.people)


@pytest.mark.parametrize("name", [EXAMPLE, *sorted(kind.name for kind in kinds())])
def test_a_kind_reaches_its_audience_and_nobody_else(name, crowd, example_kind):
    check(name, crowd)


def test_every_kind_has_a_row_and_every_row_a_kind():
    assert {kind.name for kind in kinds()} == set(table()) - {EXAMPLE}


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_a_kind_says_in_words_for_whom_it_is(kind):
    assert str(kind.audience_label)
    assert kind.name.split(".")[0] in ROOMS


def test_control_a_kind_that_reaches_one_more_is_caught(crowd, register):
    register(EXAMPLE, audience=lambda obj, data: User.objects.filter(is_active=True))
    with pytest.raises(AssertionError):
        check(EXAMPLE, crowd)


def test_control_a_kind_without_a_row_is_caught(crowd, register):
    register("tests.forgotten")
    with pytest.raises(KeyError):
        check("tests.forgotten", crowd)


def test_a_message_has_a_plain_form():
    """A kind that brings its own HTML cannot leave out the text."""
    with pytest.raises(ValueError):
        Message(subject="Issue", lines=(), html="<p>whole</p>")
    assert isinstance(Message("Issue", (), html="<p>whole</p>", text="whole"), Message)
