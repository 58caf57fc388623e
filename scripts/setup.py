"""Make or update .venv from the pinned requirements. Standard library only.

    python3 scripts/setup.py [--dev]

A stamp in .venv holds the hash of what was installed: a second call does
nothing and needs no network. uv is used where it is found or can be installed
(7 s against 85 s with pip).
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
OLDEST = (3, 11)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make or update .venv.")
    parser.add_argument("--dev", action="store_true", help="with the tests' tools")
    is_dev = parser.parse_args().dev
    if sys.version_info < OLDEST:
        sys.exit(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version}")
    os.chdir(ROOT)
    install(["requirements.txt", "requirements-dev.txt"] if is_dev else ["requirements.txt"])


def install(files: list[str]) -> None:
    """Install the pinned files, unless the stamps say that it was done."""
    stamps = {name: VENV / f"gkc-{name}.sha256" for name in files}
    wanted = {name: digest(name) for name in files}
    if all(stamp.exists() and stamp.read_text() == wanted[name] for name, stamp in stamps.items()):
        return
    say(f"installing {' and '.join(files)}")
    uv = make_venv()
    for name in files:
        options = ["--require-hashes", "--quiet", "-r", name]
        if uv:
            run([*uv, "pip", "install", "--python", PYTHON, *options])
        else:
            run([PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *options])
    for name, stamp in stamps.items():
        stamp.write_text(wanted[name])


def digest(name: str) -> str:
    """Changes with the pinned versions and with the Python that runs them."""
    found = hashlib.sha256(repr(tuple(sys.version_info[:2])).encode())
    found.update((ROOT / name).read_bytes())
    return found.hexdigest()


def make_venv() -> list[str] | None:
    """An environment of this Python; returns uv's command, None where pip must do."""
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True).returncode:
        uv = None  # a shim without a program behind it
    if not is_usable():
        if uv:
            options = ["--quiet", "--clear", "--seed", "--python", sys.executable]
            run([uv, "venv", *options, str(VENV)])
        else:
            command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
            made = subprocess.run(command, capture_output=True, text=True)
            if made.returncode:
                sys.exit(f"{made.stdout}{made.stderr}\nInstall uv, or your system's python3-venv.")
    if uv:
        return [uv]
    options = ["--disable-pip-version-check", "--quiet", "--require-hashes"]
    command = [PYTHON, "-m", "pip", "install", *options, "-r", "requirements-setup.txt"]
    return [PYTHON, "-m", "uv"] if subprocess.run(command).returncode == 0 else None


def is_usable() -> bool:
    """.venv runs, and with the same Python version."""
    if not Path(PYTHON).exists():
        return False
    asked = "import sys; print(tuple(sys.version_info[:2]))"
    answer = subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True)
    return answer.stdout.strip() == repr(tuple(sys.version_info[:2]))


def run(command: list[str]) -> None:
    if status := subprocess.run(command).returncode:
        sys.exit(f"failed ({status}): {' '.join(command)}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
