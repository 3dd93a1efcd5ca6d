"""Read many reports into one database; export it; tell what was found.

    python -m nlp.batch INPUT... --out DIR           read; stop it at any time, run it again to go on
    python -m nlp.batch export DIR --format xlsx     tables and the workbook, again or later
    python -m nlp.batch summary DIR                  what the run found, on the screen or as a page

Exit status: 0 done; 1 done, but some files failed; 2 wrong usage, or the output cannot be written;
3 the database cannot be used, or an internal error; 4 rules, model or a library missing, or no
Dask cluster; 130 interrupted (what was read is kept).
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.batch.wording import help_text, progress_words
from nlp.output import console

if TYPE_CHECKING:
    from nlp.metrics import Lang

SOME_FAILED = 1
_FORMATS = ("parquet", "csv", "jsonl", "xlsx")
_TIME_LIMIT = 60.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; `argv` without the program's name, `sys.argv` by default."""
    console.prepare_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["summary"]:
        from nlp.batch.summary import command

        return command.main(words[1:])
    lang: Lang = "en" if "--lang=en" in words or _english(words) else "zh"
    if words[:1] == ["export"]:
        args = export_parser(lang=lang).parse_args(words[1:])
        return console.guard(lambda: export(args), debug=args.debug)
    args = build_parser(lang=lang).parse_args(words)
    return console.guard(lambda: read(args), debug=args.debug)


def _english(words: Sequence[str]) -> bool:
    return ("--lang", "en") in itertools.pairwise(words)


def build_parser(*, lang: Lang = "zh") -> argparse.ArgumentParser:
    """The command line of reading, explained in the language asked for."""
    say = help_text(lang)
    parser = _parser("python -m nlp.batch", say["description"], epilog=say["epilog"])
    add = parser.add_argument
    add("inputs", nargs="*", metavar="INPUT", help=say["inputs"])
    add("--out", type=Path, required=True, metavar="DIR", help=say["out"])
    add("--list", type=Path, action="append", default=[], metavar="FILE", help=say["list"])
    add("--match", default="*", metavar="GLOB", help=say["match"])
    add("--jobs", type=_positive(int), metavar="N", help=say["jobs"])
    add("--engine", choices=("local", "dask"), default="local", help=say["engine"])
    add("--scheduler", metavar="ADDRESS", help=say["scheduler"])
    add("--time-limit", type=_positive(float), default=_TIME_LIMIT, metavar="SECONDS",
        help=say["time_limit"])  # fmt: skip
    add("--export", choices=_FORMATS, action="append", default=[], help=say["export"])
    add("--model", metavar="FOLDER", help=say["model"])
    add("--segmenter", default="jieba", metavar="NAME", help=say["segmenter"])
    add("--quiet", action="store_true", help=say["quiet"])
    _add_common(parser, say)
    return parser


def export_parser(*, lang: Lang = "zh") -> argparse.ArgumentParser:
    """The command line of exporting."""
    say = help_text(lang)
    parser = _parser("python -m nlp.batch export", say["export_description"])
    add = parser.add_argument
    add("folder", type=Path, metavar="DIR", help=say["folder"])
    add("--format", choices=_FORMATS, action="append", required=True, help=say["format"])
    add("--to", type=Path, metavar="FOLDER", help=say["to"])
    _add_common(parser, say)
    return parser


def _parser(prog: str, description: str, *, epilog: str = "") -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=prog,
        description=description,
        epilog=epilog,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_common(parser: argparse.ArgumentParser, say: dict[str, str]) -> None:
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help=say["lang"])
    parser.add_argument("--debug", action="store_true", help=say["debug"])


def _positive(number: Callable[[str], float]) -> Callable[[str], float]:
    def positive(word: str) -> float:
        value = number(word)
        if value <= 0:
            raise ValueError
        return value

    return positive


def read(args: argparse.Namespace) -> int:
    """Read all inputs; then compare, then export. Status 1 where files failed."""
    from nlp.batch.inputs import Inputs, UsageError
    from nlp.batch.progress import shown
    from nlp.batch.run import Options, run

    if (args.engine == "dask") != bool(args.scheduler):
        advice = "请同时给出 --engine dask 和 --scheduler 地址"
        raise UsageError("engine", "--engine 与 --scheduler 不配套", advice=advice)
    say = progress_words(args.lang)
    options = Options(args.jobs, args.scheduler, args.model, args.segmenter, args.time_limit)
    inputs = Inputs(args.inputs, args.list, args.match)

    def comparing() -> None:
        if not args.quiet:
            console.complain(say["between"])

    try:
        with shown(lang=args.lang, quiet=args.quiet) as tell:
            tally = run(inputs, args.out, options, tell=tell, comparing=comparing)
    except KeyboardInterrupt:
        console.complain(say["interrupted"])
        return console.INTERRUPTED
    console.complain(
        say["done"].format(
            total=tally.total, read=tally.read, known=tally.known, failed=tally.failed
        )
    )
    if args.export:
        _export(args.out, args.export, args.out / "export", say)
    elif tally.failed:
        console.complain(say["look"].format(out=args.out))
    return SOME_FAILED if tally.failed else 0


def export(args: argparse.Namespace) -> int:
    """Write files from the database."""
    _export(args.folder, args.format, args.to or args.folder / "export", progress_words(args.lang))
    return 0


def _export(folder: Path, formats: Sequence[str], to: Path, say: dict[str, str]) -> None:
    from nlp.batch.database import open_results
    from nlp.batch.export import export as write

    with open_results(folder) as connection:
        for path in write(connection, formats, to):
            print(path)


if __name__ == "__main__":
    sys.exit(main())
