"""The book names the demo's stories by their folders: here these names become known."""

import re
from collections.abc import Iterable

from bulletins.references import resolve_cases
from gkc_site.demo.story_files import story_key
from network.registry import Reference, register_reference

_FOLDER = re.compile(r"\d\d-[a-z]")


def register() -> None:
    """Called once, where the site runs in demo mode."""
    register_reference("case", "demo", resolve_demo_cases)


def resolve_demo_cases(request, keys: Iterable[str]) -> dict[str, Reference]:
    """Folder name → story. Costs what `resolve_cases` costs, for names that look like one."""
    names = {str(story_key(key)): key for key in keys if _FOLDER.match(key)}
    found = resolve_cases(request, names) if names else {}
    return {names[page]: reference for page, reference in found.items()}
