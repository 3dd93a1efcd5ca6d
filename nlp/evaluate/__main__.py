"""Score rules, classifier and both against annotated texts.

    python -m nlp.evaluate                       tables of every section
    python -m nlp.evaluate --format json         one object with every number (report_json.py)
    python -m nlp.evaluate --html report.html    a page as well

Results go to stdout, progress to stderr. Exit status: 0 done; 2 wrong usage, or the page cannot be
written; 3 annotations or splits cannot be read; 4 model or a library missing; 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from nlp.errors import InstallationError
from nlp.evaluate.names import LEARNING_CURVE, SECTIONS, SUSPICIOUS
from nlp.evaluate.wording import help_text
from nlp.output import console

if TYPE_CHECKING:
    from nlp.evaluate.material import Material
    from nlp.metrics import Lang


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; `argv` without the program's name, `sys.argv` by default."""
    console.prepare_streams()
    given = list(sys.argv[1:] if argv is None else argv)
    args = build_parser(lang="en" if _asks_for_english(given) else "zh").parse_args(given)
    return console.guard(lambda: run(args), debug=args.debug)


def build_parser(*, lang: Lang = "zh") -> argparse.ArgumentParser:
    """The command line, explained in the language asked for."""
    say = help_text(lang)
    parser = argparse.ArgumentParser(
        prog="python -m nlp.evaluate", description=say["description"], allow_abbrev=False
    )
    add = parser.add_argument
    add("--annotations", nargs="+", type=Path, metavar="FILE", help=say["annotations"])
    add("--splits", type=Path, metavar="FILE", help=say["splits"])
    add("--model", type=Path, metavar="FOLDER", help=say["model"])
    add("--side", choices=("test", "train", "all"), default="test", help=say["side"])
    add("--format", choices=("text", "json"), default="text", help=say["format"])
    add("--html", type=Path, metavar="FILE", help=say["html"])
    add("--only", nargs="+", choices=SECTIONS, metavar="SECTION",
        help=f"{say['only']} ({', '.join(SECTIONS)})")  # fmt: skip
    add("--learning-curve", action="store_true", help=say["learning_curve"])
    add("--suspicious", action="store_true", help=say["suspicious"])
    add("--lang", choices=("zh", "en"), default="zh", help=say["lang"])
    add("--debug", action="store_true", help=say["debug"])
    return parser


def run(args: argparse.Namespace) -> int:
    """Evaluate and print. The page is opened first: minutes of work should not end in a file that
    cannot be written."""
    with _page(args.html) as page:
        try:
            _evaluate(args, page)
        except ImportError as error:
            raise InstallationError(
                "dependency", f"缺少组件：{error}", advice="请运行 pip install 'nianbao-nlp[train]'"
            ) from error
    return 0


def _evaluate(args: argparse.Namespace, page: TextIO | None) -> None:
    if page:
        from nlp.output.page import require

        require()
    from nlp.evaluate import material, report_json, sections, tables
    from nlp.output import tabular

    files = args.annotations or material.default_annotations()
    splits = args.splits or material.CORPORA / "splits.json"
    loaded = material.load(files, splits, args.model, args.side)
    head = _head(args, loaded, [str(path) for path in files], str(splits))
    results = sections.evaluate(loaded, wanted(args), _progress, doubting=args.suspicious)
    if page:
        from nlp.evaluate.page import render

        page.write(render(head, results, args.lang))
    if args.format == "json":
        print(report_json.dumps(head, results))
        return
    made = [
        one for name, result in results.items() for one in tables.tables(name, result, args.lang)
    ]
    print(tables.heading(head, args.lang))
    print()
    print(tabular.render(made, console.width(sys.stdout)))


def wanted(args: argparse.Namespace) -> list[str]:
    """The sections to work out. The learning curve is left out unless it is asked for by flag or
    by name."""
    if args.only:
        asked = {*args.only} | ({LEARNING_CURVE} if args.learning_curve else set())
        return [
            name for name in SECTIONS if name in asked or (name == SUSPICIOUS and args.suspicious)
        ]
    return [name for name in SECTIONS if name != LEARNING_CURVE or args.learning_curve]


def _head(
    args: argparse.Namespace, loaded: Material, files: list[str], splits: str
) -> dict[str, Any]:
    from nlp.classifier.examples import is_report
    from nlp.evaluate.answers import marks_facts
    from nlp.models_folder import current_version

    version = args.model or current_version()
    reports = sum(map(is_report, loaded.side))
    lone = [one for one in loaded.side if not is_report(one) and one.marks]
    sentences = sum(map(marks_facts, lone))
    return {
        "side": args.side,
        "annotations": files,
        "splits": splits,
        "model": {"folder": str(version), "version": version.name},
        "texts": {"reports": reports, "sentences": sentences, "clauses": len(lone) - sentences},
    }


def _progress(message: str) -> None:
    console.complain(message)


@contextlib.contextmanager
def _page(path: Path | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    from nlp.output.writing import open_atomically

    with open_atomically(path) as stream:
        yield stream


def _asks_for_english(given: Sequence[str]) -> bool:
    return "--lang=en" in given or ("--lang", "en") in itertools.pairwise(given)


if __name__ == "__main__":
    sys.exit(main())
