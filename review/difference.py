"""What changed between two texts: by words, or by characters where words have no spaces."""

import re
from difflib import SequenceMatcher

# Thai, kana and Han have no spaces between words; a Thai letter keeps its marks.
_TOKEN = re.compile(
    r"[\u0e00-\u0e7f][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*"
    r"|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|\s+"
    r"|[^\s\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """Runs of text, in order: ('', kept), ('del', removed), ('ins', added).

    A space alone between two changes belongs to them: a reader sees phrases
    replaced, not every second word.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    runs: list[tuple[str, str]] = []
    removed = added = ""
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for place, (verb, start, end, new_start, new_end) in enumerate(opcodes):
        left, right = "".join(before[start:end]), "".join(after[new_start:new_end])
        between = 0 < place < len(opcodes) - 1
        if verb == "equal" and not (between and left.isspace()):
            _close(runs, removed, added)
            removed = added = ""
            runs.append(("", left))
            continue
        removed, added = removed + left, added + right
    _close(runs, removed, added)
    return runs


def _close(runs: list[tuple[str, str]], removed: str, added: str) -> None:
    if removed:
        runs.append(("del", removed))
    if added:
        runs.append(("ins", added))
