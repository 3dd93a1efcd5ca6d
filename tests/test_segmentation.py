"""Words as spans: nothing of the text is lost, terms stay whole, models are verified before use."""

import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loading import ROOT, script
from nlp.annotations import read
from nlp.errors import InstallationError
from nlp.models_folder import models_folder, publish
from nlp.segmentation import NAMES, Segmenter, jieba_words, pkuseg_words, segmenter
from nlp.segmentation.align import align

SENTENCES = ROOT / "corpora" / "segmentation" / "sentences.txt"
every_segmenter = pytest.mark.parametrize("name", NAMES)


def words(name: str, text: str) -> list[str]:
    return [text[start:end] for start, end in segmenter(name)(text)]


def check_cover(name: str, text: str) -> None:
    """Spans are in order, do not overlap, and hold every character that is no white space."""
    spans = segmenter(name)(text)
    assert all(start < end for start, end in spans)
    assert all(spans[i][1] <= spans[i + 1][0] for i in range(len(spans) - 1))
    covered = [at for start, end in spans for at in range(start, end)]
    assert covered == [at for at, character in enumerate(text) if not character.isspace()]


# Words cover the text

TEXTS = [
    "",
    " ",
    "\n",
    "全年收到政府信息公开申请136件，办结161件。",
    "全年\n收到\r\n申请 5 件\t，　其中\u2028网络\x85申请\xa0３件\x1c",
    "２０１８年，１２．５％；ＡＢＣ／ａｂｃ·－",
    "3,742条、31.25万元、96.7%、一百六十余件、第十四条",
    "😀👩🏽👨‍👩‍👧申请🀄5件\U0010ffff",
    "𠮷𪚥县龘靐政府䶮公开",
    "e\u0301é\u200b\ufeff\0\x7f",
    "https://www.example.gov.cn/a_b?c=1&d=%E4 12345@qq.com PPP AB角 C++",
    "《条例》第十四条——**“谁起草、谁解读”**【一】（二）〔2018〕",
    "aaaaaaa啊啊啊啊啊啊啊1111111，，，，，，",
    "一" * 3000 + " " * 50 + "公开" * 1000,
]


@every_segmenter
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:8]))
def test_words_cover_the_text(name: str, text: str) -> None:
    check_cover(name, text)


CHARACTERS = st.one_of(
    st.sampled_from("政府信息公开申请件，。5３ \t\n\r　\u2028\x85\0\ufeff%.-+"),
    st.sampled_from("😀👩🏽𠮷𪚥🀄\U0010ffff"),
    st.characters(exclude_categories=["Cs"]),
)


@every_segmenter
@settings(max_examples=200, deadline=None)
@given(text=st.lists(CHARACTERS, max_size=40).map("".join))
def test_words_cover_any_text(name: str, text: str) -> None:
    check_cover(name, text)


@every_segmenter
def test_the_same_text_gives_the_same_words(name: str) -> None:
    assert segmenter(name)(TEXTS[3]) == segmenter(name)(TEXTS[3])
    assert segmenter(name) is segmenter(name)


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("全年 收到", ["全年", "收到"], [(0, 2), (3, 5)]),
        ("全年 收到", ["全年", " ", "收到"], [(0, 2), (3, 5)]),
        ("全年 收到", ["全年 收", "到"], [(0, 2), (3, 4), (4, 5)]),
        ("a?b", ["a", "b"], [(0, 1), (1, 2), (2, 3)]),
        ("件件", ["件", "件"], [(0, 1), (1, 2)]),
        ("申请x", ["申请", "y"], [(0, 2), (2, 3)]),
        ("x 申请", [], [(0, 1), (2, 3), (3, 4)]),
    ],
)
def test_words_are_put_in_their_places(
    text: str, given: list[str], expected: list[tuple[int, int]]
) -> None:
    assert align(text, given) == expected


# What the words are


@pytest.mark.parametrize("term", jieba_words.terms())
def test_terms_come_out_whole(term: str) -> None:
    assert words("jieba", term) == [term]
    assert words("jieba", f"，{term}。") == ["，", term, "。"]


@every_segmenter
def test_words_of_a_sentence(name: str) -> None:
    found = words(name, "全年办理行政复议3件，主动公开政府信息2087条。")
    assert found[:2] == ["全年", "办理"]
    assert {"行政复议", "3", "件", "主动公开", "2087", "条"} <= set(found)


def test_pkuseg_has_learnt_its_sentences() -> None:
    train = script("train_segmenter")
    learnt, held_out = train.sides(SENTENCES.read_text("utf-8").splitlines())
    assert train.word_f1(held_out, segmenter("pkuseg")) > 0.93
    assert train.word_f1(learnt[:100], segmenter("pkuseg")) > 0.97
    manifest = json.loads((pkuseg_words.shipped_model() / "manifest.json").read_text("utf-8"))
    assert manifest["sentences"] == hashlib.sha256(SENTENCES.read_bytes()).hexdigest()


# rjieba cuts as jieba does


@pytest.fixture(scope="module")
def both_ways() -> tuple[Segmenter, Segmenter]:
    frequencies = jieba_words.dictionary()
    fast = jieba_words.fast(frequencies)
    if fast is None:
        pytest.skip("rjieba has no wheel for this machine")
    return fast, jieba_words.plain(frequencies)


def test_rjieba_cuts_our_texts_as_jieba_does(both_ways: tuple[Segmenter, Segmenter]) -> None:
    fast, plain = both_ways
    texts = [one.text for one in read(ROOT / "annotations" / "corpus.jsonl")][::7]
    assert len(texts) > 1000
    assert [text for text in texts + TEXTS if fast(text) != plain(text)] == []


@settings(max_examples=300, deadline=None)
@given(text=st.lists(CHARACTERS, max_size=40).map("".join))
def test_rjieba_cuts_any_text_as_jieba_does(
    both_ways: tuple[Segmenter, Segmenter], text: str
) -> None:
    fast, plain = both_ways
    assert fast(text) == plain(text)


def test_without_rjieba_jieba_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rjieba", None)
    assert jieba_words.fast({}) is None
    assert jieba_words.load.__wrapped__()("全年举办培训班") == [(0, 2), (2, 4), (4, 7)]


# Run alone, because what jieba does once in a process cannot be undone.
_ALONE = """
import sys
from nlp.segmentation import segmenter
assert not {"jieba", "spacy_pkuseg", "spacy", "numpy"} & set(sys.modules), "loaded before use"
segmenter("jieba")("全年收到申请5件")
import jieba
assert not jieba.dt.initialized, "the global dictionary"
assert not jieba.dt.FREQ
assert sys.modules.get("pkg_resources", "not imported") is not None, "hidden for good"
"""


def test_jieba_s_global_dictionary_and_cache_are_left_alone(tmp_path: Path) -> None:
    places = {name: str(tmp_path) for name in ("TMPDIR", "TEMP", "TMP", "HOME", "XDG_CACHE_HOME")}
    paths = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _ALONE],
        env={**os.environ, **places, **paths},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


# Models are verified


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copytree(pkuseg_words.shipped_model(), tmp_path / "pkuseg" / "0001"))


def refusal(folder: Path | str) -> str:
    with pytest.raises(InstallationError) as caught:
        pkuseg_words.load(folder)
    assert caught.value.code == "model"
    assert "python scripts/train_segmenter.py" in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def sign(folder: Path) -> None:
    """Make the manifest agree with the files."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for name in manifest["files"]:
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest), "utf-8")


def test_a_model_is_loaded_from_its_folder(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert segmenter(str(model))(TEXTS[3]) == segmenter("pkuseg")(TEXTS[3])
    # The library would download a model of this name; a folder of this name is a folder.
    monkeypatch.chdir(model.parent)
    model.rename("news")
    assert segmenter("news")(TEXTS[3]) == segmenter("pkuseg")(TEXTS[3])


def test_nothing_is_unpickled(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("unpickled")

    pkuseg_words._library()
    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    assert pkuseg_words.load(model)("公开")


@pytest.mark.parametrize("name", ["features.msgpack", "weights.npz"])
def test_a_changed_byte_is_refused(model: Path, name: str) -> None:
    content = bytearray((model / name).read_bytes())
    content[len(content) // 2] ^= 1
    (model / name).write_bytes(content)
    assert f"{name}：内容与 manifest.json 所记不符" in refusal(model)


@pytest.mark.parametrize("name", ["features.msgpack", "weights.npz", "manifest.json"])
def test_a_missing_file_is_refused(model: Path, name: str) -> None:
    (model / name).unlink()
    assert name in refusal(model)


def test_a_pickle_in_place_of_the_features_is_refused(model: Path) -> None:
    (model / "features.msgpack").rename(model / "features.pkl")
    assert "features.msgpack：文件缺失" in refusal(model)


@pytest.mark.parametrize("content", ['{"format": 2}', '{"format": "1"}', "{}", "[]", "{", "\udc80"])
def test_a_foreign_manifest_is_refused(model: Path, content: str) -> None:
    (model / "manifest.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert "manifest.json" in refusal(model)


def test_a_folder_that_is_not_there_is_refused() -> None:
    assert "manifest.json" in refusal("no/such/model")


def _objects(folder: Path) -> None:
    weights = np.array([{}], dtype=object)
    np.savez(folder / "weights.npz", sizes=np.array([5, 1]), w=weights, allow_pickle=True)


def _short(folder: Path) -> None:
    np.savez(folder / "weights.npz", sizes=np.array([5, 9]), w=np.zeros(70))


def _single(folder: Path) -> None:
    with np.load(folder / "weights.npz") as arrays:
        np.savez(folder / "weights.npz", sizes=arrays["sizes"], w=arrays["w"].astype(np.float32))


def _no_archive(folder: Path) -> None:
    (folder / "weights.npz").write_bytes(b"PK")


def _no_features(folder: Path) -> None:
    (folder / "features.msgpack").write_bytes(b"\x80")


@pytest.mark.parametrize("spoil", [_objects, _short, _single, _no_archive, _no_features])
def test_unsound_content_is_refused(model: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(model)
    sign(model)
    assert "模型内容有误" in refusal(model)


def test_a_version_that_is_not_named_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nlp.models_folder.models_folder", lambda: tmp_path)
    with pytest.raises(InstallationError, match="无法读取"):
        pkuseg_words.shipped_model()
    publish(tmp_path / "reader" / "0003")
    with pytest.raises(InstallationError, match="未写明 pkuseg 的版本"):
        pkuseg_words.shipped_model()
    publish(tmp_path / "pkuseg" / "0002")
    assert pkuseg_words.shipped_model() == tmp_path / "pkuseg" / "0002"
    assert (tmp_path / "current.toml").read_text("utf-8") == 'pkuseg = "0002"\nreader = "0003"\n'


@pytest.mark.parametrize(
    ("library", "load", "extra"),
    [
        ("jieba", jieba_words.load.__wrapped__, "all"),
        ("spacy_pkuseg", lambda: pkuseg_words.load.__wrapped__(models_folder()), "pkuseg"),
    ],
)
def test_a_missing_library_is_named(
    monkeypatch: pytest.MonkeyPatch, library: str, load: object, extra: str
) -> None:
    assert callable(load)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InstallationError, match=f"未安装 {library}") as caught:
        load()
    assert caught.value.code == "segmenter"
    assert f"pip install 'nianbao-nlp[{extra}]'" in str(caught.value)


# The sentences, and training


def test_sentences_are_words_of_our_texts() -> None:
    known = "\n".join(
        "".join(one.text.split()) for one in read(ROOT / "annotations" / "corpus.jsonl")
    )
    lines = SENTENCES.read_text("utf-8").splitlines()
    assert len(lines) == len(set(lines))
    for line in lines:
        assert line == " ".join(line.split()), line
        assert line.replace(" ", "") in known, line


@pytest.fixture(scope="module")
def trained() -> Iterator[tuple[Path, Path]]:
    """Two models of the same sentences, one after the other."""
    train = script("train_segmenter")
    with tempfile.TemporaryDirectory() as name:
        few = Path(name, "few.txt")
        few.write_text("\n".join(SENTENCES.read_text("utf-8").splitlines()[:80]), "utf-8")
        first, _ = train.make(few, Path(name, "models"), 1)
        second, _ = train.make(few, Path(name, "models"), 1)
        yield first, second


def test_training_gives_the_same_bytes(trained: tuple[Path, Path]) -> None:
    first, second = trained
    assert (first.name, second.name) == ("0001", "0002")
    for name in ("features.msgpack", "weights.npz", "card.md"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_a_trained_model_is_sound(trained: tuple[Path, Path]) -> None:
    folder = trained[0]
    assert pkuseg_words.load(folder)("公开 申请")
    names = {"card.md", "features.msgpack", "manifest.json", "weights.npz"}
    assert {path.name for path in folder.iterdir()} == names
    assert {path.name for path in folder.parent.iterdir()} == {"0001", "0002"}
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) == names - {"manifest.json"}
    assert all(0 < score <= 1 for score in manifest["word_f1"].values())


def test_held_out_sentences_have_no_twin_in_training() -> None:
    from nlp.classifier.wordings import masked

    learnt, held_out = script("train_segmenter").sides(SENTENCES.read_text("utf-8").splitlines())
    assert 0.05 < len(held_out) / (len(held_out) + len(learnt)) < 0.15
    wordings = [{masked(line.replace(" ", "")) for line in part} for part in (learnt, held_out)]
    assert not wordings[0] & wordings[1]
