"""A trainer compares with others, whose names and words stay unknown."""

import pytest
from django.urls import reverse

from tests.factories.network import make_user
from tests.factories.workshops import make_home, make_programme
from tests.workshops.after import attended, evaluate, make_past
from workshops.models import EvaluationBatch

pytestmark = pytest.mark.django_db


def taught(programme, country, level: int):
    """Five answers at a session of a trainer of its own."""
    trainer = make_user("trainer")
    session = make_past(programme, trainers=[trainer], country=country)
    evaluate(attended(session, 5, by=trainer), level, "Because of the hall.")
    return trainer


def rows(client, user) -> dict[str, tuple[int, float]]:
    client.force_login(user)
    found = client.get(reverse("evaluations") + "?by=trainer")
    assert "Because of the hall." not in found.content.decode()
    return {row["name"]: (row["size"], row["mean"]) for row in found.context["table"]}


def test_others_stand_beside_ones_own_by_region_without_names(client):
    programme = make_programme()
    asia, africa, alone = (make_home(slug).country for slug in ("asia", "africa", "europe"))
    mine = taught(programme, asia, 5)
    others = [taught(programme, africa, level) for level in (2, 4)]
    taught(make_programme(), africa, 1)  # of a programme that this trainer does not teach
    own = {mine.display_name: (5, 5.0)}
    beside = {f"Other trainers: {africa.region.name}": (10, 3.0)}
    assert rows(client, mine) == own | beside
    # One trainer alone would be known by the region: left out, until there is another.
    first = taught(programme, alone, 1)
    assert rows(client, mine) == own | beside
    taught(programme, asia, 3)
    assert rows(client, mine) == own | beside | {"Other trainers in other regions": (10, 2.0)}
    assert not EvaluationBatch.objects.beside(make_user("executive")).exists()
    assert not any("Other trainers" in name for name in rows(client, make_user("coordinator")))
    assert first.display_name not in rows(client, others[0])
