"""The bulletin's mail as mail programs need it: small, with a text part, dark, right to left."""

import re

import pytest
from django.utils import translation

from bulletins.issue_mail import compose, copy_words
from tests.factories.stories import make_case, make_issue
from touchpoints.personal import NOBODYS, fill
from touchpoints.rendering import LedgerMail, Parts

pytestmark = pytest.mark.django_db
STORIES = 20  # more than a month ever had
LINK = re.compile(r'href="(https?://[^"]+)"')


@pytest.fixture
def issue():
    cases = tuple(
        make_case(published=True, title=f"{n} " + "Long words " * 12) for n in range(STORIES)
    )
    made = make_issue(released=True, cases=cases, languages=("en",))
    for page in made.pages.all():
        page.letter = [("paragraph", "A letter. " * 200)] * 3
        page.save()
    for case in cases:
        case.pages.update(summary="It was too slow, so we looked. " * 20)
    return made


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_the_mail_is_what_mail_programs_need(issue, language):
    with translation.override(language):
        message = compose(issue, live_only=True)
    mail = LedgerMail(
        Parts(message.subject, message.text, message.html, language),
        "a@b.example",
        "<1@gkc.example>",
        NOBODYS,
    )
    html = fill(message.html, NOBODYS, html=True)
    assert len(html.encode()) < 100_000  # Gmail cuts at 102 KB
    assert len(mail.message().as_bytes()) < 200_000
    assert "prefers-color-scheme:dark" in html
    assert 'name="color-scheme" content="light dark"' in html
    assert (f'dir="{"rtl" if language == "ar" else "ltr"}"') in html[:200]
    # No tracking, nothing fetched, and so no picture without words.
    assert not re.search(r"<img|<script|src=|url\(|@import", html)
    text = fill(message.text, NOBODYS)
    for link in set(LINK.findall(html)):
        assert link in text, link
    assert all(case.source_page().title.strip() in text for case in issue_cases(issue))


def issue_cases(issue):
    return [row.case for row in issue.stories.all()]


def test_a_personal_copy_has_no_link_to_answer_for_a_distributor(issue):
    assert "/respond/" not in copy_words(issue, {}, None).text
    assert "Answer for your distributor" not in copy_words(issue, {}, None).html
    assert "Answer for your distributor" in compose(issue, live_only=True).html  # control
