"""A story begun by its author, and the share form's posts."""

from django.urls import reverse
from django.utils import translation

from bulletins.parts import PARTS
from bulletins.parts.draft import Draft
from tests.bulletins.typed import WHOLE


def part_url(case, part, language="en"):
    with translation.override(language):
        return reverse("share_part", args=[case.number, part])


def post(client, case, part, action="next", seen=None, language="en", **data):
    version = Draft(case).version(part) if seen is None else seen
    body = data | {"version": version, action: "1"}
    return client.post(part_url(case, part, language), body)


def write_all(client, case):
    for part in PARTS:
        post(client, case, part, "close", **WHOLE[part])
