"""Learn from annotated texts, compare with the model in use, write, publish: steps of their own.

`train` learns and compares and writes nothing; `write` makes a new version of what was learned, with
the outcome of the comparison in its manifest; `publish` puts a version to use, past the gate: it was
compared with what is in use now, and is no worse. `nlp.train` is the command, the annotation
page another caller.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.annotations import AnnotatedText
from nlp.comparison import (
    Answers,
    Comparison,
    Tell,
    answered,
    changed,
    changed_in_reports,
    interval,
    is_worse,
    summed,
)
from nlp.errors import InputError, ReportError
from nlp.models_folder import current_version, read_manifest, write_text
from nlp.models_folder import publish as put_to_use

if TYPE_CHECKING:
    from nlp.classifier.fit import OutOfFold
    from nlp.classifier.learn import Examples
    from nlp.classifier.reader import Reader

FEATURES = Path(__file__).resolve().parent / "classifier" / "features.py"


class GateError(ReportError):
    """A version that may not be put to use (exit status 1)."""

    status = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What to learn from, and what to compare with. `reports` are read by both models besides: what
    changes in them is told, and judged by nobody."""

    annotations: tuple[Path, ...]
    splits: Path
    models: Path
    segmenter: str = "jieba"
    jobs: int = 2
    fresh: bool = False
    reports: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Trained:
    """What was learned, not yet written."""

    plan: Plan
    reader: Reader
    examples: Examples
    texts: tuple[tuple[AnnotatedText, ...], tuple[AnnotatedText, ...]]  # training, testing
    answers: Answers
    comparison: Comparison


def train(plan: Plan, tell: Tell) -> Trained:
    """Learn and compare. `tell` is given a line at each step. Raises `InputError` for annotations,
    splits or too few examples, `InstallationError` for a model in use that is corrupt."""
    from nlp.classifier.learn import examples_of
    from nlp.classifier.reader import Reader, open_reader
    from nlp.classifier.splits import on_side, read_splits
    from nlp.segmentation import segmenter

    texts = read_all(plan.annotations)
    splits = read_splits(plan.splits)
    training, testing = on_side(texts, splits, "train"), on_side(texts, splits, "test")
    segment = segmenter(plan.segmenter)
    tell(f"训练文本{len(training)}份，测试文本{len(testing)}份；读取特征…")
    version = None if plan.fresh else current_version(folder=plan.models)
    old = open_reader(version, plan.segmenter) if version else None
    examples = examples_of(training, segment)
    tell(f"数字{len(examples.figures)}个，条目和句子{len(examples.clauses)}个；训练…")
    models, held_out = _learn(examples, plan.jobs, tell)
    new = Reader(models, segment)
    tell("与在用的模型比较…")
    after = answered(testing, new)
    before = answered(testing, old) if old else None
    comparison = Comparison(
        against=version.name if version else None,
        training=len(training),
        testing=len(testing),
        facts=summed(after.fact_counts),
        items=summed(after.item_counts),
        facts_before=summed(before.fact_counts) if before else None,
        items_before=summed(before.item_counts) if before else None,
        difference=interval(after, before) if before else None,
        calibration=calibration(examples, held_out),
        worse=before is not None and is_worse(before, after),
        changes=changed(testing, before, after) if before else (),
        elsewhere=changed_in_reports(plan.reports, old, new, tell) if old else (),
    )
    return Trained(plan, new, examples, (training, testing), after, comparison)


def _learn(
    examples: Examples, jobs: int, tell: Tell
) -> tuple[dict[str, Any], dict[str, OutOfFold]]:
    from nlp.classifier.fit import fit_calibrated
    from nlp.classifier.learn import tasks

    models, held_out = {}, {}
    wanted = tasks(examples)
    try:
        for number, (name, task) in enumerate(wanted.items(), start=1):
            models[name], held_out[name] = fit_calibrated(task, jobs)
            tell(f"  {name} 完成（{number}/{len(wanted)}）")
    except ValueError as error:  # a fold with a single label, or with none
        raise InputError(
            "annotations", f"标注太少，无法训练（{error}）", advice="请多标几句"
        ) from error
    return models, held_out


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


def write(trained: Trained, accepted_worse: str | None = None) -> Path:
    """A new version of what was learned, beside the others and not yet in use; its folder."""
    from nlp.classifier.store import save

    facts = manifest_facts(trained, accepted_worse)
    return save(trained.reader.models, facts, card(facts), trained.plan.models)


def publish(version: Path, accepted_worse: str | None = None) -> None:
    """Put a version to use. Raises `GateError` where it is worse than what it was compared with, and
    nobody says why that is accepted, or where another version is in use since."""
    gate = read_manifest(version).get("gate")
    in_use = _in_use(version.parent.parent)
    if not gate or (gate["against"] is not None and gate["against"] != in_use):
        raise GateError(
            "gate", f"未与在用的 {in_use} 比较过", where=str(version), advice="请重新训练"
        )
    if gate["worse"] and not accepted_worse:
        raise GateError(
            "gate",
            "新模型较差，未启用",
            where=str(version),
            advice="确要启用请加 --accept-worse 理由",
        )
    if accepted_worse:
        _note(version, accepted_worse)
    put_to_use(version)


def _in_use(models: Path) -> str | None:
    try:
        return current_version(folder=models).name
    except ReportError:
        return None


def _note(version: Path, reason: str) -> None:
    """The reason for which a worse model is in use, in its manifest."""
    manifest = read_manifest(version)
    if manifest.get("accepted_worse") != reason:
        draft = version / ".manifest.json"
        content = json.dumps(manifest | {"accepted_worse": reason}, ensure_ascii=False, indent=1)
        write_text(draft, content + "\n")
        draft.replace(version / "manifest.json")


def manifest_facts(trained: Trained, accepted_worse: str | None) -> dict[str, Any]:
    """What goes into the manifest beside the hashes of the files."""
    plan, comparison = trained.plan, trained.comparison
    return {
        "data": {path.name: sha256(path) for path in (*plan.annotations, plan.splits)},
        "features": sha256(FEATURES),
        "segmenter": plan.segmenter,
        "models": {
            name: {
                "features": len(model.vocabulary),
                "labels": len(model.labels),
                "scale": model.scale,
            }
            for name, model in trained.reader.models.items()
        },
        "scores": {
            "facts": list(comparison.facts),
            "items": list(comparison.items),
            "calibration_error": {
                name: round(error, 4) for name, error in comparison.calibration.items()
            },
        },
        "gate": {"against": comparison.against, "worse": comparison.worse},
        "accepted_worse": accepted_worse,
    }


def sha256(path: Path) -> str:
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

Multinomial logistic regressions that judge figures, denials and clauses of annual reports on government
information disclosure by the words around them; predicted with numpy from plain arrays. `denial`
judges pairs: a word that denies, and a metric named near it.

{models}

Learned from the training side of the texts written and annotated for this project (`annotations/`,
hashes in manifest.json), segmented with {facts["segmenter"]}. On the frozen test side, together with the
rules: {right} facts right, {wrong} wrong, {needed} needed. Calibration error out of fold: {errors}.

Use: to read wordings that no rule foresaw; every answer carries its probability. Limits: the texts
are invented, in the manner of real reports; metrics that are rare in prose have few examples; a
denial is judged less well than a figure. `python -m nlp.evaluate` measures all of it.
"""
