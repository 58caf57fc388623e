"""An issue goes the translators' desk's whole way: subject, letter and introductions."""

import datetime

import polib
import pytest
from django.urls import reverse
from django.utils import timezone

from bulletins.models import BulletinIssuePage
from bulletins.transitions import (
    add_story,
    introduce_story,
    plan_issue,
    release_issue,
    schedule_issue,
    write_issue,
)
from bulletins.transitions.issues import issue_page
from tests.translations.test_text_page import posted, url
from translations.api import progress_of
from translations.models import TextState
from translations.side_by_side import units

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SAID = {
    "Mail subject": "今月の題",
    "Letter: Paragraph 1": "一つの話。",
    "Letter: Paragraph 2": "読んでください。",
    "Introductions: Paragraph 1": "最初に読むもの。",
}


@pytest.fixture
def issue(case, people):
    """Planned, with a letter of two paragraphs and one introduced story."""
    made = plan_issue(by=people["editor"], month=datetime.date(2026, 12, 1), title="Early")
    write_issue(
        made, by=people["editor"], title="Early", subject="This month", letter=["One.", "Read."]
    )
    add_story(made, case, by=people["editor"])
    introduce_story(made, case, by=people["editor"], words="Read this first.")
    return made


def test_an_issue_is_translated_read_and_released(client, issue, case, people):
    page = issue_page(issue)
    client.force_login(people["ja"])
    desk = reverse("translate_desk")
    assert "Early" in client.get(desk, {"language": "ja"}).text
    client.post(reverse("translate_begin", args=[page.translation_key, "ja"]))
    text = client.get(url(page)).text
    found = {unit.title: unit for unit in units(page, "ja", people["ja"])}
    assert set(found) == {"Title", *SAID}
    for title, words in {"Title": "早い", **SAID}.items():
        assert title in text
        client.post(url(page), posted(page, people["ja"], found[title].key, words))
    assert progress_of(page.translation_key, "ja").is_complete
    exported = client.get(reverse("translate_file_out", args=[page.translation_key, "ja"]))
    catalog = polib.pofile(exported.content.decode())
    assert {entry.msgid: entry.msgstr for entry in catalog}["Read this first."] == (
        SAID["Introductions: Paragraph 1"]
    )
    client.force_login(people["ja2"])
    reading = reverse("translate_read", args=[page.translation_key, "ja"])
    shown = client.get(reading)
    assert all(words in shown.text for words in SAID.values())
    client.post(reading, {"action": "confirm", "seen": shown.context["seen"]})
    assert progress_of(page.translation_key, "ja").is_finished
    later = timezone.now() + datetime.timedelta(minutes=1)
    schedule_issue(issue, by=people["editor"], release_at=later)
    release_issue(issue, by=people["editor"])
    japanese = BulletinIssuePage.objects.get(issue=issue, locale__language_code="ja")
    assert (japanese.live, japanese.title, japanese.subject) == (True, "早い", "今月の題")
    assert japanese.introduction_of(case.pk) == SAID["Introductions: Paragraph 1"]
    assert [str(block.value) for block in japanese.letter] == ["一つの話。", "読んでください。"]


def test_a_changed_letter_marks_its_paragraph_alone(client, issue, people):
    page = issue_page(issue)
    client.force_login(people["ja"])
    client.post(reverse("translate_begin", args=[page.translation_key, "ja"]))
    for unit in units(page, "ja", people["ja"]):
        client.post(url(page), posted(page, people["ja"], unit.key, "訳"))
    write_issue(
        issue, by=people["editor"], title="Early", subject="This month", letter=["One.", "Go."]
    )
    client.get(url(page))
    states = TextState.objects.filter(object_key=page.translation_key, language="ja")
    todo = [unit.title for unit in units(page, "ja", people["ja"]) if not unit.is_done]
    assert todo == ["Letter: Paragraph 2"]
    assert states.filter(is_gone=False).exclude(text="訳").count() == 1
