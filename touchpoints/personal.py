"""Words of one receiver in a mail that is made once for thousands.

A kind whose mail is the same for everybody with one language (`per_person=False`)
puts `placeholder("answer")` where a receiver's own link belongs; its
`personal(obj, delivery)` yields the values, and they are put into the finished
mail, whose other bytes stay the ones that were encoded once.
"""

import binascii
import re
import secrets
from collections.abc import Mapping
from email.message import Message as MimeMessage
from functools import cache

from django.utils.html import escape

# New in every process, so that no text that somebody wrote can be taken for a placeholder.
_MARK = secrets.token_hex(4)
_NAME = re.compile(r"[a-z0-9_]+")
_IN_TEXT = re.compile(rf"\[\[{_MARK}:([a-z0-9_]+)\]\]")


def placeholder(name: str) -> str:
    """What stands in a mail's HTML or plain text for the receiver's own value of `name`.

    Names are made of a-z, 0-9 and _; ValueError for another.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a placeholder's name: {name!r}")
    return f"[[{_MARK}:{name}]]"


def fill(text: str, values: Mapping[str, str], *, html: bool = False) -> str:
    """`text` with its placeholders replaced; escaped for HTML. KeyError for a missing value."""
    if _MARK not in text:
        return text
    put = escape if html else str
    return _IN_TEXT.sub(lambda found: str(put(values[found[1]])), text)


def names_in(text: str) -> set[str]:
    """The placeholders of a text."""
    return set(_IN_TEXT.findall(text))


class Frame:
    """An encoded mail, cut at its placeholders."""

    def __init__(self, built: MimeMessage):
        """`built` is a whole mail: one part, or parts side by side, also within each other."""
        content = built.as_bytes(linesep="\r\n")
        self._pieces: list[bytes | tuple[str, bool, bool]] = []
        if _MARK.encode() not in content.replace(b"=\r\n", b""):
            self._pieces.append(content)
            return
        boundaries = filter(None, (part.get_boundary() for part in built.walk()))
        between = b"|".join(re.escape(b"\r\n--" + one.encode()) for one in boundaries)
        for number, part in enumerate(
            re.split(b"(%s)" % between, content) if between else [content]
        ):
            if number % 2:
                self._pieces.append(part)
            else:
                self._cut(part)

    @property
    def is_personal(self) -> bool:
        """Whether any receiver's own words belong into it."""
        return len(self._pieces) > 1

    def filled(self, values: Mapping[str, str]) -> bytes:
        """The mail with this receiver's values. KeyError where one is missing."""
        if not self.is_personal:
            return self._pieces[0]
        return b"".join(
            piece if isinstance(piece, bytes) else _encoded(values[piece[0]], piece[1], piece[2])
            for piece in self._pieces
        )

    def _cut(self, part: bytes) -> None:
        head, _empty, _body = part.partition(b"\r\n\r\n")
        head = head.lower()
        html, quoted = b"text/html" in head, b"quoted-printable" in head
        at = 0
        for found in _in_bytes(quoted).finditer(part):
            self._pieces.append(part[at : found.start()])
            name = found[1].replace(b"=\r\n", b"").decode("ascii")
            self._pieces.append((name, html, quoted))
            at = found.end()
        self._pieces.append(part[at:])


@cache
def _in_bytes(quoted: bool) -> re.Pattern[bytes]:
    """A placeholder in an encoded part; quoted-printable breaks a line anywhere with '='."""
    soft = b"(?:=\r\n)?" if quoted else b""
    start = soft.join(re.escape(bytes([c])) for c in f"[[{_MARK}:".encode())
    name = b"((?:[a-z0-9_]|=\r\n)+)" if quoted else b"([a-z0-9_]+)"
    return re.compile(start + soft + name + soft + b"\\]" + soft + b"\\]")


def _encoded(value: str, html: bool, quoted: bool) -> bytes:
    """A value as its part carries it; on lines of its own where lines have a longest length."""
    value = " ".join(str(value).split())
    content = (str(escape(value)) if html else value).encode()
    if not quoted:
        return content
    soft = binascii.b2a_qp(content, istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return b"=\r\n" + soft + b"=\r\n"


class _Nobodys(dict):
    """A value for every name, good for nothing."""

    def __missing__(self, name: str) -> str:
        return "#"


# For a preview: no receiver's own link, which would act in their name.
NOBODYS = _Nobodys()
