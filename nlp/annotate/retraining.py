"""Retraining in the background: the command `python -m nlp.train --no-publish` as a process of its own,
so that the page stays quick and a crash of either leaves the other alone. Publishing is a step by
itself, past the gate of `nlp.training`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from nlp.annotate.requests import RequestError
from nlp.comparison import Change, Comparison
from nlp.models_folder import READER
from nlp.training import publish

State = Literal["idle", "running", "done", "failed", "cancelled"]
_STEPS = 10  # lines that the command prints on the way, from reading to writing
_MOST_REPORTS = 40  # of which changed answers are shown: those with decisions, then others


@dataclass(frozen=True, slots=True)
class Outcome:
    """A new version with its comparison."""

    version: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Status:
    """What the page shows of a training."""

    state: State
    lines: tuple[str, ...] = ()
    share: float = 0.0
    problem: str = ""
    outcome: Outcome | None = None


class Retraining:
    """One training at a time. `prepare` makes the training examples of the decisions; the outcome is
    kept in `folder`, so that it is still there after a restart."""

    def __init__(
        self, folder: Path, models: Path, splits: Path, prepare: Callable[[], Sequence[Path]]
    ) -> None:
        self._folder, self._models, self._splits, self._prepare = folder, models, splits, prepare
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._follower: threading.Thread | None = None
        self._lines: list[str] = []
        self._state: State = "idle"
        self._problem = ""

    @property
    def report(self) -> Path:
        return self._folder / "retraining.json"

    def start(self, reports: Sequence[Path]) -> None:
        """Begin. Raises `RequestError` while another runs, `ReportError` where nothing can be written."""
        with self._lock:
            if self._state == "running":
                raise RequestError("已经在训练")
            annotations = self._prepare()
            self.report.unlink(missing_ok=True)
            words = [sys.executable, "-m", "nlp.train", "--no-publish", "--json", str(self.report)]
            words += ["--models", str(self._models), "--splits", str(self._splits)]
            words += ["--annotations", *map(str, annotations)] if annotations else []
            chosen = [str(path) for path in reports[:_MOST_REPORTS]]
            words += ["--reports", *chosen] if chosen else []
            self._lines, self._problem, self._state = [], "", "running"
            self._process = subprocess.Popen(
                words,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                stdin=subprocess.DEVNULL,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": _path()},
                start_new_session=True,  # so that its workers can be ended with it
            )
            self._follower = threading.Thread(
                target=self._follow, args=(self._process,), daemon=True
            )
            self._follower.start()

    def wait(self, seconds: float) -> None:
        """Wait for the end of a running training."""
        if self._follower is not None:
            self._follower.join(seconds)

    def _follow(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            if line.strip():
                self._lines.append(line.rstrip())
        status = process.wait()
        with self._lock:
            if self._state == "cancelled":
                return
            done = status in (0, 1) and self.report.exists()
            self._state = "done" if done else "failed"
            if not done:
                self._problem = self._lines[-1] if self._lines else f"训练中止（{status}）"

    def cancel(self) -> None:
        """End a running training with all its workers; what it has not written is lost."""
        with self._lock:
            if self._state != "running" or self._process is None:
                return
            self._state = "cancelled"
            process = self._process
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGTERM)
            else:
                process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)

    def status(self) -> Status:
        outcome = None if self._state == "running" else self._outcome()
        state: State = "done" if self._state == "idle" and outcome else self._state
        return Status(
            state,
            tuple(self._lines[-8:]),
            min(0.98, len(self._lines) / _STEPS),
            self._problem,
            outcome,
        )

    def publish(self) -> Path:
        """Put the version of the last training to use; its folder. Raises `RequestError` where there is
        none, `GateError` where it does not pass the gate."""
        outcome = self._outcome()
        if outcome is None or self._state == "running":
            raise RequestError("没有可启用的新模型")
        version = self._models / READER / outcome.version
        publish(version)
        return version

    def _outcome(self) -> Outcome | None:
        """As the command wrote it; None where there is none, or it is of another make."""
        try:
            record: dict[str, Any] = json.loads(self.report.read_text("utf-8"))
            version = record.pop("version")
            for name in ("changes", "elsewhere"):
                record[name] = tuple(Change(**change) for change in record[name])
            known = {field.name for field in fields(Comparison)}
            comparison = Comparison(**{name: record[name] for name in known})
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not version or not (self._models / READER / version / "manifest.json").exists():
            return None
        return Outcome(version, comparison)


def _path() -> str:
    """Where the package stands, for a process that starts elsewhere."""
    here = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join([here, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
