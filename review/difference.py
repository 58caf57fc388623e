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
    """Runs of text, in order: ('', kept), ('ins', added), ('del', removed)."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    runs: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for verb, start, end, new_start, new_end in matcher.get_opcodes():
        removed, added = "".join(before[start:end]), "".join(after[new_start:new_end])
        if verb == "equal":
            runs.append(("", removed))
            continue
        if removed:
            runs.append(("del", removed))
        if added:
            runs.append(("ins", added))
    return runs
