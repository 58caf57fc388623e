"""Sections of man pages, out of their roff."""

import re
from collections.abc import Iterator


def plain(text: str) -> str:
    """The text with single spaces, without soft hyphens and paragraph signs."""
    return " ".join(text.replace("\u00ad", "").replace("¶", " ").split())


_ROFF_ESCAPES = [
    (re.compile(r'\\"[^\n]*|\\#[^\n]*'), ""),
    (re.compile(r"\\f(?:\[[^\]]*\]|\(..|.)|\\[&|^/,%:)]|\\s[+-]?\d+|\\m\[[^\]]*\]"), ""),
    (re.compile(r"\\\(aq"), "'"),
    (re.compile(r"\\\((?:lq|rq)|\\\[(?:lq|rq)\]"), '"'),
    (re.compile(r"\\\((?:em|en|mi)|\\\[(?:em|en)\]"), "-"),
    (re.compile(r"\\\(bu"), " "),
    (re.compile(r"\\[*](?:\[[^\]]*\]|\(..|.)|\\\(..|\\\[[^\]]*\]"), ""),
    (re.compile(r"\\-"), "-"),
    (re.compile(r"\\[~0 ]"), " "),
    (re.compile(r"\\e|\\\\"), r"\\"),
    (re.compile(r"\\."), ""),
]
_ROFF_TEXT = {"B", "I", "BR", "BI", "RB", "IR", "RI", "IB", "SM", "SB", "TP", "IP", "Nm", "Nd",
              "Xr", "Pa", "Ar", "Fl", "Em", "Sy", "It", "Dq", "Ql", "Li", "Cm", "Ic", "Ev", "UR",
              "MT", "HP"}  # fmt: skip
# A page's long sections stand by themselves, short ones with the page.
_OWN_SECTION = 500


def sections_of_man(raw: bytes, file: str) -> Iterator[tuple[str, str, str]]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    if text.startswith((".so ", "'so ")):
        return
    text = re.sub(r"(?m)^[.']\s*(?:ig|de1?)\b.*\n(?:.*\n)*?\.\.\n", "", text)
    parts: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        macro = re.match(r"[.']\s*([A-Za-z]+)\s*(.*)", line)
        if macro and macro.group(1) in ("SH", "Sh", "SS", "Ss"):
            parts.append((_roff(macro.group(2)), []))
        elif not parts:
            continue
        elif macro is None:
            if not line.startswith((".", "'\\\"")):
                parts[-1][1].append(_roff(line))
        elif macro.group(1) in _ROFF_TEXT:
            words = re.sub(r"^\d+n?$", "", macro.group(2))
            parts[-1][1].append(
                _roff(words, macro.group(1) in ("BR", "BI", "RB", "IR", "RI", "IB"))
            )
    if len(parts) < 2:
        return
    name = file.rsplit("/", 1)[1].removesuffix(".gz").rsplit(".", 1)[0]
    own = plain(" ".join(parts[0][1]))
    page = []
    for number, (heading, lines) in enumerate(parts[1:], 1):
        body = plain(" ".join(lines))
        if number > 2 and len(body) >= _OWN_SECTION:
            yield f"{number}of{len(parts)}", f"{name}: {heading.lower()}", body
        else:
            page.append(body)
    yield "page", own, " ".join(page)


def _roff(text: str, is_joined: bool = False) -> str:
    for pattern, plain in _ROFF_ESCAPES:
        text = pattern.sub(plain, text)
    if is_joined:
        words = re.findall(r'"([^"]*)"|(\S+)', text)
        return "".join(quoted or bare for quoted, bare in words)
    return text.replace('"', "")
