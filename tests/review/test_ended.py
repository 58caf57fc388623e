"""Stories off their way: editors find them at the review desk, and published ones from the page."""

import pytest
from django.urls import reverse

from bulletins.transitions import decide_case
from tests.bulletins.stories import make_whole_story
from tests.factories.network import make_area, make_user

pytestmark = pytest.mark.django_db


def address(case) -> str:
    return reverse("review_case", args=[case.number])


def test_an_editor_finds_what_has_ended_and_brings_it_back(client, stories):
    case = stories.submitted()
    decide_case(case, decision="decline", by=case.holder, reason="No cause.")
    editor = make_user("editor")
    client.force_login(editor)
    page = client.get(reverse("review_desk") + "?show=ended")
    [row] = page.context["rows"]
    assert (row["row"].key, row["is_late"]) == (case.number, False)
    assert "revive" in client.get(address(case)).content.decode()
    client.force_login(make_user("campaigner", review_area=make_area()))
    assert client.get(reverse("review_desk") + "?show=ended").context["rows"] == []


def test_a_published_story_leads_its_editors_to_the_desk(client):
    case = make_whole_story("en")
    there = address(case)
    for who, shown in ((make_user("editor"), True), (make_user(), False)):
        client.force_login(who)
        page = client.get(case.source_page().get_url()).content.decode()
        assert (f'href="{there}"' in page) is shown
