"""Requests that no browser sends get an answer, not a fault."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from gkc_site.middleware import FormOnlyMiddleware, NulMiddleware
from tests.factories.network import make_user

pytestmark = pytest.mark.django_db


def test_the_character_that_no_database_takes_is_dropped():
    request = RequestFactory().post("/en/?q=a%00b&q=c", {"t\x00ext": ["x\x00y", "\x00"], "n": "1"})
    NulMiddleware(lambda r: HttpResponse()).process_view(request, None, (), {})
    assert request.GET.getlist("q") == ["ab", "c"]
    assert dict(request.POST) == {"text": ["xy", ""], "n": ["1"]}


@pytest.mark.parametrize("path", ["/en/stories/2026/%00/", "/en/%00/", "/accounts/invitation/%00/"])
def test_an_address_with_it_is_no_page(client, path):
    assert client.get(path).status_code == 404


def test_a_form_that_is_too_large_is_told_so_in_words(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/en/search/", {"q": "x" * 2000})
    assert answer.status_code == 400
    assert "could not be read" in answer.text


def test_a_form_sent_after_signing_out_ends_in_words_not_on_an_empty_page(client):
    """Signed out, the form's address is remembered, and opened like a page after the sign-in."""
    address = reverse("mail_feeds")
    led = client.post(address, {"label": "My reader"})
    assert (led.status_code, f"next={address}" in led.url) == (302, True)
    client.force_login(make_user())
    page = client.get(address)
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "Go back in your browser" in page.text
    assert client.get(address, headers={"Accept": "application/json"}).content == b""


def test_words_that_an_answer_has_of_its_own_are_kept():
    refused = HttpResponse(b"Send a PATCH.", status=405, headers={"Allow": "PATCH"})
    request = RequestFactory().get("/files/", headers={"Accept": "text/html"})
    assert FormOnlyMiddleware(lambda r: refused)(request) is refused
