"""What an index refused, in the admin."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from search.models import DeadLetter
from search.refusals import try_again
from tests.factories import make_user


@pytest.fixture
def letter(db):
    return DeadLetter.objects.create(
        consumer="elasticsearch", key="story:7", language="ja", version=3, error="immense term"
    )


def test_an_administrator_sees_the_reason_and_tries_again(client, letter):
    client.force_login(make_user("administrator"))
    listed = client.get(reverse("search_refusals")).content.decode()
    assert "story:7" in listed
    assert "immense term" in listed
    shown = client.get(reverse("search_refusal", args=[letter.pk])).content.decode()
    assert "immense term" in shown
    address = reverse("search_refusal_retry", args=[letter.pk])
    assert address in shown
    assert client.post(address).headers["Location"] == reverse("search_refusals")
    assert not DeadLetter.objects.exists()


def test_an_editor_neither_sees_nor_retries(client, letter):
    editor = make_user("editor")
    client.force_login(editor)
    assert client.get(reverse("search_refusals")).status_code == 302
    assert client.post(reverse("search_refusal_retry", args=[letter.pk])).status_code == 302
    with pytest.raises(PermissionDenied):
        try_again(letter, by=editor)
    assert DeadLetter.objects.get() == letter
