"""A version beside its parent: what each asks for and holds, and when that is to be compared."""

import pytest

from tests.factories.network import make_user
from tests.factories.workshops import make_home, make_programme
from tests.workshops.desk_pages import at
from workshops.exceptions import TransitionRefused
from workshops.page_text import fingerprint, texts_of
from workshops.transitions import change_programme, publish_programme, settle_version, tailor
from workshops.transitions.tailoring import last_change_of, parent_page

pytestmark = pytest.mark.django_db


def is_marked(version) -> bool:
    version.tailoring.refresh_from_db()
    return version.tailoring.compare_since is not None


def test_other_rules_of_the_parent_mark_the_version_and_are_shown(client, coordinator):
    home = make_home()
    manager = make_user("manager", distributor=home)
    parent = make_programme(min_years=3, days=2)
    version = tailor(parent, home, "en", by=manager)
    client.force_login(manager)
    page = client.get(at("version_compare", version.key)).content.decode()
    assert "What it asks for and holds" not in page
    change_programme(parent, {"name": "Another name inside"}, by=coordinator)
    assert not is_marked(version)
    change_programme(parent, {"min_years": 7}, by=coordinator)
    assert is_marked(version)
    # That the parent is published with the same words does not settle it.
    publish_programme(parent.pages.get(), by=make_user("editor"))
    assert is_marked(version)
    page = client.get(at("version_compare", version.key)).content.decode()
    assert "The global programme has changed" in page
    assert page.count("<bdi>7</bdi>") == page.count("<bdi>3</bdi>") == 1
    seen, last = fingerprint(texts_of(parent_page(version))), last_change_of(parent)
    change_programme(parent, {"days": 4}, by=coordinator)
    with pytest.raises(TransitionRefused, match="just changed"):
        settle_version(version, by=manager, seen=seen, last_change=last)
    last = last_change_of(parent)
    answer = client.post(
        at("version_compare", version.key), {"seen": seen, "last_change": str(last)}
    )
    assert answer.status_code == 302
    assert not is_marked(version)
    publish_programme(parent.pages.get(), by=make_user("editor"))
    assert not is_marked(version)
    page = client.get(at("version_compare", version.key)).content.decode()
    assert "What it asks for and holds" in page  # it differs still, and that was compared
    # A change of the version's own marks nothing.
    change_programme(version, {"min_years": 5}, by=coordinator)
    assert not is_marked(version)
