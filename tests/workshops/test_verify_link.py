"""Whoever has a certificate on paper finds where it is checked."""

import pytest
from django.urls import reverse

from tests.factories.workshops import make_programme, make_trainee

pytestmark = pytest.mark.django_db


def test_the_check_is_linked_for_visitors_and_in_the_catalogue(client):
    make_programme()
    link = f'href="{reverse("verify_form")}"'
    assert link in client.get(reverse("account_login")).content.decode()
    assert client.get("/en/workshops/").content.decode().count(link) == 2
    client.force_login(make_trainee())
    assert client.get("/en/workshops/").content.decode().count(link) == 1
