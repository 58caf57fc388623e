"""Compile .po to .mo with Babel. Needs no Django: it must be done before Django reads them."""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from gkc_site.catalogs import LOCALE


def compile_catalogs(folder: Path = LOCALE) -> list[Path]:
    """Write each .mo that is missing or older than its .po; returns those written.

    A reader never sees half a file: written aside, then renamed. Fuzzy
    messages are left out, so a reader gets English instead of a guess.
    """
    written = []
    for po in sorted(folder.glob("*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parent.parent.name)
        handle, temporary = tempfile.mkstemp(dir=mo.parent, prefix=".mo-")
        with os.fdopen(handle, "wb") as target:
            write_mo(target, catalog)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(mo)
        written.append(mo)
    return written
