"""The factories make what they say."""

import pytest

from tests.factories import make_case, make_distributor, make_issue, make_story_page, make_user

pytestmark = pytest.mark.django_db


def test_a_published_case_has_a_live_page_in_each_language():
    case = make_case(title="Parts in a quarter", published=True)
    make_story_page(case, "ja", "四半期で部品")
    addresses = {page.url for page in case.pages.all()}
    year = case.number[:4]
    assert addresses == {
        f"/en/stories/{year}/{case.number}-parts-in-a-quarter/",
        f"/ja/stories/{year}/{case.number}/",
    }
    assert case.pages.values("translation_key").distinct().count() == 1


def test_a_manager_is_first_contact():
    distributor = make_distributor()
    manager = make_user("manager", distributor=distributor)
    assert manager.memberships.get().contact == "first"


def test_a_released_issue_has_live_pages():
    issue = make_issue(cases=(make_case(published=True),), released=True, languages=("en", "fa"))
    assert issue.pages.filter(live=True).count() == 2
