"""The whole tree of a folder, and what each heading becomes: part, chapter, section."""

from collections.abc import Mapping

from silver_book.importing.words import escaped
from silver_book.importing.xhtml.contents import Order
from silver_book.importing.xhtml.tree import Node, anchored


class Shape:
    """The whole tree, and what each of its nodes becomes."""

    def __init__(self, nodes: dict[str, Node], order: Order, roles: Mapping[str, str]):
        self.cover = nodes.get(order.start)
        for file, parent in order.parents.items():
            if parent and file in nodes and parent in nodes:
                nodes[parent].children.append(nodes[file])
        self.tops = [nodes[f] for f, parent in order.parents.items() if not parent and f in nodes]
        if self.cover is not None:
            self.tops = [*self.cover.children, *self.tops]
            if not self.tops:
                self.tops, self.cover = [self.cover], None
        self._captioned(order)
        self.strays = [
            top
            for top in self.tops
            if top.is_file
            and (f"{top.file}#part" not in roles)
            and roles.get(top.file) in ("chapter", "section")
        ]
        self.tops = [top for top in self.tops if not any(top is one for one in self.strays)]
        self.texts: list[tuple[Node, str]] = []
        self._own: dict[int, list[Node]] = {}
        for top in self.tops:
            self._note(top)
        for stray in self.strays:
            if roles[stray.file] == "chapter":
                self._chapter(stray)
            else:
                self._section(stray)

    def _captioned(self, order: Order) -> None:
        """Sphinx's captions above lists of files are parts."""
        if len(set(order.captions.values())) < 2:
            return
        tops: list[Node] = []
        for node in self.tops:
            caption = order.captions.get(node.file) if node.is_file else None
            if caption is None:
                tops.append(node)
                continue
            if not tops or tops[-1].kind != "caption" or tops[-1].title != caption:
                number = sum(1 for one in tops if one.kind == "caption") + 1
                tops.append(Node(f"caption-{number}", kind="caption", title=caption))
            tops[-1].children.append(node)
        self.tops = tops

    def is_leaf(self, node: Node) -> bool:
        """Without headings of its own that are texts."""
        return not node.children

    def has_chapters(self, node: Node) -> bool:
        """Whether its children hold sections themselves: DocBook says so, or they are files."""
        if node.kind in ("part", "caption", "reference"):
            return True
        return any(
            child.is_file and any(c.is_file for c in child.children) for child in node.children
        )

    def _note(self, top: Node) -> None:
        self.texts.append((top, "part"))
        if self.is_leaf(top):
            self._own[id(top)] = [top]
            return
        if not self.has_chapters(top):
            for child in top.children:
                self._section(child)
            return
        for chapter in top.children:
            self._chapter(chapter)

    def _chapter(self, node: Node) -> None:
        self.texts.append((node, "chapter"))
        if self.is_leaf(node):
            self._own[id(node)] = [node]
        for child in node.children:
            self._section(child)

    def _section(self, node: Node) -> None:
        self.texts.append((node, "section"))
        self._own[id(node)] = list(node.walk())

    def own(self, node: Node) -> list[Node]:
        """The nodes whose blocks are a section's text."""
        return self._own.get(id(node), [])

    def links(self):
        """(nodes, the section that a link to them leads to): parts lead to their first one."""
        sections = [node for node, _kind in self.texts if id(node) in self._own]
        for node in sections:
            yield self.own(node), node
        for node, _kind in self.texts:
            if id(node) not in self._own:
                inside = {id(one) for one in node.walk()}
                yield [node], next((one for one in sections if id(one) in inside), None)
        if self.cover is not None and sections:
            yield [self.cover], sections[0]

    def body(self, node: Node, depth: int = 2) -> list[dict]:
        """A section's blocks with the headings below it."""
        blocks = list(node.blocks)
        for child in node.children:
            level = str(min(depth, 4))
            text = child.words or escaped(child.title)
            heading = {"type": "heading", "value": {"text": text, "level": level}}
            if place := anchored(child, child.ids):
                heading["id"] = place
            blocks += [heading, *self.body(child, depth + 1)]
        return blocks
