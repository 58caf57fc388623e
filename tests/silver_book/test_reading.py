"""The book as it is read: contents, sections, languages, and what each page costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import ProcessStep, User
from network.registry import Reference, _references, register_reference
from silver_book.models import BookSectionPage, ReadingPlace
from silver_book.transitions import publish_text
from tests.factories import make_case, make_user
from tests.silver_book.test_importing import change, ids, section

pytestmark = pytest.mark.django_db
GO_AND_SEE = "/silver-book/way/words/go-and-see/"
# The bare Wagtail page's queries, and what a page of the book may ask more (docs/measurements.md).
BARE = {"visitor": 7, "member": 9}


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def links(text: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', text)


# --- the entrance -------------------------------------------------------------------------
def test_the_entrance_is_hidden_until_there_is_a_section(client, take_in):
    assert client.get("/en/silver-book/").status_code == 404
    assert "/en/silver-book/" not in links(read(client, "/en/stories/"))
    take_in("en")
    assert "/en/silver-book/" in links(read(client, "/en/stories/"))
    assert client.get("/en/silver-book/").status_code == 200


def test_the_cover_lists_everything_in_order(client, take_in):
    take_in("en")
    text = read(client, "/en/silver-book/")
    found = [link for link in links(text) if re.search(r"/silver-book/.+/.+/", link)]
    assert found == [
        "/en/silver-book/way/words/go-and-see/",
        "/en/silver-book/way/words/ask-why/",
        "/en/silver-book/work/promise/",
    ]
    assert "What the network agrees on." in text


@pytest.mark.parametrize("language", ["fr", "th"])
def test_a_language_without_the_book_shows_its_contents_in_english(client, take_in, language):
    take_in("en")
    text = read(client, f"/{language}/silver-book/")
    assert f"/{language}{GO_AND_SEE}" in links(text)
    assert '<span class="bookrows__t" lang="en" dir="ltr">Go and see</span>' in text


def test_parts_and_chapters_have_pages(client, take_in):
    take_in("en")
    part = read(client, "/en/silver-book/way/")
    assert "It begins with looking." in part
    assert f"/en{GO_AND_SEE}" in links(part)
    chapter = read(client, "/en/silver-book/way/words/")
    assert "<h1" in chapter
    assert f"/en{GO_AND_SEE}" in links(chapter)


# --- a section ----------------------------------------------------------------------------
def test_paragraphs_are_numbered_and_can_be_pointed_at(client, take_in):
    take_in("en")
    text = read(client, f"/en{GO_AND_SEE}")
    anchors = [f"p-{block_id[:8]}" for block_id in ids(section())]
    assert re.findall(r' id="(p-[^"]+)"', text) == anchors
    numbers = re.findall(r'href="#(p-[^"]+)"><span class="vh">Paragraph </span>(\d+)</a>', text)
    # The heading, second of the blocks, has a place but no number.
    assert numbers == list(zip([anchors[0], *anchors[2:]], "123456", strict=True))


def test_inline_markdown_is_drawn_and_nothing_else(client, take_in, folder):
    change(folder, "en", "Watch the whole", "1 < 2 & \\*stars\\* [x](javascript:alert(1)) the")
    take_in("en")
    text = read(client, f"/en{GO_AND_SEE}")
    # The term in the emphasis is a button that explains it.
    assert re.search(r"<p><em><button [^>]+>Genchi genbutsu</button>.*</em> means the ", text)
    assert " means the <strong>actual place</strong>. " in text
    assert '<a href="/en/silver-book/way/words/ask-why/">Ask why</a> afterwards.</p>' in text
    assert "1 &lt; 2 &amp; *stars* " in text
    assert "javascript:" not in "".join(links(text))


def test_every_kind_of_block_is_drawn(client, take_in):
    take_in("en")
    text = read(client, f"/en{GO_AND_SEE}")
    assert "<ol><li><span>Choose a question.</span></li>" in text
    assert '<ul class="ticks"><li>Did I see it myself?</li>' in text
    assert '<th scope="row">Counter</th><td data-th="What you see:">a <em>queue</em></td>' in text
    assert '<aside class="note"' in text
    other = read(client, "/en/silver-book/way/words/ask-why/")
    assert "<figcaption>An old foreman</figcaption>" in other
    assert "<code>why -&gt; why -&gt; cause</code>" in other
    picture = read(client, "/en/silver-book/work/promise/")
    assert re.search(r'<img src="[^"]+" width="\d+" height="\d+" alt="The board"', picture)


def test_next_and_previous_cross_the_parts(client, take_in):
    take_in("en")
    text = read(client, "/en/silver-book/way/words/ask-why/")
    assert re.findall(r'<a rel="(prev|next)" href="([^"]+)"', text) == [
        ("prev", "/en/silver-book/way/words/go-and-see/"),
        ("next", "/en/silver-book/work/promise/"),
    ]
    first = read(client, f"/en{GO_AND_SEE}")
    assert re.findall(r'<a rel="(prev|next)"', first) == ["next"]
    last = read(client, "/en/silver-book/work/promise/")
    assert re.findall(r'<a rel="(prev|next)"', last) == ["prev"]


# --- languages ----------------------------------------------------------------------------
def test_arabic_is_read_right_to_left_with_its_own_words(client, take_in):
    take_in("en", "ar")
    text = read(client, f"/ar{GO_AND_SEE}")
    assert '<html lang="ar" dir="rtl">' in text
    assert '<h1 class="headline">اذهب وانظر</h1>' in text


def test_a_missing_language_is_answered_in_the_nearest_one(client, take_in):
    take_in("en", "ar")
    text = read(client, "/ar/silver-book/work/promise/")
    assert '<div lang="en" dir="ltr">' in text
    assert '<meta name="robots" content="noindex">' in text
    assert re.search(r'rel="canonical" href="[^"]+/en/silver-book/work/promise/"', text)
    assert "/ar/silver-book/way/words/ask-why/" in links(text)


def test_a_reader_gets_their_next_language_before_english(client, take_in):
    take_in("en", "ja")
    client.force_login(make_user(interface_language="fr", further_languages=["ja"]))
    text = read(client, f"/fr{GO_AND_SEE}")
    assert '<h1 class="headline">現地現物</h1>' in text


def test_a_stale_paragraph_says_so_with_the_way_to_its_original(client, take_in, folder):
    take_in("en", "ar")
    change(folder, "en", "Watch the whole event", "Watch all of the event")
    take_in("en")
    text = read(client, f"/ar{GO_AND_SEE}")
    anchor = f"p-{ids(section())[2][:8]}"
    assert text.count("para__state") == 1
    assert f'href="/en{GO_AND_SEE}#{anchor}"' in text
    assert "para__state" not in read(client, f"/en{GO_AND_SEE}")


def test_a_paragraph_without_translation_keeps_its_language(client, take_in, folder):
    take_in("en", "ar")
    change(folder, "en", "## From start", "A paragraph in between.\n\n## From start")
    take_in("en")
    text = read(client, f"/ar{GO_AND_SEE}")
    new = ids(section())[1]
    assert f'id="p-{new[:8]}" lang="en" dir="ltr">' in text


# --- what it leads to ---------------------------------------------------------------------
def named_story(**fields):
    return make_case(number="2026-0001", title="A told story", published=True, **fields)


def test_a_story_is_named_to_those_who_may_read_it(client, take_in):
    take_in("en")
    case = named_story()
    assert "A told story" not in read(client, f"/en{GO_AND_SEE}")
    client.force_login(make_user())
    text = read(client, f"/en{GO_AND_SEE}")
    assert case.source_page().get_url() in links(text)


def test_a_public_story_is_named_to_everyone(client, take_in):
    take_in("en")
    named_story(audience="public")
    assert "A told story" in read(client, f"/en{GO_AND_SEE}")


@pytest.mark.parametrize("fields", [{"audience": "region"}, {"audience": "network"}])
def test_the_matrix_tells_nothing_of_closed_stories(client, take_in, fields):
    take_in("en")
    named_story(**fields)
    assert "story" not in read(client, "/en/practices/").split("<tbody>")[1]
    assert "A told story" not in read(client, "/en/practices/own/after-sales/")


def test_each_number_of_the_matrix_is_the_length_of_its_list(client, take_in):
    take_in("en")
    named_story(audience="public")
    table = read(client, "/en/practices/").split("<tbody>")[1]
    cells = re.findall(
        r'href="(/en/practices/\w+/[\w-]+/)">\s*(\d+) sections?(?:<br>(\d+) stor)?', table
    )
    assert {address: (sections, stories) for address, sections, stories in cells} == {
        "/en/practices/get/supply-demand/": ("1", ""),
        "/en/practices/get/after-sales/": ("1", ""),
        "/en/practices/own/supply-demand/": ("1", ""),
        "/en/practices/own/after-sales/": ("2", "1"),
        "/en/practices/own/access-points/": ("1", ""),
    }
    for address, sections, stories in cells:
        text = read(client, address)
        assert text.count('class="bookrows__t"') == int(sections)
        assert text.count("A told story") == int(stories or 0)


def test_a_step_opens_its_sections_stories_and_workshops(client, take_in):
    take_in("en")
    named_story(audience="public")
    step = {
        "twsm-discovery": Reference("Discovery", "/en/workshops/discovery/", "en"),
        "zorb": Reference("Not named", "/en/workshops/zorb/", "en"),
    }
    page = section()
    page.workshops = ["twsm-discovery", "nobody-knows-it"]
    page.save_revision()
    publish_text(page, by=User.objects.get(is_system=True))
    register_reference(
        "workshop", "test", lambda request, keys: {key: step[key] for key in keys if key in step}
    )
    try:
        table = read(client, "/en/practices/").split("<tbody>")[1]
        rows = re.findall(
            r'<th scope="row"><a href="(/en/practices/\w+/all/)">.*?</a>(.*?)</th>', table
        )
        assert len(rows) == len(ProcessStep)
        workshops = 0
        for address, numbers in rows:
            count = {
                word: int(found[0]) if (found := re.findall(rf"(\d+) {word}", numbers)) else 0
                for word in ("section", "stor", "workshop")
            }
            listed = read(client, address)
            assert listed.count('class="bookrows__t"') == count["section"]
            assert listed.count("A told story") == count["stor"]
            assert listed.count("Discovery") == count["workshop"]
            workshops += count["workshop"]
        assert workshops > 0
    finally:
        _references["workshop"].pop("test")


# --- where I left off ---------------------------------------------------------------------
def test_a_member_finds_the_place_where_they_left_off(client, take_in):
    take_in("en", "ja")
    member = make_user()
    client.force_login(member)
    read(client, f"/en{GO_AND_SEE}")
    read(client, "/en/silver-book/way/words/ask-why/")
    assert ReadingPlace.objects.get(user=member).section == section("ask-why").translation_key
    home = read(client, "/ja/")
    assert "/ja/silver-book/way/words/ask-why/" in links(home)
    assert "なぜを問う" in home
    assert "なぜを問う" in read(client, "/ja/silver-book/")


def test_a_visitors_reading_is_not_kept(client, take_in):
    take_in("en")
    read(client, f"/en{GO_AND_SEE}")
    assert ReadingPlace.objects.count() == 0


def test_the_home_page_shows_the_cover_once_there_is_a_book(client, take_in):
    assert "homebook" not in read(client, "/en/")
    take_in("en")
    assert "homebook" in read(client, "/en/")


# --- what it costs ------------------------------------------------------------------------
@pytest.fixture
def full_section(take_in):
    """A section with everything: links, a story, a picture, three languages, stale words."""
    take_in("en", "ar", "ja")
    named_story(audience="public")
    page = section("promise")
    page.cases = ["2026-0001"]
    page.save_revision()
    publish_text(page, by=User.objects.get(is_system=True))


def test_a_section_costs_few_queries(client, full_section):
    for who, more in (("visitor", 8), ("member", 12)):
        if who == "member":
            client.force_login(make_user())
        for address in (
            f"/en{GO_AND_SEE}",
            f"/ar{GO_AND_SEE}",
            "/en/silver-book/work/promise/",
            f"/en{GO_AND_SEE}?beside=ar",
        ):
            client.get(address)  # the place is noted, the desk counted
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            queries = "\n".join(query["sql"][:150] for query in asked)
            assert len(asked) <= BARE[who] + more, f"{who} {address}\n{queries}"


@pytest.mark.parametrize("count", [1, 3, 30])
def test_contents_cost_the_same_for_any_number_of_sections(client, folder, take_in, count):
    for path in (folder / "en").rglob("[0-9]*.md"):
        path.unlink()
    for number in range(count):
        name = f"{number:03}-s{number}.md"
        (folder / "en/1-way" / name).write_text(f"# Section {number}\n\nText.")
    take_in("en")
    client.get("/en/silver-book/")
    with CaptureQueriesContext(connection) as asked:
        text = read(client, "/en/silver-book/")
    assert text.count("bookrows__t") == count
    assert len(asked) <= BARE["visitor"] + 6


def test_the_practice_matrix_costs_the_same_for_any_number_of_sections(client, take_in):
    take_in("en")
    named_story(audience="public")
    client.get("/en/practices/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/en/practices/")
    assert len(asked) <= 3


def test_addresses_are_the_pages_own(client, take_in):
    take_in("en")
    for page in BookSectionPage.objects.all():
        assert page.get_url() in links(read(client, "/en/silver-book/"))


# --- side by side -------------------------------------------------------------------------
def rows_of(text: str) -> list[str]:
    return text.split('<div class="twocol">')[1:]


def test_two_languages_stand_paragraph_beside_paragraph(client, take_in):
    take_in("en", "ar", "ja")
    text = read(client, f"/en{GO_AND_SEE}?beside=ar")
    # Title, summary, and a row for each of the seven paragraphs.
    assert len(rows_of(text)) == 9
    third = rows_of(text)[4]
    assert '<div lang="en" dir="ltr"><div class="prose">' in third
    assert '<div lang="ar" dir="rtl"><div class="prose">' in third
    assert third.index("Watch the whole event") < third.index("راقب الحدث كله")


def test_a_paragraph_of_one_language_stands_alone(client, take_in):
    take_in("en", "ja")
    rows = rows_of(read(client, f"/en{GO_AND_SEE}?beside=ja"))
    assert len(rows) == 10
    own = [row for row in rows if "日本語だけの段落です。" in row]
    assert len(own) == 1
    assert "Nothing stands here in <bdi>English</bdi>." in own[0]
    assert rows.index(own[0]) == 3


def test_an_anchor_stands_once(client, take_in):
    take_in("en", "ar")
    anchors = re.findall(r' id="([^"]+)"', read(client, f"/ar{GO_AND_SEE}?beside=en"))
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("wanted", ["fr", "en", "nonsense", "<b>"])
def test_a_language_that_is_not_there_is_said_so(client, take_in, wanted):
    take_in("en", "ar")
    text = read(client, f"/en{GO_AND_SEE}?beside={wanted}")
    assert "This section does not exist in that language." in text
    assert "<b>&" not in text


def test_side_by_side_is_offered_in_the_languages_that_exist(client, take_in):
    take_in("en", "ar")
    assert re.findall(r'href="\?beside=([\w-]+)"', read(client, f"/en{GO_AND_SEE}")) == ["ar"]
    assert "?beside=" not in read(client, "/en/silver-book/work/promise/")
