"""A whole story for tests of its page and sheet."""

import uuid

from tests.factories import make_case, make_story_page, paragraphs

WORDS = {
    "en": "The branch services 400 cars a month and its customers drive in from far away. ",
    "ja": "この支店では月に四百台の車を整備し、お客様は遠方から来店されます。",
    "es": "La sucursal atiende 400 autos al mes y sus clientes llegan desde muy lejos. ",
    "ar": "يخدم الفرع أربعمائة سيارة في الشهر ويأتي عملاؤه من أماكن بعيدة. ",
    "fa": "این شعبه ماهانه چهارصد خودرو را سرویس می‌کند و مشتریانش از راه دور می‌آیند. ",
}


def block(kind: str, **value) -> dict:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def whole_story(language: str = "en", length: int = 2) -> dict:
    """Fields of a page with every part; `length` sentences a paragraph."""
    text = WORDS[language] * length
    cause = block("cause", name="Stock", whys=[WORDS[language]] * 5)
    return {
        "summary": WORDS[language],
        "place_seen": "Branch",
        "seen_on": "2026-02-01",
        "seen_precision": "month",
        "background": paragraphs(text),
        "situation": paragraphs(text),
        "target": paragraphs(text),
        "gap": [block("gap", what="Ready", start="61", goal="90", unit="%", by="2026-11-30")],
        "causes_text": paragraphs(text),
        "causes": [cause],
        "did": paragraphs(text),
        "countermeasures": [
            block(
                "countermeasure",
                cause=cause["id"],
                what=WORDS[language],
                who="Clerk",
                since="2026-06-02",
                since_precision="day",
            )
        ],
        "happened": paragraphs(text),
        "results": [
            block(
                "result",
                measure_key=str(uuid.uuid4()),
                label="Ready on time",
                unit="%",
                before="61",
                after="93",
                target="90",
                date_precision="month",
                before_on="2026-03-01",
                after_on="2026-11-01",
                monthly=[
                    {"month": f"2026-{m:02}-01", "value": str(55 + m * 3)} for m in range(1, 13)
                ],
            )
        ],
        "learned": paragraphs(text),
        "adapt": paragraphs(text),
    }


def make_whole_story(*languages: str, length: int = 2, **fields):
    """A published case with a page in each language; the first is its source."""
    fields = {"published": True, "audience": "public"} | fields
    source, *others = languages or ("en",)
    case = make_case(
        language=source, title="Two looks", page_fields=whole_story(source, length), **fields
    )
    for language in others:
        make_story_page(case, language, "Two looks", **whole_story(language, length))
    return case
