"""What a distributor says of a story: kept with its history, and never over a newer word."""

import datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from bulletins.answers import Answer
from bulletins.exceptions import AnswerIncomplete, NewerResponse, TransitionRefused
from bulletins.models import Case, CaseResult, HandOver, Response, ResponseChange
from bulletins.response_messages import open_for
from bulletins.response_queries import open_cases
from bulletins.response_rules import can_respond, can_view_response
from bulletins.transitions import (
    coach,
    hand_over,
    report_results,
    respond,
    start_story_from,
    take_back,
    will_not_try,
    will_try,
)
from bulletins.transitions.responding import Measured
from network.models import User
from network.permissions import forget_standing
from tests.bulletins.responding import in_days, make_response
from tests.factories.network import make_distributor, make_mandate, make_membership, make_user
from tests.factories.stories import make_case, make_issue
from touchpoints.models import Mailing
from touchpoints.sending import send_due

pytestmark = pytest.mark.django_db

ALREADY = Answer("already")
ADOPTED = Answer("adopted")
ADAPTED = Answer("adapted", words="Two looks a day.")


@pytest.fixture
def firm():
    return make_distributor()


@pytest.fixture
def manager(firm):
    return make_user("manager", distributor=firm)


@pytest.fixture
def case():
    found = make_case(published=True)
    make_issue(cases=(found,), released=True)
    return found


def told(kind: str) -> int:
    return Mailing.objects.filter(kind=kind).count()


def test_an_answer_is_kept_changed_and_remembered(firm, manager, case):
    first = respond(case, firm, ALREADY, by=manager)
    second = respond(case, firm, ADAPTED, by=manager, seen=first.version)
    assert (second.pk, second.version, second.choice) == (first.pk, 2, "adapted")
    history = list(second.changes.values_list("version", "choice", "words"))
    assert history == [(1, "already", ""), (2, "adapted", "Two looks a day.")]
    with pytest.raises(RuntimeError):
        second.changes.first().save()
    with pytest.raises(RuntimeError):
        second.changes.first().delete()


def test_the_same_form_sent_twice_is_one_answer(firm, manager, case):
    for _time in range(2):
        respond(case, firm, ADOPTED, by=manager, seen=0)
    assert (Response.objects.count(), ResponseChange.objects.count()) == (1, 1)
    assert told("bulletins.response_adopted") == 1


def test_the_later_of_two_sees_the_newer_word(firm, manager, case):
    deputy = make_user(distributor=firm, contact="deputy")
    respond(case, firm, ADOPTED, by=manager, seen=0)
    with pytest.raises(NewerResponse) as newer:
        respond(case, firm, Answer("not_for_us", reason="no_need"), by=deputy, seen=0)
    assert newer.value.current.choice == "adopted"
    respond(case, firm, Answer("not_for_us", reason="no_need"), by=deputy, seen=1)
    assert Response.objects.get().choice == "not_for_us"


def test_control_plain_save_writes_over_it(firm, manager, case):
    first, second = (Response(case=case, distributor=firm, choice="already") for _ in range(2))
    first.save()
    second.pk, second.choice = first.pk, "on_hold"
    second.until = in_days(9)
    second.save()  # if this fails, the test above proves nothing
    assert Response.objects.get().choice == "on_hold"


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer("whatever"), "choice"),
        (Answer("adopting", who="Lina"), "until"),
        (Answer("adopting", until=datetime.date(2020, 1, 1), who="Lina"), "until"),
        (Answer("adopting", until=datetime.date(2099, 1, 1), who="Lina"), "until"),
        (Answer("on_hold"), "until"),
        (Answer("adapted", words="  "), "words"),
        (Answer("adapted", words="x" * 2001), "words"),
        (Answer("not_for_us"), "reason"),
        (Answer("not_for_us", reason="because"), "reason"),
        (Answer("not_for_us", reason="other"), "words"),
    ],
)
def test_what_a_choice_needs_is_asked_for(firm, manager, case, answer, field):
    with pytest.raises(AnswerIncomplete) as gap:
        respond(case, firm, answer, by=manager)
    assert gap.value.field == field
    assert not Response.objects.exists()


def test_what_a_choice_does_not_take_is_dropped(firm, manager, case):
    answer = Answer("already", until=in_days(3), who="Lina", reason="market", words="hm")
    found = respond(case, firm, answer, by=manager)
    assert (found.until, found.who, found.reason, found.words) == (None, "", "", "")


def test_the_author_is_told_of_each_adoption_once(firm, manager, case):
    first = respond(case, firm, ADOPTED, by=manager)
    respond(case, firm, ADAPTED, by=manager, seen=first.version)
    assert told("bulletins.response_adopted") == 1
    assert first.adopted_at == Response.objects.get().adopted_at
    third = respond(case, firm, ALREADY, by=manager, seen=2)
    assert third.adopted_at is None


def test_a_story_taken_back_meanwhile_is_said_calmly(firm, manager, case):
    Case.objects.filter(pk=case.pk).update(is_published=False, stage="withdrawn")
    with pytest.raises(TransitionRefused, match="taken back"):
        respond(case, firm, ADOPTED, by=manager)


def test_who_answers_and_who_reads(case):
    """Managers and the named colleague answer; the firm, its area, editors, executives read."""
    firm = make_distributor()
    people = {
        "manager": make_user("manager", distributor=firm),
        "deputy": make_user(distributor=firm, contact="deputy"),
        "colleague": make_user(distributor=firm),
        "named": make_user(distributor=firm),
        "campaigner": make_user("campaigner", review_area=firm.review_area),
        "lead": make_user("lead", review_area=firm.review_area),
        "elsewhere": make_user("campaigner", review_area=make_distributor().review_area),
        "stranger": make_user("manager", distributor=make_distributor()),
        "author": case.author,
        "editor": make_user("editor"),
        "executive": make_user("executive"),
        "translator": make_user("translator", language="ja"),
        "inactive": make_user("manager", distributor=make_distributor(), is_active=False),
    }
    hand_over(case, firm, to=people["named"], until=in_days(3), by=people["manager"])
    answering = {name for name, one in people.items() if can_respond(one, firm, case)}
    assert answering == {"manager", "deputy", "named"}
    response = make_response(case, firm)
    reading = {name for name, one in people.items() if can_view_response(one, response)}
    assert reading == {"manager", "deputy", "colleague", "named", "campaigner", "lead"} | {
        "editor",
        "executive",
    }
    for name, one in people.items():
        visible = Response.objects.visible_to(one).filter(pk=response.pk).exists()
        assert visible is (name in reading), name


@pytest.mark.parametrize("who", ["own", "inactive_firm", "region"])
def test_no_answer_where_none_is_asked(firm, manager, case, who):
    if who == "own":
        own = make_case(distributor=firm, published=True)
        with pytest.raises(PermissionDenied):
            respond(own, firm, ADOPTED, by=manager)
    elif who == "inactive_firm":
        firm.is_active = False
        firm.save()
        with pytest.raises(PermissionDenied):
            respond(case, firm, ADOPTED, by=manager)
    else:
        elsewhere = make_case(published=True, audience="region")
        with pytest.raises(PermissionDenied):
            respond(elsewhere, firm, ADOPTED, by=manager)


def test_what_is_open_follows_from_issues_and_answers(firm, manager, time_machine):
    time_machine.move_to("2026-11-10 09:00Z", tick=False)
    cases = [make_case(published=True) for _ in range(4)]
    own = make_case(distributor=firm, published=True)
    loose = make_case(published=True)
    make_issue(datetime.date(2026, 10, 1), cases=(*cases[:2], own), released=True)
    make_issue(datetime.date(2026, 11, 1), cases=(cases[2],), released=True)
    make_issue(datetime.date(2026, 12, 1), cases=(cases[3],))
    assert list(open_cases(firm)) == cases[:3]
    assert loose not in open_cases(firm)
    respond(cases[0], firm, ALREADY, by=manager)
    respond(cases[1], firm, Answer("on_hold", until=in_days(10)), by=manager)
    assert list(open_cases(firm)) == [cases[2]]
    Case.objects.filter(pk=cases[2].pk).update(is_published=False)
    assert list(open_cases(firm)) == []
    time_machine.shift(datetime.timedelta(days=11))
    assert list(open_cases(firm)) == [cases[1]]  # its day has passed: a word is owed again


def test_a_colleague_gets_it_with_a_day_and_the_answer_ends_it(firm, manager, case, time_machine):
    time_machine.move_to("2026-11-10 09:00Z", tick=False)
    colleague = make_user(distributor=firm)
    handed = hand_over(case, firm, to=colleague, until=in_days(2), by=manager, note="Yours?")
    assert told("bulletins.response_handed") == 1
    assert (
        hand_over(case, firm, to=colleague, until=in_days(2), by=manager, note="Yours?") == handed
    )
    assert open_for(manager) == []
    assert open_for(colleague) == [(firm, case)]
    time_machine.shift(datetime.timedelta(days=3))
    assert open_for(fresh(manager)) == [(firm, case)]  # the day passed: both are asked
    respond(case, firm, ALREADY, by=fresh(colleague))
    assert open_for(fresh(manager)) == open_for(fresh(colleague)) == []
    handed.refresh_from_db()
    assert handed.ended_at is not None


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_manager_takes_back_and_hands_to_another(firm, manager, case):
    first, second = make_user(distributor=firm), make_user(distributor=firm)
    handed = hand_over(case, firm, to=first, until=in_days(2), by=manager)
    hand_over(case, firm, to=second, until=in_days(2), by=manager)
    assert not can_respond(first, firm, case)
    for handed in HandOver.objects.all():
        take_back(handed, by=manager)
    assert not HandOver.objects.open().exists()
    with pytest.raises(PermissionDenied):
        hand_over(case, firm, to=second, until=in_days(2), by=first)
    with pytest.raises(AnswerIncomplete):
        hand_over(
            case, firm, to=make_user(distributor=make_distributor()), until=in_days(2), by=manager
        )
    with pytest.raises(AnswerIncomplete):
        hand_over(case, firm, to=second, until=in_days(-1), by=manager)


def test_a_deputy_of_two_firms_answers_each_for_itself(firm, manager, case):
    other = make_distributor()
    make_membership(manager, other, "deputy")
    forget_standing(manager)
    respond(case, firm, ADOPTED, by=manager)
    assert open_for(manager) == [(other, case)]
    assert Response.objects.get().distributor == firm


# --- results -----------------------------------------------------------------------
@pytest.fixture
def row(case):
    return CaseResult.objects.create(
        case=case,
        measure_key="11111111-1111-4111-8111-111111111111",
        unit="days",
        before=Decimal(31),
        after=Decimal(19),
    )


def measured(row, before=40, after=22, day=None) -> Measured:
    return Measured(str(row.measure_key), Decimal(before), Decimal(after), day or in_days(-1))


def test_results_stand_in_the_storys_rows_and_in_the_history(firm, manager, case, row):
    found = respond(case, firm, ADOPTED, by=manager)
    done = report_results(found, [measured(row)], by=manager, seen=1)
    assert list(done.results.values_list("unit", "before", "after")) == [("days", 40, 22)]
    assert done.measured_at is not None
    assert done.version == 2
    assert done.changes.last().results[0]["after"] == "22"
    again = report_results(found, [measured(row)], by=manager, seen=1)
    assert again.version == 2  # sent twice
    with pytest.raises(NewerResponse):
        report_results(found, [measured(row, after=20)], by=manager, seen=1)
    gone = report_results(found, [], by=manager, seen=2)
    assert gone.measured_at is None
    assert not gone.results.exists()
    assert gone.changes.count() == 3


@pytest.mark.parametrize("what", ["not adopted", "unknown row", "future", "stranger", "order"])
def test_results_that_cannot_be(firm, manager, case, row, what):
    found = respond(case, firm, ALREADY if what == "not adopted" else ADOPTED, by=manager)
    rows, by, wrong = [measured(row)], manager, TransitionRefused
    if what == "unknown row":
        rows = [Measured("22222222-2222-4222-8222-222222222222", 1, 2, in_days(-1))]
    elif what == "future":
        rows = [measured(row, day=in_days(1))]
    elif what == "order":
        rows = [Measured(str(row.measure_key), 1, 2, in_days(-9), in_days(-1))]
    elif what == "stranger":
        by, wrong = make_user("manager", distributor=make_distributor()), PermissionDenied
    with pytest.raises(wrong):
        report_results(found, rows, by=by, seen=found.version)
    assert not found.results.exists()


def test_a_story_of_an_adoption_is_linked_both_ways(firm, manager, case):
    found = respond(case, firm, ADAPTED, by=manager)
    other = respond(make_case(published=True), firm, ALREADY, by=manager)
    story = start_story_from(found, by=manager, language="en")
    assert (story.based_on, story.distributor) == (case, firm)
    assert list(case.followers.all()) == [story]
    with pytest.raises(TransitionRefused):
        start_story_from(other, by=manager, language="en")


def test_will_try_is_private_and_counted(case):
    reader = make_user(distributor=make_distributor())
    will_try(case, by=reader, note="After the summer")
    will_try(case, by=reader, note="In spring")
    assert list(case.will_try.values_list("user", "note")) == [(reader.pk, "In spring")]
    will_not_try(case, by=reader)
    assert not case.will_try.exists()
    with pytest.raises(PermissionDenied):
        will_try(make_case(published=True, audience="region"), by=reader)


def test_a_person_who_leaves_holds_no_answer(firm, manager, case):
    colleague = make_user(distributor=firm)
    make_mandate(colleague, "trainer")
    hand_over(case, firm, to=colleague, until=in_days(5), by=manager)
    from network.transitions import leave

    leave(colleague.memberships.get(), by=make_user("administrator"))
    assert open_for(fresh(manager)) == [(firm, case)]


def test_what_is_told_reads_as_it_should(firm, manager, case, client):
    colleague = make_user(distributor=firm, first_name="Lina", interface_language="ar")
    hand_over(case, firm, to=colleague, until=in_days(4), by=manager, note="Yours, I think.")
    send_due()
    [handed] = mail.outbox
    assert handed.to == [colleague.email]
    assert "Yours, I think." in handed.body
    assert handed.extra_headers["Reply-To"] == manager.email
    respond(case, firm, ADAPTED, by=manager)
    mail.outbox.clear()
    send_due()
    [adopted] = mail.outbox
    assert adopted.to == [case.author.email]
    assert adopted.subject == f"Adopted by {firm.name}: {case.source_page().title}"
    assert "Two looks a day." in adopted.body
    campaigner = make_user("campaigner", review_area=firm.review_area, first_name="Aiko")
    coach(firm, by=campaigner, text="Two wait.\n\nMay I help?")
    mail.outbox.clear()
    send_due()
    [word] = mail.outbox
    assert word.to == [manager.email]
    assert "May I help?" in word.body
    assert word.extra_headers["Reply-To"] == campaigner.email


def test_what_was_handed_and_answered_meanwhile_is_not_told(firm, manager, case):
    colleague = make_user(distributor=firm)
    hand_over(case, firm, to=colleague, until=in_days(4), by=manager)
    respond(case, firm, ALREADY, by=manager)
    send_due()
    assert mail.outbox == []
