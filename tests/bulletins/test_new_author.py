"""An author leaves: their distributor names a new one, whose duties begin anew."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bulletins.exceptions import TransitionRefused
from bulletins.models import Case, LastingCheck, Stage
from bulletins.permissions import can_name_author, has_interest_in, is_author
from bulletins.projection import wrong_cases
from bulletins.transitions import (
    answer_lasting,
    ask_whether_it_lasts,
    decide_case,
    delete_draft,
    end_co_authorship,
    name_author,
    submit_case,
)
from network.models import Membership, User
from network.registry import desk_items
from network.transitions import close_account, leave
from review.models import Clock, Question
from review.transitions import raise_flag
from tests.factories import make_case, make_distributor, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.asking import ask_at
from tests.review.conftest import Stories
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


def told(kind: str) -> list[int]:
    return sorted(Delivery.objects.filter(mailing__kind=kind).values_list("user", flat=True))


def gone(case) -> User:
    """The author's account is closed; the distributor's manager comes back."""
    manager = make_user("manager", distributor=case.distributor)
    close_account(case.author, by=make_user("administrator"))
    return manager


def orphans(user) -> list[str]:
    place = reverse("authors_to_name")
    return [item.what for item in desk_items(fresh(user)) if item.url.startswith(place)]


def test_requested_changes_follow_with_days_of_their_own(stories, time_machine):
    time_machine.move_to("2026-02-02 09:00Z", tick=False)
    case = stories.submitted()
    decide_case(case, decision="request_changes", by=case.holder, reason="Which dates?")
    manager, new = gone(case), make_user(distributor=case.distributor)
    former = case.author
    time_machine.shift(datetime.timedelta(days=30))
    name_author(case, to=new, by=manager, reason="She knows the branch.")
    assert (case.author, case.holder, case.stage) == (new, new, Stage.CHANGES_REQUESTED)
    clock = Clock.objects.running().get()
    assert (clock.person, clock.told, clock.started_at) == (new, "", timezone.now())
    assert clock.due > timezone.now()
    assert not clock.notices.exists()
    event = case.events.last()
    assert (event.verb, event.by, event.on_behalf_of) == ("name_author", manager, new)
    assert event.reason == "She knows the branch."
    assert told("bulletins.author_named") == [new.pk]
    assert case.former_authors() == [former]
    assert list(case.co_authors.all()) == [former]
    submit_case(case, by=fresh(new), people_agreed=True, no_customer_data=True)
    assert case.stage == Stage.AREA_REVIEW
    assert wrong_cases() == []


def test_a_draft_follows_and_may_be_thrown_away(stories):
    case = stories.begun()
    manager, new = gone(case), make_user(distributor=case.distributor)
    assert [what for what in orphans(manager) if "1 story" in what]
    name_author(case, to=new, by=manager)
    assert orphans(manager) == []
    url = reverse("share_case", args=[case.number])
    assert url in [item.url for item in desk_items(fresh(new))]
    delete_draft(case, by=fresh(new))


def test_what_waits_at_a_published_story_waits_for_the_new_author(stories, time_machine):
    case = stories.published("BR")
    reader = make_user()
    raise_flag("story", case.number, language="en", anchor="", reason="Wrong year.", by=reader)
    question = ask_at(case, reader)
    Case.objects.filter(pk=case.pk).update(
        published_at=timezone.now() - datetime.timedelta(days=91)
    )
    ask_whether_it_lasts()
    due = LastingCheck.objects.get().due
    former, new = case.author, make_user(distributor=case.distributor)
    assert question.owner == former
    manager = make_user("manager", distributor=case.distributor)
    make_user(distributor=case.distributor)
    leave(former.memberships.get(), by=manager)
    time_machine.move_to(timezone.now() + datetime.timedelta(days=10))
    name_author(case, to=new, by=manager)
    waits = " ".join(item.url for item in desk_items(fresh(new)))
    for part in ("/lasting/", "/flags/", "/questions/"):
        assert part in waits, part
    question = Question.objects.get()
    assert (question.owner, question.events.last().step) == (new, "handed_on")
    assert LastingCheck.objects.get().due > due
    answer_lasting(case, by=fresh(new), answer="holds")
    assert not is_author(fresh(former), case)
    User.objects.filter(pk=former.pk).update(is_active=True)
    assert has_interest_in(fresh(former), case)


def test_a_question_that_the_new_author_asked_goes_to_somebody_else(stories):
    case = stories.published("BR")
    new = make_user(distributor=case.distributor)
    ask_at(case, new)
    manager = gone(case)
    name_author(case, to=new, by=manager)
    assert Question.objects.get().owner not in (new, case.author)


def test_the_former_author_stays_named_on_page_and_desk(client, stories):
    case = stories.published("BR")
    User.objects.filter(pk=case.author_id).update(first_name="Huda", last_name="First")
    case.refresh_from_db()
    new = make_user(distributor=case.distributor, first_name="Omar", last_name="Second")
    joined = make_user(distributor=case.distributor, first_name="Lina", last_name="Third")
    case.co_authors.add(joined, new)
    manager = gone(case)
    name_author(case, to=new, by=manager)
    assert {person.first_name for person in case.co_authors.all()} == {"Huda", "Lina"}
    client.force_login(fresh(new))
    page = client.get(case.source_page().get_url()).content.decode()
    assert page.index("Omar Second") < page.index("Huda First")
    page = client.get(reverse("case_follow", args=[case.number])).content.decode()
    facts = page.split("Told before by")[1].split("Written in")[0]
    assert facts.index("Huda First") < facts.index("Lina Third")
    assert "Omar Second the author." in page
    [former] = case.former_authors()
    with pytest.raises(TransitionRefused):  # a credit that nobody takes away
        end_co_authorship(case, person=former, by=fresh(new))


def test_who_names_equals_the_list_they_see(stories):
    case = stories.published("BR")
    manager, deputy = (
        make_user(distributor=case.distributor, contact=kind) for kind in ("first", "deputy")
    )
    member = make_user(distributor=case.distributor)
    lead = stories.net["leads"]["brazil"]
    people = {
        "manager": manager,
        "deputy": deputy,
        "member": member,
        "lead": lead,
        "other lead": stories.net["leads"]["usa"],
        "editor": stories.net["editors"][0],
        "other manager": make_user("manager", distributor=make_distributor()),
    }

    def may() -> set[str]:
        found = {name for name, one in people.items() if can_name_author(fresh(one), case)}
        listed = {n for n, one in people.items() if Case.objects.to_name_by(fresh(one)).exists()}
        assert found == listed
        return found

    close_account(case.author, by=make_user("administrator"))
    assert may() == {"manager", "deputy"}
    Membership.objects.filter(distributor=case.distributor).update(contact="")
    assert may() == {"lead", "editor"}


def test_who_is_told_where_there_is_no_manager(stories):
    case = stories.submitted("BR")
    close_account(case.author, by=make_user("administrator"))
    assert told("bulletins.author_left") == [stories.net["leads"]["brazil"].pk]


def test_refused_while_the_author_is_there_for_strangers_and_to_outsiders(stories):
    case = stories.submitted("BR")
    manager, new = (make_user(distributor=case.distributor, contact=c) for c in ("first", ""))
    with pytest.raises(TransitionRefused, match="is the author"):
        name_author(case, to=new, by=manager)
    case_left = stories.submitted("BR")
    manager = gone(case_left)
    with pytest.raises(TransitionRefused, match="no member"):
        name_author(case_left, to=new, by=manager)
    for person in (new, case_left.holder, stories.net["editors"][0]):
        with pytest.raises(PermissionDenied):
            name_author(case_left, to=make_user(distributor=case_left.distributor), by=person)


def test_all_at_once_on_the_page_in_the_same_queries(client, stories):
    first = stories.submitted("BR")
    author, firm = first.author, first.distributor
    new = make_user(distributor=firm, first_name="Omar")
    manager = gone(first)
    client.force_login(fresh(manager))
    address, counts = reverse("authors_to_name"), []
    for more in (0, 2):
        for _n in range(more):
            make_case(firm, author, number=f"2001-{_n:04}")
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            page = client.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    [group] = page.context["groups"]
    key = group.key
    numbers = [row.case.number for row in group.rows]
    assert len(numbers) == 3
    given = {"group": key, f"{key}-stories": numbers[:2], f"{key}-reason": "She knows it."}
    answer = client.post(address, given)  # nobody chosen
    assert answer.status_code == 422
    assert "She knows it." in answer.content.decode()
    assert client.post(address, given | {f"{key}-author": new.pk}).status_code == 302
    assert Case.objects.filter(author=new).count() == 2
    assert Case.objects.filter(author=author).count() == 1
    # A page that is out of date says so and changes nothing.
    assert client.post(address, given | {f"{key}-author": manager.pk}).status_code == 422
    assert Case.objects.filter(author=new).count() == 2


# --- two managers at once ---------------------------------------------------------------
def test_control_both_managers_would_pass_what_they_read_before(stories):
    case = stories.submitted("BR")
    first, second = (make_user(distributor=case.distributor) for _n in range(2))
    manager = gone(case)
    readers = [Case.objects.get(pk=case.pk) for _n in range(2)]
    waits = [Case.objects.left_by_author().filter(pk=one.pk).exists() for one in readers]
    assert waits == [True, True]
    for stale, person in zip(readers, (first, second), strict=True):
        stale.author = person
        stale.save()  # if this fails, the test below proves nothing
    assert Case.objects.get(pk=case.pk).author == second
    # With the lock the second reads again.
    Case.objects.filter(pk=case.pk).update(author=case.author)
    name_author(case, to=first, by=manager)
    with pytest.raises(TransitionRefused, match="is the author"):
        name_author(readers[1], to=second, by=manager)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_managers_naming_at_once_one_wins_and_the_other_is_told(stories):
    case = stories.submitted("BR")
    people = [make_user(distributor=case.distributor) for _n in range(2)]
    managers = [make_user(distributor=case.distributor, contact=c) for c in ("first", "deputy")]
    close_account(case.author, by=make_user("administrator"))
    start, outcomes = threading.Barrier(2), []

    def name(by, to):
        start.wait(10)
        try:
            name_author(Case.objects.get(pk=case.pk), to=fresh(to), by=fresh(by))
            outcomes.append(("named", to.pk))
        except TransitionRefused as refusal:
            outcomes.append(("refused", str(refusal)))
        finally:
            close_old_connections()

    threads = [
        threading.Thread(target=name, args=pair) for pair in zip(managers, people, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(kind for kind, _what in outcomes) == ["named", "refused"]
    [winner] = [what for kind, what in outcomes if kind == "named"]
    case.refresh_from_db()
    assert case.author_id == winner
    assert case.events.filter(verb="name_author").count() == 1
    assert told("bulletins.author_named") == [winner]
