"""An edition names the stories that everyone could read on its day, and no others."""

import io
import zipfile

import pytest
from django.conf import settings
from django.utils import translation

from silver_book.editions import epub, pdf
from silver_book.editions.comparing import held_by, text_changes, with_changes
from silver_book.editions.drawing import draw
from silver_book.exceptions import EditionRefused
from silver_book.transitions.freezing import freeze_edition
from tests.factories import make_case, make_story_page
from tests.silver_book.frozen_books import place_section, system

pytestmark = pytest.mark.django_db
OPEN, CLOSED = "2026-0001", "2026-0002"
SECTION = "/en/editions/1/en/sections/see/"


@pytest.fixture
def story():
    """A cleared story, another for members, and a section that names both."""
    made = make_case(number=OPEN, title="The lost key", published=True, audience="public")
    make_case(number=CLOSED, title="For members", published=True)
    place_section(
        "see", f"Read [of a key](case:{OPEN}) and [more](case:{CLOSED}).", cases=[OPEN, CLOSED]
    )
    return made


def drawn(language: str = "en", *, is_one_page: bool = True):
    from silver_book.models import Edition

    with translation.override(language):
        edition = Edition.objects.first()
        return draw(edition, language, is_one_page=is_one_page, on_progress=lambda count: None)


def test_on_screen_words_and_list_lead_to_the_story(client, story):
    freeze_edition(by=system())
    text = client.get(SECTION).content.decode()
    address = story.source_page().get_url()
    assert f'<a href="{address}">of a key</a>' in text
    assert text.count(address) == 2
    assert f"<bdi>{OPEN}</bdi>" in text
    assert "For members" not in text
    assert CLOSED not in text


def test_in_print_number_title_and_address_stand(story):
    freeze_edition(by=system())
    html = pdf.html_of(drawn())
    address = f"{settings.SITE_ADDRESS}{story.source_page().get_url()}"
    assert f'<bdi>{OPEN}</bdi> <span lang="en" dir="ltr">The lost key</span>' in html
    assert f'<a href="{address}" dir="ltr">{address}</a>' in html
    assert "For members" not in html


def test_in_an_epub_it_is_a_link(story):
    make_story_page(story, "ar", "المفتاح الضائع", live=True)
    place_section("see", f"[مفتاح](case:{OPEN})", language="ar", cases=[OPEN])
    freeze_edition(by=system())
    for language, title in (("en", "The lost key"), ("ar", "المفتاح الضائع")):
        made = epub.make(drawn(language, is_one_page=False))
        text = zipfile.ZipFile(io.BytesIO(made)).read("EPUB/t-0002.xhtml").decode()
        assert title in text
        address = f'href="{settings.SITE_ADDRESS}/{language}/stories/'
        assert text.count(address) == 2
        assert text.isascii() or all(
            part.partition('"')[0].isascii() for part in text.split('href="')[1:]
        )


def test_the_edition_keeps_what_it_named(client, story):
    freeze_edition(by=system())
    before = client.get(SECTION).content
    page = story.source_page()
    page.title = "Another name"
    story.audience = "region"
    story.save()
    assert client.get(SECTION).content == before
    edition = freeze_edition(by=system())  # what everyone may read is another text
    assert "The lost key" not in client.get(SECTION.replace("/1/", "/2/")).content.decode()
    old, new = (held_by(one)["en"] for one in (edition.__class__.objects.get(number=1), edition))
    (change,) = [c for c in with_changes(text_changes(old, new)) if c.is_section]
    assert [(c.place, c.kind) for c in change.changes] == [("stories", "changed")]
    with pytest.raises(EditionRefused):
        freeze_edition(by=system())
