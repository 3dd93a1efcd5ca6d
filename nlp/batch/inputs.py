"""The files that the words of a command line name: in a fixed order, one after another.

Folders are walked to their end, hidden files left out. What cannot be read (a link to nowhere, a
folder without permission, links in a circle) is named too, with its error: nothing is left out in
silence.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from nlp.batch.worker import Error, told
from nlp.errors import WRONG_USAGE, InputError, ReportError
from nlp.reading import MAX_BYTES, file_bytes


class UsageError(ReportError):
    """Inputs that name nothing (exit status 2)."""

    status = WRONG_USAGE


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or a place that could not be looked into: then `error` tells why."""

    path: str
    error: Error | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file with its bytes, or with the error that kept them away. `name` is its absolute path,
    bytes that are no text written \\xNN."""

    name: str
    data: bytes = b""
    sha256: str | None = None
    error: Error | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """What to read: files, folders and patterns; `lists` are files with a path on each line;
    `match` limits what is taken from folders (*.txt)."""

    words: Sequence[str] = ()
    lists: Sequence[Path] = ()
    match: str = "*"

    def check(self) -> None:
        """Raises `UsageError` for a word that names nothing, before any work is done."""
        if not self.words and not self.lists:
            raise UsageError("inputs", "没有指定报告", advice="请给出文件、文件夹、通配符或 --list")
        for word in self.words:
            if not os.path.lexists(word) and not _matches(word):
                raise UsageError(
                    "inputs", "没有这样的文件或文件夹", where=word, advice="请检查路径"
                )
        for path in self.lists:
            if not path.is_file():
                raise UsageError("inputs", "清单不存在", where=str(path), advice="请检查路径")

    def find(self) -> Iterator[Found]:
        """Every file in the order of the words, those of folders and patterns by name."""
        for word in self.words:
            if os.path.lexists(word):
                yield from self._found(word)
            else:
                for path in _matches(word):
                    yield from self._found(path)
        for file in self.lists:
            with file.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
                for line in lines:
                    if line.strip():
                        yield from self._found(line.rstrip("\r\n"))

    def _found(self, path: str) -> Iterator[Found]:
        if Path(path).is_dir():
            yield from _walk(path, self.match, frozenset())
        else:
            yield Found(path)


def _matches(pattern: str) -> list[str]:
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob starts in a folder


def _walk(folder: str, match: str, above: frozenset[tuple[int, int]]) -> Iterator[Found]:
    try:
        status = os.stat(folder)  # noqa: PTH116 - names that are no text stay as they are
        place = (status.st_dev, status.st_ino)
        names = sorted(os.listdir(folder))  # noqa: PTH208
    except OSError as error:
        problem = f"文件夹无法读取（{error.strerror}）"
        code = "permission" if isinstance(error, PermissionError) else "unreadable"
        yield Found(folder, Error(code, f"{problem}；请检查权限"))
        return
    if place in above:
        yield Found(folder, Error("loop", "文件夹的符号链接成环；请删去该链接"))
        return
    for name in names:
        path = os.path.join(folder, name)  # noqa: PTH118
        if name.startswith("."):
            continue
        if os.path.isdir(path):  # noqa: PTH112
            yield from _walk(path, match, above | {place})
        elif fnmatchcase(name, match):
            yield Found(path)


def load(found: Found) -> File:
    """The bytes of a file and their digest, or the error that kept them away."""
    name = absolute(found.path)
    if found.error:
        return File(name, error=found.error)
    try:
        _refuse_pipes(found.path)
        data = file_bytes(found.path)
    except InputError as error:
        return File(name, error=told(error))
    return File(name, data, hashlib.sha256(data).hexdigest())


def _refuse_pipes(path: str) -> None:
    """Reading a pipe or a device would wait for ever, or never end."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ELOOP:
            raise InputError("loop", "符号链接成环", advice="请删去该链接") from error
        return  # file_bytes tells it better
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise InputError("unreadable", "不是普通文件", advice="请指定报告的文本文件")


def absolute(path: str) -> str:
    """The absolute path, as text that every database and table can hold."""
    whole = os.path.abspath(path)  # noqa: PTH100 - links stay as they are named
    return os.fsencode(whole).decode("utf-8", "backslashreplace")


def windows(
    found: Iterator[Found], *, files: int, most_bytes: int = 4 * MAX_BYTES
) -> Iterator[list[File]]:
    """The files in portions that fit into memory."""
    window: list[File] = []
    weight = 0
    for one in found:
        file = load(one)
        window.append(file)
        weight += len(file.data)
        if len(window) >= files or weight >= most_bytes:
            yield window
            window, weight = [], 0
    if window:
        yield window
