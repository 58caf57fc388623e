"""Lists: the book's have items of plain words, a manual's hold anything."""

from django.utils.translation import gettext as _
from lxml.html import HtmlElement

from silver_book.importing.words import escaped
from silver_book.importing.xhtml.inline import classes

_MORE = {"pre", "table", "blockquote", "figure", "img", "h1", "h2", "h3", "h4", "h5", "h6"}
_MORE_KINDS = {"note", "tip", "warning", "important", "caution", "admonition", "mediaobject"}


class Lists:
    """Half of `Blocks`."""

    def listing(self, element: HtmlElement) -> None:
        """Items of words become one list; an item with code, a table or a picture ends it."""
        items = [child for child in element if child.tag == "li"]
        is_ordered = element.tag == "ol"
        if is_ordered and any(_is_rich(item) for item in items):
            self._numbered(element, items)
            return
        texts: list[str] = []
        inlines: list = []
        for item in items:
            if _is_rich(item):
                self._add_list(is_ordered, texts, inlines)
                texts, inlines = [], []
                self._rich(item, "– ")
                continue
            self._item(item, texts, inlines)
        self._add_list(is_ordered, texts, inlines)

    def _add_list(self, is_ordered: bool, texts: list[str], inlines: list) -> None:
        anchors = [anchor for inline in inlines for anchor in inline.anchors]
        if texts:
            self.add("list", {"ordered": is_ordered, "items": texts}, anchors)
        else:
            self.waiting += anchors
        for inline in inlines:
            self.after(inline)

    def _item(self, item: HtmlElement, texts: list[str], inlines: list) -> None:
        """An item's words; a list inside it goes on as items after it."""
        inner = [child for child in item.iterdescendants("ul", "ol", "dl")]
        inner = [one for one in inner if not any(a in inner for a in one.iterancestors())]
        if inner:
            self.lose(_("a list inside a list became one list"))
        for one in inner:
            one.drop_tree()
        text, inline = self.words_of(item)
        inline.anchors = [a for a in (item.get("id"), *inline.anchors) if a]
        if text:
            texts.append(text)
        inlines.append(inline)
        for one in inner:
            if one.tag == "dl":
                for term, said in _pairs(one):
                    self._definition(term, said, texts, inlines)
            else:
                for child in one:
                    if child.tag == "li":
                        self._item(child, texts, inlines)

    def _numbered(self, element: HtmlElement, items: list[HtmlElement]) -> None:
        """Steps with code or pictures: paragraphs that keep their number."""
        start = element.get("start") or "1"
        first = int(start) if start.isdigit() else 1
        for number, item in enumerate(items, first):
            self._rich(item, f"{number}. ")

    def _rich(self, item: HtmlElement, sign: str) -> None:
        before = len(self.node.blocks)
        node = self.node
        if anchor := item.get("id"):
            self.waiting.append(anchor)
        self.flow(item)
        for block in node.blocks[before : before + 1]:
            if block["type"] == "paragraph":
                block["value"] = sign + block["value"]
                return
        block = {"type": "paragraph", "value": sign.strip(), "anchors": []}
        if sign[0].isdigit() and len(node.blocks) > before:
            node.blocks.insert(before, block)

    # --- definitions ------------------------------------------------------------------
    def definitions(self, element: HtmlElement) -> None:
        """Short ones are a list of '**term** — meaning'; long ones a paragraph a term."""
        pairs = list(_pairs(element))
        if any(_is_rich(one) or _is_long(one) for _terms, said in pairs for one in said):
            for terms, said in pairs:
                for term in terms:
                    text, inline = self.words_of(term)
                    if text:
                        self.add("paragraph", _bold(text), [term.get("id") or "", *inline.anchors])
                for one in said:
                    self.flow(one)
            return
        texts: list[str] = []
        inlines: list = []
        for terms, said in pairs:
            self._definition(terms, said, texts, inlines)
        self._add_list(False, texts, inlines)

    def _definition(self, terms, said, texts: list[str], inlines: list) -> None:
        words = []
        for group in (terms, said):
            found = [self.words_of(one) for one in group]
            inlines += [inline for _text, inline in found]
            for one, (_text, inline) in zip(group, found, strict=True):
                inline.anchors += [one.get("id")] if one.get("id") else []
            words.append([text for text, _inline in found if text])
        term, meaning = ", ".join(words[0]), " ".join(words[1])
        if term or meaning:
            texts.append(" — ".join(part for part in (_bold(term), meaning) if part))


def _is_rich(item: HtmlElement) -> bool:
    return any(
        isinstance(e.tag, str) and (e.tag in _MORE or classes(e) & _MORE_KINDS)
        for e in item.iterdescendants()
    )


def _is_long(said: HtmlElement) -> bool:
    paragraphs = said.findall("./p") + said.findall("./div[@class='para']")
    return len(paragraphs) > 1 or any(e.tag in ("ul", "ol", "dl") for e in said.iterdescendants())


def _pairs(element: HtmlElement):
    """(terms, meanings) of a definition list."""
    terms: list[HtmlElement] = []
    said: list[HtmlElement] = []
    for child in element:
        if child.tag == "div":  # HTML 5 allows a group
            yield from _pairs(child)
        elif child.tag == "dt":
            if said:
                yield terms, said
                terms, said = [], []
            terms.append(child)
        elif child.tag == "dd":
            said.append(child)
    if terms or said:
        yield terms, said


def _bold(text: str) -> str:
    """Bold, unless marks inside would not survive it."""
    if not text or "*" in text or "`" in text:
        return text
    return f"**{text}**" if text == escaped(text) else text
