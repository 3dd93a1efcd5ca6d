"""The project's chores, from a bare clone: needs only Python 3.11 or later.

    python3 scripts/dev.py demo      one report of the project's own, as a reader sees it
    python3 scripts/dev.py test      the tests (further words go to pytest)
    python3 scripts/dev.py lint | types | bench | setup
    python3 scripts/dev.py readme    put what the demo prints into the READMEs

The first call makes `.venv` beside pyproject.toml; it is brought up to date when pyproject.toml
changes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "pyproject.sha256"
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TRIED = VENV / "chromium.tried"
PATIENCE = 300  # seconds that fetching one may take

# What it prints stands in the READMEs; tests/test_readme.py compares.
DEMO = ["-m", "nlp.extract", "corpora/reports/2021-tabs-county.txt"]
COMMANDS = {
    "setup": [],
    "demo": [DEMO],
    "test": [["-m", "pytest"]],
    "lint": [["-m", "ruff", "check", "."], ["-m", "ruff", "format", "--check", "."]],
    "types": [["-m", "mypy"]],
    "bench": [["scripts/bench.py"]],
    "readme": [["scripts/readme.py"]],
}


def main(words: list[str]) -> int:
    if sys.version_info < OLDEST:
        print("needs Python 3.11 or later, this is " + sys.version.split()[0], file=sys.stderr)
        return 2
    if not words or words[0] not in COMMANDS:
        print(__doc__, file=sys.stderr if words else sys.stdout)
        return 2
    status = prepare()
    if words[0] == "test":
        fetch_browser()
    for command in COMMANDS[words[0]]:
        if status == 0:
            status = subprocess.call([str(PYTHON), *command, *words[1:]], cwd=ROOT)
    return status


def prepare() -> int:
    """Make the environment, or bring it up to date; nothing where it is up to date."""
    wanted = fingerprint()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text("utf-8").strip() == wanted:
        return 0
    print("preparing .venv (about a minute the first time) ...", file=sys.stderr, flush=True)
    if not works() and (status := make_environment()):
        return status
    install = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    status = subprocess.call([*install, "--editable", ".[dev]"], cwd=ROOT)
    if status == 0:
        STAMP.write_text(wanted + "\n", "utf-8")
    return status


def fetch_browser() -> None:
    """The Chromium that the annotation page is tested in, where the system can be asked for it without
    a question; elsewhere those tests are skipped and say so."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if any(map(shutil.which, BROWSERS)) or not is_root or not shutil.which("apt-get"):
        return
    if TRIED.exists() or not VENV.is_dir():
        return  # once is enough where it cannot be fetched
    TRIED.touch()
    print("installing Chromium for the tests of the page ...", file=sys.stderr, flush=True)
    quietly = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (
        ["update", "-qq"],
        ["install", "-qq", "-y", "--no-install-recommends", "chromium"],
    ):
        try:
            subprocess.run(["apt-get", *words], timeout=PATIENCE, env=environment, **quietly)
        except (OSError, subprocess.TimeoutExpired):
            return


def fingerprint() -> str:
    """Changes with what pip would install, and with the place it is installed from."""
    parts = [(ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode(errors="surrogateescape")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def works() -> bool:
    """Whether there is an environment whose Python starts, is recent enough and has pip."""
    check = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([str(PYTHON), "-c", check], capture_output=True).returncode == 0
    except OSError:
        return False


def make_environment() -> int:
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
    )
    if made.returncode != 0:
        print(made.stdout + made.stderr, file=sys.stderr)
        print("could not make .venv (on Debian: apt install python3-venv)", file=sys.stderr)
    return made.returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
