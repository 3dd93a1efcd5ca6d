"""Train the classifiers anew and, if they are no worse, put them to use.

    python -m nlp.train                       from annotations/*.jsonl to a new version in models/
    python -m nlp.train --dry-run             everything but the new version
    python -m nlp.train --no-publish          a new version that is not yet put to use
    python -m nlp.train --publish 0002        put it to use, past the same gate
    python -m nlp.train --add-tables DIR      learn also from reports that nobody annotated

The new version is compared with the one in use on the frozen test texts (corpora/splits.json):
counts, a paired bootstrap interval, every changed answer. A worse one is written but not put to
use, unless --accept-worse says why. The same data give the same arrays.

Exit status: 0 done; 1 the new model is worse and was not put to use; 2 wrong usage; 3 annotations
or splits cannot be read; 4 the model in use is missing or corrupt (give --fresh to do without it).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.comparison import Change, Comparison
from nlp.errors import ReportError
from nlp.models_folder import READER, models_folder
from nlp.output import console
from nlp.training import Plan, Trained

if TYPE_CHECKING:
    from nlp.scoring import Counts

ROOT = Path(__file__).resolve().parent.parent
WORSE = 1


def main(argv: Sequence[str] | None = None) -> int:
    console.prepare_streams()
    args = build_parser().parse_args(argv)
    return console.guard(lambda: run(args), debug=args.debug)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nlp.train",
        description="从 annotations/ 训练分类器，与在用的比较，不差才启用。",
        epilog="退出状态：0 完成；1 新模型较差，未启用；2 用法错误；3 标注无法读取；4 在用的模型缺失或损坏。",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--annotations", type=Path, nargs="+", metavar="FILE", help="默认 annotations/*.jsonl")
    add("--splits", type=Path, default=ROOT / "corpora" / "splits.json", metavar="FILE")
    add("--models", type=Path, default=models_folder(), metavar="FOLDER", help="默认 models/")
    add("--segmenter", default="jieba", metavar="NAME", help="jieba（默认）、pkuseg 或模型文件夹")
    add(
        "--add-tables",
        type=Path,
        metavar="DIR",
        help="再用无人标注的报告：正文数字等于唯一一格的，以该格为标注",
    )
    add("--accept-worse", metavar="REASON", help="较差也启用，并记下理由")
    add("--jobs", type=int, default=2, metavar="N", help="进程数，默认2")
    add("--fresh", action="store_true", help="不与在用的比较（没有在用的模型，或已损坏）")
    add("--dry-run", action="store_true", help="只比较，不写新版本")
    add("--no-publish", action="store_true", help="写新版本，但不启用")
    add("--publish", metavar="VERSION", help="不训练，只启用已写好的版本（例如 0002）")
    add(
        "--reports",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="再列出这些报告里变动的答案",
    )
    add("--json", type=Path, metavar="FILE", help="比较的结果另写一份 JSON")
    add("--debug", action="store_true", help="出错时给出完整的调用栈")
    return parser


def run(args: argparse.Namespace) -> int:
    """Learn, compare, write, publish."""
    from nlp import training

    if args.publish:
        version = args.models / READER / args.publish
        training.publish(version, args.accept_worse)
        _tell(f"已启用 {version}")
        return 0
    trained = training.train(_plan(args), _tell)
    comparison = trained.comparison
    print(report(comparison))
    if args.add_tables:
        print(learn_from_tables(args.add_tables, trained))
    refused = comparison.worse and not args.accept_worse
    if args.dry_run:
        _write_json(args.json, comparison, None)
        return WORSE if refused else 0
    version = training.write(trained, args.accept_worse)
    _write_json(args.json, comparison, version)
    if args.no_publish:
        _tell(f"已写入 {version}，未启用；启用：python -m nlp.train --publish {version.name}")
        return WORSE if refused else 0
    if refused:
        _tell(f"新模型较差，已写入 {version}，未启用；确要启用请加 --accept-worse 理由")
        return WORSE
    training.publish(version, args.accept_worse)
    _tell(f"已启用 {version}")
    return 0


def _plan(args: argparse.Namespace) -> Plan:
    paths = args.annotations or sorted((ROOT / "annotations").glob("*.jsonl"))
    return Plan(
        annotations=tuple(paths),
        splits=args.splits,
        models=args.models,
        segmenter=args.segmenter,
        jobs=args.jobs,
        fresh=args.fresh,
        reports=tuple(args.reports),
    )


def _write_json(path: Path | None, comparison: Comparison, version: Path | None) -> None:
    from nlp.output.writing import open_atomically

    if path is None:
        return
    record = asdict(comparison) | {"version": version.name if version else None}
    with open_atomically(path) as stream:
        json.dump(record, stream, ensure_ascii=False, indent=1)


def report(comparison: Comparison) -> str:
    """New against current: counts, interval, every changed answer."""
    from nlp.scoring import Counts

    lines = ["测试文本上，规则与分类器合用："]
    rows = [("新", comparison.facts, comparison.items)]
    if comparison.facts_before is not None and comparison.items_before is not None:
        rows.insert(0, ("在用", comparison.facts_before, comparison.items_before))
    for name, facts, items in rows:
        lines += [_row(name, "事实", Counts(*facts)), _row(name, "条目", Counts(*items))]
    if comparison.difference is not None:
        lines.append(f"  事实F1之差（新−在用）：{_interval(*comparison.difference)}")
    lines.append(
        "校准误差（交叉预测）："
        + "，".join(f"{name} {error:.3f}" for name, error in comparison.calibration.items())
    )
    if comparison.against is not None:
        lines.append(f"变动的答案{len(comparison.changes)}处：")
        lines += [f"{_change(one)}  {one.text}" for one in comparison.changes]
    if comparison.elsewhere:
        lines.append(f"所给报告里变动的答案{len(comparison.elsewhere)}处：")
        lines += [f"{_change(one)}  {one.text}" for one in comparison.elsewhere]
    return "\n".join(lines)


def _row(name: str, what: str, counts: Counts) -> str:
    return (
        f"  {name}  {what}  准确率{counts.precision:7.2%}  召回率{counts.recall:7.2%}  F1{counts.f1:7.2%}"
        f"  对{counts.right} 错{counts.wrong} 应有{counts.needed}"
    )


def _interval(difference: float, low: float, high: float) -> str:
    return f"{difference:+.2%}，95%区间 {low:+.2%} 至 {high:+.2%}"


def _change(one: Change) -> str:
    mark = "对" if one.right else "　"
    return f"  {one.sign} {mark} {one.metric} {one.value}（{one.basis}）「{one.words}」"


def learn_from_tables(folder: Path, trained: Trained) -> str:
    """What labels from the tables of unannotated reports would add: how many, how good, what for."""
    from nlp.classifier.learn import Examples, examples_of, learn_quickly
    from nlp.classifier.reader import Reader
    from nlp.classifier.table_labels import table_labelled, wrong_labels
    from nlp.comparison import answered, interval
    from nlp.reading import read_bytes, read_path
    from nlp.scoring import total

    (training, testing), without = trained.texts, trained.answers
    examples, reader = trained.examples, trained.reader
    checked = [
        wrong_labels(table_labelled(read_bytes(one.text.encode("utf-8"), path=one.id), one.id), one)
        for one in training
        if "\n" in one.text
    ]
    labelled = []
    for path in sorted(folder.rglob("*.txt")):
        try:
            labelled.append(table_labelled(read_path(path), f"tables.{path.name}"))
        except ReportError as error:
            console.complain(error, debug=False)
    extra = examples_of(labelled, reader.segment)
    models = learn_quickly(
        Examples(examples.figures + extra.figures, examples.denials, examples.clauses),
        {name: model.scale for name, model in reader.models.items()},
    )
    taught = answered(testing, Reader(models, reader.segment))
    wrong, given = sum(bad for bad, _ in checked), sum(all_ for _, all_ in checked)
    return "\n".join(
        (
            f"由表格得到标注{len(extra.figures)}个（报告{len(labelled)}份）；"
            f"在已标注的报告上同法得到{given}个，其中错{wrong}个",
            f"  加入后事实F1 {total(without.fact_counts).f1:.2%} → {total(taught.fact_counts).f1:.2%}，"
            f"差：{_interval(*interval(taught, without))}；只报告，不并入新版本",
        )
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
