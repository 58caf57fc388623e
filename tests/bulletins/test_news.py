"""News: for whom they are, in which words, until when; in home and search."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bulletins.exceptions import TransitionRefused
from bulletins.models import News
from bulletins.permissions import can_view_news
from bulletins.search_documents import eligible_news, news_documents, visible_news
from bulletins.transitions.news import hide_news, publish_news, translate_news, write_news
from network.registry import desk_items
from tests.factories.network import make_country, make_distributor, make_region, make_user
from tests.factories.regional import make_news

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """A region's distributor, its area's lead, and a member."""
    firm = make_distributor(country=make_country(region=make_region("here")))
    return firm, make_user("lead", review_area=firm.review_area), make_user(distributor=firm)


def words(**more):
    return {"language": "en", "title": "Parts week", "text": "It begins on Monday."} | more


def test_leads_write_for_their_region_and_editors_for_everybody(here):
    firm, lead, _member = here
    scope = ("region", firm.country.region_id)
    assert write_news(by=lead, scope=scope, **words()).scope == scope
    with pytest.raises(PermissionDenied):
        write_news(by=lead, scope=None, **words())
    with pytest.raises(PermissionDenied):
        write_news(by=lead, scope=("region", make_region("there").pk), **words())
    item = write_news(by=make_user("editor"), scope=None, **words())
    with pytest.raises(PermissionDenied):  # nobody takes another's item into their scope
        write_news(item, by=lead, scope=scope, **words())


def test_predicate_query_and_search_agree_for_everyone(here):
    firm, lead, member = here
    other = make_distributor()
    yesterday = timezone.localdate() - datetime.timedelta(days=2)
    rows = [
        make_news("All"),
        make_news("Ours", region=firm.country.region),
        make_news("Theirs", review_area=other.review_area),
        make_news("Draft", out=False),
        make_news("Over", expires_on=yesterday),
    ]
    ids = [str(row.pk) for row in rows]
    people = [
        None,
        member,
        lead,
        make_user(distributor=other),
        make_user("translator", language="ja"),
        make_user("editor"),
    ]
    for person in people:
        seen = {row for row in rows if can_view_news(person, row)}
        assert set(News.objects.visible_to(person)) == seen
        assert visible_news(ids, person) == {str(row.pk) for row in seen}
    titles = {row.source_text.title for row in rows if can_view_news(member, row)}
    assert titles == {"All", "Ours"}
    assert {row.source_text.title for row in eligible_news()} == {"All", "Ours", "Theirs"}


def test_an_items_tokens_are_its_readers(here):
    firm, _lead, member = here
    from bulletins.permissions import reader_tokens

    item = make_news(region=firm.country.region)
    (document,) = news_documents(item)
    assert set(document.audience) & reader_tokens(member)
    assert not set(document.audience) & reader_tokens(make_user(distributor=make_distributor()))


def test_translations_are_marked_when_the_original_changes(here):
    firm, lead, _member = here
    item = make_news(region=firm.country.region)
    translator = make_user("translator", language="ja")
    assert any("waits for its text" in str(row.what) for row in desk_items(translator))
    translate_news(item, "ja", by=translator, title="部品週間", text="月曜日に始まります。")
    assert not any("waits for its text" in str(row.what) for row in desk_items(translator))
    assert not News.objects.with_texts().get().lacks("ja")
    write_news(item, by=lead, scope=item.scope, **words(text="It begins on Tuesday."))
    assert News.objects.with_texts().get().lacks("ja")
    with pytest.raises(PermissionDenied):
        translate_news(item, "th", by=translator, title="x", text="y")
    with pytest.raises(TransitionRefused):
        translate_news(item, "en", by=make_user("editor"), title="x", text="y")


def test_published_and_taken_off_by_its_writers(here):
    firm, lead, member = here
    item = make_news(region=firm.country.region, out=False)
    with pytest.raises(PermissionDenied):
        publish_news(item, by=member)
    publish_news(item, by=lead)
    assert News.objects.visible_to(member).exists()
    hide_news(item, by=lead)
    assert not News.objects.visible_to(member).exists()
    item.expires_on = timezone.localdate() - datetime.timedelta(days=3)
    item.save()
    with pytest.raises(TransitionRefused):
        publish_news(item, by=lead)


def test_readers_get_their_language_in_home_and_list(here, client):
    firm, lead, member = here
    item = make_news(region=firm.country.region)
    translate_news(item, "ar", by=lead, title="أسبوع القطع", text="يبدأ يوم الاثنين.")
    make_news("Elsewhere", region=make_country(region=make_region("there")).region)
    client.force_login(member)
    for address in ("/ar/", "/ar/news/"):
        page = client.get(address).content.decode()
        assert "أسبوع القطع" in page
        assert "Elsewhere" not in page
    assert "No news here" in client.get("/en/news/?region=there").content.decode()
    client.logout()
    assert "أسبوع القطع" not in client.get("/ar/").content.decode()


def test_a_lead_does_not_see_another_regions_drafts(here, client):
    _firm, lead, _member = here
    make_news("Secret plan", region=make_region("there"), out=False)
    client.force_login(lead)
    assert "Secret plan" not in client.get(reverse("news_desk")).content.decode()
    client.force_login(make_user("editor"))  # control
    assert "Secret plan" in client.get(reverse("news_desk")).content.decode()


def test_bad_input_is_said_and_shown_again(here, client):
    firm, lead, _member = here
    client.force_login(lead)
    typed = words(scope=f"region-{firm.country.region_id}", expires_on="9999-12-31")
    answer = client.post(reverse("news_new"), typed)
    assert answer.status_code == 422
    assert "It begins on Monday." in answer.content.decode()
    assert client.post(reverse("news_new"), typed | {"scope": ""}).status_code == 422
    assert not News.objects.exists()
    good = typed | {"expires_on": "2030-01-01", "action": "publish"}
    assert client.post(reverse("news_new"), good).status_code == 302
    assert News.objects.get().is_out


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_do_not_ask_row_by_row(client, rows, django_assert_max_num_queries):
    for number in range(rows):
        make_news(f"Item {number}")
    client.force_login(make_user("editor"))
    client.get(reverse("news_list"))  # what waits for the editor is kept for a minute
    with django_assert_max_num_queries(18):
        client.get(reverse("news_list"))
    with django_assert_max_num_queries(18):
        client.get(reverse("news_desk"))
