"""How far a run is: a bar on a terminal, a line every ten seconds anywhere else."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from nlp.batch.run import Tally
from nlp.batch.wording import progress_words
from nlp.metrics import Lang

_EVERY = 10.0


@contextlib.contextmanager
def shown(
    *, lang: Lang, quiet: bool = False, stream: TextIO | None = None
) -> Iterator[Callable[[Tally], None]]:
    """A function that shows how far the run is."""
    stream = stream or sys.stderr
    if quiet:
        yield lambda tally: None
    elif stream.isatty():
        with _bar(lang, stream) as tell:
            yield tell
    else:
        yield Lines(lang, stream).tell


class Lines:
    """Lines for a log. `clock` gives seconds."""

    def __init__(
        self, lang: Lang, stream: TextIO, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lang, self._stream, self._clock = lang, stream, clock
        self._began = self._told = clock()

    def tell(self, tally: Tally) -> None:
        """Print a line, if the last one is long enough ago."""
        now = self._clock()
        if now - self._told >= _EVERY:
            self._told = now
            print(line(tally, now - self._began, self._lang), file=self._stream, flush=True)


def line(tally: Tally, seconds: float, lang: Lang) -> str:
    """How far the run is after `seconds`; the rate counts what was read, and the time left is that
    of files still to be looked at, at the pace so far."""
    say = progress_words(lang)
    left = seconds / tally.done * (tally.total - tally.done) if tally.done else 0.0
    return say["line"].format(
        done=tally.done,
        total=tally.total,
        read=tally.read,
        known=tally.known,
        failed=tally.failed,
        rate=tally.read / seconds if seconds else 0.0,
        left=duration(left, lang),
    )


def duration(seconds: float, lang: Lang) -> str:
    """A time in its two largest units."""
    say = progress_words(lang)
    hours, minutes = int(seconds // 3600), int(seconds // 60 % 60)
    if hours:
        return say["hours"].format(hours=hours, minutes=minutes)
    if minutes:
        return say["minutes"].format(minutes=minutes, seconds=int(seconds % 60))
    return say["seconds"].format(seconds=int(seconds))


@contextlib.contextmanager
def _bar(lang: Lang, stream: TextIO) -> Iterator[Callable[[Tally], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.table import Column

    columns = (
        BarColumn(bar_width=None, table_column=Column(ratio=1)),  # what the words leave
        TaskProgressColumn(),
        TextColumn("{task.description}", table_column=Column(no_wrap=True)),
    )
    console = Console(file=stream)
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        task = progress.add_task("", total=None)
        began = time.monotonic()

        def tell(tally: Tally) -> None:
            words = line(tally, time.monotonic() - began, lang)
            progress.update(task, total=tally.total, completed=tally.done, description=words)

        yield tell
