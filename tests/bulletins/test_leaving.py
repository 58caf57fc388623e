"""When somebody leaves: their reviews go on, their stories stay, a co-author's rights end."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bulletins.flaggable import stories_waiting
from bulletins.models import Case
from bulletins.permissions import (
    can_delete_draft,
    can_edit_case,
    can_review_case,
    can_view_case,
    can_withdraw_case,
    has_interest_in,
    is_author,
)
from bulletins.transitions import save_typed
from network.models import Membership, User
from network.permissions import forget_standing
from network.signals import member_left
from network.transitions import close_account, leave
from review.models import Flag, Review
from review.transitions import raise_flag
from tests.bulletins.responding import make_response
from tests.factories import make_case
from tests.factories.network import make_distributor, make_mandate, make_membership, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories
from touchpoints.api import tell
from touchpoints.models import Delivery
from touchpoints.sending import send_due

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


@pytest.mark.slow
def test_an_author_who_leaves_keeps_name_and_credit_and_loses_the_rights(client, administrator):
    """Whoever goes to another firm with their account writes no more for the one they left."""
    case = make_case(title="Hers once")
    known = make_case(
        case.distributor, case.author, title="Told in spring", published=True, number="2001-0001"
    )
    kept = make_case(
        case.distributor, case.author, published=True, audience="region", number="2001-0002"
    )
    for story in (known, kept):
        make_response(story, choice="adopted", adopted_at=timezone.now())
    returned = make_case(
        case.distributor, case.author, stage="changes_requested", number="2001-0003"
    )
    own = [case, known, kept, returned]
    before = fresh(case.author)
    make_membership(before, make_distributor())
    assert all(is_author(before, story) and can_edit_case(before, story) for story in own)
    assert set(Case.objects.by_or_with(before)) == set(own)
    tell("bulletins.changes_requested", returned, reason="Which dates?")
    editor = make_user("editor")
    raise_flag("story", known.number, language="en", anchor="", reason="Old.", by=make_user())
    assert not Flag.objects.filter(stories_waiting(editor)).exists()
    leave(before.memberships.get(distributor=case.distributor), by=administrator)
    author = fresh(case.author)
    assert author.is_active
    for story in own:
        for may in (is_author, can_edit_case, can_withdraw_case, can_delete_draft):
            assert not may(author, story), (may, story)
        assert can_view_case(author, story) is (story == known)
        assert has_interest_in(author, story)
    assert list(Case.objects.by_or_with(author)) == []
    assert list(Case.objects.visible_to(author)) == [known]
    assert set(Case.objects.told_by(author)) == set(own)
    with pytest.raises(PermissionDenied):
        save_typed(case, "title", {"title": "Still mine"}, by=author, seen=0)
    send_due()
    assert [m.subject for m in mail.outbox if m.to == [author.email]] == []
    assert mail.outbox  # whoever names the next one
    # What needs a hand is the editors' until somebody is named; the name and the credit stay.
    assert Flag.objects.filter(stories_waiting(editor)).get().key == known.number
    client.force_login(author)
    assert client.get(reverse("share_case", args=[case.number])).status_code == 404
    assert [one.case for one in client.get(reverse("profile")).context["recognised"]] == [known]
    assert author.display_name in client.get(known.source_page().get_url()).content.decode()


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
