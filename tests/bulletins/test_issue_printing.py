"""An issue's PDF: every story whole, by the reader's own permissions, drawn once."""

import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from bulletins.issue_printing import issue_html
from bulletins.transitions.issues import issue_page
from tests.bulletins.stories import WORDS, make_whole_story
from tests.factories.network import make_country, make_distributor, make_region, make_user
from tests.factories.regional import make_supplement
from tests.factories.stories import make_case, make_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    """A whole story in two languages, for everyone; one for the network."""
    whole = make_whole_story("en", "ar")
    internal = make_case(published=True, title="Internal queue")
    return make_issue(cases=(whole, internal), released=True, languages=("en", "ar"))


def html_for(issue, user, language="en"):
    return issue_html(issue, issue_page(issue, language), user, language)[0]


def test_it_holds_every_part_of_what_this_person_may_read(issue):
    from django.contrib.auth.models import AnonymousUser

    member, visitor = html_for(issue, make_user()), html_for(issue, AnonymousUser())
    for text in ("Two looks", WORDS["en"].strip(), "Countermeasures", "Ready on time", "61"):
        assert text in member
        assert text in visitor
    assert "Internal queue" in member
    assert "Internal queue" not in visitor


def test_stories_come_in_the_readers_language_and_say_theirs(issue):
    page = html_for(issue, make_user(), "ar")
    assert 'dir="rtl"' in page
    assert WORDS["ar"].strip() in page
    assert 'lang="en" dir="ltr"' in page  # the internal one is there in English only


def test_a_supplement_is_in_its_own_readers_copy_only(issue):
    firm = make_distributor(country=make_country(region=make_region("here")))
    make_supplement(issue, region=firm.country.region, title="Near us")
    assert "Near us" in html_for(issue, make_user(distributor=firm))
    assert "Near us" not in html_for(issue, make_user(distributor=make_distributor()))


@pytest.mark.slow
def test_the_file_is_a_pdf_and_is_drawn_once(client, issue, settings, tmp_path):
    import pypdf

    settings.MEDIA_ROOT = str(tmp_path)  # another test's issue may have had the same key
    client.force_login(make_user())
    url = reverse("issue_pdf", args=[2026, 11])
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "Internal queue" in text
    _folders, files = default_storage.listdir(f"issue-pdf/{issue.pk}")
    assert len(files) == 1
    assert client.get(url).content == answer.content
    assert client.get(reverse("issue_pdf", args=[2026, 12])).status_code == 404
