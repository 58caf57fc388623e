"""A section and a story say in which workshops they are taught."""

import pytest

from network.registry import resolve_references, taught_in
from tests.factories.network import make_user
from tests.factories.stories import make_case
from tests.factories.workshops import make_programme
from workshops.transitions import add_material, renew_material, withdraw_material

pytestmark = pytest.mark.django_db


def test_a_story_says_where_it_is_taught_until_the_material_is_withdrawn(client):
    coordinator, reader = make_user("coordinator"), make_user()
    case = make_case(published=True, title="Parts in order")
    programme = make_programme("own", name="Own days")
    client.force_login(reader)
    address = case.pages.get(locale__language_code=case.source_language).url

    def says_so() -> bool:
        page = client.get(address).content.decode()
        return "Taught in" in page and "Own days" in page

    assert not says_so()
    made = add_material(programme, by=coordinator, kind="case", reference=case.number)
    assert says_so()
    assert taught_in("section", case.number) == []
    newer = renew_material(made, by=coordinator, note="Again")
    assert taught_in("case", case.number) == ["own"]  # once, whatever versions there are
    withdraw_material(newer, by=coordinator)
    assert not says_so()


def test_a_key_that_leads_nowhere_is_left_out(rf):
    request = rf.get("/")
    request.user = make_user()
    assert resolve_references(request, "section", ["no-such-section"]) == {}
