"""A story that nobody is eligible for: who is told, on whose desk it stands, at every step."""

import pytest

from bulletins.assignment import namers
from bulletins.models import Case, Stage
from bulletins.transitions import answer_appeal, appeal_case, decide_case, hand_on
from network.models import Mandate, User
from network.registry import desk_items
from tests.factories.network import make_membership, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


def told(kind, case) -> set[User]:
    rows = Delivery.objects.filter(
        mailing__kind=kind, mailing__object_key=f"bulletins.case:{case.pk}"
    )
    return {row.user for row in rows.select_related("user")}


def on_desk_of(person, case) -> list[str]:
    person = User.objects.get(pk=person.pk)  # mandates and memberships read anew
    return [item.what for item in desk_items(person) if case.number in item.url]


def test_an_area_without_a_lead_asks_the_editors(stories):
    case = stories.submitted("KE")
    lead, editors = case.holder, set(stories.net["editors"])
    assert not any(on_desk_of(editor, case) for editor in editors)
    Mandate.objects.filter(review_area=case.review_area, role="lead").delete()
    hand_on(case, by=lead, reason="My brother's branch", conflict=True)
    assert (case.stage, case.holder) == (Stage.SUBMITTED, None)
    assert told("bulletins.nobody_eligible", case) == editors
    for editor in editors:
        [what] = on_desk_of(editor, case)
        assert "Name a reviewer" in what


def test_a_lead_whose_account_is_closed_names_nobody(stories):
    case = stories.submitted("KE")
    leads = User.objects.filter(
        mandates__in=Mandate.objects.filter(review_area=case.review_area, role="lead")
    )
    hand_on(case, by=case.holder, reason="My brother's branch", conflict=True)
    Case.objects.filter(pk=case.pk).update(holder=None, stage=Stage.SUBMITTED)
    editor = stories.net["editors"][0]
    assert on_desk_of(editor, case) == []
    User.objects.filter(pk__in=list(leads.values_list("pk", flat=True))).update(is_active=False)
    [what] = on_desk_of(editor, case)
    assert "Name a reviewer" in what


def test_administrators_name_where_there_is_neither_lead_nor_editor(stories):
    case = stories.submitted("KE")
    administrator = make_user("administrator")
    assert administrator not in namers(case, "area")
    Mandate.objects.filter(role="lead").delete()
    assert set(namers(case, "area")) == set(stories.net["editors"])
    Mandate.objects.filter(role="editor").delete()
    assert namers(case, "area") == namers(case, "editing") == [administrator]


def test_the_editors_are_told_where_none_of_them_is_free(stories):
    case = stories.at_neutral("KE")
    editors = stories.net["editors"]
    for editor in editors:
        make_membership(editor, case.distributor)
    decide_case(case, decision="approve", by=case.holder)
    assert (case.stage, case.holder) == (Stage.EDITING, None)
    assert told("bulletins.nobody_eligible", case) == set(editors)


def test_an_appeal_that_nobody_holds_stands_on_the_desk_of_who_may_answer(stories):
    case = stories.submitted("BR")
    decide_case(case, decision="decline", by=case.holder, reason="No cause.")
    first, second = stories.net["editors"]
    for editor in (first, second):
        make_membership(editor, case.distributor)
    appeal_case(case, by=case.author, reason="The figures stand in the second file.")
    assert (case.stage, case.holder) == (Stage.DECLINED, None)
    assert on_desk_of(first, case) == on_desk_of(second, case) == []
    second.memberships.filter(distributor=case.distributor).delete()
    [what] = on_desk_of(second, case)
    assert "appeals" in what
    assert on_desk_of(first, case) == []
    answer_appeal(case, by=User.objects.get(pk=second.pk), upholds=False, reason="No.")
    assert on_desk_of(second, case) == []
