"""The annotation page for tests: a server of its own in a folder of its own, and a browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from loading import ROOT
from nlp.annotate.decisions import Log, Replay, loads
from nlp.annotate.library import Library
from nlp.annotate.retraining import Retraining
from nlp.annotate.server import create_app
from nlp.annotate.session import Session
from nlp.classifier.reader import open_reader

CHROMIUM_ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


@dataclass
class Served:
    """A running page; `process` None where it runs in this one."""

    address: str  # with the token
    folder: Path
    by: str
    process: subprocess.Popen[str] | None = None

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
        assert self.process is not None
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
        yield Served(address, folder, by, process)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=20)


@cache
def library(*reports: Path) -> Library:
    """Reports read once for all tests; what is decided of them is not kept in it."""
    found = Library(list(reports), open_reader())
    found.read_all()
    return found


def _no_app(*_: object) -> list[bytes]:
    return []


@contextmanager
def shown(folder: Path, *reports: Path, by: str = "test") -> Iterator[Served]:
    """The page in a thread of this process, which is quicker to start than a process of its own."""
    session = Session(library(*reports), Log(folder / "decisions", by), "0001")
    retraining = Retraining(folder, folder / "models", folder / "splits.json", list)
    server = make_server("127.0.0.1", 0, _no_app, threaded=True)
    app = create_app(session, retraining, lambda _: None, token="secret", port=server.server_port)
    server.app = app
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.server_port}/?token=secret", folder, by)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def chromium() -> str:
    """Where the system's Chromium is; the test is skipped where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no Chromium on this system (Debian: apt-get install chromium)")
    pytest.importorskip("playwright")
    return found
