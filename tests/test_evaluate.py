"""The evaluation: its counts on made-up texts with known answers, its output, its errors."""

import dataclasses
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import stubs
from loading import ROOT
from nlp.annotations import AnnotatedText, append
from nlp.bootstrap import Interval, paired
from nlp.classifier.examples import FigureExample
from nlp.classifier.fit import OutOfFold
from nlp.classifier.learn import Examples, examples_of, learn_quickly
from nlp.classifier.reader import Reader
from nlp.classifier.store import save
from nlp.evaluate import masking
from nlp.evaluate.__main__ import main, wanted
from nlp.evaluate.answers import SYSTEMS, Answer, Answers, answers, by_system, total, within
from nlp.evaluate.bundled import compare
from nlp.evaluate.calibration import reliability
from nlp.evaluate.confusion import confusions
from nlp.evaluate.fact_scores import FIGURE, ZERO, kind_of, score, total_of_kind
from nlp.evaluate.groups import UNKNOWN, grouped, span_of
from nlp.evaluate.groups import score as score_groups
from nlp.evaluate.item_scores import confused, topics_of
from nlp.evaluate.item_scores import paired as paired_items
from nlp.evaluate.learning_curve import portions
from nlp.evaluate.material import Material, described, read_all
from nlp.evaluate.names import SECTIONS
from nlp.evaluate.report_json import plain
from nlp.evaluate.wording import _HELP, _WORDS
from nlp.markup import parse
from nlp.metrics import OTHER
from nlp.output import svg
from nlp.output.columns import width_of
from nlp.output.tabular import Table, lines
from nlp.records import Fact, Item
from nlp.scoring import Counts, score_facts
from nlp.segmentation import segmenter
from nlp.suspicious import contradictions, doubted

SENTENCES = (
    "全年[[training.sessions={n}|举办培训班{n}期]]，[[training.participants={m}|培训{m}人次]]。",
    "本年[[request.received={n}|收到政府信息公开申请{n}件]]，[[reply.total={m}|办结{m}件]]。",
    "办公楼共有{n}层，食堂可容{m}人。",
    "[[fee.processing_amount={m} #某县民政局|县民政局收取信息处理费{m}元]]。",
    "明年[[meeting.sessions={n} ~target|计划召开工作会议{n}次]]，印发[[other={n}|简报{n}份]]。",
    "全年[[review.total=0|未发生行政复议]]，[[litigation.total=0|无行政诉讼]]。",
    "[[problem:staff|人员配备不足，第{n}科兼职较多]]。",
    "[[plan:platform|下一步改进第{n}版网站]]。",
)


def marked(id_: str, words: str, **fields: Any) -> AnnotatedText:
    text, marks = parse(words)
    return AnnotatedText(id_, text, marks, **fields)


TEXTS = tuple(
    marked(f"made.{kind}-{n}", words.format(n=n, m=10 * n), year=2022, heading="总体情况")
    for kind, words in enumerate(SENTENCES)
    for n in range(3, 11)
)
TEST = {one.id: "test" for one in TEXTS if one.id.endswith(("-9", "-10"))}
REPORT = marked(
    "marked.zz",
    "某县2022年政府信息公开工作年度报告\n一、总体情况\n2022年，"
    "[[request.received=5|收到政府信息公开申请5件]]。\n五、存在的主要问题及改进情况\n"
    "（一）[[problem:staff|人员力量不足。]]\n（二）[[problem|公开内容不够全面。]]\n",
    year=2022,
    agency="某县",
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    """Fitted on the sentences above, but for those of the test side."""
    words = segmenter()
    examples = examples_of([one for one in TEXTS if one.id not in TEST], words)
    return Reader(learn_quickly(examples, {}), words)


@pytest.fixture(scope="module")
def place(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Annotations, splits and model on disk."""
    folder = tmp_path_factory.mktemp("made")
    append(folder / "made.jsonl", [*TEXTS, REPORT])
    splits = {"agencies": {"某县": "test"}, "texts": TEST}
    (folder / "splits.json").write_text(json.dumps(splits), "utf-8")
    version = save(reader.models, {}, "card", folder / "models")
    return {
        "--annotations": str(folder / "made.jsonl"),
        "--splits": str(folder / "splits.json"),
        "--model": str(version),
    }


def arguments(place: dict[str, str], *more: str) -> list[str]:
    return [*(word for pair in place.items() for word in pair), *more]


def fact(one: AnnotatedText, words: str, metric: str, value: float, **fields: Any) -> Fact:
    start = one.text.index(words)
    made = stubs.fact("f", metric, value, "收到政府信息公开申请35件", year=None)
    changed = {"id": f"{words}{metric}", "text": words, "start": start, "end": start + len(words)}
    return dataclasses.replace(made, **(changed | fields))


def answer(one: AnnotatedText, *facts: Fact, items: tuple[Item, ...] = ()) -> Answer:
    return Answer(one, facts, items, score_facts(facts, one))


TWO = marked(
    "t.1", "[[request.received=5|收到申请5件]]，[[reply.total=4|答复4件]]。另有3层，[[review.total=0|无复议]]。"
)  # fmt: skip


def right_of_two() -> Answer:
    return answer(TWO, fact(TWO, "收到申请5件", "request.received", 5),
                  fact(TWO, "答复4件", "request.closed", 4),
                  fact(TWO, "另有3层", "training.sessions", 3))  # fmt: skip


# Counts


def test_counts_by_metric_and_kind() -> None:
    read = (right_of_two(),)
    assert total(read) == Counts(1, 2, 3)
    assert total(read, "request.received") == Counts(1, 0, 1)
    assert total(read, "request.closed") == Counts(0, 1, 0)
    assert total_of_kind(read, FIGURE) == Counts(1, 2, 2)
    assert total_of_kind(read, ZERO) == Counts(0, 0, 1)
    assert (kind_of(0, "未发生行政复议"), kind_of(0, "收费0元"), kind_of(0, "零件")) == (
        ZERO, FIGURE, FIGURE,
    )  # fmt: skip


def test_facts_of_all_systems() -> None:
    """Metrics that are needed come first, by how often; then those only claimed."""
    silent = answer(TWO)
    made: Answers = {"rules": (silent,), "classifier": (right_of_two(),), "both": (right_of_two(),)}
    scores = score(made)
    assert scores.scopes["all"]["rules"] == Counts(0, 0, 3)
    assert scores.scopes["reports"]["both"] == Counts()
    assert scores.scopes["sentences"] == scores.scopes["all"]
    assert [*scores.metrics] == [
        "reply.total", "request.received", "review.total", "request.closed", "training.sessions",
    ]  # fmt: skip
    assert scores.gains["all"]["classifier"] == Interval(0, 0, 0)
    assert scores.gains["all"]["rules"].difference == pytest.approx(2 / 6)


def test_clauses_without_marked_figures_are_not_judged(reader: Reader) -> None:
    """Nobody marked 5件 here; that it is no fact cannot be concluded."""
    clause = marked("items.1", "[[problem|全年收到申请5件，办理较慢]]。")
    assert answers([clause], reader) == ()


def test_bootstrap_of_identical_systems_is_zero() -> None:
    counts = [Counts(right, 1, right + 2) for right in range(30)]
    assert paired(counts, counts) == Interval(0, 0, 0)
    assert paired([], []) == Interval(0, 0, 0)


def test_bootstrap_excludes_zero_where_one_is_clearly_better() -> None:
    better, worse = [Counts(9, 0, 10)] * 40, [Counts(5, 1, 10), Counts(6, 2, 10)] * 20
    interval = paired(better, worse)
    assert 0 < interval.low < interval.difference < interval.high
    assert interval == paired(better, worse)  # the seed is fixed
    whole = sum(better, Counts()).f1 - sum(worse, Counts()).f1
    assert interval.difference == pytest.approx(whole)


def test_bootstrap_includes_zero_where_the_texts_decide() -> None:
    first, second = [Counts(1, 0, 1), Counts(0, 1, 1)] * 10, [Counts(0, 1, 1), Counts(1, 0, 1)] * 10
    interval = paired(first, second)
    assert interval.low < 0 < interval.high


def test_confusions_name_what_was_taken_for_what() -> None:
    found = confusions([right_of_two(), right_of_two()])
    pairs = {(one.true, one.predicted): (one.count, one.example) for one in found.pairs}
    assert pairs == {
        ("reply.total", "request.closed"): (2, "答复4件"),
        (OTHER, "training.sessions"): (2, "另有3层"),
        ("review.total", OTHER): (2, "无复议"),
    }
    assert [one.true for one in found.between] == ["reply.total"]


def test_a_wrong_year_is_no_confusion_of_metrics() -> None:
    one = marked("t.2", "[[request.received=5 @2021|去年收到申请5件]]。", year=2022)
    assert confusions([answer(one, fact(one, "收到申请5件", "request.received", 5))]).pairs == ()


# Items and groups


def test_items_are_paired_with_marks() -> None:
    one = marked(
        "t.3",
        "[[problem:staff|人员不足。]][[plan:platform|改进网站。]][[remedy|已经整改。]]还有别的。",
    )

    def item(words: str, kind: Any, topic: str | None) -> Item:
        start = one.text.index(words)
        return dataclasses.replace(stubs.PROBLEM, id=words, kind=kind, topic=topic, text=words,
                                   start=start, end=start + len(words))  # fmt: skip

    items = (item("人员不足。", "problem", "staff"), item("改进网站", "plan", "disclosure"),
             item("已经整改。", "plan", None), item("还有别的。", "problem", None))  # fmt: skip
    read = Answer(one, (), items, score_facts((), one))
    kinds = [(m and m.kind, i and i.kind) for m, i in paired_items(read)]
    assert kinds == [
        ("problem", "problem"),
        ("plan", "plan"),
        ("remedy", "plan"),
        (None, "problem"),
    ]
    topics = topics_of([read])
    assert (topics.marked, topics.given, topics.right) == (2, 2, 1)
    taken = confused([("plan", "plan"), ("plan", "neither"), ("plan", "plan")])
    assert [(one.predicted, one.count) for one in taken] == [("plan", 2), ("neither", 1)]


def test_groups_by_what_is_known_of_the_reports(tmp_path: Path) -> None:
    (tmp_path / "zz.toml").write_text('template = "2021"\n', "utf-8")
    known = described([REPORT, TWO], tmp_path)
    assert known == {"marked.zz": {"template": "2021"}}
    made = dict.fromkeys(SYSTEMS, (answer(REPORT), right_of_two()))
    scores = score_groups(made, known)
    assert [(one.name, one.texts) for one in scores.templates] == [("2021", 1)]
    assert [one.name for one in scores.layouts] == [UNKNOWN]
    assert [(one.name, one.texts) for one in scores.years] == [("2021–", 1), (UNKNOWN, 1)]
    assert grouped(made, lambda one: "x")[0].counts["both"] == total(made["both"])
    assert [span_of(year) for year in (2008, 2014, 2020, 2021, None)] == [
        "2008–2013", "2014–2018", "2019–2020", "2021–", "?",
    ]  # fmt: skip


# What the classifier does alone


def test_masking_counts_what_the_classifier_alone_finds(reader: Reader) -> None:
    texts = [*TEXTS, REPORT]
    metric = "training.sessions"
    result = masking.mask([metric, "request.received"], texts, reader, lambda _: None)
    row = result.metrics[0].counts
    assert row["all"] == row["sentences"] == Counts(8, 0, 8)
    assert result.totals["all"].needed == 8 + 9
    assert result.reached["sentences"] == masking.Reached(2, 2)
    assert result.reached["reports"].of == 1
    with_rules = answers(texts, reader)
    found = [masking.classifier_counts(one, metric) for one in with_rules]
    assert sum(found, Counts()) == Counts(0, 0, 8)  # the rule finds them, so that is no merit


def test_masking_counts_wrong_answers_of_the_metric_only() -> None:
    def said(metric: str, method: str) -> Answer:
        return answer(TWO, fact(TWO, "另有3层", metric, 3, method=method))

    counts = masking.classifier_counts
    assert counts(said("request.received", "classifier"), "request.received") == Counts(0, 1, 1)
    assert counts(said("request.received", "both"), "request.received") == Counts(0, 0, 1)
    assert counts(said("training.sessions", "classifier"), "request.received") == Counts(0, 0, 1)
    assert masking.reaches(Counts(80, 5, 100))
    assert not masking.reaches(Counts(79, 0, 100))
    assert not masking.reaches(Counts(80, 20, 100))


def test_systems_differ(reader: Reader) -> None:
    read = {name: by_system(name, TEXTS, reader) for name in SYSTEMS}
    methods = {
        name: {f.method for a in read[name] for f in a.facts if f.metric != OTHER} for name in read
    }
    assert methods["rules"] == {"rule"}
    assert methods["classifier"] == {"classifier"}
    assert "both" in methods["both"]
    assert total(read["classifier"]).right > 0
    assert within(read["both"], "reports") == ()


def test_portions_grow_into_each_other() -> None:
    parts = portions(TEXTS, (0.1, 0.5, 1.0))
    assert [len(part) for part in parts] == [6, 32, 64]
    assert {*parts[0]} < {*parts[1]} < {*parts[2]} == {*TEXTS}


def test_reliability_of_answers() -> None:
    exact = reliability([(0.25, True), (0.25, False), (0.25, False), (0.25, False)])
    assert exact.error_of_bins == 0
    assert exact.error > 0  # equally filled bins of one answer each are never right by a quarter
    assert (exact.bins[2].count, exact.bins[2].stated, exact.bins[2].right) == (4, 0.25, 0.25)
    bold = reliability([(1.0, True), (1.0, False)])
    assert bold.error == bold.error_of_bins == bold.accuracy == 0.5
    assert bold.bins[9].count == 2
    assert bold.bins[0].right is None


def test_bundled_reports_are_compared_with_what_is_recorded() -> None:
    known = {"kind": "check", "metric": "request.received", "stated": 35, "table": 33, "note": "a"}
    lost = {"kind": "check", "metric": "reply.total", "stated": 1, "table": 2, "note": "b"}
    pairs = [
        ({"file": "x", "clean": False, "discrepancy": [known, lost]}, stubs.result()),
        ({"file": "y", "clean": True}, stubs.result()),
        ({"file": "z", "clean": True}, stubs.result(different=False)),
    ]
    found = compare(pairs)
    assert (found.reports, found.clean, found.recorded, found.found) == (3, 2, 2, 1)
    assert [(one.file, one.words) for one in found.missed] == [("x", "b")]
    assert [one.file for one in found.on_clean] == ["y", "y"]
    assert [one.words for one in found.beyond] == ["答复数大于收到数"]


# Suspicious labels


def figure(one: AnnotatedText, words: str, metric: str, **fields: Any) -> FigureExample:
    start = one.text.index(words)
    made = FigureExample(one.id, start, start + len(words), (), metric, "total", True, False, False)
    return dataclasses.replace(made, **fields)


def test_doubts_are_those_of_a_sure_model() -> None:
    figures = [figure(TWO, "5件", "request.received"), figure(TWO, "4件", "reply.total"),
               figure(TWO, "3层", "other")]  # fmt: skip
    held_out = OutOfFold(("request.closed", "request.closed", "other"), (0.89, 0.95, 1.0), 1.0)
    (doubt,) = doubted({TWO.id: TWO}, figures, held_out)
    assert (doubt.words, doubt.label, doubt.predicted) == (
        "答复4件",
        "reply.total",
        "request.closed",
    )


def test_contradictions_are_one_wording_with_several_labels() -> None:
    texts = {
        n: AnnotatedText(n, f"全年开展各类业务培训{n}期，收到{n}件。") for n in ("3", "12", "40")
    }
    figures = [
        figure(texts["3"], "3期", "training.sessions"),
        figure(texts["12"], "12期", "training.sessions"),
        figure(texts["40"], "40期", "meeting.sessions"),
        figure(texts["40"], "40件", "reply.total"),  # 收到#件 is too short to say anything
        figure(texts["3"], "3件", "request.received"),
        figure(texts["3"], "3期", "other", optional=True),
    ]
    (found,) = contradictions(texts, figures)
    assert found.wording == "全年开展各类业务培训【#期】"
    assert [(one.label, one.count) for one in found.labels] == [
        ("training.sessions", 2), ("meeting.sessions", 1),
    ]  # fmt: skip


# Output


def test_tables_are_aligned_for_wide_characters() -> None:
    table = Table("表", ("指标", "n", "例"), (("收到申请数", "5", "很长" * 40), ("a", "120", "b")))
    shown = lines(table, 60)
    assert all(width_of(line) <= 60 for line in shown)
    assert width_of(shown[2].split("  5  ")[0]) == width_of(shown[3].split("120  ")[0])
    assert lines(Table("空", ("a",)), 60) == ["空"]
    named = Table("表", ("文本", "例"), (("requests_paragraphs.3fa9c1d2", "很长" * 40),))
    assert "requests_paragraphs.3fa9c1d2" in lines(named, 40)[-1]  # an id must be findable


def test_words_exist_in_both_languages() -> None:
    for words in (_WORDS, _HELP):
        assert words["zh"].keys() == words["en"].keys()
        for key, zh in words["zh"].items():
            assert {*re.findall(r"{\w+}", zh)} == {*re.findall(r"{\w+}", words["en"][key])}


def test_json_tells_nothing_where_there_is_nothing() -> None:
    assert plain({"a": (Counts(),)}) == {
        "a": [{"right": 0, "wrong": 0, "needed": 0, "precision": None, "recall": None, "f1": None}]
    }


COUNTS = {"right", "wrong", "needed", "precision", "recall", "f1"}


@pytest.fixture(scope="module")
def printed(place: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, str]:
    """The JSON object and the page of one run of every section."""
    page = tmp_path_factory.mktemp("page") / "page.html"
    words = arguments(
        place, "--format", "json", "--html", str(page), "--learning-curve", "--suspicious"
    )
    done = subprocess.run(
        [sys.executable, "-m", "nlp.evaluate", *words], cwd=ROOT, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), page.read_text("utf-8")


def test_json_has_the_documented_keys(printed: tuple[Any, str]) -> None:
    record, _ = printed
    assert [*record] == [
        "schema", "side", "annotations", "splits", "model", "texts", *SECTIONS,
    ]  # fmt: skip
    assert record["texts"] == {"reports": 1, "sentences": 10, "clauses": 4}
    assert record["model"]["version"] == "0001"
    facts = record["facts"]
    assert {*facts} == {"scopes", "gains", "kinds", "metrics"}
    assert {*facts["scopes"]["reports"]["both"]} == COUNTS
    assert {*facts["gains"]["all"]["rules"]} == {"difference", "low", "high"}
    assert {*record["items"]} == {
        "reports", "items", "topics", "kinds", "clause_kinds", "clause_topics",
    }  # fmt: skip
    assert {*record["groups"]} == {"templates", "layouts", "years"}
    assert {*record["confusion"]} == {"pairs", "between"}
    assert record["learning_curve"][-1]["share"] == 1
    assert {*record["learning_curve"][-1]["counts"]} == {"classifier", "both"}
    assert {*record["masking"]} == {
        "metrics", "totals", "reached", "recall_aimed", "precision_aimed",
    }  # fmt: skip
    assert {*record["calibration"]} == {"figure", "kind"}
    assert len(record["calibration"]["figure"]["bins"]) == 10
    assert {*record["bundled"]} == {"rules", "both"}
    assert {*record["suspicious"]} == {"doubts", "contradictions"}
    assert record["suspicious"]["doubts"] is not None


class Page(HTMLParser):
    """Tags in balance, and everything that points somewhere."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.handle_startendtag(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "xlink:href", "src", "action", "data"):
                self.targets.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_is_self_contained_and_well_formed(printed: tuple[Any, str]) -> None:
    _, text = printed
    assert not re.search(r"https?:|\bsrc=|@import|<script|<link", text)
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    assert len(page.ids) == len({*page.ids})
    assert all(target.startswith("#") and target[1:] in page.ids for target in page.targets)
    assert {*re.findall(r"url\(([^)]*)\)", text)} <= {f"#{one}" for one in page.ids}
    assert text.count("<svg") >= 4
    assert "收到申请数" in text  # as words, not as outlines
    assert not re.search("|".join(svg.COLOURS.values()), text)
    assert text.startswith("<!DOCTYPE html>")


def test_text_and_choice_of_sections(
    place: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(place, "--only", "facts", "calibration")) == 0
    out, err = capsys.readouterr()
    assert "精确率" in out
    assert "期望校准误差" in out
    assert "屏蔽" not in out + err
    assert all(line.startswith("nianbao: ") for line in err.splitlines())
    assert main(arguments(place, "--only", "groups", "--side", "all", "--lang", "en")) == 0
    assert "all annotations: 1 reports, 40 lone sentences, 16 clauses" in capsys.readouterr().out


def test_the_slow_sections_run_when_they_are_asked_for() -> None:
    from nlp.evaluate.__main__ import build_parser

    def asked(*words: str) -> list[str]:
        return wanted(build_parser().parse_args(words))

    assert asked() == [name for name in SECTIONS if name != "learning_curve"]
    assert asked("--learning-curve") == [*SECTIONS]
    assert asked("--only", "learning_curve") == ["learning_curve"]
    assert asked("--only", "facts", "--suspicious") == ["facts", "suspicious"]


# Errors


@pytest.mark.parametrize(
    ("option", "value", "status"),
    [
        ("--annotations", "nowhere.jsonl", 3),
        ("--splits", "nowhere.json", 3),
        ("--model", "nowhere", 4),
        ("--html", "nowhere/page.html", 2),
    ],
)
def test_errors_are_one_line(
    place: dict[str, str], capsys: pytest.CaptureFixture[str], option: str, value: str, status: int
) -> None:
    words = arguments(place | {option: value}, "--only", "calibration")
    assert main(words) == status
    err = capsys.readouterr().err
    (line,) = err.splitlines()
    assert "nowhere" in line
    assert line.startswith("nianbao: ")


def test_a_side_without_texts_is_an_error(
    place: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "splits.json"
    empty.write_text('{"agencies": {}, "texts": {}}', "utf-8")
    assert main(arguments(place | {"--splits": str(empty)})) == 3
    assert "没有可评测的文本" in capsys.readouterr().err


def test_later_files_correct_earlier_ones(tmp_path: Path) -> None:
    append(tmp_path / "a.jsonl", [TEXTS[0], TEXTS[1]])
    append(tmp_path / "b.jsonl", [dataclasses.replace(TEXTS[0], marks=())])
    read = read_all([tmp_path / "a.jsonl", tmp_path / "b.jsonl"])
    assert [len(one.marks) for one in read] == [0, 2]


def test_examples_are_those_of_the_texts_asked_for(reader: Reader) -> None:
    material = Material(TEXTS, TEXTS[:1], TEXTS[1:], TEXTS[:1], reader)
    assert {one.text_id for one in material.examples_in(material.side).figures} == {TEXTS[0].id}
    assert isinstance(material.examples, Examples)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom nlp.evaluate.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([n for n in ('sklearn', 'scipy', 'matplotlib', 'jinja2', 'jieba') if n in sys.modules],"
        " file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    assert "--learning-curve" in done.stdout
