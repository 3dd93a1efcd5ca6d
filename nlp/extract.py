"""Read reports and print what they say, the differences between prose and tables first.

    python -m nlp.extract FILE... | -      one screen for each report
    python -m nlp.extract FILE... --format json      one JSON object a line

Results go to stdout, everything else to stderr. Exit status: 0 done; 1 differences found and
--fail-on given; 2 wrong usage; 3 a report could not be read (the others are still read), or an
error of the program's own; 4 rules or model missing or corrupt; 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from nlp import __version__
from nlp.errors import DIFFERENCES_FOUND, InstallationError, ReportError
from nlp.metrics import Lang
from nlp.output import console
from nlp.output.wording import help_text

if TYPE_CHECKING:
    from nlp.classifier.reader import Reader
    from nlp.records import ReportResult

STDIN = "-"
NO_MODEL, DEFAULT_SEGMENTER = "none", "jieba"
CURRENT = "current"  # as nlp.pipeline.CURRENT, which is not imported before it is needed


@dataclass(frozen=True, slots=True)
class Sink:
    """Where results are written, and what that place can show."""

    stream: TextIO
    encoding: str
    width: int
    colour: bool


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; `argv` without the program's name, `sys.argv` by default."""
    console.prepare_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    args = build_parser(lang="en" if _asks_for_english(words) else "zh").parse_args(words)
    return console.guard(lambda: run(args), debug=args.debug)


def build_parser(*, lang: Lang = "zh") -> argparse.ArgumentParser:
    """The command line, explained in the language asked for."""
    say = help_text(lang)
    parser = argparse.ArgumentParser(
        prog=console.PROGRAM,
        description=say["description"],
        epilog=say["epilog"],
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE", help=say["files"])
    add("--format", choices=("text", "json"), default="text", help=say["format"])
    add("--include-text", action="store_true", help=say["include_text"])
    add("--why", action="store_true", help=say["why"])
    add("--lang", choices=("zh", "en"), default="zh", help=say["lang"])
    add(
        "--fail-on",
        choices=("mismatch", "violated"),
        action="append",
        default=[],
        help=say["fail_on"],
    )
    add("--output", type=Path, metavar="FILE", help=say["output"])
    add("--model", metavar="FOLDER", help=say["model"])
    add("--segmenter", default=DEFAULT_SEGMENTER, metavar="NAME", help=say["segmenter"])
    add("--debug", action="store_true", help=say["debug"])
    add("--version", action="version", version=f"{console.PROGRAM} {__version__}")
    return parser


def run(args: argparse.Namespace) -> int:
    """Read every file and write its result; the highest status of all is the command's."""
    paths = list(_once(args.files))
    status = 0
    with _sink(args, paths) as sink:
        for number, path in enumerate(paths):
            answer, status_of_file = _answer(path, args=args, sink=sink)
            status = max(status, status_of_file)
            if answer:
                if args.format == "text" and len(paths) > 1:
                    answer = f"==> {path} <==\n{answer}"
                blank = "\n" if number and args.format == "text" else ""
                print(blank + answer, file=sink.stream, flush=True)
    return status


def _answer(path: str, *, args: argparse.Namespace, sink: Sink) -> tuple[str, int]:
    """What to print for one file, and its status. Only a broken installation is raised."""
    try:
        result = _read(path, args)
        return _printed(result, args=args, sink=sink), _differences(result, args.fail_on)
    except InstallationError:
        raise
    except ImportError as error:
        raise _incomplete(error) from error
    except ReportError as error:
        problem = error
        console.complain(problem, debug=args.debug)
    except Exception as error:
        problem = console.unexpected(error, where=path)
        console.complain(problem, debug=args.debug)
    if args.format == "text":
        return "", problem.status
    from nlp.output import json

    return json.line(json.error_to_dict(path, problem), encoding=sink.encoding), problem.status


def _read(path: str, args: argparse.Namespace) -> ReportResult:
    from nlp import pipeline, reading

    if path == STDIN:
        return pipeline.analyse(reading.read_stdin(), _reader(args))
    return pipeline.read_report(path, _reader(args))


def _reader(args: argparse.Namespace) -> Reader | str | None:
    """The reader that was asked for; none named, that of the model in use."""
    if args.model == NO_MODEL:
        return None
    if args.model is None and args.segmenter == DEFAULT_SEGMENTER:
        return CURRENT
    from nlp.classifier.reader import open_reader

    return open_reader(args.model, args.segmenter)


def _incomplete(error: ImportError) -> InstallationError:
    return InstallationError("dependency", f"缺少组件：{error}", advice="请重新安装 nianbao-nlp")


def _printed(result: ReportResult, *, args: argparse.Namespace, sink: Sink) -> str:
    if args.format == "json":
        from nlp.output import json

        record = json.to_dict(result, include_text=args.include_text, why=args.why)
        return json.line(record, encoding=sink.encoding)
    from nlp.output import terminal

    return terminal.render(
        result, lang=args.lang, why=args.why, width=sink.width, colour=sink.colour
    )


def _differences(result: ReportResult, fail_on: Sequence[str]) -> int:
    verdicts = {check.verdict for check in result.checks}
    verdicts_of_findings = {finding.verdict for finding in result.findings}
    return DIFFERENCES_FOUND if {*verdicts, *verdicts_of_findings} & set(fail_on) else 0


@contextlib.contextmanager
def _sink(args: argparse.Namespace, paths: Sequence[str]) -> Iterator[Sink]:
    out = sys.stdout
    if args.output is None:
        yield Sink(out, out.encoding or "utf-8", console.width(out), console.takes_colour(out))
        return
    from nlp.output.writing import OutputError, open_atomically

    if any(path != STDIN and _place(path) == _place(args.output) for path in paths):
        raise OutputError(
            "output", "输出文件就是要读的报告", where=str(args.output), advice="请换一个位置"
        )
    with open_atomically(args.output) as stream:
        yield Sink(stream, "utf-8", console.width(stream), colour=False)


def _once(paths: Sequence[str]) -> Iterator[str]:
    seen = set()
    for path in paths:
        place = STDIN if path == STDIN else _place(path)
        if place not in seen:
            seen.add(place)
            yield path


def _place(path: str | Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _asks_for_english(words: Sequence[str]) -> bool:
    return "--lang=en" in words or ("--lang", "en") in itertools.pairwise(words)


if __name__ == "__main__":
    sys.exit(main())
