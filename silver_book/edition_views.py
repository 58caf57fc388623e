"""Editions for readers: all of them listed, read, compared and downloaded."""

import datetime

from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from network import languages
from network.pdf import PACKAGES
from silver_book import inline
from silver_book.editions.comparing import held_by, text_changes, with_changes
from silver_book.editions.drawing import fingerprint_words
from silver_book.editions.frozen import contents, shown, steps
from silver_book.editions.stories import stories_of, story_links
from silver_book.history import SIX_MONTHS, months_before, text_on
from silver_book.models import (
    BookSectionPage,
    Edition,
    EditionFile,
    EditionText,
    FileFormat,
    FileState,
    FrozenPicture,
    TextKind,
)
from silver_book.page_context import languages_for
from silver_book.paragraphs import with_notes_beside
from silver_book.revisions import content_of
from silver_book.text_changes import between_contents

TYPES = {FileFormat.PDF: "application/pdf", FileFormat.EPUB: "application/epub+zip"}
A_YEAR_S = 365 * 24 * 3600
# Sections of a list of changes on one page: each is compared word by word.
CHANGES_A_PAGE = 25


@require_safe
def edition_list(request):
    """All editions, the newest first."""
    editions = Edition.objects.visible_to(request.user)
    return render(request, "silver_book/editions.html", {"editions": editions})


@require_safe
def edition_detail(request, number: int):
    """An edition: its languages, what changed in each, and its files."""
    edition = _edition(request, number)
    files = {(file.language, file.format): file for file in edition.files.all()}
    rows = [
        {
            "language": code,
            "numbers": edition.languages[code],
            "files": [files[code, kind] for kind in FileFormat.values if (code, kind) in files],
        }
        for code in edition.language_codes()
    ]
    own = next(code for code in languages_for(request, None) if code in edition.languages)
    context = {
        "edition": edition,
        "rows": rows,
        "own": own,
        "is_first": not _previous(edition),
        "fingerprint": fingerprint_words(edition),
        "newest": Edition.objects.visible_to(request.user).first(),
    }
    return render(request, "silver_book/edition.html", context)


@require_safe
def edition_contents(request, number: int, language: str):
    """The contents of an edition in a language, with the words that open its parts."""
    edition = _edition(request, number, language)
    found = contents(edition, language)
    openings = {
        (row.kind, row.part_key, row.key): shown(row)
        for row in EditionText.objects.filter(
            edition=edition,
            language=language,
            kind__in=[TextKind.COVER, TextKind.PART, TextKind.CHAPTER],
        ).select_related("text")
    }
    for part in found.parts:
        part.opening = openings.get((TextKind.PART, "", part.key), [])
        for chapter in part.chapters:
            chapter.opening = openings.get((TextKind.CHAPTER, part.key, chapter.key), [])
    cover = openings.get((TextKind.COVER, "", ""), [])
    context = _frame(edition, language) | {"contents": found, "opening": cover}
    return render(request, "silver_book/edition_contents.html", context)


@require_safe
def edition_section(request, number: int, language: str, key: str):
    """A section as it was frozen."""
    edition = _edition(request, number, language)
    rows = EditionText.objects.filter(edition=edition, language=language, kind=TextKind.SECTION)
    row = get_object_or_404(rows.select_related("text"), key=key)
    found = contents(edition, language)
    here = [line for line in found.sections() if line.is_here]
    place = next(at for at, line in enumerate(here) if line.key == key)
    reader = get_language() or language
    links = {f"section:{line.key}": _section_url(edition, language, line.key) for line in here}
    links |= story_links(row, lambda story: story.address(reader))
    live = BookSectionPage.objects.filter(key=key, live=True).lines(
        languages_for(request, language)
    )
    context = _frame(edition, language) | {
        "row": row,
        "summary": row.text.content.get("summary", ""),
        "steps": steps(row),
        "paragraphs": list(with_notes_beside(shown(row, links))),
        "stories": [(story, story.address(reader)) for story in stories_of(row)],
        "previous": here[place - 1] if place else None,
        "next": here[place + 1] if place + 1 < len(here) else None,
        "today": live[0] if live else None,
    }
    return render(request, "silver_book/edition_section.html", context)


@require_safe
def edition_glossary(request, number: int, language: str):
    """The glossary as it was frozen."""
    edition = _edition(request, number, language)
    rows = EditionText.objects.filter(edition=edition, language=language, kind=TextKind.GLOSSARY)
    row = get_object_or_404(rows.select_related("text"))
    terms = [
        {"term": entry["term"], "definition": inline.render(entry["definition"])}
        for entry in row.text.content["terms"]
    ]
    terms.sort(key=lambda entry: entry["term"].casefold())
    context = _frame(edition, language) | {"terms": terms}
    return render(request, "silver_book/edition_glossary.html", context)


@require_safe
def edition_changes(request, number: int, language: str):
    """What is different from the edition before, paragraph by paragraph."""
    edition = _edition(request, number, language)
    previous = _previous(edition)
    old = held_by(previous, language).get(language, {})
    found = text_changes(old, held_by(edition, language).get(language, {})) if previous else []
    context = _frame(edition, language) | changes_page(request, found) | {"previous": previous}
    return render(request, "silver_book/edition_changes.html", context)


def changes_page(request, found: list, live=None) -> dict:
    """A page of a list of changed texts, with their paragraphs."""
    total = max(1, -(-len(found) // CHANGES_A_PAGE))
    try:
        page = min(max(int(request.GET.get("page", 1)), 1), total)
    except ValueError:
        page = 1
    some = found[(page - 1) * CHANGES_A_PAGE : page * CHANGES_A_PAGE]
    return {"texts": with_changes(some, live), "total": len(found), "page_no": page, "pages": total}


@require_safe
def edition_file(request, number: int, language: str, kind: str):
    """The file. It never changes: whoever has it keeps it. 503 until it is built."""
    edition = _edition(request, number, language)
    file = get_object_or_404(EditionFile, edition=edition, language=language, format=kind)
    if file.state == FileState.BLOCKED:
        context = _frame(edition, language) | {"detail": file.last_error, "packages": PACKAGES}
        return render(request, "silver_book/edition_unavailable.html", context, status=503)
    if not file.is_ready:
        context = _frame(edition, language) | {"file": file}
        response = render(request, "silver_book/edition_waiting.html", context, status=503)
        response["Retry-After"] = "30"
        return response
    tag = f'"{file.sha256}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = FileResponse(
            file.file.open("rb"),
            as_attachment=True,
            filename=file.name,
            content_type=TYPES[FileFormat(file.format)],
        )
    response["ETag"] = tag
    patch_cache_control(response, public=True, max_age=A_YEAR_S, immutable=True)
    return response


@require_safe
def edition_picture(request, key: str):
    """A picture of an edition: public, as the book is."""
    if not Edition.objects.visible_to(request.user).exists():
        raise Http404
    picture = get_object_or_404(FrozenPicture, key=key)
    with picture.file.open("rb") as file:
        response = HttpResponse(file.read(), content_type=_picture_type(picture))
    patch_cache_control(response, public=True, max_age=A_YEAR_S, immutable=True)
    return response


def _picture_type(picture: FrozenPicture) -> str:
    suffix = picture.file.name.rpartition(".")[2]
    return f"image/{'jpeg' if suffix == 'jpg' else suffix}"


@require_safe
def section_changes(request, key: str):
    """How a section differs from what it said on an earlier day: six months ago unless asked."""
    order = languages_for(request, None)
    lines = BookSectionPage.objects.filter(key=key).lines(order)
    if not lines:
        raise Http404
    page = BookSectionPage.objects.select_related("locale").get(
        translation_key=lines[0].translation_key, locale__language_code=lines[0].language
    )
    today = timezone.localdate()
    usual = months_before(today, SIX_MONTHS)
    since = _day(request.GET.get("since", "")) or usual
    earlier = text_on(page, min(since, today))
    now = content_of(page)
    changes = between_contents(earlier.content, now, as_read=True) if earlier else []
    editions = Edition.objects.visible_to(request.user)[:10]
    context = {
        "line": lines[0],
        "language": page.language,
        "since": min(since, today),
        "usual": usual,
        "earlier": earlier,
        "changes": changes,
        "editions": [
            {"number": edition.number, "day": timezone.localdate(edition.frozen_at)}
            for edition in editions
        ],
    }
    return render(request, "silver_book/section_changes.html", context)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _edition(request, number: int, language: str | None = None) -> Edition:
    """The edition that this person may read, with the language in it. Raises Http404."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user), number=number)
    if language is not None and language not in edition.languages:
        raise Http404
    return edition


def _previous(edition: Edition) -> Edition | None:
    return Edition.objects.filter(number__lt=edition.number).first()


def _section_url(edition: Edition, language: str, key: str) -> str:
    return reverse("edition_section", args=[edition.number, language, key])


def _frame(edition: Edition, language: str) -> dict:
    """What every page of an edition in one language is given."""
    return {
        "edition": edition,
        "language": language,
        "tag": languages.tag(language),
        "text_direction": languages.direction(language),
        "numbers": edition.languages[language],
        "other_languages": [code for code in edition.language_codes() if code != language],
    }
