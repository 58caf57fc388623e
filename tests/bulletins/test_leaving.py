"""When somebody leaves: their reviews go on, their stories stay, a co-author's rights end."""

import pytest

from bulletins.models import Case
from bulletins.permissions import (
    can_edit_case,
    can_review_case,
    can_view_case,
    has_interest_in,
    is_author,
)
from network.models import Membership, User
from network.permissions import forget_standing
from network.signals import member_left
from network.transitions import close_account, leave
from review.models import Review
from tests.factories import make_case
from tests.factories.network import make_distributor, make_mandate, make_membership, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


@pytest.fixture
def administrator():
    return make_user("administrator")


def fresh(user):
    return User.objects.get(pk=user.pk)


def depart(user, administrator):
    """Close the account, with whatever the person holds."""
    user.memberships.update(contact="")
    close_account(user, by=administrator)


def standing(case) -> tuple:
    case.refresh_from_db()
    return case.stage, case.holder_id


def told(kind, case) -> list[str]:
    rows = Delivery.objects.filter(
        mailing__kind=kind, mailing__object_key=f"bulletins.case:{case.pk}"
    )
    return sorted(rows.values_list("user__email", flat=True))


def colleague_of(reviewer, area) -> User:
    """Another campaigner of the area, of another firm of its country."""
    country = reviewer.memberships.get().distributor.country
    person = make_user(distributor=make_distributor(country=country))
    make_mandate(person, "campaigner", review_area=area)
    return person


def test_the_areas_next_campaigner_gets_the_review(stories, administrator):
    case = stories.submitted()
    reviewer = case.holder
    other = colleague_of(reviewer, case.deciding_area or case.review_area)
    depart(reviewer, administrator)
    assert standing(case) == ("area_review", other.pk)
    assert Review.objects.of(case).open().get().reviewer == other
    assert Review.objects.of(case).get(reviewer=reviewer).decision == "handed_on"
    assert other.email in told("bulletins.review_assigned", case)
    event = case.events.last()
    assert (event.verb, event.by) == ("hand_on", administrator)


def test_where_nobody_is_eligible_nobody_holds_it_and_the_lead_is_told(stories, administrator):
    case = stories.submitted()
    reviewer = case.holder
    lead = make_user("lead", review_area=case.review_area, distributor=case.distributor)
    depart(reviewer, administrator)
    assert standing(case) == ("submitted", None)
    assert not Review.objects.of(case).open().exists()
    assert told("bulletins.nobody_eligible", case) == [lead.email]


def test_a_neutral_reviewer_is_replaced_by_another_neutral_one(stories, administrator):
    case = stories.at_neutral()
    reviewer = case.holder
    depart(reviewer, administrator)
    stage, holder = standing(case)
    assert stage == "neutral_review"
    assert holder not in (None, reviewer.pk)
    assert Review.objects.of(case).open().get().reviewer_id == holder


def test_an_editors_stories_go_to_the_other_editor(stories, administrator):
    case = stories.at_editing()
    other = next(e for e in stories.net["editors"] if e != case.holder)
    depart(case.holder, administrator)
    assert standing(case) == ("editing", other.pk)


def test_without_a_firm_nobody_is_neutral_though_the_mandate_stays(stories, administrator):
    case = stories.at_neutral()
    reviewer = case.holder
    reviewer.memberships.update(contact="")
    leave(reviewer.memberships.get(), by=administrator)
    assert fresh(reviewer).is_active
    assert standing(case)[1] not in (None, reviewer.pk)


def test_control_a_campaigner_who_keeps_the_mandate_keeps_the_area_review(stories, administrator):
    case = stories.submitted()
    before = standing(case)
    case.holder.memberships.update(contact="")
    leave(case.holder.memberships.get(), by=administrator)
    assert standing(case) == before
    assert Review.objects.of(case).open().get().reviewer_id == before[1]


def test_control_without_the_receiver_the_review_hangs(stories, administrator):
    from bulletins.signal_handlers import on_member_left

    case = stories.submitted()
    before = standing(case)
    member_left.disconnect(dispatch_uid="bulletins.on_member_left")
    try:
        depart(case.holder, administrator)
    finally:
        member_left.connect(on_member_left, dispatch_uid="bulletins.on_member_left")
    assert standing(case) == before


def test_what_fails_later_keeps_both_person_and_review(stories, administrator):
    case = stories.submitted()
    before, reviewer = standing(case), case.holder
    colleague_of(reviewer, case.deciding_area or case.review_area)

    def on_leave(sender, **kwargs):
        raise RuntimeError("another room cannot hand on")

    member_left.connect(on_leave)
    try:
        with pytest.raises(RuntimeError):
            depart(reviewer, administrator)
    finally:
        member_left.disconnect(on_leave)
    assert standing(case) == before
    assert Review.objects.of(case).open().get().reviewer == reviewer
    assert fresh(reviewer).is_active


def test_a_story_stays_its_authors_and_the_manager_is_told(stories):
    case = stories.submitted()
    manager = make_user("manager", distributor=case.distributor)
    before = standing(case)
    leave(Membership.objects.get(user=case.author, distributor=case.distributor), by=manager)
    case = Case.objects.get(pk=case.pk)
    assert standing(case) == before
    assert case.author.display_name
    assert told("bulletins.author_left", case) == [manager.email]
    assert can_view_case(fresh(manager), case)


@pytest.mark.parametrize(("state", "is_told"), [("draft", True), ("published", False)])
def test_the_manager_is_told_of_what_somebody_must_go_on_with(state, is_told, administrator):
    """A published story waits on the desk alone: an author of forty would send forty mails."""
    case = make_case(published=state == "published")
    manager = make_user("manager", distributor=case.distributor)
    depart(case.author, administrator)
    assert told("bulletins.author_left", case) == [manager.email] * is_told
    assert list(Case.objects.to_name_by(fresh(manager))) == [case]


def test_a_co_author_who_leaves_keeps_the_name_and_loses_the_rights(administrator):
    case = make_case()
    person = make_user(distributor=case.distributor)
    make_membership(person, make_distributor())
    case.co_authors.add(person)
    assert is_author(person, case)
    assert list(Case.objects.by_or_with(person)) == [case]
    leave(person.memberships.get(distributor=case.distributor), by=administrator)
    person = fresh(person)
    assert person.is_active
    assert not is_author(person, case)
    assert not can_edit_case(person, case)
    assert not can_view_case(person, case)
    assert list(Case.objects.visible_to(person)) == list(Case.objects.by_or_with(person)) == []
    assert list(case.co_authors.all()) == [person]


def test_a_former_co_author_never_judges_what_they_wrote(administrator):
    case = make_case(stage="area_review")
    person = make_user(distributor=case.distributor)
    case.co_authors.add(person)
    make_mandate(person, "campaigner", review_area=case.review_area)
    leave(person.memberships.get(), by=administrator)
    forget_standing(person)
    person = fresh(person)
    assert has_interest_in(person, case)
    assert not can_review_case(person, case)
    assert not Case.objects.at_desk_of(person).exists()


def test_the_author_of_a_returned_story_may_be_gone(stories, administrator):
    """Nobody else becomes its holder: an editor or co-author changes it."""
    from bulletins.transitions import decide_case

    case = stories.submitted()
    decide_case(case, decision="request_changes", by=case.holder, reason="Which dates?")
    manager = make_user("manager", distributor=case.distributor)
    co_author = make_user(distributor=case.distributor)
    case.co_authors.add(co_author)
    depart(case.author, administrator)
    assert standing(case) == ("changes_requested", case.author_id)
    assert told("bulletins.author_left", case) == [manager.email]
    submit_case_as(case, co_author)
    assert standing(case)[0] == "area_review"


def submit_case_as(case, person):
    from bulletins.transitions import submit_case

    submit_case(case, by=fresh(person), people_agreed=True, no_customer_data=True)
