"""The corpora: what is compiled from them is what they say, sides are kept apart, marks hold."""

import re
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from loading import ROOT, script
from nlp.annotations import AnnotatedText, read
from nlp.classifier.splits import on_side, read_splits
from nlp.classifier.wordings import masked
from nlp.markup import Mark, parse
from nlp.metrics import OTHER
from nlp.metrics import load as load_metrics
from nlp.numbers import find_figures
from nlp.numerals import HAN, decimal_reading, han_reading
from nlp.reading import fold
from nlp.rules.views import NEGATION

CORPORA = ROOT / "corpora"
ANNOTATIONS = ROOT / "annotations" / "corpus.jsonl"
SPLITS = CORPORA / "splits.json"
FILES = [
    *sorted((CORPORA / "sentences").glob("*.txt")),
    *sorted((CORPORA / "clauses").glob("*.txt")),
]
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
pytestmark = pytest.mark.skipif(
    not ANNOTATIONS.exists() or not SPLITS.exists(), reason="annotations or splits are not here"
)


@cache
def annotated() -> tuple[AnnotatedText, ...]:
    return read(ANNOTATIONS)


def lines_of(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@cache
def marked(path: Path) -> tuple[tuple[str, tuple[Mark, ...]], ...]:
    return tuple(parse(line) for line in lines_of(path))


def status(name: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", [name, *words])
        found: int = script(name).main()
        return found

    return run


# What is compiled


def test_annotations_are_what_the_corpora_say(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ANNOTATIONS.read_bytes()
    found = status("compile_annotations", monkeypatch)("--check")
    assert ANNOTATIONS.read_bytes() == before
    assert (found, capsys.readouterr().err[:2]) == (0, "0 "), "run scripts/compile_annotations.py"


def test_no_two_texts_share_an_id() -> None:
    """An id is of the words alone: under two headings they would take each other's place for ever."""
    by_id: dict[str, list[AnnotatedText]] = defaultdict(list)
    for one in script("compile_annotations").compiled():
        by_id[one.id].append(one)
    assert [ids for ids, texts in by_id.items() if len(texts) > 1] == []


def test_a_changed_line_is_seen_and_appended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    corpora = tmp_path / "corpora"
    for name in ("marked", "sentences", "clauses"):
        (corpora / name).mkdir(parents=True)
    lines = corpora / "sentences" / "few.txt"
    lines.write_text(
        "# 说明\n{year=2016}【二、申请】[[request.received=5|收到5件]]。\n\n未收费。\n", "utf-8"
    )
    compile_ = script("compile_annotations")
    target = tmp_path / "new" / "corpus.jsonl"
    monkeypatch.setattr(compile_, "TARGET", target)
    compiled = compile_.compiled
    monkeypatch.setattr(compile_, "compiled", lambda: compiled(corpora))
    run = status("compile_annotations", monkeypatch)
    assert run("--check") == 1
    assert not target.exists()
    assert (run(), run("--check")) == (0, 0)
    first, second = read(target)
    assert (first.text, first.year, first.heading) == ("收到5件。", 2016, "二、申请")
    assert (second.text, second.year, second.heading, second.marks) == ("未收费。", None, None, ())
    assert re.fullmatch(r"few\.[0-9a-f]{8}", first.id)
    before = target.read_bytes()
    # Moving a line changes nothing, another mark does.
    lines.write_text("未收费。\n{year=2016}【二、申请】[[reply.total=5|收到5件]]。\n", "utf-8")
    assert (run("--check"), run(), run("--check")) == (1, 0, 0)
    assert target.read_bytes().startswith(before)
    assert target.read_bytes().count(b"\n") == 3
    assert [one.marks[0].metrics for one in read(target) if one.marks] == [("reply.total",)]


# Sides


def test_every_text_has_a_side_and_twins_have_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = SPLITS.read_bytes()
    assert status("make_splits", monkeypatch)("--check") == 0, capsys.readouterr().err
    assert SPLITS.read_bytes() == before


def test_the_sides_share_no_agency_and_no_wording() -> None:
    splits = read_splits(SPLITS)
    train, test = (on_side(annotated(), splits, side) for side in ("train", "test"))
    assert len(train) + len(test) == len(annotated())
    assert 0.1 < len(test) / len(annotated()) < 0.25
    for side in (train, test):
        assert all(one.agency in splits["agencies"] for one in side if one.agency)
        assert all(one.id in splits["texts"] for one in side if not one.agency)
    agencies = [{one.agency for one in side} - {None} for side in (train, test)]
    assert agencies[0] and agencies[1] and not agencies[0] & agencies[1]
    wordings = [{masked(one.text) for one in side} for side in (train, test)]
    assert not wordings[0] & wordings[1]
    # What the rules were made from is no fair test.
    assert not any(one.id.startswith("wordings.") for one in test)


def test_a_text_without_a_side_or_with_a_twin_apart_is_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from nlp.annotations import append

    make = script("make_splits")
    monkeypatch.setattr(make, "ANNOTATIONS", tmp_path / "a.jsonl")
    monkeypatch.setattr(make, "SPLITS", tmp_path / "splits.json")
    run = status("make_splits", monkeypatch)
    twins = [AnnotatedText(f"t.{n}", f"全年收到申请{n}件。") for n in (5, 78)]
    append(tmp_path / "a.jsonl", [*twins, AnnotatedText("marked.a", "一\n二", agency="某县")])
    assert run("--check") == 1  # none has a side
    assert (run(), run("--check")) == (0, 0)
    splits = read_splits(tmp_path / "splits.json")
    assert splits["agencies"] == {"某县": "train"}
    assert splits["texts"]["t.5"] == splits["texts"]["t.78"]
    apart = '{"agencies": {"某县": "test"}, "texts": {"t.5": "train", "t.78": "test"}}'
    (tmp_path / "splits.json").write_text(apart, "utf-8")
    capsys.readouterr()
    assert run("--check") == 1
    assert "on both sides: 全年收到申请#件。" in capsys.readouterr().err
    assert run() == 1
    assert read_splits(tmp_path / "splits.json")["agencies"] == {
        "某县": "test"
    }  # it keeps its side


# Lines


@every_file
def test_lines_and_their_codes(path: Path) -> None:
    codes = {*load_metrics(), OTHER}
    assert marked(path)
    for text, marks in marked(path):
        assert "[[" not in text and "]]" not in text, text
        for mark in marks:
            assert text[mark.start : mark.end].strip(), text
            assert {*mark.metrics} <= codes, text
            assert mark.kind != "fact" or mark.metrics, text
            assert mark.basis in ("total", "average", "part", "to_date", "target"), text
            assert mark.year is None or 2000 < mark.year < 2030, text


def test_prefixes_are_read() -> None:
    """What is left of a year or heading that was mistyped would be taken for words."""
    for one in annotated():
        assert "{year" not in one.text, one.id
        if not one.id.startswith("marked."):
            assert not re.match(r"\s|\{|year|【[^】]*】\s*$", one.text), one.id
            assert "|" not in one.text and "[[" not in one.text, one.id


def taxonomy() -> set[str]:
    table = (CORPORA / "clauses" / "README.md").read_text("utf-8")
    return {*re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)} - KINDS


KINDS = {"problem", "plan", "remedy", "neither"}


def test_topics_are_in_the_taxonomy() -> None:
    known = taxonomy()
    assert len(known) == 19
    marks = [
        (mark, text[mark.start : mark.end])
        for path in FILES
        for text, marks in marked(path)
        for mark in marks
        if mark.kind != "fact"
    ]
    assert {mark.kind for mark, _ in marks} == KINDS
    assert [words for mark, words in marks if mark.topic and mark.topic not in known] == []
    assert {mark.topic for mark, _ in marks} - {None} == known
    # An item has a topic, what only looks like one has none.
    assert [
        words for mark, words in marks if (mark.topic is None) != (mark.kind == "neither")
    ] == []


# Values

_NUMERAL = re.compile(rf"\d+(?:[,，]\d{{3}})*(?:\.\d+)?|[{HAN}]+(?:点[零一二三四五六七八九]+)?")
_SCALES = {"万": 10**4, "千": 10**3, "亿": 10**8, "成": 10}
_MONEY = (1, 10**4, 10**-4, 10**8, 10**-8)


def values_in(words: str) -> list[float]:
    """What any numeral of some words may be worth, more freely than figures are found."""
    found: list[float] = []
    for numeral in _NUMERAL.finditer(words):
        printed = numeral.group().replace(",", "").replace("，", "")
        if printed[0].isdigit():
            worth: float | None = float(printed)
        else:
            reading = decimal_reading(printed) if "点" in printed else han_reading(printed)
            worth = float(reading.value) if reading else None
        if worth is not None:
            scale = _SCALES.get(words[numeral.end() : numeral.end() + 1], 1)
            tenths = re.match(r"成([一二三四五六七八九半])", words[numeral.end() :])
            rest = (
                (5 if tenths[1] == "半" else "一二三四五六七八九".index(tenths[1]) + 1)
                if tenths
                else 0
            )
            found.append(worth * scale + rest)
    return found


def agrees(mark: Mark, text: str) -> bool:
    """Whether a value is that of a figure in the marked words, or denied there."""
    words = fold(text)[mark.start : mark.end]
    figures = [f for f in find_figures(fold(text)) if f.start < mark.end and mark.start < f.end]
    if mark.value == 0 and NEGATION.search(words):
        return True
    kind = load_metrics()[mark.metrics[0]].kind if mark.metrics[0] in load_metrics() else "money"
    worth = [*(float(f.value) for f in figures), *values_in(words)]
    return any(
        abs(one * scale - abs(mark.value)) <= 1e-6 * max(1, abs(mark.value))
        for one in worth
        for scale in (_MONEY if kind == "money" else (1,))
    )


def disagreeing() -> list[tuple[str, str, float]]:
    return [
        (path.stem, text[mark.start : mark.end], mark.value)
        for path in FILES
        for text, marks in marked(path)
        for mark in marks
        if mark.kind == "fact" and not mark.optional and not agrees(mark, text)
    ]


# Marked words that do not print their value, by file.
EXCEPTIONS: dict[str, dict[str, set[str]]] = {
    "an outcome of all the cases that the clause before counts": {
        "wordings": {
            "，复议机关维持了我局的答复",
            "，一审均胜诉",
            "，均予以维持",
            "，法院驳回原告诉讼请求",
            "，结果均为维持",
            "，均被维持",
            "，尚未审结",
            "，复议决定维持",
            "，被复议机关撤销并责令重新答复",
            "，法院均驳回了原告的诉讼请求",
            "，结果纠正",
            "，全部得到维持",
            "，已判决胜诉",
            "，已撤回",
            "，法院裁定驳回起诉",
            "，全部胜诉",
            "，市政府经审理决定维持",
            "，经县政府复议予以维持",
            "，年底前尚未开庭",
        }
    },
    "the denial stands before the mark": {
        "overview_paragraphs": {"行政复议和行政诉讼"},
        "zero_statements": {"举报、投诉、行政复议和行政诉讼"},
    },
    "zero in words that deny nothing: no change, no more fees, a blank": {
        "regulation_licence": {"本年度持平", "其他对外管理服务项目数与上年相同", "本年持平"},
        "requests": {"根据财政部门通知停止收取政府信息公开相关费用"},
        "review_outcomes": {"直接诉讼、复议后诉讼均为空白"},
        "outcomes_reviews_complaints": {"复议、诉讼事项，在我委尚属空白"},
        "requests_replies_fees": {"无需答复", "无法人或其他组织申请"},
        "denials_cities": {"无法人及其他组织申请", "均非我局主办"},
        "denials_counties": {"公开申请受理簿一年下来仍是空白", "信息公开诉讼仍为空白"},
        "support_outcomes": {"停止收取政府信息公开检索费、复制费、邮寄费"},
        "zero_statements": {"无需申请人更改补充的"},
    },
}


def test_values_stand_in_the_marked_words() -> None:
    found = {(stem, words) for stem, words, _ in disagreeing()}
    excepted = {
        (stem, words)
        for files in EXCEPTIONS.values()
        for stem, all_words in files.items()
        for words in all_words
    }
    assert found - excepted == set()
    assert excepted - found == set(), "no exceptions any more"


def test_none_is_zero() -> None:
    none = re.compile(r"^[^，]{0,6}(?:无一|没有一|未有一|无任何)")
    wrong = [
        (path.stem, text[mark.start : mark.end], mark.value)
        for path in FILES
        for text, marks in marked(path)
        for mark in marks
        if mark.kind == "fact" and mark.value and none.match(text[mark.start : mark.end])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("words", "value", "metric", "right"),
    [
        ("收到1,348 件", 1348, "request.received", True),
        ("收到八成五", 85, OTHER, True),
        ("总金额一点三四亿元", 134_000_000, "procurement.amount", True),
        ("经费6.8万元", 6.8, "fund.amount", True),
        ("收到6.8万件", 68_000, "request.received", True),
        ("收到6.8万件", 6.8, "request.received", False),
        ("收到68件", 680_000, "request.received", False),  # no money
        ("未收到申请", 0, "request.received", True),
        ("收到申请5件", 0, "request.received", False),
        ("收到申请5件", 4, "request.received", False),
        ("均被维持", 3, "review.upheld", False),
        ("本年减12项", -12, "licence.change", True),
    ],
)
def test_what_agrees(words: str, value: float, metric: str, right: bool) -> None:
    assert agrees(Mark(0, len(words), "fact", (metric,), value), words) is right
