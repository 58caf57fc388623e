"""Stop the line (R9): a mark stands in the text until whoever keeps it answers."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from gkc_site.reference import load_reference
from network.models import Country
from network.registry import desk_items
from review.exceptions import ReviewRefused
from review.models import Flag
from review.transitions import answer_flag, raise_flag
from review.views.flags import RATE
from silver_book.paragraphs import anchor
from tests.factories import make_case, make_distributor, make_issue, make_user
from tests.silver_book.conftest import shared_book  # noqa: F401  (a fixture)
from tests.silver_book.test_importing import ids, section
from touchpoints.models import Delivery

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GO_AND_SEE = "/silver-book/way/words/go-and-see/"
REASON = "The queue is not where it says."


@pytest.fixture
def book(shared_book):  # noqa: F811
    return section()


@pytest.fixture
def reader(client):
    user = make_user(first_name="Rosa", last_name="Lima")
    client.force_login(user)
    return user


def place(number: int = 2) -> str:
    """The anchor of a block of 'Go and see'."""
    return anchor(ids(section())[number])


def mark(by, *, at: str = "", language: str = "en", reason: str = REASON) -> Flag:
    key = str(section().translation_key)
    return raise_flag("section", key, language=language, anchor=at, reason=reason, by=by)


def waiting(user) -> list[str]:
    """Addresses of the marks that wait for somebody."""
    return [item.url for item in desk_items(user) if "/flags/" in item.url]


def told(kind: str) -> set[str]:
    rows = Delivery.objects.filter(mailing__kind=kind)
    return set(rows.values_list("user__email", flat=True))


# --- in the book ----------------------------------------------------------------------
def test_a_reader_marks_a_paragraph_and_it_shows_there(client, book, reader):
    page = client.get(f"/en{GO_AND_SEE}").content.decode()
    assert f"at={place()}" in page
    url = reverse("flag_raise", args=["section", book.translation_key]) + "?in=en"
    response = client.post(url, {"at": place(), "reason": REASON})
    assert (response.status_code, response.url) == (302, f"/en{GO_AND_SEE}#{place()}")
    page = client.get(f"/en{GO_AND_SEE}").content.decode()
    [paragraph] = [p for p in page.split('<div class="para"') if "flagmark" in p]
    assert f'id="{place()}"' in paragraph
    assert REASON in paragraph
    assert "Rosa Lima" in paragraph
    flag = Flag.objects.get()
    assert flag.quoted.startswith("Watch the whole event")
    assert flag.title == "Go and see"


def test_a_visitor_sees_that_a_mark_stands_and_not_what_it_says(client, book):
    mark(make_user(first_name="Rosa"), at=place())
    page = client.get(f"/en{GO_AND_SEE}").content.decode()
    assert page.count("flagmark") == 1
    assert REASON not in page
    assert "Rosa" not in page


def test_a_mark_at_the_whole_section_stands_under_its_title(client, book, reader):
    mark(reader)
    page = client.get(f"/en{GO_AND_SEE}").content.decode()
    assert page.index("<h1") < page.index("flagmark") < page.index('<div class="prose')


def test_a_translation_shares_the_marks_of_its_original_and_japanese_does_not(client, book, reader):
    mark(reader, at=place())
    assert "flagmark" in client.get(f"/ar{GO_AND_SEE}").content.decode()
    assert "flagmark" not in client.get(f"/ja{GO_AND_SEE}").content.decode()
    mark(reader, at=place(), language="ja")
    assert client.get(f"/ja{GO_AND_SEE}").content.decode().count("flagmark") == 1
    assert client.get(f"/en{GO_AND_SEE}").content.decode().count("flagmark") == 1


def test_a_mark_at_a_paragraph_that_is_gone_stands_at_the_whole(client, book, reader):
    flag = mark(reader, at=place())
    Flag.objects.filter(pk=flag.pk).update(anchor="p-00000000")
    page = client.get(f"/en{GO_AND_SEE}").content.decode()
    assert page.index("<h1") < page.index("flagmark") < page.index('<div class="prose')


def test_an_editor_answers_and_the_mark_goes(client, book, reader):
    editor = make_user("editor")
    flag = mark(reader, at=place())
    assert waiting(editor) == [reverse("flag", args=[flag.pk])]
    assert waiting(reader) == []
    assert told("review.flag_raised") == {editor.email}
    client.force_login(editor)
    url = reverse("flag", args=[flag.pk])
    assert client.post(url, {"outcome": "stands", "answer": "It was there."}).status_code == 302
    flag.refresh_from_db()
    assert (flag.outcome, flag.answer, flag.answered_by) == ("stands", "It was there.", editor)
    assert waiting(editor) == []
    assert told("review.flag_answered") == {reader.email}
    assert "flagmark" not in client.get(f"/en{GO_AND_SEE}").content.decode()
    log = client.get(reverse("flags_about", args=["section", book.translation_key]))
    assert REASON in log.content.decode()
    assert "It was there." in log.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"outcome": "", "answer": "Long and careful."},
        {"outcome": "perhaps", "answer": "Long and careful."},
        {"outcome": "stands", "answer": "Long and careful." * 40},
    ],
)
def test_a_refused_answer_keeps_its_words(client, book, reader, data):
    flag = mark(reader)
    client.force_login(make_user("editor"))
    response = client.post(reverse("flag", args=[flag.pk]), data)
    assert response.status_code == 400
    assert data["answer"] in response.content.decode()
    flag.refresh_from_db()
    assert flag.is_open


def test_the_second_of_two_answers_is_refused_and_keeps_its_words(client, book, reader):
    flag = mark(reader)
    answer_flag(flag, outcome="mended", answer="Done.", by=make_user("editor"))
    client.force_login(make_user("editor"))
    data = {"outcome": "stands", "answer": "I do not agree."}
    response = client.post(reverse("flag", args=[flag.pk]), data)
    assert response.status_code == 400
    assert "I do not agree." in response.content.decode()
    flag.refresh_from_db()
    assert flag.answer == "Done."


def test_control_plain_saves_let_both_answers_through(book, reader):
    flag = mark(reader)
    first, second = (Flag.objects.get(pk=flag.pk) for _ in range(2))
    for stale, text in ((first, "Done."), (second, "I do not agree.")):
        assert stale.is_open
        stale.answer, stale.answered_at = text, timezone.now()
        stale.save()  # if this fails, the test above proves nothing
    flag.refresh_from_db()
    assert flag.answer == "I do not agree."


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_an_empty_or_long_reason_is_refused_and_kept(client, book, reader, reason):
    url = reverse("flag_raise", args=["section", book.translation_key]) + "?in=en"
    response = client.post(url, {"at": place(), "reason": reason})
    assert response.status_code == 400
    assert f">{reason}</textarea>" in response.content.decode()
    assert not Flag.objects.exists()


def test_one_reader_marks_a_place_once_while_it_is_open(book, reader):
    flag = mark(reader, at=place())
    with pytest.raises(ReviewRefused):
        mark(reader, at=place())
    mark(make_user(), at=place())
    answer_flag(flag, outcome="mended", answer="Done.", by=make_user("editor"))
    mark(reader, at=place())
    assert Flag.objects.open().count() == 2


def test_a_place_that_is_not_in_the_text_is_refused(book, reader):
    with pytest.raises(ReviewRefused):
        mark(reader, at="p-00000000")


def test_what_was_typed_survives_a_sign_in(client, book):
    url = reverse("flag_raise", args=["section", book.translation_key]) + "?in=en"
    response = client.post(url, {"reason": REASON})
    assert response.status_code == 302
    assert "/accounts/login/" in response.url
    user = make_user()
    client.force_login(user)  # keeps the session, as signing in does
    assert REASON in client.get(url).content.decode()
    assert REASON not in client.get(url).content.decode()


def test_marks_an_hour_are_limited_and_the_words_kept(client, book, reader):
    url = reverse("flag_raise", args=["section", book.translation_key]) + "?in=en"
    for _number in range(int(RATE.partition("/")[0])):
        assert client.post(url, {"reason": ""}).status_code == 400
    response = client.post(url, {"reason": REASON})
    assert response.status_code == 429
    assert REASON in response.content.decode()
    assert not Flag.objects.exists()


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_there_cannot_be_marked(client, book, reader, key):
    assert client.get(reverse("flag_raise", args=["section", key]) + "?in=en").status_code == 404
    assert client.get(reverse("flags_about", args=["section", key])).status_code == 404
    with pytest.raises(PermissionDenied):
        raise_flag("section", key, language="en", anchor="", reason=REASON, by=reader)


def test_an_unknown_kind_is_not_there(client, reader):
    assert client.get(reverse("flag_raise", args=["soup", "1"]) + "?in=en").status_code == 404


# --- stories and issues ---------------------------------------------------------------
def story_mark(case, by, at="did") -> Flag:
    return raise_flag("story", case.number, language="en", anchor=at, reason=REASON, by=by)


def test_a_storys_mark_belongs_to_its_author_then_to_the_editors(reader):
    case, editor = make_case(published=True), make_user("editor")
    flag = story_mark(case, reader)
    assert told("review.flag_raised") == {case.author.email}
    assert len(waiting(case.author)) == 1
    assert waiting(editor) == []
    week = timezone.now() - datetime.timedelta(days=14)
    Flag.objects.filter(pk=flag.pk).update(raised_at=week)
    assert len(waiting(editor)) == 1
    assert len(waiting(case.author)) == 1


@pytest.mark.parametrize(
    ("country", "zone", "raised", "last_day"),
    [
        ("DE", "Europe/Berlin", "2026-05-19", "2026-05-27"),  # Whit Monday on the 25th
        ("SA", "Asia/Riyadh", "2026-06-17", "2026-06-24"),  # Friday and Saturday are off
        ("JP", "Asia/Tokyo", "2026-04-28", "2026-05-11"),  # Golden Week
    ],
)
def test_the_authors_days_are_working_days_of_their_country(
    reader, time_machine, country, zone, raised, last_day
):
    load_reference()
    firm = make_distributor(country=Country.objects.get(pk=country))
    case = make_case(firm, make_user(distributor=firm, time_zone=zone), published=True)
    editor, author = make_user("editor"), case.author
    time_machine.move_to(f"{raised} 09:00Z", tick=False)
    story_mark(case, reader)
    end = datetime.datetime.fromisoformat(f"{last_day}T23:59:59").replace(tzinfo=ZoneInfo(zone))
    time_machine.move_to(end, tick=False)
    assert (len(waiting(author)), len(waiting(editor))) == (1, 0)
    time_machine.shift(1)
    assert (len(waiting(author)), len(waiting(editor))) == (1, 1)


def test_the_editors_have_the_marks_of_a_story_whose_author_is_gone(reader):
    case, editor = make_case(published=True), make_user("editor")
    case.author.is_active = False
    case.author.save()
    story_mark(case, reader)
    assert told("review.flag_raised") == {editor.email}
    assert len(waiting(editor)) == 1


def test_a_storys_mark_stands_at_its_part(client, reader):
    case = make_case(published=True)
    url = case.source_page().get_url()
    story_mark(case, reader)
    page = client.get(url).content.decode()
    part = page[page.index('<section id="did">') :]
    assert part.index("flagmark") < part.index("</section>")
    answer_flag(Flag.objects.get(), outcome="mended", answer="Done.", by=case.author)
    assert "flagmark" not in client.get(url).content.decode()


def test_an_issue_is_marked_as_a_whole(client, reader):
    issue = make_issue(cases=(make_case(published=True),), released=True)
    key = str(issue.pk)
    raise_flag("issue", key, language="en", anchor="", reason=REASON, by=reader)
    address = f"/en/bulletins/{issue.month:%Y/%m}/"
    assert REASON in client.get(address).content.decode()


def test_nobody_else_answers_a_storys_mark(reader):
    flag = story_mark(make_case(published=True), reader)
    for person in (reader, make_user("campaigner"), make_user("administrator")):
        with pytest.raises(PermissionDenied):
            answer_flag(flag, outcome="mended", answer="Done.", by=person)
