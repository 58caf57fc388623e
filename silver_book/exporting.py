"""Writes the book of one language as Markdown that `import_book` reads as the same book."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml
from wagtail.images import get_image_model

from silver_book.blocks import bare, texts_of
from silver_book.importing.markdown import CAPTION, ORIGINAL
from silver_book.importing.words import escaped, for_file
from silver_book.models import (
    BookChapterPage,
    BookIndexPage,
    BookPartPage,
    BookSectionPage,
    ImportedText,
)
from silver_book.permissions import BASE_LANGUAGES
from silver_book.transitions.placing import raw_blocks
from translations.api import paragraphs_behind

PICTURES = "pictures"


def export(folder: Path, language: str) -> int:
    """Write every live text of the language below `folder`; returns how many files."""
    return _Export(folder, language).run()


class _Export:
    def __init__(self, folder: Path, language: str):
        self.folder, self.language = folder, language
        self.written = 0
        records = ImportedText.objects.filter(language=language)
        # A file of Markdown keeps its name; all others have the same in every language too.
        self.files = {
            row.object_key: row.file for row in records if row.file.endswith((".md", "/"))
        }

    def run(self) -> int:
        self._cover()
        sections = list(self._live(BookSectionPage).order_by("number", "path"))
        chapters = list(self._live(BookChapterPage).order_by("number"))
        parts = list(self._live(BookPartPage).order_by("number"))
        folders = {part.key: self._part_folder(part) for part in parts}
        # A chapter with words of its own is a folder, and so are the others of its part.
        in_folders = {chapter.part_key for chapter in chapters if len(chapter.introduction)}
        below = {
            (chapter.part_key, chapter.key): folders[chapter.part_key]
            / f"{chapter.number:02}-{chapter.key}"
            for chapter in chapters
            if chapter.part_key in in_folders & folders.keys()
        }
        self.files_by_key: dict[str, Path] = {}
        for page in sections:
            name = self.files.get(page.translation_key)
            folder = folders.get(page.part_key, Path())
            folder = below.get((page.part_key, page.chapter_key), folder)
            self.files_by_key[page.key] = (
                Path(name) if name else folder / f"{page.number:04}-{page.key}.md"
            )
        for part in parts:
            own = [one for one in chapters if (part.key, one.key) not in below]
            self._part(part, folders[part.key], [one for one in own if one.part_key == part.key])
        for chapter in chapters:
            if folder := below.get((chapter.part_key, chapter.key)):
                front = {"title": chapter.title, "key": chapter.key, "order": chapter.number}
                self._write(folder / "_chapter.md", front, raw_blocks(chapter), chapter)
        for page in sections:
            self._section(page, is_named=(page.part_key, page.chapter_key) not in below)
        return self.written

    def _live(self, model):
        return model.objects.filter(locale__language_code=self.language, live=True)

    def _part_folder(self, part: BookPartPage) -> Path:
        name = self.files.get(part.translation_key)
        if name:
            return Path(name) if name.endswith("/") else Path(name).parent
        return Path(f"{part.number:02}-{part.key}")

    def _cover(self) -> None:
        index = BookIndexPage.objects.get(locale__language_code=self.language)
        front = {"title": index.title, "subtitle": index.subtitle}
        blocks = [dict(block) for block in index.introduction.raw_data]
        self._write(Path("_book.md"), front, blocks)

    def _part(self, part: BookPartPage, folder: Path, chapters: list[BookChapterPage]) -> None:
        front = {"title": part.title, "key": part.key, "order": part.number}
        if chapters:
            front["chapters"] = [{"key": one.key, "title": one.title} for one in chapters]
        name = self.files.get(part.translation_key, "")
        file = Path(name) if name.endswith(".md") else folder / "_part.md"
        self._write(file, front, raw_blocks(part), part)

    def _section(self, page: BookSectionPage, *, is_named: bool) -> None:
        front = {
            "id": page.key,
            "order": page.number,
            "title": page.title,
            "summary": page.summary,
            "chapter": page.chapter_key if is_named else "",
            "process": page.processes,
            "element": page.elements,
            "cases": page.cases,
            "terms": page.terms,
            "workshops": page.workshops,
        }
        self._write(self.files_by_key[page.key], front, raw_blocks(page), page)

    def _write(self, file: Path, front: dict, blocks: list[dict], page=None) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in front.items() if value not in ("", None)}
        head = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=10_000)
        missing = self._without_words(page, blocks)
        if missing and missing == {block["id"] for block in blocks if any(texts_of(block))}:
            blocks = []  # a title and no text yet
        body = "\n\n".join(
            (f"{ORIGINAL}\n\n" if block["id"] in missing else "") + self._block(block, path)
            for block in blocks
        )
        path.write_text(f"---\n{head}---\n" + (f"\n{body}\n" if body else ""), encoding="utf-8")
        self.written += 1

    def _without_words(self, page, blocks: list[dict]) -> set[str]:
        """Ids of a translation's blocks that have no words of its own yet."""
        if page is None or self.language in BASE_LANGUAGES:
            return set()
        behind = Counter(
            path.split(".")[1]
            for path, (state, _since) in paragraphs_behind(page).items()
            if state == "missing" and "." in path
        )
        texts = {block["id"]: len(list(texts_of(block))) for block in blocks}
        return {i for i, count in texts.items() if count and behind[i] >= count}

    # --- blocks -----------------------------------------------------------------------
    def _block(self, block: dict, path: Path) -> str:
        value = bare(block["value"])
        return "\n".join(getattr(self, f"_{block['type']}")(value, path))

    def _heading(self, value, path) -> Iterator[str]:
        yield f"{'#' * int(value['level'])} {for_file(value['text'])}"

    def _paragraph(self, value, path) -> Iterator[str]:
        yield for_file(value)

    def _list(self, value, path) -> Iterator[str]:
        for number, item in enumerate(value["items"], 1):
            yield f"{number}. {for_file(item)}" if value["ordered"] else f"- {for_file(item)}"

    def _checklist(self, value, path) -> Iterator[str]:
        for item in value["items"]:
            yield f"- [ ] {for_file(item)}"

    def _table(self, value, path) -> Iterator[str]:
        if value["caption"]:
            yield f"{CAPTION[0]}{value['caption'].replace('--', '-&#45;')}{CAPTION[1]}"
            yield ""
        yield _row(value["header"])
        yield _row(["---"] * len(value["header"]))
        for row in value["rows"]:
            yield _row(row)

    def _note(self, value, path) -> Iterator[str]:
        yield f"> {for_file(value['text'])}"

    def _quote(self, value, path) -> Iterator[str]:
        yield f"> {for_file(value['text'])}"
        yield ">"
        yield f"> — {value['source']}"

    def _code(self, value, path) -> Iterator[str]:
        fence = "```"
        while fence in value["code"]:
            fence += "`"
        yield f"{fence}{value['language']}"
        yield value["code"]
        yield fence

    def _picture(self, value, path) -> Iterator[str]:
        image = get_image_model().objects.filter(pk=value["image"]).first()
        if image is None:
            return
        target = self.folder / PICTURES / Path(image.file.name).name
        target.parent.mkdir(parents=True, exist_ok=True)
        with image.file.open("rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        up = "../" * (len(path.relative_to(self.folder).parts) - 1)
        caption = f" {json.dumps(value['caption'], ensure_ascii=False)}" if value["caption"] else ""
        yield f"![{escaped(value['alt'])}]({up}{PICTURES}/{target.name}{caption})"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(for_file(cell, in_table=True) for cell in cells) + " |"
