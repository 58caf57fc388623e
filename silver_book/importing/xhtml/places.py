"""Which text of a translation is which of the English: by file, by id, else by order."""

from collections import defaultdict
from difflib import SequenceMatcher

from silver_book.importing.xhtml.tree import Node


def align(nodes: list[Node], known: list[str]) -> dict[int, str]:
    """id(node) → the text's file: 'ch01.html', or 'ch01.html#getting-started' inside one.

    `known` are the English texts' files in order, none for the English itself.
    A heading without an id that somebody gave it has the place that is free
    between its neighbours'; where the trees differ, as far as the order goes.
    """
    found: dict[int, str] = {}
    inside: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.is_file or node.kind == "caption":
            found[id(node)] = node.file
        else:
            inside[node.file].append(node)
    there: dict[str, list[str]] = defaultdict(list)
    for name in known:
        file, mark, place = name.partition("#")
        if mark and place != "part":
            there[file].append(place.removesuffix("#part"))
    for file, mine in inside.items():
        places = _places(mine, list(dict.fromkeys(there[file])))
        for node, place in zip(mine, places, strict=True):
            found[id(node)] = f"{file}#{place}"
    return found


def _places(nodes: list[Node], english: list[str]) -> list[str]:
    own = [next(iter(node.stable_ids()), "") for node in nodes]
    if not english:
        return _unlike([place or str(number) for number, place in enumerate(own, 1)])
    wanted = [
        next((one for one in node.ids if one in english), f"\0{number}")
        for number, node in enumerate(nodes)
    ]
    result: list[str] = [""] * len(nodes)
    matcher = SequenceMatcher(None, english, wanted, autojunk=False)
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        if tag == "equal":
            for step in range(b_end - b):
                result[b + step] = english[a + step]
        else:
            free = [one for one in english[a:a_end] if one not in wanted]
            for at in range(b, b_end):
                if not wanted[at].startswith("\0"):
                    result[at] = wanted[at]  # moved inside the file
                elif free:
                    result[at] = free.pop(0)
    for at, node in enumerate(nodes):
        if not result[at]:
            result[at] = own[at] or f"{node.title[:40]}-{at}"
    return _unlike(result)


def _unlike(places: list[str]) -> list[str]:
    seen: dict[str, int] = defaultdict(int)
    result = []
    for place in places:
        seen[place] += 1
        result.append(place if seen[place] == 1 else f"{place}-{seen[place]}")
    return result
