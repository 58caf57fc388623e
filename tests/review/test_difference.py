"""What a reviewer is shown as changed."""

import pytest

from review.difference import difference


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        ("same", "same", [("", "same")]),
        ("", "new", [("ins", "new")]),
        (
            "a good short text",
            "a very long text",
            [("", "a "), ("del", "good short"), ("ins", "very long"), ("", " text")],
        ),
        ("翌朝に返信", "翌日に返信", [("", "翌"), ("del", "朝"), ("ins", "日"), ("", "に返信")]),
        ("ตอบเช้า", "ตอบเย็น", [("", "ตอบเ"), ("del", "ช้า"), ("ins", "ย็น")]),
        (
            "قبل الظهر",
            "بعد الظهر",
            [("del", "قبل"), ("ins", "بعد"), ("", " الظهر")],
        ),
    ],
)
def test_words_or_characters_that_changed(old, new, runs):
    assert difference(old, new) == runs
