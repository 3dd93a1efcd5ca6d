"""The trained half: numpy against scikit-learn, calibration, models on disk, features, examples."""

import hashlib
import io
import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from loading import ROOT
from nlp.annotations import AnnotatedText
from nlp.classifier import fit as fitting
from nlp.classifier import store
from nlp.classifier.examples import (
    NEITHER,
    ClauseExample,
    FigureExample,
    clause_examples,
    figure_examples,
)
from nlp.classifier.features import Anchor, SentenceWords, anchors, clause_features, figure_features
from nlp.classifier.fit import OutOfFold, Task, calibration_error, fit, fit_calibrated, needed
from nlp.classifier.learn import examples_of
from nlp.classifier.predict import LinearModel, RowIndex, softmax
from nlp.classifier.table_labels import BY, table_labelled, wrong_labels
from nlp.context.enumerations import enumerations
from nlp.context.sentence import Sentence, sentences_of
from nlp.errors import InstallationError
from nlp.markup import Mark, parse
from nlp.metrics import OTHER
from nlp.metrics import load as load_metrics
from nlp.models_folder import current_version, publish
from nlp.numbers import find_figures
from nlp.reading import fold, read_bytes
from nlp.records import Passage, Role
from nlp.segmentation import segmenter

# A small task of each kind


def made(labels: list[str], *, count: int = 90, seed: int = 3) -> Task:
    """Examples in which each label has words of its own, mixed with words of all and of others."""
    random = np.random.default_rng(seed)
    features, true = [], []
    for number in range(count):
        label = labels[number % len(labels)]
        own = [f"{label}{random.integers(4)}" for _ in range(2)]
        stray = labels[random.integers(len(labels))]
        noise = [f"w{random.integers(30)}" for _ in range(3)]
        features.append([*own, *noise, f"{stray}{random.integers(4)}"])
        true.append(label)
    return Task(features, true, [f"t{number // 3}" for number in range(count)])


TASKS = {
    "two labels": made(["a", "b"]),
    "many labels": made(list("abcdefgh"), count=160),
}
every_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())


@every_task
def test_numpy_says_what_scikit_learn_says(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "_TINY", 0)  # so that all weights are those of scikit-learn
    model = fit(task)
    matrix = fitting.design_matrix(task.features, model.vocabulary)
    regression = fitting._regression(task)
    fitting._quietly(regression.fit, matrix, task.labels)
    assert list(model.labels) == list(regression.classes_)
    ours = model.probabilities(task.features)
    assert np.allclose(ours.sum(axis=1), 1, atol=1e-6)
    assert np.abs(ours - regression.predict_proba(matrix)).max() <= 1e-5
    said = [model.judge(one).label for one in task.features]
    assert said == list(regression.predict(matrix))
    assert len({*said}) > 1


@every_task
def test_weights_too_small_to_matter_change_no_label(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = fit(task)
    monkeypatch.setattr(fitting, "_TINY", 0)
    whole = fit(task)
    left = np.abs(cut.weights[:-1])
    assert not ((left > 0) & (left < 0.015)).any()
    assert np.array_equal(cut.weights[-1], whole.weights[-1])
    for one in task.features:
        assert cut.judge(one).label == whole.judge(one).label


@every_task
def test_the_same_task_gives_the_same_arrays(task: Task) -> None:
    first, second = fit(task), fit(task)
    assert np.array_equal(first.weights, second.weights)
    assert first.weights.dtype == np.float32
    assert (first.labels, first.vocabulary) == (second.labels, second.vocabulary)


def test_the_folds_are_the_same_in_processes_of_their_own() -> None:
    task = TASKS["two labels"]
    assert fit_calibrated(task, 2)[1] == fit_calibrated(task)[1]


def test_what_is_seen_too_seldom_is_left_out() -> None:
    task = Task(
        [["x", "x", "y"], ["x"], ["x"], ["z"], ["z"], ["z", "y"], ["z"]],
        ["a", "a", "a", "b", "b", "b", "c"],
        ["t"] * 7,
    )
    model = fit(task)
    assert model.labels == ("a", "b")
    # Twice in one example counts once; the example of the rare label is not learnt from.
    assert model.vocabulary == {"x": 0, "z": 1}
    assert model.judge(["never seen"]).label in ("a", "b")


# Calibration


@every_task
def test_the_scale_lowers_the_negative_log_likelihood(task: Task) -> None:
    folds = {
        name: place % 4 for place, name in enumerate(fitting._shuffled(sorted({*task.groups})))
    }
    scores = dict(pair for fold in range(4) for pair in fitting._scores_of_fold(task, folds, fold))

    def total(scale: float) -> float:
        return sum(
            fitting._surprise(scores[i][0] / scale, scores[i][1], label)
            for i, label in enumerate(task.labels)
        )

    model, held_out = fit_calibrated(task)
    assert held_out.scale == model.scale
    assert total(model.scale) < total(1.0)
    assert total(model.scale) <= min(total(scale) for scale in (0.5, 0.75, 1.5, 2.0, 2.5))


def test_many_examples_are_looked_up_as_one_is() -> None:
    vocabulary = {f"c={number}": number for number in range(500)} | {"": 500}
    rng = np.random.default_rng(1)
    model = LinearModel(vocabulary, ("a", "b"), rng.normal(size=(502, 2)).astype(np.float32))
    asked = [
        [f"c={number}" for number in rng.integers(0, 700, size=size)] for size in (0, 1, 40, 300, 7)
    ] + [[""], ["never seen"], ["c=3", "c=3"]]
    rows = [model.rows(features) for features in asked]
    assert [one.tolist() for one in RowIndex(vocabulary).rows(asked)] == rows
    assert [one.tolist() for one in RowIndex({}).rows([["x"], []])] == [[0], [0]]
    alone = [model.scores([features])[0].tolist() for features in asked]
    assert model.scores(asked * 3).tolist() == alone * 3
    # hashes of strings differ between processes
    assert pickle.loads(pickle.dumps(model)).scores(asked * 3).tolist() == alone * 3
    assert "_index" in vars(model)
    assert "_index" not in vars(pickle.loads(pickle.dumps(model)))


def test_the_scale_divides_the_scores() -> None:
    model = LinearModel({"x": 0}, ("a", "b"), np.array([[2, 0], [0, 0]], dtype=np.float32), scale=2)
    assert np.allclose(model.probabilities([["x"]])[0], softmax(np.array([1, 0], dtype=np.float32)))


@pytest.mark.parametrize(
    ("probabilities", "right", "error"),
    [
        ([], [], 0),
        ([1.0, 1.0], [True, True], 0),
        ([1.0, 1.0], [True, False], 0.5),
        ([0.5] * 4, [True, True, False, False], 0),
        ([0.9] * 4 + [0.5] * 4, [True] * 4 + [True, False, False, False], (0.1 + 0.25) / 2),
    ],
)
def test_calibration_error(probabilities: list[float], right: list[bool], error: float) -> None:
    bins = 1 if len(probabilities) == 4 else 2
    assert calibration_error(probabilities, right, bins) == pytest.approx(error)


def answers(*said: tuple[str, float, str, int]) -> tuple[Task, OutOfFold]:
    """Label, probability and true label of so many answers out of fold."""
    rows = [(label, p, true) for label, p, true, count in said for _ in range(count)]
    task = Task([()] * len(rows), [true for _, _, true in rows], [""] * len(rows))
    return task, OutOfFold(tuple(r[0] for r in rows), tuple(r[1] for r in rows), 1.0)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([("a", 0.52, "a", 12)], {"a": 0.5}),
        ([("a", 0.52, "a", 11)], {}),  # too few speak for it
        ([("a", 0.49, "a", 40)], {}),  # below the lowest bar
        ([("a", 0.52, "b", 3), ("a", 0.62, "a", 12)], {"a": 0.55}),
        ([("a", 0.62, "b", 1), ("a", 0.62, "a", 19)], {"a": 0.5}),
        ([("a", 0.62, "b", 3), ("a", 0.62, "a", 17)], {"a": 0.5}),  # 85 %
        ([("a", 0.62, "b", 3), ("a", 0.62, "a", 16)], {}),
        ([("a", 0.83, "b", 3), ("a", 0.91, "a", 12)], {"a": 0.85}),
        ([("a", 0.99, "b", 3), ("a", 0.99, "a", 12)], {}),
        ([("a", 0.5, "a", 12), ("b", 0.9, "a", 20), ("b", 0.95, "b", 5)], {"a": 0.5}),
    ],
)
def test_what_a_label_needs(
    said: list[tuple[str, float, str, int]], found: dict[str, float]
) -> None:
    assert needed(*answers(*said)) == found


def test_a_label_that_is_as_right_counts_as_right() -> None:
    task, held_out = answers(("a", 0.6, "b", 12))
    assert needed(task, held_out) == {}
    assert needed(replace(task, also=[("a",)] * 12), held_out) == {"a": 0.5}


def test_a_bar_of_each_name() -> None:
    """Where examples are pairs with a metric, the bar is the metric's; a no needs none."""
    task, held_out = answers(
        ("denied", 0.6, "denied", 12), ("denied", 0.7, OTHER, 12), (OTHER, 0.9, "denied", 20)
    )
    named = replace(task, names=["review"] * 12 + ["fee"] * 12 + ["request"] * 20)
    assert needed(named, held_out) == {"review": 0.5}
    assert needed(named.only(range(12, 24)), replace(held_out, labels=held_out.labels[12:24],
        probabilities=held_out.probabilities[12:24])) == {}  # fmt: skip


# On disk


@cache
def small_models() -> store.Models:
    many = replace(fit(TASKS["many labels"]), scale=1.25)
    return {"figure": replace(fit(TASKS["two labels"]), scale=0.8, needed={"b": 0.5, "a": 0.35}),
            "denial": many}  # fmt: skip


@pytest.fixture
def version(tmp_path: Path) -> Path:
    """A small model in use."""
    folder = store.save(small_models(), {"data": {}}, "card\n", tmp_path)
    publish(folder)
    return folder


@pytest.fixture
def elsewhere(version: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of models taken to be the checkout's."""
    monkeypatch.setattr("nlp.models_folder.models_folder", lambda: version.parent.parent)
    return version.parent.parent


load: Callable[..., store.Models] = store.load.__wrapped__  # not the one that remembers


def refusal(version: Path | None) -> str:
    with pytest.raises(InstallationError) as caught:
        load(version)
    assert caught.value.code == "model"
    assert caught.value.status == 4
    assert "python -m nlp.train" in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def sign(version: Path) -> None:
    """Make the manifest agree with the files."""
    path = version / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for name in manifest["files"]:
        manifest["files"][name] = hashlib.sha256((version / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest), "utf-8")


def test_what_is_saved_is_loaded(version: Path) -> None:
    loaded = load(version)
    assert [*loaded] == [*small_models()]
    for name, model in small_models().items():
        assert np.array_equal(loaded[name].weights, model.weights)
        assert loaded[name].weights.dtype == np.float32
        assert replace(loaded[name], weights=model.weights) == model
    assert {path.name for path in version.iterdir()} == {
        "card.md", "manifest.json", "vocabulary.json", "weights.npz",
    }  # fmt: skip
    manifest = json.loads((version / "manifest.json").read_text("utf-8"))
    assert (manifest["version"], manifest["data"]) == ("0001", {})


def test_versions_are_counted_and_the_current_one_is_named(elsewhere: Path) -> None:
    second = store.save(small_models(), {}, "card", elsewhere)
    assert second.name == "0002"
    assert load(None)["figure"].scale == 0.8
    assert current_version() == elsewhere / "reader" / "0001"
    publish(second)
    assert current_version() == second
    assert (elsewhere / "current.toml").read_text("utf-8") == 'reader = "0002"\n'


def test_publishing_keeps_what_else_is_named(elsewhere: Path) -> None:
    (elsewhere / "current.toml").write_text('pkuseg = "0007"\nreader = "0003"\n', "utf-8")
    publish(elsewhere / "reader" / "0001")
    assert (elsewhere / "current.toml").read_text("utf-8") == 'pkuseg = "0007"\nreader = "0001"\n'
    assert sorted(path.name for path in elsewhere.iterdir()) == ["current.toml", "reader"]


@pytest.mark.parametrize("name", ["weights.npz", "vocabulary.json", "card.md"])
def test_a_changed_byte_is_refused(version: Path, name: str) -> None:
    content = bytearray((version / name).read_bytes())
    content[len(content) // 2] ^= 1
    (version / name).write_bytes(content)
    assert f"{name}：内容与 manifest.json 所记不符" in refusal(version)


@pytest.mark.parametrize("name", ["weights.npz", "vocabulary.json", "card.md", "manifest.json"])
def test_a_missing_file_is_refused(version: Path, name: str) -> None:
    (version / name).unlink()
    assert name in refusal(version)


@pytest.mark.parametrize("content", ['{"format": 2}', '{"format": "1"}', "{}", "[]", "{", "\udc80"])
def test_a_foreign_manifest_is_refused(version: Path, content: str) -> None:
    (version / "manifest.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert "manifest.json" in refusal(version)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('pkuseg = "0001"\n', "未写明 reader 的版本"),
        ("", "未写明 reader 的版本"),
        ("reader = ", "无法读取"),
        ("\udc80", "无法读取"),
        ('reader = "0009"\n', "manifest.json"),
    ],
)
def test_a_version_that_is_not_named_is_refused(elsewhere: Path, content: str, said: str) -> None:
    (elsewhere / "current.toml").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert said in refusal(None)
    if "reader" not in content or "0009" not in content:
        assert "current.toml" in refusal(None)


def test_a_folder_without_current_toml_is_refused(elsewhere: Path) -> None:
    (elsewhere / "current.toml").unlink()
    assert "current.toml：无法读取" in refusal(None)


def arrays_of(version: Path) -> dict[str, Any]:
    with np.load(version / "weights.npz") as arrays:
        return dict(arrays)


def _objects(version: Path) -> None:
    changed = arrays_of(version) | {"figure.values": np.array([{}], dtype=object)}
    np.savez(version / "weights.npz", allow_pickle=True, **changed)


def _missing_array(version: Path) -> None:
    changed = arrays_of(version)
    del changed["denial.ends"]
    np.savez(version / "weights.npz", **changed)


def _short(version: Path) -> None:
    changed = arrays_of(version)
    np.savez(version / "weights.npz", **changed | {"figure.ends": changed["figure.ends"][:-2]})


def _no_archive(version: Path) -> None:
    (version / "weights.npz").write_bytes(b"PK")


def _pickle(version: Path) -> None:
    (version / "weights.npz").write_bytes(b"\x80\x04}.")


def _no_json(version: Path) -> None:
    (version / "vocabulary.json").write_text('{"figure": {"labels": []', "utf-8")


def _no_labels(version: Path) -> None:
    (version / "vocabulary.json").write_text('{"figure": {"features": []}}', "utf-8")


def _a_list(version: Path) -> None:
    (version / "vocabulary.json").write_text('["figure"]', "utf-8")


def _no_zip(version: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("figure.ends.npy", b"no array")
    (version / "weights.npz").write_bytes(content.getvalue())


def _torn_archive(version: Path) -> None:
    content = (version / "weights.npz").read_bytes()
    (version / "weights.npz").write_bytes(content[: len(content) // 2])


def _column_outside(version: Path) -> None:
    changed = arrays_of(version)
    np.savez(version / "weights.npz", **changed | {"figure.columns": changed["figure.columns"] + 9})


@pytest.mark.parametrize(
    "spoil",
    [
        _objects,
        _missing_array,
        _short,
        _no_archive,
        _pickle,
        _no_json,
        _no_labels,
        _a_list,
        _no_zip,
        _torn_archive,
        _column_outside,
    ],
)
def test_unsound_content_is_refused(version: Path, spoil: Callable[[Path], None]) -> None:
    """Whatever the hashes say: the manifest agrees with these files."""
    spoil(version)
    sign(version)
    assert "模型内容有误" in refusal(version)


@pytest.mark.parametrize("fault", [OSError("disk full"), KeyboardInterrupt()])
def test_no_draft_stays_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def fail(path: Path, content: str) -> None:
        assert path.parent.name.startswith(".draft-")
        raise fault

    monkeypatch.setattr(store, "write_text", fail)
    with pytest.raises(type(fault)):
        store.save(small_models(), {}, "card", tmp_path)
    assert list((tmp_path / "reader").iterdir()) == []


def test_no_draft_stays_behind_where_the_manifest_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        store.save(small_models(), {"data": object()}, "card", tmp_path)
    assert list((tmp_path / "reader").iterdir()) == []
    assert store.save(small_models(), {}, "card", tmp_path).name == "0001"


# The model that is shipped


def test_the_shipped_model_is_sound() -> None:
    models = store.load()
    assert [*models] == ["figure", "denial", "basis", "owner", "kind", "topic"]
    assert {"denied", OTHER} == {*models["denial"].labels}
    for model in models.values():
        assert model.weights.shape == (len(model.vocabulary) + 1, len(model.labels))
        assert np.isfinite(model.weights).all()
        assert 0.5 <= model.scale <= 2.5
    assert {*models["figure"].needed} <= {*models["figure"].labels}
    assert {*models["denial"].needed} <= {*load_metrics()}
    assert {"own", "another"} == {*models["owner"].labels}
    assert {"problem", "plan", "remedy", NEITHER} == {*models["kind"].labels}


def test_the_shipped_model_came_from_the_data_here() -> None:
    version = current_version()
    manifest = json.loads((version / "manifest.json").read_text("utf-8"))
    here = [*sorted((ROOT / "annotations").glob("*.jsonl")), ROOT / "corpora" / "splits.json"]
    here = [path for path in here if path.exists()]
    if len(here) < 2:
        pytest.skip("annotations/ or corpora/splits.json is not in this copy")
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in here}
    assert manifest["data"] == hashes, "run python -m nlp.train"
    features = ROOT / "nlp" / "classifier" / "features.py"
    assert manifest["features"] == hashlib.sha256(features.read_bytes()).hexdigest()


def test_a_copy_of_the_shipped_model_is_loaded_alike(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(current_version(), tmp_path / "reader" / "0001"))
    assert np.array_equal(load(copy)["figure"].weights, store.load()["figure"].weights)


# Features of figures


def sentence_of(words: str, heading: str = "", role: Role = "overview") -> Sentence:
    text = fold(words)
    passage = Passage(text, tuple(range(len(text))), role, "", heading)
    figures = find_figures(text)
    return sentences_of(passage, figures, enumerations(text, figures))[0]


def features(words: str, index: int = 0, family: str = "2014", **of: Any) -> set[str]:
    """The features of one figure of a sentence."""
    return {*figure_features(SentenceWords(sentence_of(words, **of), segmenter()), index, family)}


def of_kind(found: set[str], *kinds: str) -> set[str]:
    return {one for one in found if one.split("=")[0] in kinds}


@pytest.mark.parametrize(
    ("left", "right", "index"),
    [
        ("公开12条，收到申请5件。", "公开98条，收到申请5件。", 1),
        ("公开12条，收到申请5件，办结4件。", "公开12条，收到申请5件，办结9件。", 1),
        ("公开3,742条，收到申请5件。", "公开1,026条，收到申请5件。", 1),
        ("占17.5%，收到申请5件。", "占20.1%，收到申请5件。", 1),
        ("收到申请35件，其中网络20件。", "收到申请46件，其中网络20件。", 1),
        ("收到申请5件（网络2件，信函3件）。", "收到申请7件（网络4件，信函3件）。", 2),
        ("公开１２条，收到申请5件。", "公开34条，收到申请5件。", 1),
        ("公开7条，收到申请5件。", "公开1,286条，收到申请5件。", 1),
    ],
)
def test_neighbouring_figures_are_masked(left: str, right: str, index: int | None) -> None:
    assert features(left, index) == features(right, index)


@pytest.mark.parametrize(
    ("left", "right", "index"),
    [
        ("微信公开7条、5条。", "微信公开12条、5条。", 1),  # k4
        ("微信公开5条、7条。", "微信公开5条、12条。", 0),  # m3
        ("公开3类信息120条，其中网站5条。", "公开9类信息120条，其中网站5条。", 2),  # whole
    ],
)
def test_neighbours_of_any_length_are_masked(left: str, right: str, index: int) -> None:
    assert features(left, index) == features(right, index)


@pytest.mark.parametrize(
    ("value", "size"), [(0, 1), (1, 2), (9, 2), (10, 3), (99, 3), (100, 4), (1_000_000, 8)]
)
def test_of_a_figure_itself_only_the_size_is_seen(value: int, size: int) -> None:
    base = features("收到申请5件，办结4件。")
    assert features(f"收到申请{value}件，办结4件。") ^ base <= {"size=2", f"size={size}"}
    assert f"size={size}" in features(f"收到申请{value}件，办结4件。")


@pytest.mark.parametrize(
    ("words", "index", "kinds", "expected"),
    [
        # the words since the figure before, nearest first
        ("全年收到申请5件。", 0, ["l1", "l2", "l3"], {"l1=申请", "l2=收到", "l3=全年"}),
        ("收到申请5件、办结4件。", 1, ["l1", "l2", "l3", "c"], {"l1=办结", "l2=、", "c=办结"}),
        ("收到申请5件，共办结了4件。", 1, ["n1", "n2"], {"n1=办结"}),  # links tell nothing
        ("收到申请5件，办结4件。", 1, ["e", "d"], {"e=收到", "e=申请"}),
        ("收到申请5件办结4件。", 1, ["d"], {"d=收到", "d=申请"}),
        ("收到申请5件。", 0, ["k2", "k3", "k4"], {"k2=申请", "k3=到申请", "k4=收到申请"}),
        ("收到申请5件。", 0, ["l21", "n21"], {"l21=收到申请", "n21=收到申请"}),
        # the unit with the words
        ("收到申请5件。", 0, ["unit", "n1u", "bareu"], {"unit=件", "n1u=申请件"}),
        ("收到申请5件。", 0, ["family", "n1f"], {"family=2014", "n1f=申请2014"}),
        # number first: the words stand behind
        ("5件申请通过网络提出。", 0, ["bare", "opens", "p1", "p1u"], {"bare", "opens", "p1=申请", "p1u=申请件"}),
        ("5件申请，3件答复。", 0, ["a", "p1", "p2"], {"a=申请", "p1=申请"}),  # up to the mark
        ("5件申请3件答复。", 0, ["a"], {"a=申请"}),  # or to the next figure
        # neighbours
        ("收到申请5件，培训3期。", 0, ["prev", "next"], {"next=期"}),
        ("收到申请5件，培训3期。", 1, ["prev", "next", "prevk"], {"prev=件", "prevk=申请"}),
        ("收到申请5件，其中网络3件。", 1, ["wholeu"], {"wholeu=件"}),
        ("收到申请5件，培训3期。", 1, ["wholeu"], set()),
    ],
)  # fmt: skip
def test_words_around_a_figure(
    words: str, index: int, kinds: list[str], expected: set[str]
) -> None:
    assert of_kind(features(words, index), *kinds) == expected


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("收到申请5件。", [(0, "5件")]),
        ("未收到申请。", [(None, "未")]),
        ("收到申请5件，没有行政复议，无诉讼。", [(0, "5件"), (None, "没"), (None, "无")]),
        ("收到申请0件。", [(0, "0件")]),  # a figure, though it denies
        ("收到申请零件，未收费。", [(0, "零件"), (None, "未")]),
        ("不断完善，不仅收到5件。", [(0, "5件")]),  # these deny nothing
        ("行政复议0宗。", [(0, "0宗")]),
        ("行政复议为0件。", [(0, "0件")]),  # 为0 begins before its figure
        ("年内未发生复议3件以外的诉讼。", [(None, "未"), (0, "3件")]),  # in text order
    ],
)
def test_anchors(words: str, found: list[tuple[int | None, str]]) -> None:
    sentence = sentence_of(words)
    text = sentence.passage.text
    assert [(a.index, text[a.start : a.end]) for a in anchors(sentence)] == found


def test_heading_and_topics() -> None:
    found = features("全年收到5件。", heading="三、依申请公开3件", role="requests")
    assert {"role=requests", "head=依申请公开", "th=request"} <= found
    assert of_kind(found, "head") == {"head=依申请公开"}  # neither numbers nor single characters
    assert of_kind(features("全年收到5件。"), "head", "th") == set()


@pytest.mark.parametrize(
    ("words", "index", "expected"),
    [
        ("行政复议5件。", 0, {"tc=review", "tn=review", "tnu=review件"}),
        ("行政复议，共5件。", 0, {"te=review", "tn=review", "tnu=review件"}),
        ("有5件行政复议。", 0, {"ta=review", "tn=", "tnu=件"}),
        ("有行政复议。共5件。", 0, {"tb=review", "tn=", "tnu=件"}),
        ("行政复议3件，行政诉讼5件。", 1, {"te=review", "tc=litigation", "tn=litigation", "tnu=litigation件"}),
    ],
)  # fmt: skip
def test_topics_by_their_place(words: str, index: int | None, expected: set[str]) -> None:
    found = of_kind(features(words, index), "tc", "te", "ta", "tb", "tn", "tnu")
    assert found == expected


def test_features_of_a_clause() -> None:
    segment = segmenter()
    found = clause_features(
        "公开内容不够全面，仅有3个栏目。", "problems", "五、存在的问题", segment
    )
    assert {"role=problems", "head=存在", "head=问题", "w=公开", "end=栏目", "long=0"} <= {*found}
    assert {"first0=公开", "x=#", "xx=不够"} <= {*found}
    other = "公开内容不够全面，仅有5个栏目。"
    assert clause_features(other, "problems", "五、存在的问题", segment) == found
    assert "long=6" in clause_features("公开" * 100, "plans", "", segment)
    assert clause_features("", "plans", "", segment)


# Examples


def figures_of(words: str, **fields: Any) -> list[FigureExample]:
    text, marks = parse(words)
    made = AnnotatedText("x", text, marks, **fields)
    return [*figure_examples(made, segmenter())]


REPORT = (
    "某县2022年政府信息公开工作年度报告\n一、总体情况\n2022年，[[disclosure.total=1286|网站、\n"
    "微信公开1286条]]，印发[[other=7|简报7期]]。\n三、依申请公开\n[[request.received=0|未收到公民、\n法人申请]]。\n"
)


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("[[request.received=5|收到申请5件]]，简报3期。", ["request.received", OTHER]),
        # two marks on one figure
        ("[[request.received=5; reply.total=5|收到并办结5件]]。", ["reply.total+request.received"]),
        ("[[request.received=5|收到[[reply.total=5|并办结5件]]]]。", ["reply.total+request.received"]),
        # a mark with several figures goes to the one with its value
        ("[[reply.total=4|收到5件，办结4件]]。", [OTHER, "reply.total"]),
        ("[[request.received=5|收到5件，办结4件]]。", ["request.received", OTHER]),
        ("[[request.received=9|收到5件，办结4件]]。", [OTHER, OTHER]),
        ("[[request.received=5|收到5件，办结5件]]。", [OTHER, "request.received"]),  # the last
        ("[[request.received=9|收到5件]]。", ["request.received"]),  # one figure alone is meant
        # money, in print and in the metric's unit
        ("[[fund.amount=6.8|投入6.8万元]]。", ["fund.amount"]),
        ("[[fee.processing_amount=3000|收取0.3万元]]。", ["fee.processing_amount"]),
        ("[[fund.amount=6.8|培训2期投入68000元]]。", [OTHER, "fund.amount"]),
        ("[[licence.change=-12|本年减12项]]，增5项。", ["licence.change", OTHER]),
        # another code that is accepted does not teach
        ("[[disclosure.website/disclosure.total=9|发布信息9条]]。", ["disclosure.website"]),
        # problems and plans label no figure
        ("[[problem|公开3次不够]]。", [OTHER]),
    ],
)  # fmt: skip
def test_labels_of_figures(words: str, labels: list[str]) -> None:
    assert [one.metric for one in figures_of(words)] == labels


def test_what_else_an_example_tells() -> None:
    first, second = figures_of(
        "[[meeting.sessions=2 ~target|计划开会2次]]，[[request.received=5 #某镇 ?|某镇收到5件]]，未收费。"
    )
    assert (first.basis, first.own, first.optional) == ("target", True, False)
    assert (second.basis, second.own, second.optional) == ("total", False, True)
    assert "family=2014" in first.features
    assert "family=2021" in figures_of("收到5件。", year=2022)[0].features
    assert "role=requests" in figures_of("收到5件。", heading="三、依申请公开")[0].features


def test_examples_of_a_report_with_wrapped_lines() -> None:
    text, _ = parse(REPORT)
    found = figures_of(REPORT, year=2022, agency="某县")
    assert [(text[one.start : one.end], one.metric) for one in found] == [
        ("1286条", "disclosure.total"), ("7期", OTHER),
    ]  # fmt: skip
    assert "k4=微信公开" in found[0].features
    assert "g=、微" in found[0].features  # across the line break


def test_clauses_of_a_line_and_of_a_report() -> None:
    text, marks = parse("存在[[problem:staff|人员不足]]，[[neither|成绩很好]]。收到5件。")
    line = AnnotatedText("items.1", text, marks)
    segment = segmenter()

    def told(found: list[ClauseExample], text: str) -> list[tuple[str, str, str | None]]:
        return [(text[one.start : one.end], one.kind, one.topic) for one in found]

    assert told([*clause_examples(line, segment)], text) == [
        ("人员不足", "problem", "staff"), ("成绩很好", NEITHER, None),
    ]  # fmt: skip
    assert examples_of([line], segment).figures == ()  # nobody said that 5件 counts nothing
    report, marks = parse(
        "某县2022年政府信息公开工作年度报告\n四、存在的问题\n（一）[[problem:staff|人员力量不足。]]\n各项工作有序推进。\n"
    )
    found = [*clause_examples(AnnotatedText("r", report, marks, agency="某县"), segment)]
    sentences = {(words.strip(), kind) for words, kind, _ in told(found, report)}
    assert {("人员力量不足。", "problem"), ("各项工作有序推进。", NEITHER)} <= sentences
    assert [*clause_examples(AnnotatedText("r", "收到5件。"), segment)] == []


# Labels that the tables give


TABLED = (
    "某县2016年政府信息公开工作年度报告\n二、主动公开\n2016年，公开政府信息1286条，培训1286人。"
    "收到申请35件，占35%。另有3件。约35件。制发文件48件，处理48天。收取检索费0.5万元。\n"
)


@pytest.fixture
def labelled(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AnnotatedText]:
    """Labels of the report above, with tables that hold the given values."""
    from nlp.classifier import table_labels
    from nlp.structure.tables import read_tables

    def made(text: str, *values: tuple[str, str | None, float | None]) -> AnnotatedText:
        import stubs

        document = read_bytes(text.encode("utf-8"), path="x")
        cells = tuple(
            replace(stubs.CELL, id=f"c{n}", metric=metric, applicant=applicant, value=value)
            for n, (metric, applicant, value) in enumerate(values)
        )
        read = replace(read_tables(document), cells=cells)
        monkeypatch.setattr(table_labels, "read_tables", lambda _: read)
        return table_labelled(document, "tables.x")

    return made


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([("request.received", None, 35)], [("35件", "request.received")]),
        ([("request.received", "total", 35.0)], [("35件", "request.received")]),
        ([("request.received", "natural_person", 35)], []),  # a column of some applicants
        ([("request.received", None, None)], []),
        # exactly one metric has the value
        ([("request.received", None, 35), ("reply.total", None, 35)], []),
        ([("request.received", None, 35), ("request.received", "total", 35)], [("35件", "request.received")]),
        # kinds and units: shares are no requests, days no documents
        (
            [("disclosure.total", None, 1286)],
            [("1286条", "disclosure.total"), ("1286人", "disclosure.total")],
        ),
        ([("satisfaction.rate", None, 35)], [("35%", "satisfaction.rate")]),
        ([("disclosure.normative_documents_issued", None, 48)], [("48件", "disclosure.normative_documents_issued")]),
        # small numbers stand everywhere
        ([("request.received", None, 3)], []),
        # money in 元 and in 万元, where it is no small number
        ([("fee.charged", None, 5000)], []),
        ([("fee.charged", None, 0.5)], []),
    ],
)  # fmt: skip
def test_labels_from_tables(
    labelled: Callable[..., AnnotatedText],
    values: list[tuple[str, str | None, float | None]],
    expected: list[tuple[str, str]],
) -> None:
    one = labelled(TABLED, *values)
    assert one.by == BY
    assert [(one.text[m.start : m.end], m.metrics[0]) for m in one.marks] == expected


@pytest.mark.parametrize(
    ("stated", "value"), [("62000元", 6.2), ("6.2万元", 62_000), ("6.2万元", 6.2), ("62元", 62)]
)
def test_money_is_converted(
    labelled: Callable[..., AnnotatedText], stated: str, value: float
) -> None:
    text = f"某县2016年政府信息公开工作年度报告\n二、收费\n收取检索费{stated}。\n"
    assert [m.metrics for m in labelled(text, ("fee.charged", None, value)).marks] == [
        ("fee.charged",)
    ]


def test_texts_labelled_by_tables_give_no_other(labelled: Callable[..., AnnotatedText]) -> None:
    """A figure without a label is unknown there, not one that counts nothing."""
    one = labelled(TABLED, ("request.received", None, 35))
    assert [figure.metric for figure in examples_of([one], segmenter()).figures] == [
        "request.received"
    ]
    metrics = {
        figure.metric for figure in examples_of([replace(one, by="corpus")], segmenter()).figures
    }
    assert metrics == {"request.received", OTHER}


def test_wrong_labels() -> None:
    def mark(start: int, end: int, *metrics: str, kind: str = "fact") -> Mark:
        return Mark(start, end, kind, metrics, 5)

    text = "收到申请5件，办结5件，培训5期，公开5条。"
    given = AnnotatedText("x", text, (
        mark(4, 6, "request.received"), mark(9, 11, "reply.total"), mark(14, 16, "training.sessions"),
        mark(19, 21, "disclosure.total"),
    ))  # fmt: skip
    true = AnnotatedText("x", text, (
        mark(0, 6, "request.received"), mark(7, 11, "request.closed", "reply.total"),
        mark(12, 16, "meeting.sessions"), mark(17, 21, "problem", kind="problem"),
    ))  # fmt: skip
    assert wrong_labels(given, true) == (2, 4)  # the wrong metric, and what nobody marked
    assert wrong_labels(true, given)[1] == 4
    assert wrong_labels(AnnotatedText("x", text), true) == (0, 0)


def test_anchors_are_hashable_and_told_apart() -> None:
    assert len({Anchor(None, 1, 2), Anchor(None, 1, 2), Anchor(0, 1, 2)}) == 2
