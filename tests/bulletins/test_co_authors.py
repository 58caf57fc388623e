"""Co-authors: asked, told, accept or decline; write but never delete; leave or are taken off."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bulletins.exceptions import TransitionRefused
from bulletins.models import Case, CoAuthorship, DraftInput
from bulletins.permissions import (
    can_delete_draft,
    can_edit_case,
    can_withdraw_case,
    has_interest_in,
)
from bulletins.projection import wrong_cases
from bulletins.transitions import (
    answer_co_authorship,
    decide_case,
    delete_draft,
    end_co_authorship,
    invite_co_author,
    save_typed,
    submit_case,
    withdraw_case,
)
from network.models import User
from network.registry import desk_items
from network.transitions import leave
from tests.factories import make_case, make_distributor, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_case()


@pytest.fixture
def colleague(case):
    return make_user(distributor=case.distributor, first_name="Amal", last_name="Said")


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


def told(kind: str) -> list[int]:
    return list(Delivery.objects.filter(mailing__kind=kind).values_list("user", flat=True))


def lines(user) -> list[str]:
    return [item.url for item in desk_items(fresh(user)) if "/writing-along/" in item.url]


def joined(case, person):
    made = invite_co_author(case, person=person, by=case.author)
    answer_co_authorship(made, by=person, accepts=True)
    return made


def test_asked_accepted_and_what_a_co_author_may(case, colleague):
    made = invite_co_author(case, person=colleague, by=case.author, words="  The   causes ")
    assert (made.words, told("bulletins.co_author_asked")) == ("The causes", [colleague.pk])
    assert lines(colleague) == [reverse("co_authorship", args=[made.pk])]
    assert not can_edit_case(colleague, case)
    answer_co_authorship(made, by=colleague, accepts=True)
    case = Case.objects.get(pk=case.pk)
    assert told("bulletins.co_author_answered") == [case.author_id]
    assert lines(colleague) == []
    rights = [can(colleague, case) for can in (can_edit_case, can_delete_draft, can_withdraw_case)]
    assert rights == [True, False, False]
    for change in (delete_draft,):
        with pytest.raises(PermissionDenied):
            change(case, by=colleague)
    verbs = list(case.events.values_list("verb", "on_behalf_of"))
    assert verbs == [("invite", colleague.pk), ("join", colleague.pk)]


def test_a_co_author_submits_and_does_not_withdraw():
    stories = Stories(make_reviewing_network())
    case = stories.begun()
    person = make_user(distributor=case.distributor)
    joined(case, person)
    submit_case(case, by=fresh(person), people_agreed=True, no_customer_data=True)
    with pytest.raises(PermissionDenied):
        withdraw_case(case, by=fresh(person), reason="Mine.")
    assert wrong_cases() == []


def test_declined_with_a_word_that_the_author_reads(client, case, colleague):
    made = invite_co_author(case, person=colleague, by=case.author)
    client.force_login(colleague)
    assert client.get(reverse("co_authorship", args=[made.pk])).status_code == 200
    given = {"answer": "decline", "reason": "Next month."}
    assert client.post(reverse("co_authorship", args=[made.pk]), given).status_code == 302
    assert told("bulletins.co_author_answered") == [case.author_id]
    assert not case.co_authors.exists()
    client.force_login(case.author)
    page = client.get(reverse("co_authors", args=[case.number])).content.decode()
    assert "Next month." in page
    # Asked again: another invitation.
    again = invite_co_author(case, person=colleague, by=case.author)
    assert again.pk != made.pk


def test_who_cannot_be_asked_and_who_cannot_ask(case, colleague):
    stranger, other = make_user(distributor=make_distributor()), make_user()
    for person in (stranger, other, case.author):
        with pytest.raises(TransitionRefused):
            invite_co_author(case, person=person, by=case.author)
    for by in (colleague, stranger, make_user("editor")):
        with pytest.raises(PermissionDenied):
            invite_co_author(case, person=colleague, by=by)
    joined(case, colleague)
    with pytest.raises(TransitionRefused, match="asked already"):
        invite_co_author(case, person=colleague, by=case.author)
    third = make_user(distributor=case.distributor)
    with pytest.raises(PermissionDenied):
        invite_co_author(case, person=third, by=fresh(colleague))
    with pytest.raises(TransitionRefused, match="too long"):
        invite_co_author(case, person=third, by=case.author, words="x" * 401)
    Case.objects.filter(pk=case.pk).update(stage="declined")
    with pytest.raises(TransitionRefused, match="has ended"):
        invite_co_author(case, person=third, by=case.author)


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(client, case, colleague):
    client.force_login(case.author)
    address = reverse("co_authors", args=[case.number])
    answer = client.post(address, {"person": "", "words": "The causes"})
    assert answer.status_code == 422
    assert "The causes" in answer.content.decode()
    assert client.post(address, {"person": "999999"}).status_code == 422
    assert client.post(address, {"person": colleague.pk}).status_code == 302
    page = client.get(address).content.decode()
    assert "Amal Said" in page
    assert "Ask no longer" in page


@pytest.mark.parametrize("by", ["themself", "author"])
def test_left_or_taken_off_the_rights_end_and_the_other_side_is_told(case, colleague, by):
    joined(case, colleague)
    person = fresh(colleague) if by == "themself" else case.author
    end_co_authorship(case, person=colleague, by=person)
    case = Case.objects.get(pk=case.pk)
    assert not can_edit_case(fresh(colleague), case)
    assert list(case.co_authors.all()) == []
    state = {"themself": "left", "author": "removed"}[by]
    assert CoAuthorship.objects.get().state == state
    other = case.author_id if by == "themself" else colleague.pk
    assert told("bulletins.co_author_ended") == [other]
    assert case.events.last().verb == "part"
    with pytest.raises(TransitionRefused, match="does not write along"):
        end_co_authorship(case, person=colleague, by=case.author)
    # Whoever wrote it once never judges it, whichever firm they work for by then.
    colleague.memberships.all().delete()
    assert has_interest_in(fresh(colleague), Case.objects.get(pk=case.pk))


def test_taken_back_before_the_answer(case, colleague):
    made = invite_co_author(case, person=colleague, by=case.author)
    with pytest.raises(TransitionRefused):  # declining is another thing
        end_co_authorship(case, person=colleague, by=colleague)
    end_co_authorship(case, person=colleague, by=case.author)
    assert lines(colleague) == []
    with pytest.raises(TransitionRefused, match="no longer open"):
        answer_co_authorship(made, by=colleague, accepts=True)
    assert not has_interest_in(make_user(), case)


def test_who_left_the_distributor_can_no_longer_accept(case, colleague):
    manager = make_user("manager", distributor=case.distributor)
    made = invite_co_author(case, person=colleague, by=case.author)
    leave(colleague.memberships.get(), by=manager)
    made.refresh_from_db()
    assert made.state == "taken_back"
    CoAuthorship.objects.filter(pk=made.pk).update(state="asked")  # past the departure
    User.objects.filter(pk=colleague.pk).update(is_active=True)
    with pytest.raises(TransitionRefused, match="no member"):
        answer_co_authorship(made, by=fresh(colleague), accepts=True)


def test_a_draft_with_co_authors_can_be_thrown_away_by_its_author(case, colleague):
    joined(case, colleague)
    delete_draft(case, by=case.author)
    assert not CoAuthorship.objects.exists()


def test_a_co_author_never_decides(case):
    stories = Stories(make_reviewing_network())
    case = stories.submitted()
    reviewer = case.holder
    case.co_authors.add(reviewer)
    with pytest.raises(PermissionDenied):
        decide_case(case, decision="approve", by=reviewer)


def test_leaving_after_an_older_page_a_save_is_refused_and_nothing_is_lost(case, colleague):
    """The page was opened before: the words stay with the browser, the story with its author."""
    joined(case, colleague)
    stale = Case.objects.prefetch_related("co_authors").get(pk=case.pk)
    assert can_edit_case(colleague, stale)  # control: what was read before would let it through
    save_typed(stale, "title", {"title": "Ours"}, by=colleague, seen=0)
    end_co_authorship(case, person=colleague, by=colleague)
    with pytest.raises(PermissionDenied):
        save_typed(stale, "title", {"title": "Mine"}, by=colleague, seen=1)
    assert DraftInput.objects.get().data["title"] == "Ours"
