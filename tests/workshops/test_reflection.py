"""A reflection after a session (R35), and what came of it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from network.registry import desk_items
from tests.factories.network import make_user
from tests.workshops.after import attended, later, make_past
from workshops.exceptions import TransitionRefused
from workshops.models import (
    Reflection,
)
from workshops.transitions import (
    follow_up,
    write_reflection,
)

pytestmark = pytest.mark.django_db


def test_a_reflection_has_gap_owner_and_dated_action_and_comes_back(client):
    trainer, owner = make_user("trainer"), make_user("coordinator")
    session = make_past(trainers=[trainer])
    attended(session, 1, by=trainer)
    soon = timezone.localdate() + datetime.timedelta(days=10)
    whole = {
        "gap_from": "Half could draw the flow",
        "gap_to": "All of them",
        "due_on": soon,
        "owner": owner,
        "action": "One more exercise on the floor",
    }
    for name in ("gap_from", "gap_to", "action"):
        with pytest.raises(TransitionRefused):
            write_reflection(session, by=trainer, **whole | {name: " "})
    with pytest.raises(TransitionRefused, match="is over"):
        write_reflection(session, by=trainer, **whole | {"due_on": session.last_day})
    with pytest.raises(PermissionDenied):
        write_reflection(session, by=owner, **whole)
    (item,) = [one for one in desk_items(trainer) if one.state_label == "To reflect"]
    client.force_login(trainer)
    typed = whole | {"owner": owner.pk, "action": ""}
    assert "All of them" in client.post(item.url, typed).content.decode()
    assert client.post(item.url, whole | {"owner": owner.pk}).status_code == 302
    made = Reflection.objects.get()
    assert write_reflection(session, by=trainer, **whole) == made  # a double click
    assert [i for i in desk_items(trainer) if i.state_label == "To reflect"] == []
    assert list(desk_items(owner)) == []
    with later(11):
        (item,) = desk_items(owner)
        further = timezone.localdate() + datetime.timedelta(days=5)
        follow_up(made, by=owner, words="The floor was closed", due_on=further)
        assert list(desk_items(owner)) == []
    with later(17):
        (item,) = desk_items(owner)
        client.force_login(owner)
        assert "The floor was closed" in client.get(item.url).content.decode()
        assert client.post(item.url, {"words": ""}).status_code == 400
        assert client.post(item.url, {"words": "Done: all could draw it"}).status_code == 302
        assert list(desk_items(owner)) == []
        with pytest.raises(TransitionRefused, match="settled already"):
            follow_up(made, by=owner, words="Again")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reflection.objects.filter(pk=made.pk).update(action="")
