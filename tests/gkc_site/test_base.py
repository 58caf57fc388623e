"""The frame round every page: language, direction, policy, errors, sign-in."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_case, make_distributor, make_user

pytestmark = pytest.mark.django_db

RTL = {"ar", "fa"}
INLINE = re.compile(r'<script(?![^>]*\bsrc=)[^>]*>|\sstyle="|\son[a-z]+="', re.I)


@pytest.mark.parametrize("code", ["en", "ja", "es", "ar", "fa", "pt-br", "zh-hans", "th"])
def test_home_answers_in_its_language_and_direction(client, code):
    answer = client.get(f"/{code}/")
    tag = {"pt-br": "pt-BR", "zh-hans": "zh-Hans"}.get(code, code)
    direction = "rtl" if code in RTL else "ltr"
    assert answer.status_code == 200
    assert f'<html lang="{tag}" dir="{direction}">' in answer.text


def test_pages_hold_no_inline_script_style_or_handler(client):
    for url in ("/en/", "/ar/", "/en/none/", "/accounts/login/"):
        assert INLINE.findall(client.get(url).text) == []


def test_policy_allows_nothing_inline(client):
    policy = client.get("/en/")["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy


def test_only_the_scripts_own_font_is_preloaded(client):
    for code, font in (("en", "sans-latin"), ("fa", "sans-arabic"), ("th", "sans-thai")):
        found = re.findall(
            r'rel="preload" href="[^"]*/([a-z-]+)\.woff2"', client.get(f"/{code}/").text
        )
        assert found == [font]


def test_home_names_itself_and_its_translations(client):
    text = client.get("/ja/").text
    assert re.findall(r'rel="canonical" href="[^"]*?(/[^/"]*/)"', text) == ["/ja/"]
    assert len(re.findall(r'rel="alternate" hreflang=', text)) == 12


@pytest.mark.parametrize(
    ("header", "target"),
    [("ar,en;q=0.5", "/ar/"), ("pt-BR", "/pt-br/"), ("zh-CN", "/zh-hans/"), ("xx", "/en/")],
)
def test_root_leads_to_the_readers_language(client, header, target):
    answer = client.get("/", headers={"accept-language": header})
    assert (answer.status_code, answer["Location"]) == (302, target)


def test_root_leads_a_member_to_their_own_language(client, django_user_model):
    member = django_user_model.objects.create_user("m@firm.example", interface_language="fa")
    client.force_login(member)
    assert client.get("/", headers={"accept-language": "ja"})["Location"] == "/fa/"


def test_choice_of_language_is_kept_for_sign_in(client):
    url = reverse("choose_language", args=["ar"])
    answer = client.get(url, {"next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert 'lang="ar" dir="rtl"' in client.get("/accounts/login/").text


def test_choice_of_language_never_leads_elsewhere(client):
    url = reverse("choose_language", args=["ar"])
    assert client.get(url, {"next": "https://evil.example/"})["Location"] == "/ar/"


def test_unknown_page_is_404_in_the_readers_language(client):
    answer = client.get("/ar/there/is/nothing/")
    assert answer.status_code == 404
    assert 'lang="ar" dir="rtl"' in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text


def test_a_page_that_is_nowhere_is_looked_for_once_in_all_languages(client):
    client.get("/en/nothing/")  # what is kept for a while is kept now
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/en/nothing/").status_code == 404
    looked_for = [row["sql"] for row in asked if "'nothing'" in row["sql"]]
    assert len(looked_for) == 2  # below this language's home, then below all
    assert len(asked) == 6


def test_sign_in_keeps_the_way_back(client, django_user_model):
    django_user_model.objects.create_user("m@firm.example", "a long pass phrase")
    page = client.get("/accounts/login/", {"next": "/en/stories/"})
    assert '<input type="hidden" name="next" value="/en/stories/">' in page.text
    form = {"login": "m@firm.example", "password": "a long pass phrase", "next": "/en/stories/"}
    assert client.post("/accounts/login/", form)["Location"] == "/en/stories/"


def test_sign_in_without_a_way_back_leads_to_the_root(client, django_user_model):
    django_user_model.objects.create_user("m@firm.example", "a long pass phrase")
    form = {"login": "m@firm.example", "password": "a long pass phrase"}
    assert client.post("/accounts/login/", form)["Location"] == "/"


def test_too_many_wrong_passwords_pause_sign_in(client, settings, django_user_model):
    settings.AXES_FAILURE_LIMIT = 2
    django_user_model.objects.create_user("m@firm.example", "a long pass phrase")
    form = {"login": "m@firm.example", "password": "wrong"}
    answers = [client.post("/accounts/login/", form) for _n in range(3)]
    assert answers[-1].status_code == 429
    assert "Sign-in is paused for this address" in answers[-1].text


def test_error_page_needs_no_context(client):
    from django.template.loader import render_to_string

    assert "An error on our side" in render_to_string("500.html")


def test_badge_counts_what_waits_and_forgets_after_an_action(client):
    author = make_user(distributor=make_distributor())
    client.force_login(author)
    assert 'class="badge"' not in client.get("/en/stories/").text
    make_case(author.memberships.get().distributor, author)
    assert 'class="badge"' not in client.get("/en/stories/").text  # kept for a minute
    client.post(reverse("share_start"))
    assert 'class="badge"' in client.get("/en/stories/").text


def test_full_addresses_are_those_of_the_settings(client, settings):
    settings.SITE_ADDRESS = "https://gkc.example/"
    page = make_case(published=True, audience="public").source_page()
    text = client.get(page.url).text
    assert re.findall(r'rel="canonical" href="([^"]*)"', text) == [f"https://gkc.example{page.url}"]
    assert page.full_url == f"https://gkc.example{page.url}"
    assert set(re.findall(r'hreflang="[^"]*" href="(https?://[^/]*)', client.get("/ja/").text)) == {
        "https://gkc.example"
    }
