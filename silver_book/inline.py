"""Emphasis, code and links inside a plain text: Markdown, and nothing else of it.

`section:go-and-see` and `section:go-and-see#p-…` lead to a section of the
book, `case:2026-0001` to a story, `workshop:twsm-discovery` to a workshop.
Raw HTML stays text. Other addresses: http, https, mailto and tel only.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml

WEB = ("http", "https", "mailto", "tel")
OWN = ("section", "case", "workshop")
_OWN_LINK = re.compile(r"\]\(<?((?:section|case|workshop):[^)\s>#]+)")


@lru_cache
def _parser() -> MarkdownIt:
    made = MarkdownIt("zero").enable(["emphasis", "backticks", "link", "escape", "entity"])
    made.validateLink = _is_safe
    # Addresses stay as they were typed; the renderer escapes them.
    made.normalizeLink = lambda address: address
    made.add_render_rule("link_open", _open_link)
    made.add_render_rule("link_close", _close_link)
    made.add_render_rule("text", _text)
    return made


def _is_safe(address: str) -> bool:
    """Web addresses and our own; a bare word or path leads nowhere in twelve languages."""
    try:
        return urlsplit(address.strip()).scheme.lower() in (*WEB, *OWN)
    except ValueError:
        return False


def _text(self, tokens, at, options, env) -> str:
    """Words; outside of links the terms among them, where somebody explains them."""
    explain = env.get("explain")
    if explain is None or env.get("open"):
        return escapeHtml(tokens[at].content)
    return explain(tokens[at].content)


def _open_link(self, tokens, at, options, env) -> str:
    address = str(tokens[at].attrGet("href") or "")
    kind = urlsplit(address).scheme.lower()
    if kind in OWN:
        target, _hash, place = address.partition("#")
        links = env.get("links", {})
        exact = links.get(address) if place else None
        found = exact or links.get(target)
        env.setdefault("open", []).append(bool(found))
        if not found:
            return ""  # nothing to read there: the words stay, the link does not
        address = found if exact or not place else f"{found}#{place}"
        return f'<a href="{escapeHtml(address)}">'
    env.setdefault("open", []).append(True)
    return f'<a href="{escapeHtml(address)}" rel="external">'


def _close_link(self, tokens, at, options, env) -> str:
    return "</a>" if env["open"].pop() else ""


def render(
    text: str,
    links: Mapping[str, str] | None = None,
    explain: Callable[[str], str] | None = None,
) -> SafeString:
    """A text as HTML. `links`: 'section:<key>' → address, for those that can be read.

    A paragraph's own address ('section:<key>#p-…') goes before its section's.
    `explain` makes safe HTML of words that stand in no link and no code.
    """
    env = {"links": links or {}, "explain": explain}
    return mark_safe(_parser().renderInline(text, env))  # noqa: S308 (escaped by the parser)


def plain(text: str) -> str:
    """The words alone: for search, titles and mails."""
    tokens = _parser().parseInline(text, {})
    return "".join(
        child.content
        for token in tokens
        for child in token.children or []
        if child.type in ("text", "code_inline", "text_special")
    )


def own_links(texts: Iterable[str]) -> set[str]:
    """The 'kind:key' of our own that the texts lead to."""
    return {found for text in texts for found in _OWN_LINK.findall(text)}
