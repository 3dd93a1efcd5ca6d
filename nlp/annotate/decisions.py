"""The log of decisions: one file for each annotator, only ever appended to, on the disk before the
next question is shown. What holds now is what a replay of the log gives; undo is a line of its own.

    {"action": "decide", "by": "王", "at": "2025-03-01T08:00:00Z", "report": "某县.txt", "model": "0001",
     "reason": "border", "guess": [{"metric": …}], "classifier": ["training.sessions", 0.83],
     "touched": [{"task": "3fa9c1d2e07b:f12-15", "done": true, "labels": [{…}], "context": {…}}]}

A line that a crash cut short was never confirmed to anybody: it is passed over, not mended.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from nlp.annotate.tasks import Context, Label, label_from_json, label_json
from nlp.errors import WRONG_USAGE, ReportError
from nlp.output.writing import OutputError

# decide: settled; edit: changed, to be settled yet; skip: left for later; undo: the last line void
Action = Literal["decide", "edit", "skip", "undo"]
_APPENDING = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
_NAME = re.compile(r"[\w\u3400-\u9fff][\w\u3400-\u9fff-]{0,31}")


class AnnotatorNameError(ReportError):
    """A name that cannot be one of a file (exit status 2)."""

    status = WRONG_USAGE


@dataclass(frozen=True, slots=True)
class Touched:
    """What a decision says of one task; a merge or a split touches two. No labels: not decided
    (skipped), or swallowed by its neighbour (`done`)."""

    task: str
    labels: tuple[Label, ...]
    done: bool
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log. `guess`, `classifier` and `model` are what the person was shown."""

    action: Action
    by: str
    at: str = ""
    report: str = ""
    model: str = ""
    reason: str = ""
    guess: tuple[Label, ...] = ()
    classifier: tuple[str, float] | None = None
    touched: tuple[Touched, ...] = ()

    @property
    def task(self) -> str:
        """The task that was shown."""
        return self.touched[0].task if self.touched else ""


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def dumps(decision: Decision) -> str:
    """One line of JSON, without the line end."""
    record: dict[str, Any] = {
        "action": decision.action, "by": decision.by, "at": decision.at,
    }  # fmt: skip
    if decision.action != "undo":
        record |= {
            "report": decision.report,
            "model": decision.model,
            "reason": decision.reason,
            "guess": [label_json(one) for one in decision.guess],
            "classifier": list(decision.classifier) if decision.classifier else None,
            "touched": [
                {
                    "task": one.task,
                    "done": one.done,
                    "labels": [label_json(label) for label in one.labels],
                    "context": asdict(one.context) if one.context else None,
                }
                for one in decision.touched
            ],
        }
    return json.dumps(record, ensure_ascii=False)


def loads(line: str) -> Decision:
    """Raises `ValueError`, `KeyError` or `TypeError` where the line is no decision."""
    record = json.loads(line)
    touched = tuple(
        Touched(
            one["task"],
            tuple(label_from_json(label) for label in one["labels"]),
            bool(one["done"]),
            Context(**one["context"]) if one["context"] else None,
        )
        for one in record.get("touched", ())
    )
    classifier = record.get("classifier")
    return Decision(
        record["action"],
        record["by"],
        record.get("at", ""),
        record.get("report", ""),
        record.get("model", ""),
        record.get("reason", ""),
        tuple(label_from_json(label) for label in record.get("guess", ())),
        (str(classifier[0]), float(classifier[1])) if classifier else None,
        touched,
    )


@dataclass
class Replay:
    """What holds of one annotator's decisions. `held` are those not undone, in order; `stacks` has
    for each task what was said of it, the last on top."""

    held: list[Decision] = field(default_factory=list)
    stacks: dict[str, list[tuple[Decision, Touched]]] = field(default_factory=dict)
    undone: str = ""  # the task of the decision undone last, until something else is decided
    broken: int = 0

    def add(self, decision: Decision) -> None:
        if decision.action != "undo":
            self.held.append(decision)
            for one in decision.touched:
                self.stacks.setdefault(one.task, []).append((decision, one))
            self.undone = ""
        elif self.held:
            last = self.held.pop()
            for one in last.touched:
                self.stacks[one.task].pop()
                if not self.stacks[one.task]:
                    del self.stacks[one.task]
            self.undone = last.task

    def current(self, task: str) -> tuple[Decision, Touched] | None:
        """What holds of a task."""
        stack = self.stacks.get(task)
        return stack[-1] if stack else None

    def is_done(self, task: str) -> bool:
        found = self.current(task)
        return found is not None and found[1].done

    def is_skipped(self, task: str) -> bool:
        found = self.current(task)
        return found is not None and found[0].action == "skip"

    def settled(self) -> Iterator[tuple[Decision, Touched]]:
        """What holds of each task that is done."""
        for stack in self.stacks.values():
            if stack[-1][1].done:
                yield stack[-1]


class Log:
    """The logs of all annotators of a folder; `own` belongs to `by`, who alone writes to it here.

    Raises `AnnotatorNameError` for a name that no file can have, `OutputError` where the folder cannot be
    written.
    """

    def __init__(self, folder: Path, by: str) -> None:
        if not _NAME.fullmatch(by):
            raise AnnotatorNameError(
                "name",
                f"姓名不能用作文件名：{by!r}",
                advice="只用汉字、字母、数字、_ 和 -，至多32字",
            )
        self.folder, self.by = folder, by
        self.all: dict[str, Replay] = {}
        self._read: dict[str, int] = {}  # how many bytes of each file have been replayed
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._end_tail()
        except OSError as error:
            raise _unwritable(folder, error) from error
        self.catch_up()

    @property
    def path(self) -> Path:
        return self.folder / f"{self.by}.jsonl"

    @property
    def own(self) -> Replay:
        return self.all.setdefault(self.by, Replay())

    @property
    def others(self) -> dict[str, Replay]:
        return {name: replay for name, replay in self.all.items() if name != self.by}

    def append(self, decision: Decision) -> None:
        """Write one decision and see it onto the disk; only then does it hold."""
        line = dumps(decision).encode("utf-8", "surrogatepass") + b"\n"
        try:
            place = os.open(self.path, _APPENDING, 0o644)
            try:
                written = os.write(place, line)
                if written < len(line):  # a full disk: the rest of the line would be lost
                    os.write(place, b"\n")
                    raise OSError(28, "写入不完整")
                os.fsync(place)
            finally:
                os.close(place)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self.catch_up()

    def catch_up(self) -> None:
        """Replay what this or another process has appended since."""
        for path in sorted(self.folder.glob("*.jsonl")):
            start = self._read.get(path.name, 0)
            if path.stat().st_size < start:  # another file under the old name: all of it anew
                start = 0
                self.all[path.stem] = Replay()
            with path.open("rb") as file:
                file.seek(start)
                new = file.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._read[path.name] = start + len(whole)
            replay = self.all.setdefault(path.stem, Replay())
            for line in whole.splitlines():
                if not line.strip():
                    continue
                try:
                    replay.add(loads(line.decode("utf-8", "surrogatepass")))
                except (ValueError, KeyError, TypeError, IndexError, AttributeError):
                    replay.broken += 1

    def _end_tail(self) -> None:
        """End a line that a crash cut short, so that the next one is whole."""
        if not self.path.exists():
            return
        with self.path.open("r+b") as file:
            if (
                file.seek(0, os.SEEK_END)
                and file.seek(-1, os.SEEK_END) >= 0
                and file.read() != b"\n"
            ):
                file.write(b"\n")


def _unwritable(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or type(error).__name__
    return OutputError(
        "output",
        f"无法写入（{reason}）",
        where=str(path),
        advice="请检查磁盘空间和权限，或换一个文件夹",
    )
