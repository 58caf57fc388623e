"""An issue in its languages: asked for with dates, frozen words, what comes later, the proof."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail_localize.models import StringSegment

from bulletins.exceptions import TransitionRefused
from bulletins.models import IssueEvent, IssueStory
from bulletins.planning.dates import dates_of
from bulletins.planning.grid import grid, whole_languages
from bulletins.transitions import (
    add_story,
    correct_issue,
    introduce_story,
    plan_issue,
    publish_issue_translation,
    publish_translation,
    release_issue,
    schedule_issue,
    tell_finished_languages,
    unschedule_issue,
    withdraw_case,
    write_issue,
)
from bulletins.transitions.issues import issue_page
from tests.bulletins.stories import make_whole_story
from tests.factories.network import make_distributor, make_user
from tests.factories.stories import make_case
from touchpoints.models import Delivery, Mailing
from touchpoints.sending import send_due
from translations.api import confirm_reading, translate_page
from translations.models import Assignment
from translations.worklist import work_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
MONTH = datetime.date(2026, 12, 1)


@pytest.fixture
def editor():
    return make_user("editor")


@pytest.fixture
def translator():
    return make_user("translator", language="ja")


@pytest.fixture
def issue(editor):
    """Planned for 1 December 2026, with one story."""
    made = plan_issue(by=editor, month=MONTH, title="Queues", planned_on=MONTH)
    write_issue(made, by=editor, title="Queues", subject="", letter=["Two looks at a queue."])
    case = make_whole_story()
    add_story(made, case, by=editor)
    introduce_story(made, case, by=editor, words="Look twice.")
    return made


def story(issue):
    return issue.stories.get().case


def soon():
    return timezone.now() + datetime.timedelta(minutes=1)


def put(page, language, translator, reader, publish):
    """All words of a page in a language, read and out."""
    page = page.get_latest_revision_as_object() if page.latest_revision_id else page
    translate_page(page, language, {"title": page.title}, by=translator)
    paths = StringSegment.objects.filter(source__object_id=page.translation_key)
    texts = {segment.context.path: f"{language} words" for segment in paths}
    target = translate_page(page, language, texts, by=translator)
    confirm_reading(page.translation_key, language, by=reader)
    if publish:
        publish(target, by=reader)


def released(issue, editor):
    schedule_issue(issue, by=editor, release_at=soon())
    release_issue(issue, by=editor)


# --- asking, dates, grid ---------------------------------------------------------------
def test_dates_are_counted_back_from_the_release_over_weekends(issue):
    dates = dates_of(issue)  # 1 December 2026 is a Tuesday
    assert (dates.translate, dates.read) == (
        datetime.date(2026, 11, 24),
        datetime.date(2026, 11, 27),
    )
    issue.release_at = datetime.datetime(2026, 12, 7, 7, tzinfo=datetime.UTC)
    assert dates_of(issue).translate == datetime.date(2026, 11, 30)


def test_all_of_an_issue_is_asked_for_and_stands_on_the_translators_desk(
    issue, editor, translator, client
):
    client.force_login(editor)
    url = reverse("issue_languages", args=[issue.pk])
    answer = client.post(url, {"ask_ja": "on", "to_ja": str(translator.pk), "ask_es": "on"})
    assert answer["Location"] == url
    assert Assignment.objects.filter(language="ja", translator=translator).count() == 2
    assert not Assignment.objects.filter(language="es").exists()
    work = work_for(translator)
    assert len(work) == 2
    assert {item.due.date() for item in work} == {datetime.date(2026, 11, 24)}
    table = grid(issue, datetime.date(2026, 11, 1))
    states = {piece.title: piece.cells["ja"].state for piece in table.pieces}
    assert set(states) == {"Title", "Letter", "Introductions", "Two looks"}
    assert set(states.values()) == {"begin"}
    assert {piece.cells["ja"].translator for piece in table.pieces} == {translator}
    assert {piece.cells["en"].state for piece in table.pieces} == {"source"}
    late = grid(issue, datetime.date(2026, 11, 25))
    assert all(piece.cells["ja"].is_late for piece in late.pieces)
    assert client.get(url).status_code == 200


def test_the_grid_tells_being_translated_to_be_read_and_finished(issue, editor, translator):
    page = issue_page(issue).get_latest_revision_as_object()
    translate_page(page, "ja", {"title": "行列"}, by=translator)

    def state(title):
        (piece,) = [p for p in grid(issue, MONTH).pieces if p.title == title]
        return piece.cells["ja"].state

    assert (state("Title"), state("Letter")) == ("read", "begin")
    confirm_reading(page.translation_key, "ja", by=editor)
    assert state("Title") == "finished"
    write_issue(
        issue, by=editor, title="Longer queues", subject="", letter=["Two looks at a queue."]
    )
    page = issue_page(issue).get_latest_revision_as_object()
    translate_page(page, "ja", {}, by=translator)
    assert state("Title") == "update"


def test_the_proof_names_what_readers_get_in_english(issue, editor, client, translator):
    put(story(issue).source_page(), "ja", translator, editor, publish_translation)
    proof = dict(grid(issue, MONTH).proof)
    assert proof["en"] == []
    assert [p.title for p in proof["ja"]] == ["Title", "Letter", "Introductions"]
    assert [p.title for p in proof["es"]][-1] == "Two looks"
    client.force_login(editor)
    page = client.get(reverse("issue_desk", args=[issue.pk])).content.decode()
    assert "Proof by language" in page


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 3])
def test_the_grid_does_not_ask_row_by_row(issue, editor, rows, django_assert_max_num_queries):
    for order in range(rows):
        IssueStory.objects.create(issue=issue, case=make_case(published=True), sort_order=order + 2)
    with django_assert_max_num_queries(16):
        grid(issue, MONTH)


# --- frozen words --------------------------------------------------------------------------
def test_a_frozen_issue_keeps_choice_order_and_words_but_takes_translations(
    issue, editor, translator
):
    schedule_issue(issue, by=editor, release_at=soon())
    for change in (
        lambda: write_issue(issue, by=editor, title="Other", subject="", letter=[]),
        lambda: introduce_story(issue, story(issue), by=editor, words="Other."),
        lambda: add_story(issue, make_case(published=True), by=editor),
    ):
        with pytest.raises(TransitionRefused):
            change()
    assert not issue_page(issue).permissions_for_user(editor).can_edit()
    put(issue_page(issue), "ja", translator, editor, None)
    release_issue(issue, by=editor)
    assert issue.pages.get(locale__language_code="ja").live
    page = issue_page(issue)
    assert (page.title, page.introduction_of(story(issue).pk)) == ("Queues", "Look twice.")


def test_a_held_or_opened_issue_is_written_again(issue, editor):
    schedule_issue(issue, by=editor, release_at=soon())
    unschedule_issue(issue, by=editor)
    write_issue(issue, by=editor, title="Other", subject="", letter=["x"])  # control
    verbs = list(IssueEvent.objects.filter(issue=issue).values_list("verb", flat=True))
    assert verbs == ["plan", "add", "freeze", "unfreeze"]


def test_a_story_that_drops_out_is_told_to_author_and_editors_and_stands_in_the_history(
    issue, editor, client
):
    leaving = make_case(published=True)
    add_story(issue, leaving, by=editor)
    schedule_issue(issue, by=editor, release_at=soon())
    withdraw_case(leaving, by=leaving.author, reason="Closed")
    told = Delivery.objects.filter(mailing__kind="bulletins.story_left_issue")
    assert {row.user for row in told} == {leaving.author, editor}
    event = IssueEvent.objects.get(verb="left")
    assert (event.case, event.reason) == (leaving, "The story was withdrawn.")
    client.force_login(editor)
    assert (
        "The story was withdrawn."
        in client.get(reverse("issue_desk", args=[issue.pk])).content.decode()
    )


def test_a_story_made_unfit_after_the_freeze_drops_out_at_the_release(issue, editor, client):
    unfit = make_case(published=True)
    add_story(issue, unfit, by=editor)
    schedule_issue(issue, by=editor, release_at=soon())
    type(unfit).objects.filter(pk=unfit.pk).update(stage="editing")  # as an edit of it does
    client.force_login(editor)
    page = client.get(reverse("issue_desk", args=[issue.pk])).content.decode()
    assert "it drops out of the issue at the release" in page
    release_issue(issue, by=editor)
    assert issue.stories.count() == 1
    event = IssueEvent.objects.get(verb="left")
    assert event.reason == "Only a ready or published story enters an issue."


def test_a_distributor_deactivated_after_the_freeze_gets_no_mail(issue, editor):
    leaving, staying = make_distributor(), make_distributor()
    gone = make_user("manager", distributor=leaving)
    here = make_user("manager", distributor=staying)
    schedule_issue(issue, by=editor, release_at=soon())
    leaving.is_active = False
    leaving.save()
    release_issue(issue, by=editor)
    users = {row.user for row in Delivery.objects.filter(mailing__kind="bulletins.issue")}
    assert here in users
    assert gone not in users


# --- later languages --------------------------------------------------------------------
def contacts():
    """One contact each who reads Japanese and English."""
    return [
        make_user("manager", distributor=make_distributor(), interface_language=code)
        for code in ("ja", "en")
    ]


def later(issue, editor, translator):
    """The issue goes out in English; the Japanese follows."""
    put(issue_page(issue), "ja", translator, editor, publish_issue_translation)
    put(story(issue).source_page(), "ja", translator, editor, publish_translation)


def test_a_language_that_comes_later_is_mailed_once_to_its_readers(
    issue, editor, translator, mailoutbox
):
    japanese, _english = contacts()
    released(issue, editor)
    send_due()
    assert issue.whole_languages == ["en"]
    put(issue_page(issue), "ja", translator, editor, publish_issue_translation)
    assert tell_finished_languages() == []  # a story is missing
    put(story(issue).source_page(), "ja", translator, editor, publish_translation)
    assert whole_languages(issue) == ["en", "ja"]
    assert tell_finished_languages() == [(issue.pk, "ja")]
    assert tell_finished_languages() == []
    row = Delivery.objects.get(mailing__kind="bulletins.issue_language")
    assert row.user == japanese
    mailoutbox.clear()
    send_due()
    (mail,) = [mail for mail in mailoutbox if mail.to == [japanese.email]]
    assert "ja words" in mail.body


def test_whoever_gets_the_first_mail_in_their_language_gets_no_second(issue, editor, translator):
    contacts()
    released(issue, editor)  # its mail waits for the sender
    later(issue, editor, translator)
    send_due()
    assert tell_finished_languages() == []
    assert not Mailing.objects.filter(kind="bulletins.issue_language").exists()


def test_what_was_whole_at_the_release_is_not_mailed_again(issue, editor, translator):
    contacts()
    put(issue_page(issue), "ja", translator, editor, None)
    put(story(issue).source_page(), "ja", translator, editor, publish_translation)
    released(issue, editor)
    assert issue.whole_languages == ["en", "ja"]
    send_due()
    assert tell_finished_languages() == []


def test_an_old_issue_is_completed_without_a_mail(issue, editor, translator):
    contacts()
    released(issue, editor)
    send_due()
    later(issue, editor, translator)
    assert tell_finished_languages(timezone.now() + datetime.timedelta(days=90)) == []
    assert tell_finished_languages() == [(issue.pk, "ja")]  # control


# --- corrections --------------------------------------------------------------------------
def test_a_correction_stands_on_page_and_story_and_only_a_material_one_is_mailed(
    issue, editor, client
):
    contacts()
    case = story(issue)
    with pytest.raises(TransitionRefused):
        correct_issue(issue, by=editor, words={"en": "61, not 16."})  # not out yet
    released(issue, editor)
    client.force_login(editor)
    url = reverse("issue_correct", args=[issue.pk])
    client.post(url, {"words_en": "61, not 16.", "words_ar": "٦١ لا ١٦.", "case": case.number})
    assert not Mailing.objects.filter(kind="bulletins.correction").exists()
    client.post(url, {"words_en": "The letter named another town.", "is_material": "on"})
    assert Delivery.objects.filter(mailing__kind="bulletins.correction").count() == 2
    page = client.get("/en/bulletins/2026/12/").content.decode()
    assert "61, not 16." in page
    assert "another town" in page
    address = case.source_page().url
    here = client.get(address).content.decode()
    assert "61, not 16." in here
    assert "another town" not in here
    assert "٦١ لا ١٦." in client.get("/ar/bulletins/2026/12/").content.decode()
    with pytest.raises(RuntimeError):
        issue.corrections.first().delete()
    assert client.post(url, {"words_en": " "}).status_code == 422
