"""A programme's name and summary, written at the desk in the coordinator's own languages too."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from network.models import Role
from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import make_home, make_programme
from tests.workshops.test_programme_desk import NEW, TYPED, edit_url, hidden
from translations.api import newest_words
from translations.models import TextState
from workshops.models import Programme, ProgrammePage
from workshops.transitions import change_programme, tailor
from workshops.transitions.programmes import mark_of, source_page, state_of

pytestmark = pytest.mark.django_db
IN_JAPANESE = {"title_ja": "部品の基本", "summary_ja": "少しずつ、何度も注文する。"}
MARK = 'name="title_ja"'


@pytest.fixture
def coordinator(client):
    user = make_user("coordinator", interface_language="ja", further_languages=["en", "es"])
    client.force_login(user)
    return user


def words(programme, language="ja") -> dict:
    return newest_words(source_page(programme).translation_key, language)


@pytest.mark.slow
def test_a_new_programme_is_named_in_english_and_ones_own_languages(client, coordinator):
    page = client.get(reverse(NEW))
    shown = page.content.decode()
    for name in ("title", "title_ja", "summary_es"):
        assert shown.count(f'name="{name}"') == 1
    assert 'lang="ja"' in shown.split(MARK)[1].split(">")[0]
    assert 'name="title_en"' not in shown
    typed = TYPED | IN_JAPANESE | {"once": hidden(page, "once")}
    for _click in range(2):
        assert client.post(reverse(NEW), typed).status_code == 302
    made = Programme.objects.get(key="parts-basics")
    assert words(made) == {"title": IN_JAPANESE["title_ja"], "summary": IN_JAPANESE["summary_ja"]}
    assert words(made, "es") == {}
    kept = TextState.objects.get(path="title", language="ja")
    assert (kept.by, kept.read_text) == (coordinator, "")
    # A draft until a second person has read it.
    assert not ProgrammePage.objects.get(programme=made, locale__language_code="ja").live
    assert source_page(made).live
    shown = client.get(edit_url(made)).content.decode()
    assert "部品の基本" in shown.split(MARK)[1].split(">")[0]


def test_what_differs_is_changed_and_stands_in_the_history(client, coordinator):
    programme = make_programme("parts")
    change = {"title": "Parts", "words": {"ja": {"title": "部品", "summary": ""}}}
    change_programme(programme, change, by=coordinator)
    assert words(programme) == {"title": "部品"}
    page = client.get(edit_url(programme))
    typed = TYPED | {"title": "Parts", "seen": hidden(page, "seen"), "title_ja": "部品入門"}
    assert client.post(edit_url(programme), typed).status_code == 302
    assert words(programme) == {"title": "部品入門"}
    event = programme.events.last()
    assert event.changes["title_ja"] == ["部品", "部品入門"]
    assert "(日本語)" in client.get(edit_url(programme)).content.decode()
    # English changed as well: what was typed for it is current, not behind.
    page = client.get(edit_url(programme))
    typed = TYPED | {"title": "Parts and stock", "title_ja": "部品と在庫"}
    client.post(edit_url(programme), typed | {"seen": hidden(page, "seen")})
    assert words(programme)["title"] == "部品と在庫"
    assert not TextState.objects.get(path="title", language="ja").is_stale


def test_a_stale_form_and_a_text_without_english_lose_nothing(client, coordinator):
    programme = make_programme("parts")
    seen = mark_of(state_of(programme, ["ja", "es"]))
    other = {"words": {"ja": {"title": "部品", "summary": ""}}}
    change_programme(programme, other, by=coordinator)
    typed = TYPED | IN_JAPANESE | {"seen": seen}
    answer = client.post(edit_url(programme), typed)
    assert answer.status_code == 409
    assert (
        answer.content.decode().count("部品の基本") == 2
    )  # in its field, and beside what stands there
    assert words(programme) == {"title": "部品"}
    typed = TYPED | IN_JAPANESE | {"seen": hidden(answer, "seen"), "summary": ""}
    answer = client.post(edit_url(programme), typed)
    assert answer.status_code == 422
    assert "summary_ja" in answer.context["form"].errors
    assert words(programme) == {"title": "部品"}
    programme.refresh_from_db()
    assert programme.name == "Parts"


def test_only_of_ones_own_programmes_and_no_versions(client, coordinator):
    programme, other = make_programme("parts"), make_programme("values")
    holder = make_user(interface_language="ja", distributor=make_home())
    make_mandate(holder, Role.COORDINATOR, scope="programme", programme_key=programme.programme_key)
    client.force_login(holder)
    assert MARK in client.get(edit_url(programme)).content.decode()
    assert client.get(edit_url(other)).status_code == 404
    version = tailor(programme, make_home(), "en", by=coordinator)
    client.force_login(coordinator)
    assert MARK not in client.get(edit_url(version)).content.decode()
    # Nor in a language that one does not read.
    arabic = {"words": {"ar": {"title": "القطع", "summary": ""}}}
    with pytest.raises(PermissionDenied):
        change_programme(programme, arabic, by=coordinator)
    client.force_login(make_user("coordinator"))
    assert "title_ja" not in client.get(edit_url(programme)).content.decode()
