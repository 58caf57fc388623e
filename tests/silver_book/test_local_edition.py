"""The local edition (R17): beside the standard, never in its place."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from network.models import Region, User
from network.registry import desk_items
from silver_book.exceptions import BookChangeRefused
from silver_book.messages import campaigners_of
from silver_book.models import LocalText
from silver_book.paragraphs import anchor
from silver_book.permissions import can_view_local, can_write_local, local_scopes
from silver_book.transitions import change_local, confirm_local, publish_text, remove_local
from tests.factories import make_country, make_mandate, make_region, make_user
from tests.silver_book.local import add_local, make_place
from tests.silver_book.test_importing import change, ids, section
from tests.silver_book.test_reading import BARE
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db
GO_AND_SEE = "/silver-book/way/words/go-and-see/"


@pytest.fixture
def here(shared_book):
    return make_place("here")


@pytest.fixture
def there(shared_book):
    return make_place("there")


def read(client, user=None, address=f"/en{GO_AND_SEE}") -> str:
    client.logout()
    if user is not None:
        client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def publish_with(number: int, words: str, *, language="en", wording=False) -> None:
    """An editor changes a block of 'Go and see'."""
    page = section(language=language)
    data = [dict(block) for block in page.body.raw_data]
    data[number]["value"] = words
    page.body = data
    page.save_revision()
    places = {data[number]["id"]} if wording else ()
    publish_text(page, by=User.objects.get(is_system=True), wording=places)


# --- reading --------------------------------------------------------------------------
def test_a_local_note_stands_beside_its_standard_for_its_region(client, here, there):
    add_local(here, "We count on *paper*.\n\nTwice.")
    page = read(client, here.reader)
    [paragraph] = [p for p in page.split('<div class="para"') if 'class="local"' in p]
    assert paragraph.index("Watch the whole event") < paragraph.index('class="local"')
    assert "<p>We count on <em>paper</em>.</p><p>Twice.</p>" in paragraph
    assert "Note for Here" in paragraph
    assert "We count" not in read(client, there.reader)
    assert "We count" not in read(client)


def test_others_can_look_at_it_and_one_can_leave_ones_own_out(client, here, there):
    add_local(here)
    add_local(there, "We count aloud.")
    own = read(client, here.reader)
    assert "on paper" in own
    assert "aloud" not in own
    other = read(client, here.reader, f"/en{GO_AND_SEE}?local={there.code}")
    assert "aloud" in other
    assert "on paper" not in other
    none = read(client, here.reader, f"/en{GO_AND_SEE}?local=none")
    assert 'class="local"' not in none
    assert none.count('href="?local=') == 3
    assert "?local=" not in read(client, None, f"/en{GO_AND_SEE}?local={there.code}")


def test_an_unknown_region_shows_ones_own(client, here):
    add_local(here)
    assert "on paper" in read(client, here.reader, f"/en{GO_AND_SEE}?local=<b>")


def test_a_note_in_several_languages_is_shown_in_the_readers(client, here):
    add_local(here)
    add_local(here, "نعد على الورق.", language="ar")
    arabic = read(client, here.reader, f"/ar{GO_AND_SEE}")
    assert '<div lang="ar" dir="rtl"><p>نعد على الورق.</p></div>' in arabic
    assert "on paper" not in arabic
    japanese = read(client, here.reader, f"/ja{GO_AND_SEE}")
    assert '<div lang="en" dir="ltr"><p>We count on paper.</p></div>' in japanese


def test_a_place_without_a_home_region_has_its_review_areas_edition(client, shared_book):
    place = make_place("alone", with_region=False)
    add_local(place)
    assert "on paper" in read(client, place.reader)
    assert "?local=area-alone-area" in read(client, place.reader)


def test_markup_in_a_local_text_stays_text(client, here):
    add_local(here, "<script>alert(1)</script> [x](javascript:alert(1))")
    page = read(client, here.reader)
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_a_regions_edition_lists_its_texts_beside_the_standard(client, here, there):
    add_local(here)
    add_local(here, "Ours.", kind="version", block_id=ids(section())[0])
    listed = read(client, there.reader, reverse("local_editions"))
    assert reverse("local_edition", args=[here.code]) in listed
    page = read(client, there.reader, reverse("local_edition", args=[here.code]))
    assert page.count('class="local"') == 2
    assert page.index("Ours.") < page.index("We count on paper.")
    assert page.index("Watch the whole event") < page.index("We count on paper.")
    assert read(client, here.reader, reverse("local_editions")).count("Your own region") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_regions_edition_costs_the_same_for_any_number_of_texts(
    client, here, count, django_assert_max_num_queries
):
    for number in range(count):
        add_local(here, block_id=ids(section())[2 + number])
    client.force_login(here.reader)
    address = reverse("local_edition", args=[here.code])
    client.get(address)
    with django_assert_max_num_queries(14):
        client.get(address)


# --- writing --------------------------------------------------------------------------
def test_a_campaigner_writes_from_the_paragraph(client, here):
    place = anchor(ids(section())[2])
    page = read(client, here.campaigner)
    address = reverse("local_write", args=[section().translation_key, place])
    assert f'href="{address}"' in page
    assert "Watch the whole event" in read(client, here.campaigner, address)
    data = {"scope": here.code, "kind": "version", "language": "en", "text": "By tally."}
    response = client.post(address, data)
    assert response.status_code == 302
    assert response.url == f"/en{GO_AND_SEE}?local={here.code}#{place}"
    assert "By tally." in read(client, here.reader)
    assert "local_write" not in read(client, here.reader)
    assert "para__local" not in read(client, here.reader)


@pytest.mark.parametrize("text", ["", "x" * 3001])
def test_a_refused_text_is_kept_on_the_form(client, here, text):
    client.force_login(here.campaigner)
    address = reverse("local_write", args=[section().translation_key, anchor(ids(section())[2])])
    data = {"scope": here.code, "kind": "note", "language": "ja", "text": text}
    response = client.post(address, data)
    assert response.status_code == 400
    assert f">{text}</textarea>" in response.content.decode()
    assert '<option value="ja" lang="ja" selected>' in response.content.decode()
    assert not LocalText.objects.exists()


def test_a_second_note_in_the_same_language_is_refused(here):
    add_local(here)
    with pytest.raises(BookChangeRefused):
        add_local(here, "Again.")
    add_local(here, "Version.", kind="version")
    add_local(here, "Auf Papier.", language="de")
    remove_local(LocalText.objects.first(), by=here.campaigner)
    add_local(here, "Once more.")


def test_what_is_no_paragraph_gets_no_local_text(client, here):
    with pytest.raises(BookChangeRefused):
        add_local(here, block_id="00000000-0000-0000-0000-000000000000")
    heading = anchor(ids(section())[1])
    client.force_login(here.campaigner)
    address = reverse("local_write", args=[section().translation_key, heading])
    assert client.get(address).status_code == 404


def test_nobody_writes_for_another_region(here, there):
    with pytest.raises(PermissionDenied):
        add_local(here, scope=there.scope)
    for person in (here.reader, make_user("editor"), make_user(is_superuser=True)):
        with pytest.raises(PermissionDenied):
            add_local(here, by=person)
    local = add_local(here)
    for do in (confirm_local, remove_local):
        with pytest.raises(PermissionDenied):
            do(local, by=there.campaigner)


def test_the_later_of_two_changes_is_refused_and_both_texts_shown(client, here):
    local = add_local(here)
    seen = local.events.first().pk
    change_local(local, text="First.", kind="note", seen=seen, by=here.campaigner)
    client.force_login(here.campaigner)
    address = reverse("local_text", args=[local.pk])
    response = client.post(
        address, {"action": "save", "text": "Second.", "kind": "note", "seen": seen}
    )
    assert response.status_code == 409
    text = response.content.decode()
    assert "First." in text
    assert ">Second.</textarea>" in text
    local.refresh_from_db()
    assert local.text == "First."


def test_its_history_is_kept(client, here, there):
    local = add_local(here)
    seen = local.events.first().pk
    change_local(local, text="Later.", kind="version", seen=seen, by=here.campaigner)
    remove_local(local, by=here.campaigner)
    events = list(local.events.values_list("what", "text"))
    assert events == [
        ("removed", "Later."),
        ("changed", "Later."),
        ("written", "We count on paper."),
    ]
    client.force_login(there.reader)
    assert client.get(reverse("local_text", args=[local.pk])).status_code == 404
    assert "We count on paper." in read(
        client, here.campaigner, reverse("local_text", args=[local.pk])
    )


def test_the_database_refuses_a_text_of_two_scopes(here):
    local = add_local(here)
    local.review_area = here.campaigner.mandates.get().review_area
    with pytest.raises(IntegrityError), transaction.atomic():
        local.save()


# --- when the standard changes ----------------------------------------------------------
def waiting(user) -> list[str]:
    return [item.url for item in desk_items(user) if "/local-edition/" in item.url]


def test_a_change_of_meaning_marks_it_and_a_change_of_wording_does_not(client, here, there):
    local = add_local(here)
    other = add_local(there, block_id=ids(section())[0])
    publish_with(2, "Watch the whole event twice, from start to end.", wording=True)
    local.refresh_from_db()
    assert local.review_since is None
    publish_with(2, "Watch half of the event.")
    local.refresh_from_db()
    other.refresh_from_db()
    assert local.review_since is not None
    assert other.review_since is None
    address = reverse("local_text", args=[local.pk])
    assert waiting(here.campaigner) == [address]
    assert waiting(there.campaigner) == []
    assert waiting(here.reader) == []
    told = Delivery.objects.filter(mailing__kind="silver_book.local_to_review")
    assert [row.user for row in told] == [here.campaigner]
    assert "has not been compared with it yet" in read(client, here.reader)
    compared = read(client, here.campaigner, address)
    assert "<ins> half of</ins>" in compared
    assert "It is still right" in compared
    assert client.post(address, {"action": "confirm"}).status_code == 302
    assert waiting(here.campaigner) == []
    assert "has not been compared" not in read(client, here.reader)
    publish_with(2, "Watch a third of the event.")
    local.refresh_from_db()
    assert local.review_since is not None


def test_writing_it_anew_settles_the_change(here):
    local = add_local(here)
    publish_with(2, "Watch half of the event.")
    seen = local.events.first().pk
    change_local(local, text="Half of it.", kind="note", seen=seen, by=here.campaigner)
    local.refresh_from_db()
    assert local.review_since is None
    assert local.standard == "Watch half of the event."


def test_a_japanese_text_follows_the_japanese_standard(here):
    english = add_local(here)
    japanese = add_local(here, "紙で数える。", language="ja")
    publish_with(2, "Watch half of the event.")
    japanese.refresh_from_db()
    english.refresh_from_db()
    assert english.review_since is not None
    assert japanese.review_since is None
    number = ids(section(language="ja")).index(japanese.block_id)
    publish_with(number, "出来事を半分見る。", language="ja")
    japanese.refresh_from_db()
    assert japanese.review_since is not None


def test_a_paragraph_that_goes_marks_its_local_text(client, here, folder, take_in):
    local = add_local(here)
    change(folder, "en", "Watch the whole event", "")
    page = section()
    page.body = [dict(b) for b in page.body.raw_data if b["id"] != local.block_id]
    page.save_revision()
    publish_text(page, by=User.objects.get(is_system=True))
    local.refresh_from_db()
    assert local.review_since is not None
    shown = read(client, here.reader, reverse("local_edition", args=[here.code]))
    assert "This paragraph is no longer in the standard." in shown
    assert "We count on paper." in shown


# --- who ------------------------------------------------------------------------------
def test_who_is_told_equals_who_may_write(here, there):
    alone = make_place("alone", with_region=False)
    by_region = make_mandate(
        make_user(), "campaigner", region=Region.objects.get(pk=here.scope[1])
    ).user
    by_country = make_user()
    country = there.campaigner.memberships.get().distributor.country
    make_mandate(by_country, "lead", country=country)
    people = list(User.objects.filter(is_system=False))
    assert {by_region, by_country, alone.campaigner} <= set(people)
    for scope in (here.scope, there.scope, alone.scope):
        told = set(campaigners_of(scope))
        assert told == {user for user in people if can_write_local(user, scope)}
        assert told


def test_visible_to_equals_can_view(here):
    local = add_local(here)
    gone = add_local(here, "Old.", language="de")
    remove_local(gone, by=here.campaigner)
    gone.refresh_from_db()
    for user in (AnonymousUser(), here.reader, make_user("editor"), make_user(is_active=False)):
        found = set(LocalText.objects.visible_to(user))
        assert found == {one for one in (local, gone) if can_view_local(user, one)}


def test_a_lead_of_countries_of_several_regions_chooses(client, shared_book):
    place = make_place("first")
    area = place.campaigner.mandates.get().review_area
    make_country(area=area, region=make_region("second"))
    assert len(local_scopes(place.campaigner)) == 2
    address = reverse("local_write", args=[section().translation_key, anchor(ids(section())[2])])
    assert '<select class="select" id="scope"' in read(client, place.campaigner, address)


def test_a_members_section_with_local_texts_stays_in_budget(client, here):
    add_local(here)
    for person in (here.reader, here.campaigner):
        client.force_login(person)
        client.get(f"/ar{GO_AND_SEE}")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/ar{GO_AND_SEE}")
        assert len(asked) <= BARE["member"] + 12, "\n".join(q["sql"][:200] for q in asked)
