"""Has a file's words read by a process of its own, within limits of size, time and memory."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from network import file_reader
from network.file_reader import Answer

VERSION = file_reader.VERSION
MAX_BYTES = 25 * 1024 * 1024
MAX_CHARACTERS = file_reader.MAX_CHARACTERS
# A reader that ignores its own limits is killed this long after them (s).
_GRACE_S = 5
_CHUNK_BYTES = 1024 * 1024
# The reader's work gives way to everything else on the host.
_NICENESS = 10
# Letters as PDFs draw them, two in one sign or for one place in a word.
_DRAWN = re.compile("[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]+")
# What no database or page takes, or nobody sees: controls, halves of signs, soft hyphens.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\ud800-\udfff\ufeff\ufffc-\uffff]")


def longest_s() -> float:
    """How long `read` may take at most (s)."""
    return settings.READING_TIME_S + file_reader.SPARE_S + _GRACE_S


def read(file: BinaryIO) -> Answer:
    """What stands in the file, whatever it holds: a file that breaks its reader is 'failed'.

    Raises OSError where the storage cannot give the file.
    """
    with tempfile.TemporaryFile() as copy, tempfile.TemporaryFile() as answered:
        size = 0
        while chunk := file.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > MAX_BYTES:
                return Answer("failed", "too_large")
            copy.write(chunk)
        copy.seek(0)
        ended = _run(copy, answered)
        if ended is not None:
            return ended
        answered.seek(0)
        return _understood(answered.read(file_reader.MAX_ANSWER_BYTES))


def _run(file, answered) -> Answer | None:
    """Let the reader answer into `answered`. What to say instead where it did not; else None."""
    limits = json.dumps(
        {"time_s": settings.READING_TIME_S, "memory_mb": settings.READING_MEMORY_MB}
    )
    # -I: no folder, user site or variable of this process gets into the reader's imports.
    command = [sys.executable, "-I", str(Path(file_reader.__file__).resolve()), limits]
    process = subprocess.Popen(
        command,
        stdin=file,
        stdout=answered,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},  # none of the site's secrets
        start_new_session=True,
    )
    try:
        try:
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
        except ProcessLookupError:
            pass  # it has answered already
        code = process.wait(longest_s())
    except subprocess.TimeoutExpired:
        return Answer("failed", "time")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if code == 0:
        return None
    if code in (-signal.SIGXCPU, -signal.SIGALRM):
        return Answer("failed", "time")
    return Answer("failed", "crashed", f"exit {code}")


def _understood(answered: bytes) -> Answer:
    """The reader's answer; 'crashed' where it is none."""
    try:
        answer = Answer(**json.loads(answered))
    except (TypeError, ValueError):
        return Answer("failed", "crashed", "no answer")
    answer.text = _clean(answer.text)[:MAX_CHARACTERS]
    return answer


def _clean(text: str) -> str:
    """Whole letters, nothing but text."""
    text = _DRAWN.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    return unicodedata.normalize("NFC", _NOT_TEXT.sub("", text))
