"""The annotation page for tests: a server of its own in a folder of its own, and a browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from loading import ROOT
from nlp.annotate.decisions import Replay, loads

CHROMIUM_ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


@dataclass
class Served:
    """A running page."""

    process: subprocess.Popen[str]
    address: str  # with the token
    folder: Path
    by: str

    @property
    def base(self) -> str:
        return self.address.partition("?")[0]

    @property
    def token(self) -> str:
        return self.address.rpartition("=")[2]

    @property
    def log(self) -> Path:
        return self.folder / "decisions" / f"{self.by}.jsonl"

    def replay(self) -> Replay:
        replay = Replay()
        for line in self.log.read_text("utf-8").splitlines():
            replay.add(loads(line))
        return replay

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def served(
    folder: Path, *reports: str | Path, by: str = "test", more: Sequence[str] = ()
) -> Iterator[Served]:
    """The command in a process of its own, until the block ends."""
    words = [sys.executable, "-m", "nlp.annotate", *map(str, reports)]
    words += ["--annotations", str(folder), "--name", by, *more]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, process.stderr.read() if process.stderr else ""
        yield Served(process, address, folder, by)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=20)


def chromium() -> str:
    """Where the system's Chromium is; the test is skipped where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no Chromium on this system (Debian: apt-get install chromium)")
    pytest.importorskip("playwright")
    return found
