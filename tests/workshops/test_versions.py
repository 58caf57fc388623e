"""A distributor's version of a programme: who sees it, what differs, when it is to be compared."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from gkc_site.sitemaps import PublicPages
from network.registry import desk_items, resolve_references
from search.api import mark_changed
from search.registry import document_types
from tests.factories.network import make_user
from tests.factories.workshops import (
    make_home,
    make_lab,
    make_programme,
    make_session,
    make_trainee,
)
from workshops.audience import viewer_tokens
from workshops.exceptions import TransitionRefused
from workshops.models import Programme, ProgrammePage, Session
from workshops.page_text import fingerprint, texts_of, units_of
from workshops.permissions import can_view_programme, can_view_session
from workshops.search_documents import audience_of, tokens
from workshops.transitions import (
    publish_programme,
    settle_version,
    tailor,
    take_over,
    withdraw_version,
    write_version,
)
from workshops.transitions.tailoring import parent_page, version_page
from workshops.versions import beside

pytestmark = pytest.mark.django_db
BODY = [
    {"type": "paragraph", "value": "Look first.", "id": "11111111-1111-4111-8111-111111111111"},
    {"type": "paragraph", "value": "Ask then.", "id": "22222222-2222-4222-8222-222222222222"},
]
LOOK, ASK = (block["id"] for block in BODY)


def write_body(page, blocks):
    page.body = ProgrammePage._meta.get_field("body").stream_block.to_python(blocks)


@pytest.fixture
def parent():
    made = make_lab("visit-days", name="Visit days")
    page = made.pages.get()
    write_body(page, BODY)
    page.save()
    return made


@pytest.fixture
def firm():
    return make_home("asia", name="Home firm")


@pytest.fixture
def manager(firm):
    return make_user("manager", distributor=firm)


@pytest.fixture
def version(parent, firm, manager):
    return tailor(parent, firm, "en", by=manager)


def written(version, manager, texts, *, publish=True, added=None):
    page = version_page(version)
    return write_version(
        version,
        texts,
        added or {},
        by=manager,
        seen=fingerprint(texts_of(page)),
        publish=publish,
    )


def change_parent(parent, blocks):
    """An editor publishes other words."""
    page = parent.pages.get()
    write_body(page, blocks)
    page.save_revision()
    publish_programme(page, by=make_user("editor"))


# --- who sees it ------------------------------------------------------------------------
def test_everywhere_seen_by_its_own_and_staff_alone(client, parent, firm, manager, version):
    written(version, manager, {"title": "Zebrafinch days"})
    session = make_session(version)
    mark_changed(version)
    mark_changed(session)
    own, away = make_trainee(firm), make_trainee(make_home("africa"))
    people = {
        "visitor": (AnonymousUser(), False),
        "elsewhere": (away, False),
        "translator": (make_user("translator", language="ja"), False),
        "other campaigner": (
            make_user("campaigner", review_area=make_home("africa").review_area),
            False,
        ),
        "member": (own, True),
        "manager": (manager, True),
        "campaigner": (make_user("campaigner", review_area=firm.review_area), True),
        "coordinator": (make_user("coordinator"), True),
        "trainer": (make_user("trainer"), True),
        "editor": (make_user("editor"), True),
        "executive": (make_user("executive"), True),
    }
    kinds = {kind.name: kind for kind in document_types()}
    version = Programme.objects.get(pk=version.pk)
    for who, (user, sees) in people.items():
        client.logout()
        if user.is_authenticated:
            client.force_login(user)
        found = {
            "predicate": can_view_programme(user, version),
            "queryset": version in Programme.objects.visible_to(user),
            "session": can_view_session(user, session),
            "sessions": session in Session.objects.visible_to(user),
            "catalogue": "Zebrafinch" in client.get("/en/workshops/").content.decode(),
            "page": client.get(f"/en/workshops/{version.key}/").status_code == 200,
            "another language": client.get(f"/ar/workshops/{version.key}/").status_code == 200,
            "date": client.get(reverse("session", args=[session.number])).status_code == 200,
            "search": "Zebrafinch" in client.get("/en/search/?q=zebrafinch").content.decode(),
            "programmes found": bool(kinds["programme"].visible([str(version.pk)], user)),
            "dates found": bool(kinds["session"].visible([str(session.pk)], user)),
            "tokens": bool(set(audience_of(version)) & tokens(user)),
            "reference": bool(
                resolve_references(_request(client, user), "workshop", [version.key])
            ),
        }
        assert found == dict.fromkeys(found, sees), who
    assert viewer_tokens(AnonymousUser()) == set()
    assert version.key not in " ".join(page.slug for page in PublicPages().items())


def _request(client, user):
    request = RequestFactory().get("/en/")
    request.user = user
    return request


def test_its_facets_and_suggestions_tell_nothing_to_others(client, firm, manager, version):
    written(version, manager, {"title": "Zebrafinch days"})
    mark_changed(version)
    client.force_login(make_trainee(make_home("africa")))
    for query in ("zebrafinch", "zebrafimch"):
        assert "Zebrafinch" not in client.get(f"/en/search/?q={query}").content.decode()
    client.force_login(make_trainee(firm))
    assert "Zebrafinch" in client.get("/en/search/?q=zebrafimch").content.decode()


def test_a_draft_is_for_its_keepers(client, firm, manager, version):
    assert not version.pages.get().live
    compare = reverse("version_compare", args=[version.key])
    client.force_login(make_trainee(firm))
    assert client.get(f"/en/workshops/{version.key}/").status_code == 404
    assert client.get(compare).status_code == 404
    client.force_login(manager)
    assert client.get(compare).status_code == 200


# --- making and writing -------------------------------------------------------------------
def test_made_once_with_all_that_the_parent_says(parent, firm, manager, version):
    assert tailor(parent, firm, "en", by=manager) == version
    assert (version.parent, version.distributor, version.place_kind) == (parent, firm, "lab")
    page = version.pages.get()
    assert texts_of(page) == texts_of(parent.pages.get())
    assert page.translation_key != parent.pages.get().translation_key
    for by, wanted in ((make_trainee(firm), PermissionDenied), (manager, TransitionRefused)):
        with pytest.raises(wanted):
            tailor(make_programme(live=False), firm, "en", by=by)
    with pytest.raises(TransitionRefused, match="current global programme"):
        tailor(make_programme(archived_at=timezone.now()), firm, "en", by=manager)
    with pytest.raises(TransitionRefused):
        tailor(version, firm, "en", by=make_user("coordinator"))


def test_written_in_the_browser_by_its_manager(client, firm, manager, version):
    client.force_login(manager)
    edit = reverse("version_edit", args=[version.key])
    form = client.get(edit)
    seen = form.context["seen"]
    typed = {
        "seen": seen,
        "text-title": "Our visit days",
        f"text-{LOOK}": "Look first, at our yard.",
        f"text-{ASK}": "",
        "added-body": "Then we eat.\r\n\r\nThen we go.",
        "do": "publish",
    }
    assert client.post(edit, typed).status_code == 302
    page = version.pages.get()
    assert page.live
    assert page.title == "Our visit days"
    assert [block.value for block in page.body] == [
        "Look first, at our yard.",
        "Then we eat.",
        "Then we go.",
    ]
    assert str(page.body[0].id) == LOOK
    assert page.lessons  # untouched
    # a second browser that saw the older words loses nothing of what it typed
    late = client.post(edit, typed | {"text-title": "Typed elsewhere"})
    assert late.status_code == 409
    assert "Typed elsewhere" in late.content.decode()
    assert version.pages.get().title == "Our visit days"
    states = {
        row["place"].unit.anchor: row["place"].state
        for row in client.get(reverse("version_compare", args=[version.key])).context["rows"]
    }
    assert states.pop(LOOK) == "changed"
    assert states.pop(ASK) == "left_out"
    assert states.pop("title") == "changed"
    assert sorted(states.values()) == ["added", "added"]


def test_every_kind_of_block_is_written_as_lines(parent, firm, manager):
    page = parent.pages.get()
    item = {"type": "item", "value": "Walk", "id": "33333333-3333-4333-8333-333333333333"}
    day = {"type": "day", "value": {"title": "One", "steps": [item]}, "id": LOOK}
    points = {"type": "points", "value": {"items": [item]}, "id": ASK}
    write_body(page, [day, points])
    page.save()
    version = tailor(parent, firm, "en", by=manager)
    lesson = next(unit.anchor for unit in units_of(page) if unit.kind == "lesson")
    texts = {LOOK: "Day one\nWalk\n\nSit", ASK: "Walk", lesson: "Title\nWords"}
    found = written(version, manager, texts)
    assert {unit.anchor: unit.text for unit in units_of(found)} | {} == texts_of(page) | {
        LOOK: "Day one\nWalk\nSit",
        ASK: "Walk",
        lesson: "Title\nWords",
    }
    assert found.body.get_prep_value()[1] == points  # unchanged: its items keep their ids


# --- the parent changes -------------------------------------------------------------------
def test_marked_when_the_parent_changes_until_settled(parent, manager, version):
    def marked():
        version.tailoring.refresh_from_db()
        items = [item for item in desk_items(manager) if version.key in item.url]
        assert bool(items) == (version.tailoring.compare_since is not None)
        return bool(items)

    assert not marked()
    change_parent(parent, [{**BODY[0], "value": "Look twice."}, BODY[1]])
    assert marked()
    row = next(
        row
        for row in beside(parent_page(version), version_page(version), version.tailoring.base)
        if row.unit.anchor == LOOK
    )
    assert row.to_compare
    assert ("ins", "twice.") in row.parent_runs
    stale = fingerprint(version.tailoring.base)
    with pytest.raises(TransitionRefused, match="has just changed"):
        settle_version(version, by=manager, seen=stale)
    with pytest.raises(PermissionDenied):
        settle_version(version, by=make_trainee(), seen=stale)
    take_over(version, LOOK, by=manager)
    assert texts_of(version_page(version))[LOOK] == "Look twice."
    seen = fingerprint(texts_of(parent_page(version)))
    settle_version(version, by=manager, seen=seen)
    assert not marked()
    change_parent(parent, BODY)
    assert marked()
    change_parent(parent, [{**BODY[0], "value": "Look twice."}, BODY[1]])
    assert not marked()  # it says again what was compared


def test_what_was_left_out_comes_back_in_its_place(parent, manager, version):
    written(version, manager, {LOOK: ""})
    take_over(version, LOOK, by=manager)
    assert [str(block.id) for block in version_page(version).body] == [LOOK, ASK]
    with pytest.raises(TransitionRefused):
        take_over(version, "nowhere", by=manager)


def test_withdrawn_and_taken_up_again(client, parent, firm, manager, version):
    written(version, manager, {"title": "Ours"})
    session = make_session(version)
    with pytest.raises(TransitionRefused):
        withdraw_version(version, by=manager)
    Session.objects.filter(pk=session.pk).update(state="done")
    withdraw_version(version, by=manager)
    client.force_login(manager)
    assert "Ours" not in client.get("/en/workshops/").content.decode()
    assert tailor(parent, firm, "en", by=manager).archived_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list_do_not_grow(client, django_assert_num_queries, firm, manager, count):
    for number in range(count):
        tailor(make_programme(f"plain-{number}"), firm, "en", by=manager)
    client.force_login(manager)
    client.get(reverse("versions"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("versions"))


# session, user; memberships, mandates; programmes and titles of the form, its two lists (parents,
# distributors); versions, their pages, titles
QUERIES = 11
