"""Files that are either whole or not there: written beside their place, then moved into it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from nlp.errors import WRONG_USAGE, ReportError


class OutputError(ReportError):
    """A file that cannot be written where the user asked for it (exit status 2)."""

    status = WRONG_USAGE


@contextlib.contextmanager
def open_atomically(path: Path) -> Iterator[TextIO]:
    """A UTF-8 text file with \\n line ends that appears under `path` when the block ends well.

    An earlier file stays as it was until then, and for good when the block raises. A pipe or
    device is written directly. Raises `OutputError` where nothing can be written.
    """
    with _as_output_error(path):
        place = path.resolve()
        if place.is_dir():
            raise IsADirectoryError(21, "是一个目录", str(path))
        direct = place.exists() and not place.is_file()
        beside = place if direct else place.with_name(f".{place.name}.{os.getpid()}.tmp")
        stream = beside.open(
            "w" if direct else "x", encoding="utf-8", errors="backslashreplace", newline="\n"
        )
    try:
        with stream:
            yield stream
        if not direct:
            with _as_output_error(path):
                beside.replace(place)
    finally:
        if not direct:
            beside.unlink(missing_ok=True)


@contextlib.contextmanager
def _as_output_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            "output", f"无法写入（{reason}）", where=str(path), advice="请换一个位置"
        ) from error
