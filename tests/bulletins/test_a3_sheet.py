"""R32: the A3 sheet is one page in every language, for whoever may read the story."""

import re

import pytest
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file

from bulletins import printing
from network.exceptions import PrintingUnavailable
from network.models import GkcImage
from tests.bulletins.stories import block, make_whole_story
from tests.factories import make_case, make_distributor, make_user

pytestmark = pytest.mark.django_db

COMPLETE = ("en", "ja", "es", "ar", "fa")


def page_of(case, language="en"):
    page = case.pages.get(locale__language_code=language)
    page.case = case
    return page


def can_print() -> bool:
    try:
        printing._machine()
    except PrintingUnavailable:
        return False
    return True


@pytest.fixture
def no_pango(monkeypatch):
    """A machine whose libraries do not load."""

    def unavailable():
        raise PrintingUnavailable("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(printing, "_machine", unavailable)


@pytest.mark.slow
@pytest.mark.parametrize("length", [1, 4, 60])
@pytest.mark.parametrize("language", COMPLETE)
def test_sheet_is_one_page(client, language, length):
    case = make_whole_story(language, length=length)
    answer = client.get(reverse("case_a3_pdf", args=[case.number]), {"lang": language})
    if not can_print():
        assert answer.status_code == 503
        return
    assert answer["Content-Type"] == "application/pdf"
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", raw(answer.content))) == 1
    assert b"pdfuaid" in raw(answer.content)


def raw(pdf: bytes) -> bytes:
    """The file with its compressed streams laid open."""
    import zlib

    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


@pytest.mark.slow
def test_short_story_overflows_nothing():
    assert printing.a3_overflow(page_of(make_whole_story("en", length=1))) == []


@pytest.mark.slow
def test_long_part_is_named():
    case = make_whole_story("en", length=1)
    page = page_of(case)
    page.did = [("paragraph", "A long sentence about what we did. " * 400)]
    assert printing.a3_overflow(page) == ["did"]


def test_long_part_is_named_without_the_libraries(no_pango):
    page = page_of(make_whole_story("en", length=1))
    page.did = [("paragraph", "A long sentence about what we did. " * 400)]
    assert printing.a3_overflow(page) == ["did"]


def test_download_says_what_to_install(client, no_pango):
    case = make_whole_story("en")
    answer = client.get(reverse("case_a3_pdf", args=[case.number]))
    assert answer.status_code == 503
    assert "apt install libpango-1.0-0" in answer.text


def test_preview_works_without_the_libraries(client, no_pango):
    case = make_whole_story("en")
    assert client.get(reverse("case_a3", args=[case.number])).status_code == 200


@pytest.mark.parametrize("name", ["case_a3", "case_a3_pdf"])
def test_only_readers_of_the_story_get_the_sheet(client, no_pango, name):
    inner = make_whole_story("en", audience="region")
    url = reverse(name, args=[inner.number])
    assert client.get(url).status_code == 302
    client.force_login(make_user(distributor=make_distributor()))
    assert client.get(url).status_code == 404
    assert client.get(reverse(name, args=["2026-9999"])).status_code == 404


def test_author_prints_the_draft_as_it_stands(client, no_pango):
    author = make_user(distributor=make_distributor())
    case = make_case(author.memberships.get().distributor, author, title="As saved first")
    page = case.source_page()
    page.title = "As written since"
    page.save_revision()
    client.force_login(author)
    text = client.get(reverse("case_a3", args=[case.number])).text
    assert "As written since" in text


def test_sheet_turns_round_for_right_to_left(client, no_pango):
    case = make_whole_story("ar")
    text = client.get(reverse("case_a3", args=[case.number]).replace("/ar/", "/en/")).text
    assert '<div class="a3" data-size="" lang="ar" dir="rtl">' in text


def add_picture(page, **guard):
    """A small chart in the part 'What happened'."""
    guard = guard or {"guard": "bulletins.case", "guard_key": page.case.number}
    image = GkcImage.objects.create(title="x", file=get_test_image_file(), **guard)
    value = {"image": image.pk, "alt": "Two bars: 61 and 93", "caption": "", "part": "happened"}
    page.pictures = [*page.pictures.raw_data, block("picture", **value)]
    return page


@pytest.mark.slow
@pytest.mark.pango
@pytest.mark.parametrize("language", COMPLETE)
def test_a_picture_stands_below_the_parts_where_there_is_room(language):
    page = add_picture(page_of(make_whole_story(language, length=1), language))
    fit = printing.fit_page(page)
    assert fit.cut_mm == {}
    assert fit.pictures_in
    pdf = raw(printing.a3_pdf(page))
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
    assert b"/Subtype /Image" in pdf
    heights = printing._heights(printing._html(page), fit.size_mm)[fit.pictures_in]
    gaps = fit.gaps_mm[fit.pictures_in] * len(heights)
    assert sum(heights.values()) + gaps + fit.pictures_mm <= printing.COLUMN_MM + 0.1


@pytest.mark.slow
@pytest.mark.pango
def test_text_never_gives_way_to_a_picture():
    page = page_of(make_whole_story("en", length=60))
    bare = printing.fit_page(page)
    full = printing.fit_page(add_picture(page))
    assert full.pictures_in == ""
    assert (full.size_mm, full.cut_mm) == (bare.size_mm, bare.cut_mm)
    assert b"/Subtype /Image" not in raw(printing.a3_pdf(page))


def test_a_sheet_holds_no_picture_of_anything_else():
    page = page_of(make_whole_story("en"))
    add_picture(page, guard="bulletins.case", guard_key="2020-0001")
    add_picture(page, guard="members", guard_key="")
    assert printing.sheet_pictures(page) == []
    assert len(printing.sheet_pictures(add_picture(page))) == 1
