"""Training: a model fitted from a few made-up sentences, compared, written, put to use or not."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from loading import ROOT
from nlp import train
from nlp.annotations import AnnotatedText, append, dumps
from nlp.classifier.store import load
from nlp.markup import Mark, parse
from nlp.models_folder import current_version
from nlp.training import sha256

# Wordings that no rule reads, so that the answers are the classifier's; some words for each model.
SENTENCES = (
    "乐学讲坛开讲[[training.sessions={n}|{n}期]]，听讲者满座。",
    "窗口递来的公开表格共[[request.received={n}|{n}件]]，逐一登记。",
    "食堂供餐[[other={n}|{n}份]]，车辆年检{m}辆。",
    "[[training.sessions={n} #某区水务局|某区水务局乐学讲坛开讲{n}期]]，听讲者满座。",
    "明年[[training.sessions={n} ~target|乐学讲坛拟开讲{n}期]]，听讲者满座。",
    "第{n}窗口[[review.total=0|复议的门铃从未响过]]。",
    "第{n}窗口[[litigation.total=0|诉讼的传票从未上门]]，也没有停办。",
)
CLAUSES = (
    "[[problem:staff|人员配备不足，兼职较多]]，[[plan:staff|下一步充实人员]]。",
    "[[problem:platforms|网站栏目陈旧，检索不便]]，[[plan:platforms|改版网站栏目]]。",
    "[[remedy:staff|已经抽调两人到岗]]，[[neither|取得了良好成绩]]。",
)


def marked(id_: str, words: str) -> AnnotatedText:
    text, marks = parse(words)
    return AnnotatedText(id_, text, marks, year=2022, heading="总体情况", by="corpus")


TEXTS = tuple(
    marked(f"made.{kind}-{n}", words.format(n=n, m=10 * n))
    for kind, words in enumerate(SENTENCES)
    for n in range(3, 10)
) + tuple(
    marked(f"clause.{kind}-{n}", words) for kind, words in enumerate(CLAUSES) for n in range(3, 8)
)
TEST = {one.id: "test" for one in TEXTS if one.id.startswith("made.") and one.id.endswith("-9")}


def shuffled(texts: tuple[AnnotatedText, ...]) -> tuple[AnnotatedText, ...]:
    """The texts with wrong labels on the training side, right ones to test with."""
    other = {"training.sessions": "request.received", "request.received": "review.total"}

    def wrong(mark: Mark) -> Mark:
        return replace(mark, metrics=tuple(other.get(metric, metric) for metric in mark.metrics))

    return tuple(
        one if one.id in TEST else replace(one, marks=tuple(map(wrong, one.marks))) for one in texts
    )


@dataclass(frozen=True)
class Place:
    """A folder with annotations, splits and models; what a run prints is kept."""

    folder: Path

    @property
    def models(self) -> Path:
        return self.folder / "models"

    @property
    def versions(self) -> list[str]:
        return sorted(path.name for path in (self.models / "reader").iterdir())

    def manifest(self, version: str) -> dict[str, object]:
        record: dict[str, object] = json.loads(
            (self.models / "reader" / version / "manifest.json").read_text("utf-8")
        )
        return record

    def run(self, *words: str, annotations: str = "made.jsonl") -> tuple[int, str, str]:
        """Exit status, stdout and stderr of a run in this process."""
        paths = ["--annotations", str(self.folder / annotations)]
        paths += ["--splits", str(self.folder / "splits.json"), "--models", str(self.models)]
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            status = train.main([*paths, "--jobs", "1", *words])
        return status, out.getvalue(), err.getvalue()


def laid_out(folder: Path) -> Place:
    append(folder / "made.jsonl", TEXTS)
    append(folder / "shuffled.jsonl", shuffled(TEXTS))
    (folder / "splits.json").write_text(json.dumps({"agencies": {}, "texts": TEST}), "utf-8")
    return Place(folder)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, tuple[int, str, str]]:
    """The place after the first run, and what that run said; nobody writes to it."""
    place = laid_out(tmp_path_factory.mktemp("train"))
    return place, place.run("--fresh")


@pytest.fixture
def place(published: tuple[Place, object], tmp_path: Path) -> Place:
    """A copy of the place after the first run."""
    return Place(Path(shutil.copytree(published[0].folder, tmp_path / "place")))


def test_the_first_run_publishes(published: tuple[Place, tuple[int, str, str]]) -> None:
    place, (status, out, err) = published
    assert status == 0, err
    assert place.versions == ["0001"]
    assert (place.models / "current.toml").read_text("utf-8") == 'reader = "0001"\n'
    assert current_version(folder=place.models) == place.models / "reader" / "0001"
    assert (
        err.splitlines()[0]
        == f"训练文本{len(TEXTS) - len(TEST)}份，测试文本{len(TEST)}份；读取特征…"
    )
    assert err.splitlines()[-1] == f"已启用 {place.models / 'reader' / '0001'}"
    assert "  新  事实" in out
    assert "在用" not in out
    assert "变动" not in out
    for name in ("figure", "denial", "basis", "owner", "kind", "topic"):
        assert re.search(rf"[：，]{name} 0\.\d{{3}}", out)


def test_the_manifest_names_what_the_model_came_from(published: tuple[Place, object]) -> None:
    place = published[0]
    manifest = place.manifest("0001")
    assert manifest["data"] == {
        name: sha256(place.folder / name) for name in ("made.jsonl", "splits.json")
    }
    assert manifest["segmenter"] == "jieba"
    assert manifest["accepted_worse"] is None
    models = load(place.models / "reader" / "0001")
    assert manifest["models"] == {
        name: {
            "features": len(model.vocabulary), "labels": len(model.labels), "scale": model.scale,
        }
        for name, model in models.items()
    }  # fmt: skip
    assert models["figure"].labels == ("other", "request.received", "training.sessions")
    card = (place.models / "reader" / "0001" / "card.md").read_text("utf-8")
    assert "`denial`: 2 labels" in card


def test_the_classifier_answers_what_no_rule_reads(
    published: tuple[Place, tuple[int, str, str]],
) -> None:
    """Else the runs below would compare rules with rules."""
    _, (_, out, _) = published
    found = re.search(r"新  事实 .*对(\d+) 错(\d+) 应有(\d+)", out)
    assert found
    right, wrong, wanted = map(int, found.groups())
    assert (right, wrong, wanted) == (4, 0, 5)  # whose the third is, only a rule could tell


def test_the_same_data_give_the_same_arrays(place: Place) -> None:
    status, out, err = place.run()
    assert (status, place.versions) == (0, ["0001", "0002"])
    assert current_version(folder=place.models).name == "0002"
    first, second = (place.models / "reader" / version for version in place.versions)
    with np.load(first / "weights.npz") as ours, np.load(second / "weights.npz") as again:
        assert ours.files == again.files
        assert len(ours.files) == 18
        for name in ours.files:
            assert ours[name].dtype == again[name].dtype
            assert np.array_equal(ours[name], again[name])
    for name in ("vocabulary.json", "card.md"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert out.splitlines()[-1] == "变动的答案0处："
    assert "事实F1之差（新−在用）：+0.00%，95%区间 +0.00% 至 +0.00%" in out
    assert out.count("在用  ") == 2
    assert err.splitlines()[-1].startswith("已启用 ")


def test_a_worse_model_is_written_and_not_published(place: Place) -> None:
    status, out, err = place.run(annotations="shuffled.jsonl")
    assert status == 1
    assert place.versions == ["0001", "0002"]
    assert current_version(folder=place.models).name == "0001"
    assert load(place.models / "reader" / "0002")
    assert "0002，未启用" in err.splitlines()[-1]
    assert "--accept-worse" in err.splitlines()[-1]
    assert place.manifest("0002")["accepted_worse"] is None
    difference = re.search(r"（新−在用）：(\S+)%，", out)
    assert difference and float(difference[1]) < 0
    changes = out[out.index("变动的答案") :].splitlines()
    assert changes[0] == f"变动的答案{len(changes) - 1}处："
    assert "  − 对 training.sessions 9（total）「乐学讲坛开讲9期」  made.0-9" in changes
    assert "  + 　 request.received 9（total）「乐学讲坛开讲9期」  made.0-9" in changes


def test_a_worse_model_is_accepted_with_a_reason(place: Place) -> None:
    reason = "旧标注有误，“从宽”"
    status, _, err = place.run("--accept-worse", reason, annotations="shuffled.jsonl")
    assert (status, place.versions) == (0, ["0001", "0002"])
    assert current_version(folder=place.models).name == "0002"
    assert place.manifest("0002")["accepted_worse"] == reason
    assert err.splitlines()[-1].startswith("已启用 ")


@pytest.mark.parametrize(
    ("annotations", "more", "status"),
    [
        ("shuffled.jsonl", [], 1),
        ("shuffled.jsonl", ["--accept-worse", "试"], 0),
    ],
)
def test_a_dry_run_writes_nothing(
    place: Place, annotations: str, more: list[str], status: int
) -> None:
    def content() -> dict[Path, bytes | None]:
        return {p: p.read_bytes() if p.is_file() else None for p in place.folder.rglob("*")}

    before = content()
    got, out, err = place.run("--dry-run", *more, annotations=annotations)
    assert got == status
    assert content() == before
    assert "变动的答案" in out
    assert "启用" not in err


def test_a_version_is_published_later_past_the_same_gate(place: Place) -> None:
    status, _, err = place.run("--no-publish")
    assert (status, current_version(folder=place.models).name) == (0, "0001")
    assert "--publish 0002" in err.splitlines()[-1]
    status, _, err = place.run("--no-publish", annotations="shuffled.jsonl")
    assert (status, current_version(folder=place.models).name) == (1, "0001")
    assert place.manifest("0003")["gate"] == {"against": "0001", "worse": True}
    status, out, err = place.run("--publish", "0003")
    assert (status, out) == (1, "")
    assert "新模型较差" in err
    assert current_version(folder=place.models).name == "0001"
    status, out, err = place.run("--publish", "0002")
    assert (status, out, current_version(folder=place.models).name) == (0, "", "0002")
    status, _, err = place.run("--publish", "0003", "--accept-worse", "试")
    assert status == 1
    assert "未与在用的 0002 比较过" in err  # but with 0001, which is not in use any more
    assert "0009" in refused(place.run("--publish", "0009"), 4)


def test_a_version_is_published_with_a_reason_later(place: Place) -> None:
    place.run("--no-publish", annotations="shuffled.jsonl")
    assert place.run("--publish", "0002", "--accept-worse", "试")[0] == 0
    assert current_version(folder=place.models).name == "0002"
    assert place.manifest("0002")["accepted_worse"] == "试"
    assert load(place.models / "reader" / "0002")


def test_the_outcome_for_programs(place: Place) -> None:
    report = place.folder / "report.txt"
    report.write_text(
        "某县2022年政府信息公开工作年度报告\n乐学讲坛开讲5期，听讲者满座。\n", "utf-8"
    )
    path = place.folder / "outcome.json"
    status, out, _ = place.run(
        "--dry-run", "--json", str(path), "--reports", str(report), annotations="shuffled.jsonl"
    )
    assert status == 1
    record = json.loads(path.read_text("utf-8"))
    assert (record["against"], record["worse"], record["version"]) == ("0001", True, None)
    assert {one["metric"] for one in record["elsewhere"]} == {
        "training.sessions", "request.received",
    }  # fmt: skip
    assert f"变动的答案{len(record['changes'])}处" in out
    assert "所给报告里变动的答案" in out


def test_tables_of_reports_that_nobody_annotated(
    published: tuple[Place, object], tmp_path: Path
) -> None:
    """Labels, those of them that are wrong where somebody knows, and what they are good for."""
    place = laid_out(tmp_path)
    report = ROOT / "corpora" / "reports" / "2014-tabs-department.txt"
    text = report.read_bytes().decode("utf-8")
    labels = train_labels(text)
    assert labels > 3
    # The same report, annotated with all labels but the first: one that a person contradicts.
    append(place.folder / "made.jsonl", [without_first(text)])
    (tmp_path / "tables" / "below").mkdir(parents=True)
    shutil.copy(report, tmp_path / "tables" / "below")
    (tmp_path / "tables" / "empty.txt").touch()
    status, out, err = place.run("--fresh", "--dry-run", "--add-tables", str(tmp_path / "tables"))
    assert status == 0, err
    first, second = out.splitlines()[-2:]
    assert first == (
        f"由表格得到标注{labels}个（报告1份）；在已标注的报告上同法得到{labels}个，其中错1个"
    )
    assert re.fullmatch(
        r"  加入后事实F1 [\d.]+% → [\d.]+%，差：[+-][\d.]+%，95%区间 [+-][\d.]+% 至 [+-][\d.]+%；"
        r"只报告，不并入新版本",
        second,
    )
    complaints = [line for line in err.splitlines() if line.startswith("nianbao: ")]
    assert len(complaints) == 1
    assert "empty.txt" in complaints[0]
    assert not place.models.exists()  # a dry run


def tabled(text: str) -> AnnotatedText:
    from nlp.classifier.table_labels import table_labelled
    from nlp.reading import read_bytes

    return table_labelled(read_bytes(text.encode("utf-8"), path="x"), "marked.x")


def train_labels(text: str) -> int:
    return len(tabled(text).marks)


def without_first(text: str) -> AnnotatedText:
    one = tabled(text)
    return replace(one, marks=one.marks[1:], by="corpus", year=2016, agency="某厅")


# Refusals


def refused(outcome: tuple[int, str, str], status: int) -> str:
    got, out, err = outcome
    lines = [line for line in err.splitlines() if line.startswith("nianbao: ")]
    assert (got, len(lines)) == (status, 1), err
    assert err.splitlines()[-1] == lines[0]
    assert "内部错误" not in err
    assert "Traceback" not in err
    assert out == ""
    return lines[0]


def test_a_bad_line_of_the_annotations(tmp_path: Path) -> None:
    place = laid_out(tmp_path)
    bad = f'{dumps(TEXTS[0])}\n{{"id": 5}}\n{dumps(TEXTS[1])}\n'
    (place.folder / "bad.jsonl").write_text(bad, "utf-8")
    line = refused(place.run("--fresh", annotations="bad.jsonl"), 3)
    assert "bad.jsonl" in line
    assert "第2行" in line
    assert not place.models.exists()


def test_annotations_or_splits_that_are_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = laid_out(tmp_path)
    assert "none.jsonl" in refused(place.run("--fresh", annotations="none.jsonl"), 3)
    (tmp_path / "splits.json").write_text('{"agencies": {}, "texts": {"a": "dev"}}', "utf-8")
    assert "只能是 train 或 test" in refused(place.run("--fresh"), 3)
    for content in ("{", '{"texts": {}}', '{"agencies": [], "texts": {}}', "\udc80"):
        (tmp_path / "splits.json").write_bytes(content.encode("utf-8", "surrogateescape"))
        assert "splits.json" in refused(place.run("--fresh"), 3)
    (tmp_path / "splits.json").unlink()
    assert "splits.json" in refused(place.run("--fresh"), 3)
    monkeypatch.setattr(train, "ROOT", tmp_path / "empty")
    err = io.StringIO()
    with redirect_stderr(err):
        status = train.main(["--models", str(place.models)])
    assert "没有标注文件" in refused((status, "", err.getvalue()), 3)


def test_splits_that_are_a_list(tmp_path: Path) -> None:
    place = laid_out(tmp_path)
    (tmp_path / "splits.json").write_text("[]", "utf-8")
    assert "splits.json" in refused(place.run("--fresh"), 3)


def test_a_model_in_use_that_is_corrupt(place: Place) -> None:
    path = place.models / "reader" / "0001" / "vocabulary.json"
    path.write_bytes(path.read_bytes() + b" ")
    line = refused(place.run(), 4)
    assert "vocabulary.json" in line
    assert "python -m nlp.train" in line
    assert place.versions == ["0001"]


def test_a_segmenter_that_is_not_there(place: Place) -> None:
    assert "nowhere" in refused(place.run("--fresh", "--segmenter", "nowhere"), 4)


@pytest.mark.parametrize("words", [["--jobs", "many"], ["--accept-worse"], ["--fast"], ["x"]])
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        train.main(words)
    assert end.value.code == 2
    assert "nlp.train" in capsys.readouterr().err


def test_too_few_examples_are_told(tmp_path: Path) -> None:
    place = laid_out(tmp_path)
    append(
        tmp_path / "few.jsonl", [one for one in TEXTS if one.id.startswith(("made.0", "made.2"))]
    )
    refused(place.run("--fresh", annotations="few.jsonl"), 3)


def test_help_imports_nothing_heavy() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from nlp.train import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'spacy', 'sklearn', 'scipy', 'jieba', 'spacy_pkuseg', 'numpy', 'joblib'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "HEAVY []"
    for option in ("--fresh", "--dry-run", "--add-tables", "--accept-worse", "--splits"):
        assert option in done.stdout
