"""An editor's change: meaning or wording, what it marks, and how the two base texts compare."""

import pytest

from silver_book.models import PairMark
from silver_book.revisions import changes
from silver_book.transitions import publish_text, settle_pair
from silver_book.waiting import drafts, pairs
from tests.factories import make_user
from tests.silver_book.test_importing import change, edit, ids, section
from translations.api import paragraphs_behind

pytestmark = pytest.mark.django_db
# The paragraph 'Watch the whole event', third of the section's blocks.
THIRD = 2


@pytest.fixture
def editor():
    return make_user("editor")


def behind(language: str) -> dict[str, str]:
    return {
        path: state for path, (state, _s) in paragraphs_behind(section(language=language)).items()
    }


def marks(language: str) -> list[str]:
    rows = PairMark.objects.filter(language=language, settled_at=None)
    return list(rows.values_list("block_id", flat=True))


def test_a_change_of_meaning_marks_one_paragraph_everywhere(take_in, editor):
    take_in("en", "ar", "ja")
    place = ids(section())[THIRD]
    edit(section(), THIRD, "Watch all of it, also the end.")
    publish_text(section(), by=editor)
    assert behind("ar") == {f"body.{place}": "stale"}
    assert marks("ja") == [place]
    assert marks("en") == []


def test_a_change_of_wording_marks_nothing(take_in, editor):
    take_in("en", "ar", "ja")
    place = ids(section())[THIRD]
    edit(section(), THIRD, "Watch the whole event, above all the `end` of it.")
    publish_text(section(), by=editor, wording={place})
    assert section().body.raw_data[THIRD]["value"].endswith("of it.")
    assert behind("ar") == {}
    assert marks("ja") == []


def test_wording_does_not_make_stale_words_current(take_in, editor):
    take_in("en", "ar")
    place = ids(section())[THIRD]
    edit(section(), THIRD, "Another meaning.")
    publish_text(section(), by=editor)
    edit(section(), THIRD, "Another meaning, better said.")
    publish_text(section(), by=editor, wording={place})
    assert behind("ar") == {f"body.{place}": "stale"}


def test_japanese_marks_english_and_no_translation(take_in, editor):
    take_in("en", "ar", "ja")
    page = section(language="ja")
    place = ids(section())[0]
    edit(page, ids(page).index(place), "別の意味です。")
    publish_text(section(language="ja"), by=editor)
    assert marks("en") == [place]
    assert behind("ar") == {}


def test_the_answering_change_settles_and_raises_no_new_mark(take_in, editor):
    take_in("en", "ja")
    place = ids(section())[THIRD]
    edit(section(), THIRD, "Another meaning.")
    publish_text(section(), by=editor)
    page = section(language="ja")
    edit(page, ids(page).index(place), "別の意味です。")
    publish_text(section(language="ja"), by=editor)
    assert marks("ja") == marks("en") == []
    assert PairMark.objects.get().settled_by == editor


def test_a_paragraph_that_japanese_does_not_have_is_not_compared(take_in, editor):
    take_in("en", "ja")
    page = section(language="ja")
    own = next(n for n, i in enumerate(ids(page)) if i not in ids(section()))
    edit(page, own, "日本語だけの段落、書き直し。")
    publish_text(section(language="ja"), by=editor)
    assert marks("en") == []


def test_an_import_of_a_change_marks_too(take_in, folder):
    take_in("en", "ja")
    change(folder, "en", "Watch the whole event", "Watch all of the event")
    take_in("en")
    assert marks("ja") == [ids(section())[THIRD]]


def test_an_editor_settles_once(take_in, editor):
    take_in("en", "ja")
    edit(section(), THIRD, "Another meaning.")
    publish_text(section(), by=editor)
    mark = PairMark.objects.get()
    assert settle_pair(mark, by=editor)
    assert not settle_pair(mark, by=editor)
    assert pairs() == []


def test_the_desk_shows_drafts_and_pairs(take_in, editor, client):
    take_in("en", "ja")
    edit(section(), THIRD, "Another meaning.")
    client.force_login(editor)
    assert [page.pk for page in drafts()] == [section().pk]
    assert "Go and see" in client.get("/en/desk/book/").content.decode()
    publish_text(section(), by=editor)
    (pair,) = pairs()
    anchor = f"p-{ids(section())[THIRD][:8]}"
    assert pair.url == f"/ja/silver-book/way/words/go-and-see/?beside=en#{anchor}"
    assert f'href="{pair.url}"' in client.get("/en/desk/book/").content.decode()
    client.post(f"/en/desk/book/compared/{pair.mark.pk}/")
    assert pairs() == drafts() == []


def test_the_publish_page_shows_the_difference_and_takes_the_word_on_it(take_in, editor, client):
    take_in("en", "ar")
    page = section()
    place = ids(page)[THIRD]
    edit(page, THIRD, "Watch the whole event, above all its finish.")
    (found,) = changes(section())
    assert (found.place, found.kind) == (place, "changed")
    client.force_login(editor)
    address = f"/en/desk/book/{page.pk}/"
    text = client.get(address).content.decode()
    assert "<del>`end`.</del><ins>finish.</ins>" in text
    seen = section().latest_revision_id
    client.post(address, {"seen": seen, f"kind-{place}": "wording"})
    assert section().body.raw_data[THIRD]["value"].endswith("finish.")
    assert behind("ar") == {}


def test_a_newer_draft_than_the_one_seen_is_not_published(take_in, editor, client):
    take_in("en")
    page = section()
    edit(page, THIRD, "First draft.")
    seen = section().latest_revision_id
    edit(section(), THIRD, "Second draft.")
    client.force_login(editor)
    client.post(f"/en/desk/book/{page.pk}/", {"seen": seen})
    assert section().body.raw_data[THIRD]["value"].startswith("Watch the whole")


def test_the_admin_leads_to_publication(take_in, editor, client):
    take_in("en", "ar")
    client.force_login(editor)
    page = section()
    edit_page = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert f"/desk/book/{page.pk}/" in edit_page
    assert "action-publish" not in edit_page
