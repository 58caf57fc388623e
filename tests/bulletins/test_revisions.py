"""What counts as a change of a story's text."""

import datetime
import json
from types import SimpleNamespace

import pytest

from bulletins.revisions import changed_fields


def revision(**content):
    return SimpleNamespace(content={name: json.dumps(value) for name, value in content.items()})


def result(**value):
    return [{"type": "result", "id": "a", "value": value}]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (result(before="31", note=""), result(before=31.0)),
        (result(before="31", monthly=[]), result(before="31.00", note=None)),
        (
            [{"type": "cause", "id": "a", "value": {"whys": ["one", "two"]}}],
            [
                {
                    "type": "cause",
                    "id": "b",
                    "value": {
                        "whys": [
                            {"type": "item", "id": "1", "value": "one"},
                            {"type": "item", "id": "2", "value": "two"},
                        ]
                    },
                }
            ],
        ),
    ],
)
def test_the_same_text_written_in_two_ways_is_no_change(old, new):
    assert changed_fields(revision(results=old), revision(results=new)) == []


def test_control_another_figure_is_a_change():
    changed = changed_fields(
        revision(results=result(before="31")), revision(results=result(before="32"))
    )
    assert changed == ["results"]


def test_a_date_just_set_equals_the_one_read_back():
    old = SimpleNamespace(content={"seen_on": "2026-05-04"})
    new = SimpleNamespace(content={"seen_on": datetime.date(2026, 5, 4)})
    assert changed_fields(old, new) == []
