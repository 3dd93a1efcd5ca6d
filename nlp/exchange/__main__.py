"""Annotated texts out to an annotation tool, and back.

    python -m nlp.exchange export --format doccano IN.jsonl OUT
    python -m nlp.exchange import --format doccano IN OUT.jsonl
    python -m nlp.exchange draft REPORT OUT.txt     what is read of a report, as marks to correct

Formats: marked (the authors' own, a sentence a line), doccano (JSONL), label-studio (JSON), brat
(a folder), docbin (spaCy). Counts go to stderr.
Exit status: 0 done; 2 wrong usage, or the output is there already or cannot be written; 3 the input
cannot be read; 4 spaCy missing; 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.errors import InputError
from nlp.output import console
from nlp.output.writing import OutputError, open_atomically

if TYPE_CHECKING:
    from nlp.annotations import AnnotatedText

FORMATS = ("marked", "doccano", "label-studio", "brat", "docbin")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; `argv` without the program's name, `sys.argv` by default."""
    console.prepare_streams()
    args = build_parser().parse_args(argv)
    return console.guard(lambda: run(args), debug=args.debug)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nlp.exchange",
        description="标注文本与标注工具之间的转换",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="export|import|draft")
    out = commands.add_parser("export", help="从标注文件导出", allow_abbrev=False)
    out.add_argument("source", type=Path, metavar="IN.jsonl", help="标注文件")
    out.add_argument("target", type=Path, metavar="OUT", help="文件；brat 为文件夹")
    out.add_argument(
        "--force", action="store_true", help="覆盖已有的文件；brat 文件夹里的其他文件不动"
    )
    back = commands.add_parser("import", help="导入标注文件", allow_abbrev=False)
    back.add_argument("source", type=Path, metavar="IN", help="标注工具的文件；brat 为文件夹")
    back.add_argument("target", type=Path, metavar="OUT.jsonl", help="标注文件，只追加有改动的文本")
    draft = commands.add_parser("draft", help="读一份报告，写成可改的标注草稿", allow_abbrev=False)
    draft.add_argument("source", type=Path, metavar="REPORT", help="报告")
    draft.add_argument(
        "target", type=Path, metavar="OUT.txt", help="草稿：一句一行，标记写法见 nlp/markup.py"
    )
    draft.add_argument("--force", action="store_true", help="覆盖已有的文件")
    draft.add_argument("--debug", action="store_true", help="出错时显示完整的调用过程")
    for command in (out, back):
        command.add_argument("--format", choices=FORMATS, required=True, help="标注工具")
        command.add_argument("--debug", action="store_true", help="出错时显示完整的调用过程")
    return parser


def run(args: argparse.Namespace) -> int:
    command = {"export": _export, "import": _import, "draft": _draft}[args.command]
    try:
        command(args)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError("output", f"无法写入（{reason}）", where=str(args.target)) from error
    return 0


def _export(args: argparse.Namespace) -> None:
    from nlp import annotations

    if args.target.exists() and not args.force:
        raise OutputError(
            "output", "已经存在", where=str(args.target), advice="请换一个位置，或加 --force"
        )
    texts = annotations.read(args.source)
    _write(args.format, texts, args.target)
    console.complain(f"导出{len(texts)}条，{sum(len(one.marks) for one in texts)}处标注")


def _draft(args: argparse.Namespace) -> None:
    from nlp.exchange.marked import drafted
    from nlp.pipeline import read_report

    if args.target.exists() and not args.force:
        raise OutputError(
            "output", "已经存在", where=str(args.target), advice="请换一个位置，或加 --force"
        )
    lines = list(drafted(read_report(args.source)))
    with open_atomically(args.target) as stream:
        stream.writelines(f"{line}\n" for line in lines)
    console.complain(f"{len(lines)}句；改好后用 import --format marked 读入")


def _import(args: argparse.Namespace) -> None:
    from nlp import annotations
    from nlp.exchange.marks import in_order

    try:
        texts = _read(args.format, args.source)
    except InputError as error:
        raise _named(error, args.source) from error
    _refuse_twins(texts, args.source)
    earlier = annotations.read(args.target) if args.target.exists() else ()
    # In which order the older file lists its marks says nothing.
    latest = {one.id: replace(one, marks=in_order(one.marks)) for one in earlier}
    changed = [one for one in texts if latest.get(one.id) != one]
    if changed:
        annotations.append(args.target, changed)
    console.complain(f"读入{len(texts)}条，追加{len(changed)}条")


def _named(error: InputError, source: Path) -> InputError:
    """The error with the file in which it is."""
    if str(source) in error.where:
        return error
    where = "：".join(part for part in (str(source), error.where) if part)
    return InputError(error.code, error.problem, where=where, advice=error.advice)


def _refuse_twins(texts: Iterable[AnnotatedText], source: Path) -> None:
    """Of two texts with one id the later would silently take the earlier one's place."""
    seen: dict[str, AnnotatedText] = {}
    for one in texts:
        if seen.setdefault(one.id, one) != one:
            raise InputError("exchange", f"id 重复：{one.id}", where=str(source))


def _write(name: str, texts: Sequence[AnnotatedText], target: Path) -> None:
    from nlp.exchange import brat, doccano, label_studio, marked

    if name == "docbin":
        from nlp.spacy_bridge import to_docbin

        to_docbin(texts, target)
    elif name == "brat":
        brat.write(target, brat.dump(texts))
    else:
        dump = {"doccano": doccano.dump, "label-studio": label_studio.dump, "marked": marked.dump}[
            name
        ]
        content = dump(texts)
        with open_atomically(target) as stream:
            stream.write(content)


def _read(name: str, source: Path) -> tuple[AnnotatedText, ...]:
    from nlp.exchange import brat, doccano, label_studio, marked

    if name == "docbin":
        from nlp.spacy_bridge import from_docbin

        return from_docbin(source)
    if name == "brat":
        return brat.load(brat.read(source))
    try:
        content = source.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problem = f"无法读取（{type(error).__name__}）"
        raise InputError("exchange", problem, where=str(source)) from error
    if name == "marked":
        return marked.load(content, source.stem)
    load = doccano.load if name == "doccano" else label_studio.load
    return load(content)


if __name__ == "__main__":
    sys.exit(main())
