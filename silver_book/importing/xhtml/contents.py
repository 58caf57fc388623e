"""The order of a book's files, and which stands below which: from its own contents."""

import posixpath
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from silver_book.importing.xhtml.inline import classes

# Pages that a program made of the others.
GENERATED = {"genindex", "search", "py-modindex", "modindex", "searchindex", "ix01", "go01"}
_STARTS = ("index", "book", "contents", "toc", "main")
_TOC_KINDS = {"toc", "toctree-wrapper"}
_DEPTH = {"ul", "ol", "dl"}


@dataclass
class Order:
    """`parents`: file → the file it stands below, '' for none, in the book's order."""

    start: str = ""
    parents: dict[str, str] = field(default_factory=dict)
    captions: dict[str, str] = field(default_factory=dict)  # file → the caption above it
    unlisted: list[str] = field(default_factory=list)  # files that no contents name

    def children(self, file: str) -> list[str]:
        return [name for name, parent in self.parents.items() if parent == file]


def target(file: str, href: str, files) -> tuple[str, str] | None:
    """(file, anchor) of a link inside the book; None where it leads out of it.

    `files` maps a name in the folder to itself as it is known in every language.
    """
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    name = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
    found = files.get(name)
    return (found, unquote(parts.fragment)) if found else None


def with_plain(names: dict[str, str]) -> dict[str, str]:
    """Also by their name in all languages: links may leave the language out."""
    return {plain: plain for plain in names.values()} | names


def order_of(pages: dict[str, HtmlElement], names: dict[str, str]) -> Order:
    """`pages`: name in the folder → root element; `names`: name → name in all languages."""
    targets = with_plain(names)
    order = Order()
    start = _start(pages)
    order.start = names[start] if start else ""
    seen = {order.start}
    queue = [start] if start else []
    while queue:
        file = queue.pop(0)
        found = _listed(pages[file], file, targets)
        for name, parent, caption in found:
            if name in seen or _is_generated(name):
                continue
            seen.add(name)
            order.parents[name] = "" if parent == order.start else parent
            if caption:
                order.captions[name] = caption
            queue += [one for one in pages if names[one] == name][:1]
    for name in _chain(pages, start, targets):
        if name not in seen and not _is_generated(name):
            seen.add(name)
            above = _related(pages, name, "up", targets)
            order.parents[name] = above if above in seen and above != order.start else ""
    for name in names.values():
        if name not in seen and not _is_generated(name):
            order.parents[name] = ""
            order.unlisted.append(name)
            seen.add(name)
    return _in_order(order)


def _in_order(order: Order) -> Order:
    """Files after the one they stand below."""
    sorted_parents: dict[str, str] = {}

    def put(parent: str) -> None:
        for name in order.children(parent):
            if name not in sorted_parents:
                sorted_parents[name] = parent
                put(name)

    put("")
    order.parents = sorted_parents
    return order


def _is_generated(name: str) -> bool:
    return posixpath.basename(name).partition(".")[0] in GENERATED


def _start(pages: dict[str, HtmlElement]) -> str:
    """The cover: 'index', else the file that the others call home, else the one before all."""
    for stem in _STARTS:
        for name in sorted(pages, key=lambda name: name.count("/")):
            if posixpath.basename(name).partition(".")[0] == stem:
                return name
    for name, root in pages.items():
        home = _link(root, "home")
        if home:
            found = posixpath.normpath(posixpath.join(posixpath.dirname(name), home))
            if found in pages:
                return found
    for name, root in pages.items():
        if _link(root, "next") and not _link(root, "prev"):
            return name
    return next(iter(pages)) if len(pages) == 1 else ""


def _link(root: HtmlElement, kind: str) -> str:
    for link in root.iter("link"):
        if kind in (link.get("rel") or "").lower().split():
            return unquote((link.get("href") or "").partition("#")[0])
    return ""


def _related(pages, name: str, kind: str, names) -> str:
    for file, root in pages.items():
        if names[file] == name and (href := _link(root, kind)):
            found = target(file, href, names)
            return found[0] if found else ""
    return ""


def _chain(pages, start: str, names):
    """Files by 'next', from the start."""
    seen: set[str] = set()
    file = start
    while file and file not in seen:
        seen.add(file)
        yield names[file]
        href = _link(pages[file], "next")
        found = target(file, href, names) if href else None
        file = next((one for one in pages if found and names[one] == found[0]), "")


def _listed(root: HtmlElement, file: str, names):
    """(file, file above, caption) of everything that a page's contents name, in order."""
    mine = names[file]
    for toc in root.iter("div", "nav", "section", "ul"):
        kinds = classes(toc)
        if not (kinds & _TOC_KINDS or toc.get("role") == "doc-toc"):
            continue
        if any(classes(a) & (_TOC_KINDS | {"sphinxsidebar"}) for a in toc.iterancestors()):
            continue
        caption = next(
            (
                " ".join(p.text_content().split())
                for p in toc.iter("p", "span")
                if "caption" in classes(p)
            ),
            "",
        )
        stack: list[tuple[int, str]] = [(-1, mine)]
        for link in toc.iter("a"):
            found = target(file, link.get("href") or "", names)
            if found is None or found[0] == mine:
                continue
            depth = sum(1 for a in link.iterancestors() if a.tag in _DEPTH)
            while stack[-1][0] >= depth:
                stack.pop()
            above = stack[-1][1]
            if found[0] != above:
                yield found[0], above, caption if above == mine else ""
            stack.append((depth, found[0]))
