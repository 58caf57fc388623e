"""What epubcheck, veraPDF and ical4j say of files (`make test-validators`)."""

import subprocess

from tests.processes import ROOT

_SCRIPT = ROOT / "scripts" / "validators"


def check(kind: str, *paths: str) -> subprocess.CompletedProcess:
    """The validator's words on all files at once, since Java takes seconds to start."""
    return subprocess.run(
        [str(_SCRIPT), kind, *paths], capture_output=True, text=True, encoding="utf-8", check=False
    )
