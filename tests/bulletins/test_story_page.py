"""The story's page, its lists and issues, as readers get them."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulletins.models import ReadMark
from tests.bulletins.stories import make_whole_story
from tests.factories import make_case, make_distributor, make_issue, make_user

pytestmark = pytest.mark.django_db

INLINE = re.compile(r'<script(?![^>]*\bsrc=)[^>]*>|\sstyle="|\son[a-z]+="', re.I)
# design.md: the bare Wagtail page's 9, and 8 more for a visitor, 12 for a member.
VISITOR_BUDGET, MEMBER_BUDGET = 17, 21


def address(case, language="en") -> str:
    return case.pages.get(locale__language_code=language).url


def count(client, url) -> int:
    client.get(url)  # site paths and content types are cached by the first
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_page_shows_the_parts_in_their_order(client):
    text = client.get(address(make_whole_story("en"))).text
    heads = re.findall(r'<span class="partno">(\d)</span> ([^<]+)</h2>', text)
    assert heads == [
        ("1", "Background"),
        ("2", "Current situation"),
        ("3", "Target"),
        ("4", "Why it happened"),
        ("5", "What we did"),
        ("6", "What happened"),
        ("7", "What we keep"),
    ]


def test_countermeasure_names_its_cause(client):
    text = client.get(address(make_whole_story("en"))).text
    assert '<th scope="row">Stock</th>' in text


def test_arabic_page_has_arabic_digits_and_mirrored_figure(client):
    case = make_whole_story("en", "ar")
    text = client.get(address(case, "ar")).text
    assert re.findall(r'class="g-dot-b"[^>]* cx="([\d.]+)%"', text) == ["39.44"]
    assert "<b>٩٣٪</b>" in text.replace("\u061c", "")
    english = client.get(address(case)).text
    assert re.findall(r'class="g-dot-b"[^>]* cx="([\d.]+)%"', english) == ["60.56"]


def test_page_holds_nothing_inline(client):
    assert INLINE.findall(client.get(address(make_whole_story("en"))).text) == []


def test_missing_language_answers_with_the_text_there_is(client):
    case = make_whole_story("en")
    answer = client.get(address(case).replace("/en/", "/fr/", 1))
    assert answer.status_code == 200
    assert '<meta name="robots" content="noindex">' in answer.text
    canonical = re.findall(r'rel="canonical" href="[^"]*?(/en/[^"]*)"', answer.text)
    assert canonical == [address(case)]
    assert '<html lang="fr" dir="ltr">' in answer.text
    assert '<div lang="en" dir="ltr">' in answer.text
    assert "alert--warn" in answer.text


def test_page_in_its_own_language_is_not_hidden_from_engines(client):
    assert "noindex" not in client.get(address(make_whole_story("en"))).text


def test_language_menu_links_only_what_exists(client):
    text = client.get(address(make_whole_story("en", "ja"))).text
    menu = text[text.index('class="langs__panel"') : text.index("</details>")]
    assert re.findall(r'hreflang="([^"]+)"', menu) == ["ja"]
    assert menu.count('data-ed="none"') == 10


def test_unrecorded_parts_are_said_to_be_so(client):
    case = make_case(
        published=True, audience="public", is_archive=True, not_recorded=["causes", "results"]
    )
    text = client.get(address(case)).text
    assert "The source does not record the causes." in text
    assert "The source records no figures." in text


@pytest.mark.parametrize("audience", ["network", "region"])
def test_visitors_are_asked_to_sign_in(client, audience):
    url = address(make_whole_story("en", audience=audience))
    answer = client.get(url)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}")


def test_members_of_another_region_do_not_learn_that_it_exists(client):
    client.force_login(make_user(distributor=make_distributor()))
    assert client.get(address(make_whole_story("en", audience="region"))).status_code == 404


def test_story_page_keeps_its_budget(client):
    url = address(make_whole_story("en", "ja", "ar"))
    assert count(client, url) <= VISITOR_BUDGET
    client.force_login(make_user(distributor=make_distributor()))
    assert count(client, url) <= MEMBER_BUDGET


def test_a_changed_text_is_shown_at_once(client):
    page = make_whole_story("en").pages.get()
    first, second = "Whoever opens, calls.", "Whoever closes, writes it down."
    shown = []
    for words in (first, second):  # the parts are kept drawn
        page.learned = [("paragraph", words)]
        page.save()
        text = client.get(page.url).text
        shown.append((first in text, second in text))
    assert shown == [(True, False), (False, True)]


def test_reading_is_noted_once_a_day(client, time_machine):
    case = make_whole_story("en")
    client.force_login(make_user(distributor=make_distributor()))
    noon = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
    seen = []
    for hours in (0, 1, 30):
        time_machine.move_to(noon + datetime.timedelta(hours=hours), tick=False)
        client.get(address(case))
        seen.append(ReadMark.objects.get().at)
    assert seen == [noon, noon, noon + datetime.timedelta(hours=30)]


def test_a_visitor_leaves_no_mark(client):
    client.get(address(make_whole_story("en")))
    assert not ReadMark.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("url", ["/en/stories/", "/ja/stories/", "/en/"])
def test_queries_of_lists_do_not_grow_with_their_rows(client, url):
    numbers, distributor = [], make_distributor()
    for rows in (1, 2, 27):  # 1, 3 and 30 in all
        for _n in range(rows):
            make_case(distributor, published=True, audience="public")
        numbers.append(count(client, url))
    assert len(set(numbers)) == 1, numbers


def test_list_is_filtered_by_process_step(client):
    make_case(title="Owned", published=True, audience="public", process_steps=["own"])
    make_case(title="Bought", published=True, audience="public", process_steps=["buy"])
    text = client.get("/en/stories/?step=own").text
    assert ("Owned" in text, "Bought" in text) == (True, False)


def test_list_shows_a_visitor_only_cleared_stories(client):
    make_case(title="Open one", published=True, audience="public")
    make_case(title="Inner one", published=True)
    text = client.get("/en/stories/").text
    assert ("Open one" in text, "Inner one" in text) == (True, False)


def test_issue_shows_its_stories_in_order_and_counts_the_hidden(client):
    first = make_case(title="Second made, first told", published=True, audience="public")
    inner = make_case(title="Inner one", published=True)
    make_issue(cases=(first, inner), released=True)
    text = client.get("/en/bulletins/2026/11/").text
    assert "Second made, first told" in text
    assert "Inner one" not in text
    assert "1 more story is open to members." in text
    client.force_login(make_user(distributor=make_distributor()))
    member = client.get("/en/bulletins/2026/11/").text
    titles = re.findall(r'<article class="story.*?<a href="[^"]*">([^<]*)</a>', member, re.S)
    assert titles == ["Second made, first told", "Inner one"]


def test_issue_index_lists_released_issues_only(client):
    make_issue(datetime.date(2026, 11, 1), released=True, title="November out")
    make_issue(datetime.date(2026, 12, 1), title="December in work")
    text = client.get("/en/bulletins/").text
    assert ("November out" in text, "December in work" in text) == (True, False)


def test_home_shows_the_issue_and_where_i_left_off(client):
    case = make_whole_story("en")
    make_issue(cases=(case,), released=True)
    member = make_user(distributor=make_distributor())
    client.force_login(member)
    assert "Where you left off" not in client.get("/en/").text
    client.get(address(case))
    text = client.get("/en/").text
    assert "Where you left off" in text
    assert "Open the issue" in text
