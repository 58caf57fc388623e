"""A story in a language its reviewer does not read: two questions, two answers, approval."""

import pytest
from django.urls import reverse

from bulletins.models import Stage
from bulletins.search_documents import story_documents
from bulletins.transitions import decide_case
from network.registry import desk_items
from review.models import ReviewNote, WorkingTranslation
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import write_story
from tests.review.conftest import submit
from tests.review.test_desk import address, press

THAI = {
    "title": "ตอบกลับก่อนเที่ยง",
    "summary": "คำถามจากเว็บได้รับคำตอบในเช้าวันเดียวกัน",
    "background": [("paragraph", "คำถามเข้ามาในกล่องจดหมายห้ากล่อง")],
}


@pytest.fixture
def thai(stories):
    """At the neutral step, held by somebody who reads German and English; an author with Thai."""
    for lead in stories.net["leads"].values():
        lead.interface_language, lead.further_languages = "de", ["en"]
        lead.save()
    return stories.at_neutral("TH", language="th", **THAI)


def translate_url(case) -> str:
    return reverse("review_translate", args=[case.number])


def rows(page) -> list[dict]:
    return [row for group in page.context["groups"] for row in group["rows"]]


def put_into_german(client, case, text="Auf Deutsch: %s") -> None:
    page = client.get(translate_url(case) + "?to=de")
    data = {f"text-{r['anchor']}": text % r["source"][:20] for r in rows(page) if r["may_write"]}
    assert client.post(translate_url(case), data | {"to": "de"}).status_code == 302


def test_a_thai_story_two_questions_two_answers_approval(client, thai):
    case, author, reviewer = thai, thai.author, thai.holder
    assert [i.action for i in desk_items(author)] == ["Translate"]
    assert translate_url(case) + "?to=de" in [i.url for i in desk_items(author)]
    client.force_login(author)
    put_into_german(client, case)
    assert list(desk_items(author)) == []

    client.force_login(reviewer)
    page = client.get(address(case))
    assert page.context["strange"]
    beside = [row for part in page.context["parts"] for row in part.items if row.working]
    assert beside[0].working.text == "Auf Deutsch: ตอบกลับก่อนเที่ยง"
    assert "Working translation by" in page.content.decode()
    first = beside[1].item.anchor
    key = next(r.item.anchor for r in beside if "Hours to first reply" in r.item.text)
    questions = {f"note-{first}": "Welche Filiale?", f"note-{key}": "Wie gemessen?"}
    press(client, case, "request_changes", reason="Zwei Fragen.", **questions)
    case.refresh_from_db()
    assert (case.stage, case.holder) == (Stage.CHANGES_REQUESTED, author)

    notes = list(ReviewNote.objects.of(case).filter(sent_at__isnull=False))
    assert [note.text for note in notes] == ["Welche Filiale?", "Wie gemessen?"]
    put_into_thai = {f"text-note:{notes[0].pk}": "สาขาไหน", f"text-note:{notes[1].pk}": "วัดอย่างไร"}
    assert client.post(translate_url(case), put_into_thai | {"to": "th"}).status_code == 302

    client.force_login(author)
    asked = [r for r in rows(client.get(translate_url(case) + "?to=th"))][-2:]
    assert [row["text"] for row in asked] == ["สาขาไหน", "วัดอย่างไร"]
    for note, answer in zip(notes, ["สาขากลาง", "จากระบบ"], strict=True):
        sent = client.post(reverse("note_reply", args=[note.pk]), {"text": answer, "next": "/th/"})
        assert sent.status_code == 302
    answers = ReviewNote.objects.filter(in_reply_to__isnull=False)
    for_reviewer = {f"text-note:{a.pk}": f"Antwort {n}" for n, a in enumerate(answers)}
    client.post(translate_url(case), for_reviewer | {"to": "de"})
    submit(case)
    case.refresh_from_db()
    assert (case.stage, case.holder) == (Stage.NEUTRAL_REVIEW, reviewer)

    client.force_login(reviewer)
    html = client.get(address(case)).content.decode()
    assert all(words in html for words in ("สาขากลาง", "จากระบบ", "Antwort 0", "Antwort 1"))
    press(client, case, f"settle:{notes[0].pk}")
    notes[0].refresh_from_db()
    assert notes[0].settled_by == reviewer
    assert press(client, case, "approve").status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.EDITING


def test_a_changed_paragraph_makes_its_translation_stale(client, thai):
    case = thai
    client.force_login(case.author)
    put_into_german(client, case)
    decide_case(case, decision="request_changes", by=case.holder, reason="Wie viele?")
    page = case.source_page().get_latest_revision_as_object()
    page.summary = "สรุปใหม่"
    page.save_revision(user=case.author)
    submit(case)
    stale = [r["anchor"] for r in rows(client.get(translate_url(case) + "?to=de")) if r["is_stale"]]
    assert stale == ["summary"]
    assert [i.action for i in desk_items(case.author)] == ["Translate"]


def test_a_working_translation_is_never_published_or_searched(client, thai):
    case = thai
    client.force_login(case.author)
    put_into_german(client, case, text="Geheimwort %s")
    decide_case(case, decision="approve", by=case.holder)
    decide_case(case, decision="approve", by=case.holder)
    assert case.is_published
    words = [
        str(revision.content) for page in case.pages.all() for revision in page.revisions.all()
    ]
    assert not any("Geheimwort" in text for text in words)
    documents = list(story_documents(case))
    assert [document.language for document in documents] == ["th"]
    assert "Geheimwort" not in documents[0].title + documents[0].body
    assert WorkingTranslation.objects.of(case).exists()


def test_who_may_write_one(client, thai):
    case = thai
    campaigner = make_user("campaigner", review_area=case.review_area)
    translator = make_user("translator", language="de")
    for person, status in [
        (case.author, 302),
        (campaigner, 302),
        (translator, 302),
        (case.holder, 403),
        (make_user(), 404),
    ]:
        client.force_login(person)
        sent = client.post(translate_url(case), {"text-summary": f"von {person.pk}", "to": "de"})
        assert sent.status_code == status, person


def test_translators_of_another_language_are_not_asked(thai):
    german, french = make_user("translator", language="de"), make_user("translator", language="fr")
    assert [item.action for item in desk_items(german)] == ["Translate"]
    assert list(desk_items(french)) == []


def test_a_story_that_the_reviewer_reads_asks_nobody(stories):
    case = stories.at_neutral("KE")
    assert list(desk_items(case.author)) == []
    write_story(case)
