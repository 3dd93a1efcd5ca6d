"""Train the classifiers anew and, if they are no worse, put them to use.

    python -m nlp.train                       from annotations/*.jsonl to a new version in models/
    python -m nlp.train --dry-run             everything but the new version
    python -m nlp.train --add-tables DIR      learn also from reports that nobody annotated

The new version is compared with the one in use on the frozen test texts (corpora/splits.json):
counts, a paired bootstrap interval, every changed answer. A worse one is written but not put to
use, unless --accept-worse says why. The same data give the same arrays.

Exit status: 0 done; 1 the new model is worse and was not put to use; 2 wrong usage; 3 annotations
or splits cannot be read; 4 the model in use is missing or corrupt (give --fresh to do without it).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import InputError, ReportError
from nlp.models_folder import current_version, models_folder, publish
from nlp.output import console

if TYPE_CHECKING:
    from nlp.annotations import AnnotatedText
    from nlp.classifier.fit import OutOfFold
    from nlp.classifier.learn import Examples
    from nlp.classifier.reader import Reader
    from nlp.records import Fact
    from nlp.scoring import Counts

ROOT = Path(__file__).resolve().parent.parent
WORSE = 1


@dataclass(frozen=True, slots=True)
class Answers:
    """What a reader says of the test texts, with the counts of each."""

    facts: dict[str, tuple[Fact, ...]]
    fact_counts: tuple[Counts, ...]
    item_counts: tuple[Counts, ...]
    right: frozenset[tuple[str, int, str]]


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
    add("--debug", action="store_true", help="出错时给出完整的调用栈")
    return parser


def run(args: argparse.Namespace) -> int:
    """Learn, compare, write, publish."""
    from nlp.classifier.learn import examples_of, learn
    from nlp.classifier.reader import Reader, open_reader
    from nlp.classifier.splits import on_side, read_splits
    from nlp.classifier.store import save
    from nlp.segmentation import segmenter

    paths = args.annotations or sorted((ROOT / "annotations").glob("*.jsonl"))
    texts = read_all(paths)
    splits = read_splits(args.splits)
    training, testing = on_side(texts, splits, "train"), on_side(texts, splits, "test")
    segment = segmenter(args.segmenter)
    _tell(f"训练文本{len(training)}份，测试文本{len(testing)}份；读取特征…")
    old = None if args.fresh else open_reader(current_version(folder=args.models), args.segmenter)
    examples = examples_of(training, segment)
    _tell(f"数字{len(examples.figures)}个，条目和句子{len(examples.clauses)}个；训练…")
    try:
        models, held_out = learn(examples, args.jobs)
    except ValueError as error:  # a fold with a single label, or with none
        raise InputError(
            "annotations", f"标注太少，无法训练（{error}）", advice="请多标几句"
        ) from error
    new = Reader(models, segment)
    _tell("与在用的模型比较…")
    answers = answered(testing, new)
    before = answered(testing, old) if old else None
    errors = calibration(examples, held_out)
    print(report(testing, before, answers, errors))
    if args.add_tables:
        print(learn_from_tables(args.add_tables, training, testing, examples, new, answers))
    worse = before is not None and is_worse(before, answers)
    if args.dry_run:
        return WORSE if worse and not args.accept_worse else 0
    facts = manifest_facts(paths, args, models, answers, errors)
    version = save(models, facts, card(facts), args.models)
    if worse and not args.accept_worse:
        _tell(f"新模型较差，已写入 {version}，未启用；确要启用请加 --accept-worse 理由")
        return WORSE
    publish(version)
    _tell(f"已启用 {version}")
    return 0


def read_all(paths: Sequence[Path]) -> tuple[AnnotatedText, ...]:
    """The texts of all files; of texts with one id the last. Raises `InputError`."""
    from nlp.annotations import read

    if not paths:
        raise InputError(
            "annotations",
            "没有标注文件",
            where="annotations/",
            advice="请先标注或给出 --annotations",
        )
    latest = {one.id: one for path in paths for one in read(path)}
    return tuple(latest.values())


def answered(texts: Sequence[AnnotatedText], reader: Reader) -> Answers:
    """Read all test texts with rules and classifier."""
    from nlp.classifier.examples import is_report
    from nlp.scoring import read_annotated, score_facts, score_items

    facts, fact_counts, item_counts = {}, [], []
    right: set[tuple[str, int, str]] = set()
    for one in texts:
        if not is_report(one) and not any(mark.kind == "fact" for mark in one.marks):
            continue  # a clause: what it counts is not marked
        found, items = read_annotated(one, reader)
        score = score_facts(found, one)
        facts[one.id] = found
        fact_counts.append(score.counts())
        if is_report(one):
            item_counts.append(score_items(items, one))
        right.update((one.id, fact.start, fact.metric) for _, fact in score.found)
    return Answers(facts, tuple(fact_counts), tuple(item_counts), frozenset(right))


def is_worse(before: Answers, after: Answers) -> bool:
    """Whether facts or items of the test texts have a lower F1."""
    from nlp.scoring import total

    return (
        total(after.fact_counts).f1 < total(before.fact_counts).f1
        or total(after.item_counts).f1 < total(before.item_counts).f1
    )


def report(
    texts: Sequence[AnnotatedText], before: Answers | None, after: Answers, errors: dict[str, float]
) -> str:
    """New against current: counts, interval, every changed answer."""
    from nlp.scoring import total

    lines = ["测试文本上，规则与分类器合用："]
    rows = [("新", after)] if before is None else [("在用", before), ("新", after)]
    for name, answers in rows:
        for what, counts in (
            ("事实", total(answers.fact_counts)),
            ("条目", total(answers.item_counts)),
        ):
            lines.append(
                f"  {name}  {what}  准确率{counts.precision:7.2%}  召回率{counts.recall:7.2%}  F1{counts.f1:7.2%}"
                f"  对{counts.right} 错{counts.wrong} 应有{counts.needed}"
            )
    if before is not None:
        lines.append(f"  事实F1之差（新−在用）：{_interval(after, before)}")
    lines.append(
        "校准误差（交叉预测）："
        + "，".join(f"{name} {error:.3f}" for name, error in errors.items())
    )
    if before is not None:
        lines += changed(texts, before, after)
    return "\n".join(lines)


def _interval(better: Answers, worse: Answers) -> str:
    from nlp.bootstrap import paired

    found = paired(better.fact_counts, worse.fact_counts)
    return f"{found.difference:+.2%}，95%区间 {found.low:+.2%} 至 {found.high:+.2%}"


def changed(texts: Sequence[AnnotatedText], before: Answers, after: Answers) -> list[str]:
    """Every answer that one of the two gives and the other does not, with its words."""
    lines = []
    for one in texts:
        for sign, answers, others in (("−", before, after), ("+", after, before)):
            known = {_key(fact) for fact in others.facts.get(one.id, ())}
            for fact in answers.facts.get(one.id, ()):
                if fact.metric != "other" and _key(fact) not in known:
                    right = (one.id, fact.start, fact.metric) in answers.right
                    lines.append((one.id, fact.start, _change(sign, fact, right)))
    return [f"变动的答案{len(lines)}处：", *(f"{line}  {id_}" for id_, _, line in sorted(lines))]


def _change(sign: str, fact: Fact, right: bool) -> str:
    mark, words = "对" if right else "　", " ".join(fact.text.split())
    return f"  {sign} {mark} {fact.metric} {fact.value}（{fact.basis}）「{words}」"


def _key(fact: Fact) -> tuple[int, str, float, str, str | None, int | None]:
    return fact.start, fact.metric, fact.value, fact.basis, fact.subject, fact.year


def calibration(examples: Examples, held_out: dict[str, OutOfFold]) -> dict[str, float]:
    """The expected calibration error of each model, out of fold."""
    from nlp.classifier.fit import calibration_error
    from nlp.classifier.learn import tasks

    return {
        name: calibration_error(
            held_out[name].probabilities,
            [said == true for said, true in zip(held_out[name].labels, task.labels, strict=True)],
        )
        for name, task in tasks(examples).items()
    }


def learn_from_tables(
    folder: Path,
    training: Sequence[AnnotatedText],
    testing: Sequence[AnnotatedText],
    examples: Examples,
    reader: Reader,
    without: Answers,
) -> str:
    """What labels from the tables of unannotated reports would add: how many, how good, what for."""
    from nlp.classifier.learn import Examples, examples_of, learn_quickly
    from nlp.classifier.reader import Reader
    from nlp.classifier.table_labels import table_labelled, wrong_labels
    from nlp.reading import read_bytes, read_path
    from nlp.scoring import total

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
        Examples(examples.figures + extra.figures, examples.clauses),
        {name: model.scale for name, model in reader.models.items()},
    )
    taught = answered(testing, Reader(models, reader.segment))
    wrong, given = sum(bad for bad, _ in checked), sum(all_ for _, all_ in checked)
    return "\n".join(
        (
            f"由表格得到标注{len(extra.figures)}个（报告{len(labelled)}份）；"
            f"在已标注的报告上同法得到{given}个，其中错{wrong}个",
            f"  加入后事实F1 {total(without.fact_counts).f1:.2%} → {total(taught.fact_counts).f1:.2%}，"
            f"差：{_interval(taught, without)}；只报告，不并入新版本",
        )
    )


def manifest_facts(
    paths: Sequence[Path],
    args: argparse.Namespace,
    models: dict[str, Any],
    answers: Answers,
    errors: dict[str, float],
) -> dict[str, Any]:
    """What goes into the manifest beside the hashes of the files."""
    from nlp.scoring import total

    facts, items = total(answers.fact_counts), total(answers.item_counts)
    return {
        "data": {path.name: _sha256(path) for path in (*paths, args.splits)},
        "features": _sha256(ROOT / "nlp" / "classifier" / "features.py"),
        "segmenter": args.segmenter,
        "models": {
            name: {
                "features": len(model.vocabulary),
                "labels": len(model.labels),
                "scale": model.scale,
            }
            for name, model in models.items()
        },
        "scores": {
            "facts": [facts.right, facts.wrong, facts.needed],
            "items": [items.right, items.wrong, items.needed],
            "calibration_error": {name: round(error, 4) for name, error in errors.items()},
        },
        "accepted_worse": args.accept_worse,
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def card(facts: dict[str, Any]) -> str:
    """The model card."""
    right, wrong, needed = facts["scores"]["facts"]
    models = "\n".join(
        f"- `{name}`: {one['labels']} labels, {one['features']} features, scale {one['scale']}"
        for name, one in facts["models"].items()
    )
    errors = ", ".join(
        f"{name} {error}" for name, error in facts["scores"]["calibration_error"].items()
    )
    return f"""# Reader

Logistic regressions (multinomial; `denial` one for each label) that judge figures and clauses of annual
reports on government information disclosure by the words around them; predicted with numpy from
plain arrays.

{models}

Learned from the training side of the texts written and annotated for this project (`annotations/`,
hashes in manifest.json), segmented with {facts["segmenter"]}. On the frozen test side, together with the
rules: {right} facts right, {wrong} wrong, {needed} needed. Calibration error out of fold: {errors}.

Use: to read wordings that no rule foresaw; every answer carries its probability. Limits: the texts
are invented, in the manner of real reports; metrics that are rare in prose have few examples; a
denial is judged less well than a figure. `python -m nlp.evaluate` measures all of it.
"""


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
