"""Small frozen books for tests."""

import hashlib

from django.core.files.base import ContentFile

from network.models import User
from silver_book.models import (
    BookIndexPage,
    BookPartPage,
    BookSectionPage,
    Edition,
    EditionFile,
    FileState,
)
from silver_book.transitions import Wanted, place_base
from silver_book.transitions.freezing import freeze_edition


def system() -> User:
    return User.objects.get(is_system=True)


def paragraph(name: str, words: str) -> dict:
    return {"id": f"{name:0>8}-0000-4000-8000-000000000000", "type": "paragraph", "value": words}


def place_section(key: str, *words: str, language: str = "en", **values) -> BookSectionPage:
    """A live section in the part 'way', made or changed; its paragraphs are named 1, 2, …"""
    index = BookIndexPage.objects.get(locale__language_code=language)
    here = {"locale__language_code": language}
    part = BookPartPage.objects.filter(key="way", **here).first() or place_base(
        Wanted(BookPartPage, key="way", number=1, title="The way", language=language),
        index,
        page=None,
        by=system(),
    )
    page = BookSectionPage.objects.filter(key=key, **here).first()
    blocks = [paragraph(str(n), text) for n, text in enumerate(words, 1)]
    wanted = Wanted(
        BookSectionPage,
        key=key,
        number=values.pop("number", 1),
        title=values.pop("title", key.capitalize()),
        language=language,
        values={"body": blocks, **values},
    )
    return place_base(wanted, part, page=page, by=system())


def make_edition(*words: str) -> Edition:
    """An edition of one English section, 'see'; a further one where it has other words."""
    place_section("see", *(words or ("Go and see.", "Then ask why.")))
    return freeze_edition(by=system())


def make_ready(file: EditionFile, content: bytes = b"%PDF-1.7") -> EditionFile:
    """The file as its builder leaves it."""
    field = EditionFile._meta.get_field("file")
    stored = field.storage.save(f"editions/files/{file.content_hash}", ContentFile(content))
    EditionFile.objects.filter(pk=file.pk).update(
        state=FileState.DONE,
        file=stored,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    return EditionFile.objects.get(pk=file.pk)


WORDS = {
    "en": "Go and see what happens & why: <the real place> teaches.",
    "ja": "お客様の前で、何が起きているのかを自分の目で見る。「現地現物」である。",
    "ar": "اذهب وانظر بنفسك إلى ما يحدث في المكان الحقيقي، ثم اسأل: لماذا؟",
    "fa": "خودت برو و ببین در محل واقعی چه می‌گذرد؛ سپس بپرس چرا.",
    "th": "ลูกค้าต้องการคำตอบที่ครบถ้วนและถูกต้อง พนักงานขายทุกคนไปดูสถานที่จริง",
    "zh-hans": "到现场去看正在发生什么，然后问五次为什么。",
}


def everything(language: str, image: int) -> list[dict]:
    """Every kind of block, with links that lead somewhere and others that do not."""
    words = WORDS[language]
    heads = [words[:12], "B", "C", "D", "E", "F"]
    kinds = [
        ("heading", {"text": words[:20], "level": "2"}),
        ("paragraph", f"{words} *{words[:8]}* **{words[:6]}** `code` [2](section:ask)"),
        ("heading", {"text": words[:15], "level": "4"}),
        ("list", {"ordered": False, "items": [words, words]}),
        ("list", {"ordered": True, "items": [words, words]}),
        ("checklist", {"items": [words, "2"]}),
        ("table", {"caption": words[:9], "header": heads, "rows": [[words[:9]] * 6] * 3}),
        ("note", {"text": words}),
        ("quote", {"text": words, "source": "T. O."}),
        ("picture", {"image": image, "alt": "", "caption": words[:10]}),
        ("code", {"code": "for x in <list>:\n    see(x)\n" + "y" * 150, "language": "python"}),
        (
            "paragraph",
            "[a](section:ask#p-00000001) [b](section:ask#p-gone) [c](section:gone) "
            "[d](https://gkc.example/?a=1&b=2) [e](case:2026-0001)",
        ),
    ]
    return [
        {"id": f"{n:08}-0000-4000-8000-000000000000", "type": kind, "value": value}
        for n, (kind, value) in enumerate(kinds, 100)
    ]


def make_everything(language: str, *, also: bool = True) -> Edition:
    """An edition of two sections in English and a language; `also`: the second in both."""
    from wagtail.images.tests.utils import get_test_image_file

    from network.models import GkcImage

    image = GkcImage.objects.create(title="x", file=get_test_image_file(), guard="public")
    place_section("ask", "Ask why.", number=2, title="Ask <why> & again")
    for code in dict.fromkeys(["en", language]):
        page = place_section("see", language=code, title=WORDS[code][:12], summary=WORDS[code])
        wanted = Wanted(
            BookSectionPage,
            key="see",
            number=1,
            title=page.title,
            language=code,
            values={"body": everything(code, image.pk), "processes": ["own"]},
        )
        place_base(wanted, page.get_parent(), page=page, by=system())
        if also:
            place_section("ask", WORDS[code], number=2, language=code)
    return freeze_edition(by=system())
