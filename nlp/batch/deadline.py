"""A time limit that stops whatever runs: Python code by an exception, anything else by its process.

Two limits stand one behind the other. The first raises `TimeLimitError` in the reading thread, and
the process goes on with the next report. A pattern that never comes back to Python does not see
that; so a little later faulthandler's own thread, which needs no cooperation, ends the process, and
whoever waits for the process tells why.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from functools import cache
from typing import IO, Any

GRACE = 5.0  # seconds from the exception to the end of the process
ENDED_BY_LIMIT = 1  # its exit status: faulthandler knows no other


class TimeLimitError(BaseException):
    """The limit is over. No `except Exception` on its way swallows it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeLimitError` when the block takes longer; end the process `GRACE` after that."""
    with _process_ends(seconds + GRACE):
        in_main = threading.current_thread() is threading.main_thread()
        raising = _by_signal if in_main and hasattr(signal, "setitimer") else _by_thread
        with raising(seconds):
            yield


@contextlib.contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    """Interrupts a blocking read as well."""
    before = signal.signal(signal.SIGALRM, _raise)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _raise(number: int, frame: Any) -> None:
    raise TimeLimitError


@contextlib.contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    """Where there are no such signals: on Windows, and in any but the main thread."""
    reader, over, lock = threading.get_ident(), False, threading.Lock()

    def end() -> None:
        with lock:
            if not over:
                exception = ctypes.py_object(TimeLimitError)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(reader), exception)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            over = True
        timer.cancel()


@contextlib.contextmanager
def _process_ends(seconds: float) -> Iterator[None]:
    """faulthandler has one timer for a process: two blocks at once would share it."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=_nowhere())
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@cache
def _nowhere() -> IO[str]:
    return open(os.devnull, "w")  # noqa: PTH123 - kept open: the timer writes to it
