"""What every command does with its streams, its errors and its end.

A console or pipe of any encoding is written to without crashing; an error is one line on
stderr; Ctrl-C and a reader that has gone away (`| head`) are no errors of ours.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from typing import TextIO

from nlp.errors import UNREADABLE_INPUT, ReportError

PROGRAM = "nianbao"
INTERRUPTED = 130
BROKEN_PIPE = 141
_NARROWEST, _DEFAULT_WIDTH, _WIDEST = 40, 80, 140


class UnexpectedError(ReportError):
    """A bug of ours, told in one line. It leaves with the status of unreadable input (3)."""

    status = UNREADABLE_INPUT


def unexpected(error: Exception, *, where: str = "") -> UnexpectedError:
    """Any exception that is not a `ReportError`, as one with code `internal`."""
    problem = f"程序内部错误 {type(error).__name__}: {error}"
    advice = "请加 --debug 再运行一次，并把输出报告给项目"
    return UnexpectedError("internal", problem, where=where, advice=advice)


def prepare_streams() -> None:
    """Let stdout and stderr carry any character: what the encoding lacks is printed as \\uXXXX."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def complain(error: ReportError | str, *, debug: bool = False) -> None:
    """One line on stderr; with `debug` the traceback of the exception being handled before it."""
    if debug and sys.exc_info()[0] is not None:
        traceback.print_exc()
    print(f"{PROGRAM}: {error}", file=sys.stderr, flush=True)


def guard(command: Callable[[], int], *, debug: bool = False) -> int:
    """Run a command to its exit status, whatever happens in it."""
    try:
        status = command()
        sys.stdout.flush()
    except KeyboardInterrupt:
        complain("已中断")
        return INTERRUPTED
    except BrokenPipeError:
        _abandon(sys.stdout)
        return BROKEN_PIPE
    except ReportError as error:
        complain(error, debug=debug)
        return error.status
    except Exception as error:
        complain(unexpected(error), debug=debug)
        return UNREADABLE_INPUT
    return status


def _abandon(stream: TextIO) -> None:
    """Let the interpreter's last flush go nowhere, or it would complain after all."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return


def width(stream: TextIO) -> int:
    """Columns to fill: the terminal's within reason, 80 where the stream is none."""
    if not stream.isatty():
        return _DEFAULT_WIDTH
    columns = shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns
    return max(_NARROWEST, min(columns, _WIDEST))


def takes_colour(stream: TextIO) -> bool:
    """Whether a terminal reads the stream, and understands colour, and nobody declined it."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return os.name != "nt" or "WT_SESSION" in os.environ
