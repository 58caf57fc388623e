"""The review desk: queue, notes, decision, log."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bulletins.models import Stage
from bulletins.transitions import decide_case, plan_issue
from network.registry import desk_items
from review.models import Review, ReviewNote
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import write_story
from tests.review.conftest import submit


def address(case) -> str:
    return reverse("review_case", args=[case.number])


def press(client, case, action, **given):
    """Press a button of the desk, having seen the case as it stands."""
    page = case.source_page()
    step = {"area_review": "area", "neutral_review": "neutral", "editing": "editing"}
    data = {
        "action": action,
        "step": step.get(case.stage, ""),
        "seen_revision": page.latest_revision_id,
    }
    return client.post(address(case), data | given)


def test_the_queue_is_oldest_first_with_its_age(client, stories, time_machine):
    time_machine.move_to("2026-11-02 10:00Z", tick=False)
    old = stories.submitted(title="The old one")
    time_machine.move_to("2026-11-20 10:00Z", tick=False)
    new = stories.submitted(title="The new one")
    time_machine.move_to("2026-11-22 10:00Z", tick=False)
    client.force_login(old.holder)
    rows = client.get(reverse("review_desk")).context["rows"]
    assert [(r["row"].key, r["days"], r["is_late"]) for r in rows] == [
        (old.number, 20, True),
        (new.number, 2, False),
    ]
    assert rows[0]["row"].title == "The old one"
    assert rows[0]["row"].place == "Kenya"


def test_approving_moves_on_and_keeps_the_scores(client, stories):
    case = stories.submitted()
    reviewer = case.holder
    client.force_login(reviewer)
    answer = press(client, case, "approve", **{"rubric-evidence": "3", "rubric-cause": "9"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.NEUTRAL_REVIEW
    review = Review.objects.of(case).get(step="area")
    assert (review.decision, review.rubric) == ("approve", {"evidence": 3})


@pytest.mark.parametrize("action", ["request_changes", "decline"])
def test_without_a_reason_nothing_is_decided_and_nothing_lost(client, stories, action):
    case = stories.submitted()
    client.force_login(case.holder)
    answer = press(client, case, action, **{"note-summary": "Which branch?", "rubric-cause": "2"})
    assert answer.status_code == 409
    assert "Say why: the author reads your reason." in answer.content.decode()
    case.refresh_from_db()
    assert case.stage == Stage.AREA_REVIEW
    note = ReviewNote.objects.of(case).get()
    assert (note.text, note.anchor, note.sent_at) == ("Which branch?", "summary", None)
    assert answer.context["scores"] == {"cause": "2"}


def test_a_stale_decision_is_refused_and_the_reason_stays(client, stories):
    case = stories.at_editing()
    editor = case.holder
    seen = case.source_page().latest_revision_id
    page = case.source_page().get_latest_revision_as_object()
    page.summary = "Another summary."
    page.save_revision(user=stories.net["editors"][0])
    client.force_login(editor)
    answer = press(client, case, "approve", seen_revision=seen, reason="Well told.")
    assert answer.status_code == 409
    assert "The text has changed since you opened it." in answer.content.decode()
    assert answer.context["reason"] == "Well told."
    case.refresh_from_db()
    assert case.stage == Stage.EDITING


def test_a_decision_at_a_step_that_has_passed_is_refused(client, stories):
    case = stories.submitted()
    first = case.holder
    client.force_login(first)
    decide_case(case, decision="approve", by=first)
    answer = press(client, case, "approve", step="area", reason="Twice")
    assert answer.status_code == 409
    case.refresh_from_db()
    assert case.stage == Stage.NEUTRAL_REVIEW


def test_what_was_typed_waits_for_the_reviewer(client, stories):
    case = stories.submitted()
    client.force_login(case.holder)
    press(client, case, "keep", reason="Strong, but", **{"rubric-clarity": "4"})
    page = client.get(address(case))
    assert (page.context["reason"], page.context["scores"]) == ("Strong, but", {"clarity": "4"})


def test_notes_go_with_the_decision_and_reach_their_audience(client, stories):
    case = stories.submitted()
    page = case.source_page().get_latest_revision_as_object()
    paragraph, key = page.background[0].id, page.results[0].value["measure_key"]
    client.force_login(case.holder)
    press(client, case, f"note:{paragraph}", **{f"note-{paragraph}": "Which five?"})
    assert ReviewNote.objects.of(case).get().sent_at is None
    notes = {f"note-{key}": "Doubtful.", f"audience-{key}": "reviewers"}
    press(client, case, "request_changes", reason="Two points.", **notes)
    sent = ReviewNote.objects.of(case).filter(sent_at__isnull=False)
    assert list(sent.values_list("anchor", "text", "audience", "review__decision")) == [
        (paragraph, "Which five?", "author", "request_changes"),
        (key, "Doubtful.", "reviewers", "request_changes"),
    ]
    read = ReviewNote.objects.of(case).readable_by(case.author, as_reviewer=False)
    assert [note.text for note in read] == ["Which five?"]


def test_a_note_is_edited_and_deleted_until_it_is_sent(client, stories):
    case = stories.submitted()
    client.force_login(case.holder)
    press(client, case, "note:summary", **{"note-summary": "Frist draft"})
    note = ReviewNote.objects.get()
    url = reverse("note_edit", args=[note.pk])
    client.post(url, {"text": "First draft", "action": "save"})
    note.refresh_from_db()
    assert note.text == "First draft"
    press(client, case, "send_notes")
    client.post(url, {"text": "Too late", "action": "save"})
    client.post(url, {"action": "delete"})
    note.refresh_from_db()
    assert note.text == "First draft"


def test_strangers_find_neither_story_nor_note(client, stories):
    case = stories.submitted()
    client.force_login(case.holder)
    press(client, case, "note:summary", **{"note-summary": "Hm"})
    press(client, case, "send_notes")
    note = ReviewNote.objects.get()
    stranger = make_user()
    other_lead = stories.net["leads"]["germany"]
    for person in (stranger, other_lead):
        client.force_login(person)
        assert client.get(address(case)).status_code == 404
        assert client.get(reverse("case_log", args=[case.number])).status_code == 404
        assert client.get(reverse("note_edit", args=[note.pk])).status_code == 404
        reply = client.post(reverse("note_reply", args=[note.pk]), {"text": "x"})
        assert reply.status_code == 404
        assert client.get(reverse("review_translate", args=[case.number])).status_code == 404
    client.force_login(case.author)
    assert client.get(address(case)).status_code == 404


def test_resubmitting_shows_what_changed_by_words(client, stories):
    case = stories.submitted()
    reviewer = case.holder
    decide_case(case, decision="request_changes", by=reviewer, reason="Say how many.")
    write_story(case, summary="Web enquiries now get an answer before noon.")
    submit(case)
    client.force_login(case.holder)
    page = client.get(address(case))
    changed = [i for p in page.context["parts"] for i in p.items if i.runs]
    assert [i.item.anchor for i in changed] == ["summary"]
    assert changed[0].runs == [
        ("", "Web enquiries now get an answer "),
        ("del", "the same morning."),
        ("ins", "before noon."),
    ]
    html = page.content.decode()
    assert "<del>the same morning.</del><ins>before noon.</ins>" in html


def test_the_disabled_decision_says_why(client, stories):
    from bulletins.transitions import start_case

    lead = stories.net["leads"]["brazil"]
    firm = lead.memberships.get().distributor
    author = make_user(distributor=firm)
    case = start_case(by=author, distributor=firm, language="en")
    write_story(case)
    submit(case)
    client.force_login(lead)
    page = client.get(address(case))
    why = {a.name: a.why_not for a in page.context["actions"]}
    own = "Nobody approves a story of their own distributor. You can comment and return it."
    assert why == {"approve": own, "request_changes": "", "decline": own}
    assert press(client, case, "approve").status_code == 409
    assert press(client, case, "request_changes", reason="Dates?").status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.CHANGES_REQUESTED


def test_a_lead_names_another_reviewer_with_a_reason(client, stories):
    case = stories.submitted("BR")
    other = make_user(distributor=case.distributor, email="own@br.example")
    stories.net["leads"]["brazil"].refresh_from_db()
    from tests.factories.network import make_country, make_distributor, make_mandate

    free = make_user(distributor=make_distributor(country=make_country()))
    make_mandate(free, "campaigner", review_area=case.review_area)
    make_mandate(other, "campaigner", review_area=case.review_area)
    client.force_login(case.holder)
    assign = client.get(address(case)).context["more"][-1]
    assert [value for value, _name in assign.choices] == [str(free.pk)]
    assert press(client, case, "assign", **{"choice-assign": str(free.pk)}).status_code == 409
    given = {"choice-assign": str(free.pk), "reason": "I am away."}
    assert press(client, case, "assign", **given).status_code == 302
    case.refresh_from_db()
    assert case.holder == free


def test_handing_on_and_a_conflict_are_offered_to_the_holder_only(client, stories):
    case = stories.at_neutral()
    first = case.holder
    client.force_login(first)
    assert press(client, case, "conflict", reason="My old firm").status_code == 302
    case.refresh_from_db()
    assert case.holder not in (None, first)
    assert press(client, case, "conflict").status_code == 409


def test_an_editor_publishes_or_makes_ready_with_an_issue(client, stories):
    import datetime

    from bulletins.models import IssueStory

    issue = plan_issue(
        by=stories.net["editors"][0], month=datetime.date(2026, 12, 1), title="December"
    )
    case = stories.at_editing()
    client.force_login(case.holder)
    ready = client.get(address(case)).context["actions"][1]
    assert [value for value, _words in ready.choices] == ["", str(issue.pk)]
    assert press(client, case, "ready", **{"choice-ready": str(issue.pk)}).status_code == 302
    case.refresh_from_db()
    assert (case.stage, IssueStory.objects.get().case) == (Stage.READY, case)
    assert press(client, case, "publish_ready").status_code == 302
    case.refresh_from_db()
    assert case.is_published
    other = stories.at_editing()
    client.force_login(other.holder)
    assert press(client, other, "approve").status_code == 302
    other.refresh_from_db()
    assert other.stage == Stage.PUBLISHED


def test_the_log_tells_editors_and_leads_who_when_and_why(client, stories):
    case = stories.submitted()
    reviewer = case.holder
    decide_case(case, decision="request_changes", by=reviewer, reason="Which branch?")
    client.force_login(stories.net["editors"][0])
    rows = client.get(reverse("case_log", args=[case.number])).context["history"]
    assert [(str(r.what), r.by, r.reason) for r in rows] == [
        ("Begun", case.author.display_name, ""),
        ("Submitted", case.author.display_name, ""),
        ("Returned for changes", reviewer.display_name, "Which branch?"),
    ]


def test_the_returned_filter_holds_what_this_person_returned(client, stories):
    case = stories.submitted()
    reviewer = case.holder
    client.force_login(reviewer)
    decide_case(case, decision="request_changes", by=reviewer, reason="Dates?")
    get = lambda show: client.get(reverse("review_desk") + f"?show={show}").context["rows"]  # noqa: E731
    assert get("mine") == []
    assert [r["row"].key for r in get("returned")] == [case.number]
    write_story(case, summary="Half rewritten, not handed in")
    page = client.get(address(case))
    assert "Half rewritten" not in page.content.decode()


def test_the_desk_names_reviewers_leads_and_editors(stories):
    case = stories.submitted()
    lead = case.holder
    mine = list(desk_items(lead))
    assert [(i.what, i.minutes) for i in mine] == [("Review this story from Kenya.", 20)]
    from bulletins.transitions import hand_on

    hand_on(case, by=lead, conflict=True)
    told = list(desk_items(lead))
    assert [i.what for i in told] == ["Nobody can take this story from Kenya. Name a reviewer."]
    editing = stories.at_editing("BR")
    assert editing.number in [i.url.split("/")[-2] for i in desk_items(editing.holder)]
    assert list(desk_items(make_user())) == []


@pytest.mark.slow
@pytest.mark.parametrize("shows", [("mine", "area"), ("returned",)])
def test_queries_of_the_queue_do_not_grow(client, stories, shows):
    reviewer = stories.net["leads"]["south-africa"]
    counts = []
    for wanted in (1, 3, 12):
        while Review.objects.filter(reviewer=reviewer, step="area").count() < wanted:
            case = stories.submitted()
            if shows == ("returned",):
                decide_case(case, decision="request_changes", by=reviewer, reason="Why?")
        client.force_login(reviewer)
        client.get(reverse("review_desk"))
        asked = []
        for show in shows:
            with CaptureQueriesContext(connection) as seen:
                rows = client.get(reverse("review_desk") + f"?show={show}").context["rows"]
            assert len(rows) == wanted
            asked.append(len(seen))
        counts.append(asked)
    assert counts[0] == counts[1] == counts[2]


@pytest.mark.parametrize("choice", ["", "abc", "99999999", "²"])
def test_a_choice_that_is_none_is_refused_in_words(client, stories, choice):
    case = stories.submitted()
    lead = make_user("lead", review_area=case.review_area)
    client.force_login(lead)
    answer = press(client, case, "assign", **{"choice-assign": choice, "reason": "Away"})
    assert answer.status_code == 409
    holder = case.holder_id
    case.refresh_from_db()
    assert case.holder_id == holder


def test_an_issue_that_is_none_is_refused_in_words(client, stories):
    case = stories.submitted()
    for _step in range(2):
        client.force_login(case.holder)
        press(client, case, "approve")
        case.refresh_from_db()
    client.force_login(case.holder)
    for choice in ("abc", "99999999"):
        assert press(client, case, "ready", **{"choice-ready": choice}).status_code == 409
    case.refresh_from_db()
    assert case.stage == Stage.EDITING


@pytest.mark.parametrize("field", ["note-title", "reason"])
def test_a_book_in_the_place_of_a_note_is_refused_and_shown_again(client, stories, field):
    case = stories.submitted()
    client.force_login(case.holder)
    answer = press(client, case, "request_changes", **{field: "x" * 20_001})
    assert answer.status_code == 422
    assert not ReviewNote.objects.exists()
    case.refresh_from_db()
    assert case.stage == Stage.AREA_REVIEW


def test_a_button_with_a_number_that_is_none_finds_nothing(client, stories):
    case = stories.submitted()
    client.force_login(case.holder)
    for action in ("reply:²", "settle:x", "edit:99999999999999999999"):
        assert press(client, case, action).status_code == 404
