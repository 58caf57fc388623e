"""Text of a programme, lessons and questions of its online lab: also in a distributor's version."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests.factories.network import make_user
from tests.factories.workshops import make_home, make_lab, make_programme, make_trainee
from workshops.exceptions import StaleForm, StepsRefused
from workshops.lessons import steps_of
from workshops.page_text import fingerprint, items_from, rewritten, texts_of
from workshops.transitions import answer, begin_lab, read_on
from workshops.transitions.tailoring import tailor, version_page
from workshops.transitions.writing import (
    TypedStep,
    lab_mark,
    write_lab,
    write_text,
    writing_page,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab():
    made = make_lab("own-lab", name="Own lab")
    made.pages.get().save_revision().publish()
    return made


@pytest.fixture
def coordinator(client):
    user = make_user("coordinator")
    client.force_login(user)
    return user


def lab_url(programme) -> str:
    return reverse("programme_lab", args=[programme.key])


def typed(response) -> dict:
    """The form as the page shows it."""
    found = {"seen": response.context["seen"]}
    for row in response.context["rows"]:
        n, step = row["number"], row["step"]
        found |= {f"kind-{n}": step.kind, f"id-{n}": step.id, f"place-{n}": str(n)}
        found |= {f"title-{n}": step.title, f"explanation-{n}": step.explanation}
        if step.kind == "lesson":
            found[f"text-{n}"] = "\r\n".join(step.lines)
        for option in row["options"]:
            found[f"option-{n}-{option['number']}"] = option["words"]
            if option["is_right"]:
                found[f"right-{n}-{option['number']}"] = "1"
    return found


def test_shown_and_sent_again_unchanged_nothing_is_another(client, coordinator, lab):
    before = lab_mark(writing_page(lab))
    page = client.get(lab_url(lab))
    assert client.post(lab_url(lab), typed(page) | {"do": "publish"}).status_code == 302
    assert lab_mark(writing_page(lab)) == before
    assert lab.events.get().verb == "lab"


def test_steps_are_written_added_moved_and_left_out(client, coordinator, lab):
    person = make_trainee()
    page = lab.pages.get()
    lesson, one, several = steps_of(page)
    run = begin_lab(lab, page, by=person)
    read_on(run, page, lesson.id, by=person)
    given = answer(run, page, one.id, [2], by=person)
    form = typed(client.get(lab_url(lab)))
    form |= {
        "title-1": "What they see",  # the lesson
        "option-2-2": "",  # of the first question the right answer goes
        "option-2-3": "Right now",
        "right-2-3": "1",
        "place-3": "2",  # the second question comes before the first
        "title-4": "Look again",  # the empty lesson
        "text-4": "Once.\n\nTwice.",
        "place-4": "1",
        "title-5": "And now?",  # the empty question
        "option-5-1": "Go",
        "option-5-2": "Stay",
        "right-5-1": "1",
        "explanation-5": "Because.",
    }
    form.pop("right-2-2")
    assert client.post(lab_url(lab), form | {"do": "publish"}).status_code == 302
    page = lab.pages.get()
    steps = steps_of(page)
    assert [step.title for step in steps] == [
        "Look again",
        "What they see",
        "Question 2?",
        "Question 1?",
        "And now?",
    ]
    assert [step.id for step in steps[1:4]] == [lesson.id, several.id, one.id]
    assert list(steps[0].value["text"]) == ["Once.", "Twice."]
    assert (steps[3].options, steps[3].right) == ([(1, "Wrong"), (2, "Right now")], {2})
    # Whoever was in the middle goes on, is asked what is new, and keeps what was judged.
    for step in (several, steps[4]):
        answer(run, page, step.id, sorted(step.right), by=person)
    for step in steps[1:]:
        run = read_on(run, page, step.id, by=person)
    given.refresh_from_db()
    assert (run.state, run.score, given.is_right) == ("passed", 100, True)
    form = typed(client.get(lab_url(lab)))
    client.post(lab_url(lab), form | {"drop-4": "1", "do": "save"})
    assert len(steps_of(lab.pages.get())) == 5  # a draft
    assert len(steps_of(writing_page(lab))) == 4


WRONG = {
    "A lesson has a title.": TypedStep("lesson", "", ("Look.",)),
    "This title is too long. Shorten it.": TypedStep("lesson", "x" * 121, ("Look.",)),
    "A lesson has at least one paragraph.": TypedStep("lesson", "Look"),
    "A question has words.": TypedStep("question", "", ("a", "b"), frozenset({1}), "Why"),
    "A question has between two and eight answers.": TypedStep(
        "question", "Q", ("a",), frozenset({1}), "Why"
    ),
    "Tick at least one right answer.": TypedStep("question", "Q", ("a", "b"), frozenset({3}), "W"),
    "At least one answer is not right.": TypedStep(
        "question", "Q", ("a", "b"), frozenset({1, 2}), "Why"
    ),
    "Say why: it is shown after the answer.": TypedStep(
        "question", "Q", ("a", "b"), frozenset({1})
    ),
}


def test_what_cannot_stand_is_said_at_its_step_and_loses_nothing(client, coordinator, lab):
    seen = lab_mark(writing_page(lab))
    for said, step in WRONG.items():
        good = TypedStep("lesson", "Look", ("There.",))
        with pytest.raises(StepsRefused) as refusal:
            write_lab(lab, [good, step], by=coordinator, seen=seen, publish=True)
        assert refusal.value.errors == {1: said}
    form = typed(client.get(lab_url(lab))) | {"title-5": "Half a question", "option-5-1": "Yes"}
    answered = client.post(lab_url(lab), form)
    assert answered.status_code == 422
    rows = answered.context["rows"]
    assert [row["error"] for row in rows[:5]] == [
        *("", "", "", ""),
        "A question has between two and eight answers.",
    ]
    html = answered.content.decode()
    assert "Half a question" in html
    assert not lab.events.exists()


def test_of_two_writers_the_second_is_refused_and_keeps_the_words(client, coordinator, lab):
    form = typed(client.get(lab_url(lab)))
    client.post(lab_url(lab), form | {"title-1": "Theirs", "do": "publish"})
    late = client.post(lab_url(lab), form | {"title-1": "Mine", "do": "publish"})
    html = late.content.decode()
    assert late.status_code == 409
    assert 'value="Mine"' in html
    assert "<b>Theirs</b>" in html
    again = typed(late)
    assert again["title-1"] == "Mine"
    assert client.post(lab_url(lab), again | {"do": "publish"}).status_code == 302
    assert steps_of(lab.pages.get())[0].title == "Mine"


def test_a_version_has_questions_of_its_own(client, lab):
    firm = make_home("asia")
    manager, other = make_user("manager", distributor=firm), make_user("manager")
    version = tailor(lab, firm, "en", by=manager)
    client.force_login(manager)
    page = client.get(lab_url(version))
    assert (
        lab_url(version) in client.get(reverse("version_edit", args=[version.key])).content.decode()
    )
    form = typed(page) | {"title-2": "What do our dealers say?", "do": "publish"}
    assert client.post(lab_url(version), form).status_code == 302
    assert steps_of(version_page(version))[1].title == "What do our dealers say?"
    assert steps_of(lab.pages.get())[1].title == "Question 1?"
    # Compared with the global one it is the same place, in other words.
    compared = client.get(reverse("version_compare", args=[version.key]))
    changed = [row["place"].unit.anchor for row in compared.context["rows"]]
    assert changed == [steps_of(lab.pages.get())[1].id]
    with pytest.raises(PermissionDenied):
        write_lab(version, [], by=other, seen="", publish=False)


def test_a_programme_without_a_lab_gets_one(client, coordinator):
    programme = make_programme("plain")
    form = typed(client.get(lab_url(programme)))
    form |= {"title-1": "Look", "text-1": "Go there.", "do": "publish"}
    assert client.post(lab_url(programme), form).status_code == 302
    assert [step.title for step in steps_of(programme.pages.get())] == ["Look"]
    assert client.get(reverse("lab", args=["plain"])).status_code == 200


# --- text ----------------------------------------------------------------------------------
def test_text_is_written_field_by_field(client, coordinator):
    programme = make_programme("plain", name="Plain")
    url = reverse("programme_text", args=["plain"])
    page = client.get(url)
    form = {"seen": page.context["seen"], "do": "publish"}
    form |= {"added-body": "First.\r\n \r\nSecond.", "added-days": "Day 1\nLook\nAsk\n\nDay 2\nTry"}
    assert client.post(url, form).status_code == 302
    live = programme.pages.get()
    assert [block.value for block in live.body] == ["First.", "Second."]
    assert [(block.value["title"], list(block.value["steps"])) for block in live.happens] == [
        ("Day 1", ["Look", "Ask"]),
        ("Day 2", ["Try"]),
    ]
    late = client.post(url, form | {"added-body": "Third."})
    assert late.status_code == 409
    assert "Third." in late.content.decode()
    first, second = (block.id for block in live.body)
    form = {"seen": late.context["seen"], f"text-{first}": "", f"text-{second}": "Second, better."}
    assert client.post(url, form).status_code == 302
    assert [block.value for block in programme.pages.get().body] == ["First.", "Second."]  # a draft
    assert [block.value for block in writing_page(programme).body] == ["Second, better."]
    assert [event.verb for event in programme.events.all()] == ["text", "text"]
    with pytest.raises(StaleForm):
        write_text(programme, {}, {}, by=coordinator, seen="", publish=False)
    version = tailor(programme, make_home("asia"), "en", by=coordinator)
    assert client.get(reverse("programme_text", args=[version.key])).url == reverse(
        "version_edit", args=[version.key]
    )
    seen = fingerprint(texts_of(writing_page(version)))
    with pytest.raises(PermissionDenied):
        write_text(version, {}, {}, by=coordinator, seen=seen, publish=False)


def test_items_keep_their_ids_by_words_then_by_place():
    old = [{"type": "item", "value": value, "id": value.lower()} for value in ("A", "B", "C")]
    assert [row["id"] for row in items_from(["C", "B", "A"], old)] == ["c", "b", "a"]
    assert [row["id"] for row in items_from(["A", "X", "C"], old)] == ["a", "b", "c"]
    longer = [row["id"] for row in items_from(["A", "B", "C", "D"], old)]
    assert longer[:3] == ["a", "b", "c"]
    assert longer[3] not in {"a", "b", "c"}
    assert [row["id"] for row in items_from(["C", "C"], old)][0] == "c"
    block = {"type": "points", "value": {"items": old}, "id": "p"}
    (found,) = rewritten([block], {"p": "A\nBetter\nC"})
    assert [row["id"] for row in found["value"]["items"]] == ["a", "b", "c"]
