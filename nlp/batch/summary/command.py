"""Tell what a batch found, on the terminal, as JSON, or as one self-contained page.

    python -m nlp.batch summary DIR
    python -m nlp.batch summary DIR --html page.html

Exit status: 0 done; 2 wrong usage, no results there, or the page cannot be written; 3 the database
cannot be used; 4 a library is missing; 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

from nlp.batch.summary.wording import help_text, words
from nlp.errors import InstallationError
from nlp.metrics import Lang
from nlp.output import console

_MOST, _MOST_ON_PAGE = 12, 200


def main(argv: Sequence[str]) -> int:
    """Run the command; `argv` without the words that name it."""
    lang: Lang = "en" if "--lang=en" in argv or ("--lang", "en") in pairwise(argv) else "zh"
    args = build_parser(lang=lang).parse_args(argv)
    return console.guard(lambda: run(args), debug=args.debug)


def build_parser(*, lang: Lang = "zh") -> argparse.ArgumentParser:
    """The command line, explained in the language asked for."""
    say = help_text(lang)
    parser = argparse.ArgumentParser(
        prog="python -m nlp.batch summary", description=say["description"], allow_abbrev=False
    )
    add = parser.add_argument
    add("folder", type=Path, metavar="DIR", help=say["folder"])
    add("--html", type=Path, metavar="FILE", help=say["html"])
    add("--format", choices=("text", "json"), default="text", help=say["format"])
    add("--most", type=_positive, default=_MOST, metavar="N", help=say["most"])
    add("--lang", choices=("zh", "en"), default="zh", help=say["lang"])
    add("--debug", action="store_true", help=say["debug"])
    return parser


def _positive(word: str) -> int:
    if (number := int(word)) <= 0:
        raise ValueError
    return number


def run(args: argparse.Namespace) -> int:
    """Count, print, and write the page."""
    from nlp.batch.database import open_results
    from nlp.batch.summary.tallies import summarise
    from nlp.output.writing import open_atomically

    if args.html:
        _require_page()
    with open_atomically(args.html) if args.html else nullcontext() as page:
        with open_results(args.folder) as connection:
            summary = summarise(connection)
        if page:
            from nlp.batch.summary.page import render

            page.write(render(summary, args.lang, most=max(args.most, _MOST_ON_PAGE)))
        if args.format == "json":
            print(json.dumps(asdict(summary), ensure_ascii=False))
            return 0
        from nlp.batch.summary import tables
        from nlp.output import tabular

        made = tables.sections(summary, args.lang, args.most)
        print(f"{words(args.lang)['title']}\n{tables.heading(summary, args.lang)}")
        if made:
            print()
            print(tabular.render([t for _, ts in made for t in ts], console.width(sys.stdout)))
    return 0


def _require_page() -> None:
    from nlp.output import page

    try:
        page.require()
    except ImportError as error:
        advice = "请运行 pip install 'nianbao-nlp[train]'"
        raise InstallationError("dependency", f"缺少组件：{error}", advice=advice) from error
