"""An online lab: begun, stopped, resumed, passed or not; what it leaves in the history."""

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.blocks import StructBlockValidationError

from tests.factories.workshops import lab_stream, make_lab, make_programme, make_trainee
from workshops.blocks import QuestionBlock
from workshops.eligibility import did_this_year
from workshops.exceptions import NotEligible, TransitionRefused
from workshops.lessons import share, steps_of
from workshops.models import CourseRecord, LabAnswer, LabRun
from workshops.transitions import answer, begin_lab, read_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def lab():
    return make_lab("own-lab", name="Own lab")


@pytest.fixture
def page(lab):
    return lab.pages.get()


@pytest.fixture
def person():
    return make_trainee()


def step_url(lab, step) -> str:
    return reverse("lab_step", args=[lab.key, step.id])


def go_through(lab, page, person, *, right: bool):
    """Read and answer everything."""
    run = begin_lab(lab, page, by=person)
    for step in steps_of(page):
        if step.is_question:
            answer(run, page, step.id, sorted(step.right) if right else [1], by=person)
        run = read_on(run, page, step.id, by=person)
    return run


def test_a_person_stops_anywhere_and_goes_on_there(client, lab, page, person):
    lesson, one, several = steps_of(page)
    home = reverse("lab", args=[lab.key])
    client.force_login(person)
    assert client.get(step_url(lab, lesson)).url == home  # not begun
    assert client.post(home).url == step_url(lab, lesson)
    assert client.post(step_url(lab, lesson), {"do": "on"}).url == step_url(lab, one)
    client.logout()  # the page is closed, the session over
    client.force_login(person)
    assert client.post(home).url == step_url(lab, one)
    # nothing chosen: said so, and nothing kept
    refused = client.post(step_url(lab, one), {"do": "answer"})
    assert refused.status_code == 400
    assert "Choose an answer first." in refused.content.decode()
    assert client.post(step_url(lab, one), {"do": "on"}).status_code == 400
    assert not LabAnswer.objects.exists()
    assert client.post(step_url(lab, one), {"do": "answer", "option": "1"}).url == step_url(
        lab, one
    )
    shown = client.get(step_url(lab, one)).content.decode()
    assert "Not right." in shown
    assert "Because of 1." in shown
    # an answer counts once: another choice or a double click changes nothing
    client.post(step_url(lab, one), {"do": "answer", "option": "2"})
    assert LabAnswer.objects.get().chosen == [1]
    assert client.post(home).url == step_url(lab, one)  # its explanation is read first
    assert client.post(step_url(lab, one), {"do": "on"}).url == step_url(lab, several)
    client.post(step_url(lab, lesson), {"do": "on"})  # read again: nobody is sent back
    assert LabRun.objects.get().step == several.id
    client.post(step_url(lab, several), {"do": "answer", "option": ["2", "3"]})
    assert client.post(step_url(lab, several), {"do": "on"}).url == home
    run = LabRun.objects.get()
    assert (run.state, run.score, run.step) == ("failed", 50, "")
    assert "50 per cent of your answers were right; 80 per cent are asked for." in (
        client.get(home).content.decode()
    )
    assert not CourseRecord.objects.exists()


def test_who_passes_has_the_course_in_the_history_once(client, lab, page, person):
    assert go_through(lab, page, person, right=False).state == "failed"
    assert did_this_year(person, lab) is False
    run = go_through(lab, page, person, right=True)
    assert (run.state, run.score) == ("passed", 100)
    record = person.course_records.get()
    assert record.programme == lab
    assert record.confirmed_by.is_system
    assert did_this_year(person, lab) is True
    go_through(lab, page, person, right=True)  # again on the same day
    assert person.course_records.count() == 1
    client.force_login(person)
    assert (
        "It stands in your courses since"
        in client.get(reverse("lab", args=[lab.key])).content.decode()
    )


@pytest.mark.parametrize(("mark", "state"), [(50, "passed"), (51, "failed")])
def test_who_reaches_the_pass_mark_passes(person, mark, state):
    lab = make_lab(pass_mark=mark)
    page = lab.pages.get()
    run = begin_lab(lab, page, by=person)
    for step, chosen in zip(steps_of(page), (None, [2], [1]), strict=True):
        if chosen is not None:
            answer(run, page, step.id, chosen, by=person)  # one of two is right
        run = read_on(run, page, step.id, by=person)
    assert (run.state, run.score) == (state, 50)


def test_an_entry_of_ones_own_is_confirmed_by_passing(lab, page, person):
    entered = CourseRecord.objects.create(user=person, programme=lab, done_on=timezone.localdate())
    go_through(lab, page, person, right=True)
    entered.refresh_from_db()
    assert entered.confirmed_at is not None


def test_one_run_at_a_time_and_its_end_is_the_end(lab, page, person):
    run = begin_lab(lab, page, by=person)
    assert begin_lab(lab, page, by=person) == run
    step = steps_of(page)[1]
    with pytest.raises(TransitionRefused):
        answer(run, page, step.id, [2, 3], by=person)  # one answer is right
    with pytest.raises(TransitionRefused):
        answer(run, page, step.id, [9], by=person)
    with pytest.raises(LabRun.DoesNotExist):
        answer(run, page, step.id, [2], by=make_trainee())
    ended = go_through(lab, page, person, right=True)
    with pytest.raises(TransitionRefused, match="This run has ended"):
        answer(ended, page, step.id, [2], by=person)


def test_a_closed_programme_has_a_closed_lab(client, person):
    lab = make_lab(requires=[make_programme(name="First steps")])
    with pytest.raises(NotEligible, match="First steps"):
        begin_lab(lab, lab.pages.get(), by=person)
    client.force_login(person)
    answered = client.post(reverse("lab", args=[lab.key]))
    assert answered.status_code == 409
    assert "“First steps” is missing" in answered.content.decode()
    plain = make_programme()
    assert client.get(reverse("lab", args=[plain.key])).status_code == 404


def test_changed_lessons_lose_no_answer_and_no_place(lab, page, person):
    run = begin_lab(lab, page, by=person)
    lesson, one, several = steps_of(page)
    answer(run, page, one.id, [2], by=person)
    run = read_on(run, page, one.id, by=person)
    added = lab_stream(1)[1]
    block = page.lessons.stream_block
    page.lessons = block.to_python([added, *page.lessons.get_prep_value()])
    page.save()
    answer(run, page, several.id, [2, 3], by=person)
    run = read_on(run, page, several.id, by=person)
    assert (run.state, run.step) == ("open", added["id"])  # the new question is still to come
    answer(run, page, added["id"], [2, 3], by=person)
    for step_id in (added["id"], lesson.id, one.id, several.id):
        run = read_on(run, page, step_id, by=person)
    assert (run.state, run.score) == ("passed", 100)


@pytest.mark.parametrize("questions", [1, 3])
def test_queries_of_a_lab_do_not_grow(client, django_assert_num_queries, person, questions):
    lab = make_lab(questions=questions)
    client.force_login(person)
    client.post(reverse("lab", args=[lab.key]))
    client.get(reverse("lab", args=[lab.key]))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("lab", args=[lab.key]))


# session, user; programme, requires; pages; run, answers; titles; membership and courses of
# eligibility; did it this year; the masthead's
QUERIES = 10


@pytest.mark.parametrize(
    ("right", "fits"),
    [([1], True), ([2, 3], True), ([4], False), ([1, 1], False), ([1, 2, 3], False)],
)
def test_right_answers_are_answers_and_one_is_wrong(right, fits):
    block = QuestionBlock()
    value = block.to_python(
        {"question": "Why?", "options": ["a", "b", "c"], "right": right, "explanation": "So."}
    )
    if fits:
        block.clean(value)
    else:
        with pytest.raises(StructBlockValidationError) as refused:
            block.clean(value)
        assert "right" in refused.value.block_errors


@pytest.mark.parametrize(("right", "total", "per_cent"), [(4, 6, 66), (5, 6, 83), (0, 0, 100)])
def test_nobody_passes_by_rounding(right, total, per_cent):
    assert share(right, total) == per_cent


def test_a_lab_is_read_in_the_readers_language(client, person):
    lab = make_lab()
    client.force_login(person)
    found = client.get(f"/ar/workshops/lab/{lab.key}/").content.decode()
    assert 'lang="en" dir="ltr"' in found  # its English words, said to be so
