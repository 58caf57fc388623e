"""Files for spreadsheets have heads that a person reads, in their language."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories.network import make_user
from tests.factories.workshops import make_trainee

pytestmark = pytest.mark.django_db


def head(client, address: str) -> str:
    return client.get(address).content.decode().splitlines()[0].lstrip("\ufeff")


def test_heads_are_words_and_keys_stay_for_programs(client):
    client.force_login(make_user("executive"))
    found = head(client, reverse("evaluations") + "?form=csv&by=programme")
    assert 'Sheets answered,"Mean of all questions, 1 to 5"' in found
    client.force_login(make_trainee())
    address = reverse("training_record_file", args=["csv"])
    assert head(client, address).startswith("Done on,Programme,Key of the programme,")
    with translation.override("ar"):
        address = reverse("training_record_file", args=["csv"])
    assert "done_on" not in head(client, address)
