"""Confirm or correct what is read, in the browser; nothing leaves this computer.

    python -m nlp.annotate REPORT-OR-FOLDER...     prints an address to open, until Ctrl-C
    python -m nlp.annotate results.duckdb          the reports of a batch

Decisions go to annotations/decisions/NAME.jsonl, each on the disk before the next question; training
examples are made of them (annotations/decided.jsonl) at start, at the end and before retraining.
Exit status: 0 done; 2 wrong usage, or the folder cannot be written; 3 no report; 4 rules, model or a
library missing; 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nlp.models_folder import models_folder
from nlp.output import console

ROOT = Path(__file__).resolve().parents[2]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; `argv` without the program's name, `sys.argv` by default."""
    console.prepare_streams()
    args = build_parser().parse_args(argv)
    return console.guard(lambda: run(args), debug=args.debug)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nlp.annotate",
        description="在浏览器里确认或改正读出的数字、问题和计划；不联网。",
        epilog="退出状态：0 完成；2 用法错误或无法写入；3 没有可标注的报告；4 规则、模型或组件缺失；130 被中断。",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("reports", nargs="*", metavar="REPORT", help="报告、文件夹，或批量结果 results.duckdb")
    add("--name", default="", metavar="NAME", help="标注人，默认用登录名；每人一个文件")
    add(
        "--annotations",
        type=Path,
        default=ROOT / "annotations",
        metavar="DIR",
        help="决定和训练数据所在的文件夹，默认 annotations/",
    )
    add("--models", type=Path, default=models_folder(), metavar="DIR", help="默认 models/")
    add("--splits", type=Path, default=ROOT / "corpora" / "splits.json", metavar="FILE")
    add("--port", type=int, default=0, metavar="N", help="端口，默认任选一个空闲的")
    add("--export", action="store_true", help="只把决定写成训练数据，不启动页面")
    add("--debug", action="store_true", help="出错时给出完整的调用栈")
    return parser


def run(args: argparse.Namespace) -> int:
    from nlp.annotate.serve import export_only, serve

    return export_only(args) if args.export else serve(args)


if __name__ == "__main__":
    sys.exit(main())
