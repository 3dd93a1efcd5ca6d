"""What a run tells while it works."""

import io

import pytest

from nlp.batch.progress import Lines, duration, line, shown
from nlp.batch.run import Tally
from nlp.batch.wording import _HELP, _PROGRESS
from nlp.output.columns import width_of

HALF = Tally(total=1_200, read=500, known=90, failed=10)


def test_a_line_tells_rate_failures_and_time_left() -> None:
    assert line(HALF, 50.0, "zh") == "600/1,200 新读500 已有90 失败10，10.0份/秒，约剩50秒"
    assert line(HALF, 50.0, "en") == "600/1,200 read 500 known 90 failed 10, 10.0/s, 50 s left"
    assert "约剩0秒" in line(Tally(total=3), 0.0, "zh")


def test_a_large_run_fits_on_a_terminal() -> None:
    large = Tally(total=100_000, read=90_000, known=5_000, failed=1_000)
    assert all(width_of(line(large, 36_000.0, lang)) < 76 for lang in ("zh", "en"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0秒"), (59.9, "59秒"), (61, "1分1秒"), (3_600, "1小时0分"), (90_061, "25小时1分")],
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert duration(seconds, "zh") == words


def test_a_log_gets_a_line_every_ten_seconds() -> None:
    stream = io.StringIO()
    times = iter([0.0, 1.0, 9.9, 10.0, 12.0, 19.9, 20.1])
    lines = Lines("zh", stream, clock=lambda: next(times))
    for _ in range(6):
        lines.tell(HALF)
    assert [row.rpartition("约剩")[2] for row in stream.getvalue().splitlines()] == [
        "10秒",
        "20秒",
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_and_a_quiet_run_nothing() -> None:
    terminal = Terminal()
    with shown(lang="zh", stream=terminal) as tell:
        tell(HALF)
    assert "600/1,200" in terminal.getvalue()
    quiet = Terminal()
    with shown(lang="zh", quiet=True, stream=quiet) as tell:
        tell(HALF)
    assert quiet.getvalue() == ""


@pytest.mark.parametrize("words", [_PROGRESS, _HELP])
def test_both_languages_say_the_same_things(words: dict[str, dict[str, str]]) -> None:
    assert words["zh"].keys() == words["en"].keys()
