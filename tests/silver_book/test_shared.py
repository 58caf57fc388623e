"""What is made once for all readers says nothing of one reader to another, and nothing old."""

import re

import pytest
from django.test import Client

from network.models import User
from review.models import Flag
from review.transitions import answer_flag
from silver_book.transitions import change_local, remove_local
from tests.factories import make_case, make_user
from tests.review.test_flags import REASON, mark, place
from tests.silver_book.local import add_local, make_place
from tests.silver_book.test_importing import section
from tests.silver_book.test_local_edition import publish_with

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GO_AND_SEE = "/en/silver-book/way/words/go-and-see/"
LOCAL = "We count on paper."


def seen_by(user=None, address: str = GO_AND_SEE) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.get(address).content.decode()


def test_each_reader_sees_their_own_whoever_read_before(take_in):
    take_in("en", "ar")
    here, there = make_place("here"), make_place("there")
    add_local(here, LOCAL)
    mark(here.reader, at=place())
    everyone = {
        None: (False, False),
        here.reader: (True, True),
        there.reader: (False, True),
        here.campaigner: (True, True),
    }
    for _turn in range(2):  # in both orders: whoever comes second meets what the first left
        for user, (local, reason) in everyone.items():
            text = seen_by(user)
            assert (LOCAL in text, REASON in text) == (local, reason), user
            assert ("Add a local text" in text) == (user == here.campaigner)
            assert ("Marks and answers" in text) == (user is not None)
        everyone = dict(reversed(everyone.items()))


def test_nothing_old_is_shown(take_in):
    take_in("en", "ar")
    here = make_place("here")
    editor = make_user("editor")
    local = add_local(here, LOCAL)
    mark(here.reader, at=place())
    assert (LOCAL in seen_by(here.reader), REASON in seen_by(here.reader)) == (True, True)
    seen = local.events.first().pk
    change_local(local, text="We count twice.", kind="note", by=here.campaigner, seen=seen)
    answer_flag(Flag.objects.get(), by=editor, outcome="mended", answer="Mended.")
    text = seen_by(here.reader)
    assert ("We count twice." in text, LOCAL in text, REASON in text) == (True, False, False)
    remove_local(local, by=here.campaigner)
    assert "We count twice." not in seen_by(here.reader)
    seen_by(address=GO_AND_SEE.replace("/en/", "/ar/"))
    publish_with(0, "Quite another beginning.")
    assert "Quite another beginning." in seen_by()
    assert "para__state" in seen_by(address=GO_AND_SEE.replace("/en/", "/ar/"))


def test_a_story_shows_to_whom_it_is_open_and_no_longer_when_it_went(take_in):
    take_in("en")
    case = make_case(number="2026-0001", title="The lost key", published=True)
    member = make_user()
    assert ["The lost key" in seen_by(user) for user in (member, None, member)] == [
        True,
        False,
        True,
    ]
    case.is_published = False
    case.save()
    assert "The lost key" not in seen_by(member)


def test_a_draft_in_preview_is_not_kept(take_in):
    take_in("en")
    seen_by()
    page = section()
    page.title = "A title in draft"
    page.save_revision(user=User.objects.get(is_system=True))
    draft = page.get_latest_revision_as_object()
    shown = draft.make_preview_request(preview_mode="")
    shown.render()
    assert "A title in draft" in shown.content.decode()
    assert "A title in draft" not in seen_by()


def test_side_by_side_both_columns_have_marks_texts_and_terms(take_in):
    take_in("en", "ar")
    here = make_place("here")
    mark(here.reader, at=place(), reason="Wrong in English.")
    mark(here.reader, at=place(), reason="Wrong in Arabic.", language="ar")
    add_local(here, "In English.")
    add_local(here, "بالعربية.", language="ar")
    for left, right in (("en", "ar"), ("ar", "en")):
        address = f"{GO_AND_SEE.replace('/en/', f'/{left}/')}?beside={right}"
        text = seen_by(here.reader, address)
        for words in ("Wrong in English.", "Wrong in Arabic.", "In English.", "بالعربية."):
            assert text.count(words) == 1, (left, words)
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        buttons = re.findall(r'popovertarget="([^"]+)"', text)
        assert all(target in ids for target in buttons)
