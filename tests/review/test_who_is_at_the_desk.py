"""The predicate and the queryset name the same people, for every role and stage."""

import pytest

from bulletins.models import Case, Stage
from bulletins.permissions import can_review_case, can_view_case, can_write_working_translation
from bulletins.queries import ON_THEIR_WAY
from network.permissions import forget_standing
from tests.permissions.world import World


@pytest.fixture
def world(db):
    return World()


@pytest.mark.parametrize("stage", list(Stage))
def test_predicate_equals_queryset(world, stage):
    case = world._case("A story", stage=stage)
    case.holder = world.users["neutral"]
    case.save()
    for role, user in world.users.items():
        if user is None:
            continue
        forget_standing(user)
        one = Case.objects.filter(pk=case.pk)
        at_desk = Case.objects.at_desk_of(user) & one
        assert can_review_case(user, case) == at_desk.exists(), role
        assert (
            can_view_case(user, case) == Case.objects.visible_to(user).filter(pk=case.pk).exists()
        ), role
        translates = stage in ON_THEIR_WAY and can_write_working_translation(user, case)
        assert translates == Case.objects.to_translate_by(user).filter(pk=case.pk).exists(), role
