"""Annotation tools: what goes out comes back, and what was changed in the tool comes as changed."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loading import ROOT
from nlp import annotations
from nlp.annotations import AnnotatedText
from nlp.errors import InputError
from nlp.exchange import brat, doccano, label_studio
from nlp.exchange import marked as authors
from nlp.exchange.__main__ import main
from nlp.exchange.marks import in_order
from nlp.markup import Mark, parse
from nlp.metrics import OTHER, load
from nlp.pipeline import read_report
from nlp.spacy_bridge import from_docbin, to_docbin

Texts = tuple[AnnotatedText, ...]


def through_doccano(texts: Texts) -> Texts:
    return doccano.load(doccano.dump(texts))


def through_label_studio(texts: Texts) -> Texts:
    return label_studio.load(label_studio.dump(texts))


def through_brat(texts: Texts) -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        brat.write(Path(folder), brat.dump(texts))
        return brat.load(brat.read(Path(folder)))


def through_docbin(texts: Texts) -> Texts:
    with tempfile.TemporaryDirectory() as folder:
        to_docbin(texts, Path(folder) / "texts.spacy")
        return from_docbin(Path(folder) / "texts.spacy")


WAYS: dict[str, Callable[[Texts], Texts]] = {
    "doccano": through_doccano,
    "label-studio": through_label_studio,
    "brat": through_brat,
    "docbin": through_docbin,
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def marked(name: str, source: str, **fields: Any) -> AnnotatedText:
    text, marks = parse(source)
    return AnnotatedText(name, text, marks, **fields)


TABLE = [
    marked("plain", "没有标注。"),
    marked("", "空的[[other=1|1个]]id"),
    marked("a/b:c %2F 甲.乙", "全年[[training.sessions=3|培训3期]]", year=2016, by="x y"),
    marked("zeros", "[[review.total=0; litigation.total=0|行政复议、行政诉讼]]均无"),
    marked("two years", "[[other=3 @2016; other=3|3件]]"),
    marked("of another body", "[[fee.processing_amount=88.5 @2017 #某县 民政局 ~part ?|88.5元]]"),
    marked("codes", "[[disclosure.website/disclosure.total/other=9 ?|发布9条]]", agency="某县"),
    marked(
        "items", "[[problem|公开[[other=3|3项]]不够]][[plan:staff ?|训[[other=2 ~target|2次]]]]"
    ),
    marked("neither", "[[neither|整改。]][[remedy:new_media|已办。]]", heading="四、\t问题\r\n"),
    marked("wide", "😀𠮷[[other=5|𪚥5件👨‍👩‍👧]]\U0010ffff[[plan|加强é́]]🀄"),
    marked(
        "breaks",
        "一\r\n[[problem|二\r\n三\n\n四\r五\u2028六\x85七\r\n]][[plan|\n]]八\t[[other=1|1\t件]]",
    ),
    marked("at a break", "[[problem|[[other=1|\r\n1件]]\n]]\n[[plan|\r\n]]"),
    marked("blanks", "  [[other=1|  1 件  ]]  [[plan| ]] 　[[other=2|\u200b2件\xa0]] "),
    AnnotatedText(
        "crossing",
        "甲乙丙丁戊",
        (
            Mark(0, 3, "fact", ("other",), 10**20, subject='"\u2028\\ {}'),
            Mark(0, 3, "problem", topic="任意 topic"),
            Mark(0, 2, "fact", ("Unknown-Code/x",), -0.25, basis="不在表中"),
            Mark(1, 4, "fact", (), 1),
            Mark(4, 5, "plan"),
        ),
    ),
]


@every_way
@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.id)
def test_a_text_comes_back(way: Callable[[Texts], Texts], one: AnnotatedText) -> None:
    assert way((one,)) == (one,)


@every_way
def test_many_texts_come_back(way: Callable[[Texts], Texts]) -> None:
    assert sorted(way(tuple(TABLE)), key=lambda one: one.id) == sorted(
        TABLE, key=lambda one: one.id
    )
    if way is not through_brat:
        assert way(()) == ()


@every_way
def test_the_marked_reports_come_back(way: Callable[[Texts], Texts]) -> None:
    reports = tuple(
        marked(path.name, path.read_text("utf-8"))
        for path in sorted((ROOT / "corpora" / "marked").glob("*.marked.txt"))[:4]
    )
    assert reports
    assert way(reports) == reports


CHARACTERS = st.one_of(
    st.sampled_from("收到申请件，。5３\t \n\r\u2028\x85\x0b\0\ufeff"),
    st.sampled_from("😀👩🏽𠮷𪚥🀄\U0010ffffé"),
    st.characters(exclude_categories=["Cs"]),
)
WORDS = st.lists(CHARACTERS | st.just("\r\n"), max_size=12).map("".join)
CODES = sorted({*load(), OTHER})


@st.composite
def marks(draw: st.DrawFn, length: int) -> Mark:
    start = draw(st.integers(0, length - 1))
    end = draw(st.integers(start + 1, length))
    optional = draw(st.booleans())
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["problem", "plan", "remedy", "neither"]))
        topic = draw(st.none() | WORDS | st.just("staff"))
        return Mark(start, end, kind, optional=optional, topic=topic)
    return Mark(
        start,
        end,
        "fact",
        tuple(draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=3))),
        draw(st.integers() | st.floats(allow_nan=False, allow_infinity=False)),
        draw(st.none() | st.integers(1900, 2100)),
        draw(st.none() | WORDS),
        draw(st.sampled_from(["total", "average", "part", "to_date", "target"])),
        optional,
    )


@st.composite
def annotated(draw: st.DrawFn) -> AnnotatedText:
    text = draw(WORDS)
    found = draw(st.lists(marks(len(text)), max_size=6)) if text else []
    optional_words = st.none() | WORDS
    return AnnotatedText(
        draw(WORDS),
        text,
        in_order(found),
        draw(st.none() | st.integers(1900, 2100)),
        draw(optional_words),
        draw(optional_words),
        draw(optional_words),
    )


@every_way
@settings(max_examples=120, deadline=None)
@given(one=annotated())
def test_any_text_comes_back(way: Callable[[Texts], Texts], one: AnnotatedText) -> None:
    assert way((one,)) == (one,)


# The formats themselves

EMOJI = marked("r.1", "😀[[request.received=5 ~target ?|收到\n5件]]。", year=2016)


def test_doccano_counts_code_points() -> None:
    record = json.loads(doccano.dump([EMOJI]))
    assert record["text"] == "😀收到\n5件。"
    assert record["entities"] == [
        {"id": 1, "label": "request.received", "start_offset": 1, "end_offset": 6}
    ]
    assert record["relations"] == []


def test_label_studio_counts_utf16_units() -> None:
    (task,) = json.loads(label_studio.dump([EMOJI]))
    region, fields = task["annotations"][0]["result"]
    value = {"start": 2, "end": 7, "text": "收到\n5件", "labels": ["request.received"]}
    assert region == {
        "id": "m1",
        "to_name": "text",
        "from_name": "label",
        "type": "labels",
        "value": value,
    }
    assert (fields["id"], fields["type"]) == ("m1", "textarea")
    assert json.loads(fields["value"]["text"][0])["value"] == 5


def test_brat_splits_a_span_at_line_breaks() -> None:
    (document,) = brat.dump([EMOJI])
    entity, optional, basis, note = document.ann.splitlines()
    assert entity == "T1\trequest-received 1 3;4 6\t收到 5件"
    assert (optional, basis) == ("A1\tOptional T1", "A2\tBasis T1 target")
    assert note.startswith("#1\tAnnotatorNotes T1\t{")


def test_brat_files_keep_carriage_returns(tmp_path: Path) -> None:
    brat.write(tmp_path, brat.dump([TABLE[10]]))
    assert (tmp_path / "breaks.txt").read_bytes() == TABLE[10].text.encode()
    assert "request" not in (tmp_path / brat.CONFIGURATION).read_text("utf-8")
    assert "\nother\n" in (tmp_path / brat.CONFIGURATION).read_text("utf-8")


@pytest.mark.parametrize("label", [*CODES, "a/b.c", "A-Z", "U2fZ", "plan:staff", "中 文", "x-_9"])
def test_brat_types_are_reversible(label: str) -> None:
    brat_type = brat.type_of(label)
    assert brat_type.replace("-", "").replace("_", "").isalnum()
    assert brat_type.isascii()
    assert brat.label_in(brat_type) == label


# What is changed in the tool: (entities after the change, marks that come of it). The text is
# "全年收到申请5件，培训２０余人次。", the marks before it those of BEFORE.

BEFORE = marked(
    "r.1",
    "全年[[request.received/request.closed=7 @2016 ?|收到申请5件]]，[[plan:staff|培训２０余人次]]。",
)
RECEIVED, PLAN = BEFORE.marks
EDITS: dict[str, tuple[list[tuple[str, int, int]], list[Mark]]] = {
    "nothing": ([("request.received", 2, 8), ("plan", 9, 16)], [RECEIVED, PLAN]),
    "removed": ([("plan", 9, 16)], [PLAN]),
    "border moved": (
        [("request.received", 0, 9), ("plan", 9, 17)],
        [replace(RECEIVED, start=0, end=9), replace(PLAN, end=17)],
    ),
    "another metric": (
        [("request.received_online", 2, 8), ("plan", 9, 16)],
        [replace(RECEIVED, metrics=("request.received_online",)), PLAN],
    ),
    "metrics with a code also accepted": (
        [("request.closed/other", 2, 8), ("plan", 9, 16)],
        [replace(RECEIVED, metrics=("request.closed", "other")), PLAN],
    ),
    "another kind": (
        [("request.received", 2, 8), ("problem", 9, 16)],
        [RECEIVED, replace(PLAN, kind="problem")],
    ),
    "another topic": (
        [("request.received", 2, 8), ("plan:content", 9, 16)],
        [RECEIVED, replace(PLAN, topic="content")],
    ),
    "fact become item": (
        [("neither", 2, 8), ("plan", 9, 16)],
        [Mark(2, 8, "neither", optional=True), PLAN],
    ),
    "item become fact": (
        [("request.received", 2, 8), ("training.participants", 9, 16)],
        [RECEIVED, Mark(9, 16, "fact", ("training.participants",), 20)],
    ),
    "fact added": (
        [("request.received", 2, 8), ("plan", 9, 16), ("training.participants", 11, 16)],
        [RECEIVED, PLAN, Mark(11, 16, "fact", ("training.participants",), 20)],
    ),
    "item added": (
        [("request.received", 2, 8), ("plan", 9, 16), ("problem:rules", 0, 17)],
        [Mark(0, 17, "problem", topic="rules"), RECEIVED, PLAN],
    ),
}
Edit = list[tuple[str, int, int]]


def partner_of(number: int, edit: Edit) -> int:
    """Which exported mark an edited entity was: in EDITS the plan is second where nothing is gone."""
    return number if len(edit) > 1 else 1


def edited_doccano(edit: Edit) -> Texts:
    record = json.loads(doccano.dump([BEFORE]))
    record["id"] = 77  # doccano numbers texts and entities anew
    record["entities"] = [
        {"id": 900 - number, "label": label, "start_offset": start, "end_offset": end}
        for number, (label, start, end) in enumerate(edit)
    ]
    return doccano.load(json.dumps(record) + "\n")


def edited_label_studio(edit: Edit) -> Texts:
    tasks = json.loads(label_studio.dump([BEFORE]))
    result = tasks[0]["annotations"][0]["result"]
    areas = [region for region in result if region["type"] == "textarea"]
    regions: list[dict[str, Any]] = []
    for number, (label, start, end) in enumerate(edit):
        partner = partner_of(number, edit)
        value = {"start": start, "end": end, "labels": [label], "text": ""}
        name = f"m{partner + 1}"
        regions.append({"id": name, "type": "labels", "value": value})
        regions += areas[partner : partner + 1]
    tasks[0]["annotations"] = [
        {"result": regions},
        {"result": [], "was_cancelled": True},
    ]
    return label_studio.load(json.dumps(tasks))


def edited_brat(edit: Edit) -> Texts:
    (document,) = brat.dump([BEFORE])
    kept = []
    for number, (label, start, end) in enumerate(edit):
        name = f"T{partner_of(number, edit) + 1}"
        kept.append(f"{name}\t{brat.type_of(label)} {start} {end}\t{BEFORE.text[start:end]}")
        kept += [
            line for line in document.ann.splitlines() if f" {name}" in line and line[0] in "A#"
        ]
    return brat.load([replace(document, ann="\n".join(kept) + "\n")])


@pytest.mark.parametrize("change", EDITS)
@pytest.mark.parametrize("tool", [edited_doccano, edited_label_studio, edited_brat])
def test_changes_in_the_tool(tool: Callable[[Edit], Texts], change: str) -> None:
    edit, expected = EDITS[change]
    assert tool(edit) == (replace(BEFORE, marks=in_order(expected)),)


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("公开信息1.5万条", "disclosure.total", 15000),
        ("收取1.2万元", "fee.processing_amount", 12000),
        ("发布12\r\n3条", "other", 123),
    ],
)
def test_the_value_of_an_added_fact(text: str, label: str, value: float) -> None:
    line = json.dumps({"id": 5, "text": text, "label": [[0, len(text), label]]})
    (one,) = doccano.load(line)
    assert one == AnnotatedText("5", text, (Mark(0, len(text), "fact", (label,), value),))


@pytest.mark.parametrize("text", ["未收到申请", "收到3件，办结2件"])
def test_an_added_fact_without_its_one_figure_is_refused(text: str) -> None:
    line = json.dumps({"id": "r.9", "text": text, "label": [[0, len(text), "other"]]})
    with pytest.raises(InputError, match=r"^应恰有|other") as caught:
        doccano.load(line)
    assert f"r.9 0–{len(text)}" in str(caught.value)


def test_the_annotator_may_write_the_value() -> None:
    ann = "T1\trequest-received 0 5\t未收到申请\n#1\tAnnotatorNotes T1\t"
    (one,) = brat.load([brat.Standoff("r.9", "未收到申请", ann + '{"value": 0, "year": 2016}\n')])
    assert one.id == "r.9"
    assert one.marks == (Mark(0, 5, "fact", ("request.received",), 0, 2016),)
    with pytest.raises(InputError, match="恰有一个数字"):
        brat.load([brat.Standoff("r.9", "未收到申请", ann + "看不清\n")])


def test_texts_made_in_a_tool_have_an_id_of_their_characters() -> None:
    first, second = (doccano.load(json.dumps({"text": text}))[0].id for text in "甲乙")
    assert first != second
    assert doccano.load('{"text": "甲", "entities": []}')[0].id == first


# Bad files

BAD_DOCCANO = {
    "no JSON": "{",
    "no object": "[]",
    "no text": '{"id": 1}',
    "text a number": '{"text": 1}',
    "labels of classification": '{"text": "甲", "label": ["a"]}',
    "an entity lacks its end": '{"text": "甲", "entities": [{"label": "plan", "start_offset": 0}]}',
    "offset in words": '{"text": "甲", "label": [["0", 1, "plan"]]}',
    "offset a truth": '{"text": "甲", "label": [[false, 1, "plan"]]}',
    "outside": '{"text": "甲", "label": [[0, 2, "plan"]]}',
    "empty": '{"text": "甲", "label": [[1, 1, "plan"]]}',
    "unknown label": '{"text": "甲", "label": [[0, 1, "ORG"]]}',
    "label a number": '{"text": "甲", "label": [[0, 1, 3]]}',
    "meta a word": '{"text": "甲", "meta": "x"}',
    "meta of marks without a place": '{"text": "甲", "meta": {"marks": [{"kind": "plan"}]}}',
    "year in words": '{"text": "甲", "meta": {"year": "2016"}}',
}


@pytest.mark.parametrize("content", BAD_DOCCANO.values(), ids=BAD_DOCCANO)
def test_bad_doccano(content: str) -> None:
    with pytest.raises(InputError):
        doccano.load(content)


def task(*regions: dict[str, Any], text: str = "😀甲") -> str:
    return json.dumps([{"id": 1, "data": {"text": text}, "annotations": [{"result": regions}]}])


def region(start: object, end: object, **fields: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": ["plan"]}
    return {"id": "x", "type": "labels", "value": value} | fields


BAD_LABEL_STUDIO = {
    "no JSON": "[",
    "no list": "{}",
    "JSON-MIN": '[{"text": "甲", "label": []}]',
    "half an emoji": task(region(1, 3)),
    "outside": task(region(0, 4)),
    "no offset": task({"id": "x", "type": "labels", "value": {"labels": ["plan"]}}),
    "no type": task({"id": "x"}),
    "offset a fraction": task(region(0.5, 3)),
    "no label": task({"id": "x", "type": "labels", "value": {"start": 0, "end": 2}}),
    "broken note": task(region(0, 2, meta={"text": ["{kind"]})),
    "unknown field": task(region(0, 2, meta={"text": ['{"colour": 1}']})),
    "value in words": task(region(0, 2, meta={"text": ['{"value": "5"}']})),
}


@pytest.mark.parametrize("content", BAD_LABEL_STUDIO.values(), ids=BAD_LABEL_STUDIO)
def test_bad_label_studio(content: str) -> None:
    with pytest.raises(InputError):
        label_studio.load(content)


@pytest.mark.parametrize(
    "line",
    [
        "T1 plan 0 1",
        "T1\tplan 0\tx",
        "T1\tplan 0 9\tx",
        "T1\tORG 0 1\tx",
        "A1\tOptional",
        "#1\tAnnotatorNotes",
        "T1\tplan 0 1\tx\n#1\tAnnotatorNotes T1\t{",
        "T1\tplan 0 1\tx\nA1\tBasis T1",
    ],
)
def test_bad_brat(line: str) -> None:
    with pytest.raises(InputError):
        brat.load([brat.Standoff("a", "甲乙", line + "\n")])


def test_relations_of_brat_are_passed_over() -> None:
    ann = "T1\tplan 0 1\t甲\nR1\tSame Arg1:T1 Arg2:T1\n*\tEquiv T1 T1\nE1\tplan:T1\n"
    assert brat.load([brat.Standoff("a", "甲乙", ann)])[0].marks == (Mark(0, 1, "plan"),)


def test_two_texts_of_one_id_do_not_go_into_one_folder() -> None:
    with pytest.raises(InputError, match="重复"):
        brat.dump([TABLE[0], TABLE[0]])


# The command

OUTPUTS = {
    "doccano": "out.jsonl",
    "label-studio": "out.json",
    "brat": "folder/brat",
    "docbin": "o.spacy",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    annotations.append(tmp_path / "in.jsonl", TABLE)
    return tmp_path / "in.jsonl"


def command(*words: object) -> int:
    return main([str(word) for word in words])


@pytest.mark.parametrize("name", OUTPUTS)
def test_out_and_back(
    name: str, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / OUTPUTS[name]
    assert command("export", "--format", name, source, out) == 0
    before = source.read_bytes()
    assert command("import", "--format", name, out, source) == 0
    assert source.read_bytes() == before
    assert f"读入{len(TABLE)}条，追加0条" in capsys.readouterr().err
    new = tmp_path / "new.jsonl"
    assert command("import", "--format", name, out, new) == 0
    assert {*annotations.read(new)} == {*TABLE}


def test_only_what_differs_is_appended(source: Path, tmp_path: Path) -> None:
    changed = replace(TABLE[3], marks=TABLE[3].marks[:1])
    out = tmp_path / "out.jsonl"
    out.write_text(doccano.dump([*TABLE[:3], changed]), "utf-8")
    before = source.read_bytes()
    assert command("import", "--format", "doccano", out, source) == 0
    added = source.read_bytes().removeprefix(before)
    assert added.decode() == annotations.dumps(changed) + "\n"


@pytest.mark.parametrize("name", OUTPUTS)
def test_what_is_there_is_kept_without_force(
    name: str, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / OUTPUTS[name]
    assert command("export", "--format", name, source, out) == 0
    assert command("export", "--format", name, source, out) == 2
    assert "--force" in capsys.readouterr().err.splitlines()[-1]
    assert command("export", "--format", name, "--force", source, out) == 0


@pytest.mark.parametrize("name", OUTPUTS)
def test_bad_input_is_one_line_and_status_3(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(b"\xff{")
    for path in (bad, tmp_path / "none"):
        assert command("import", "--format", name, path, tmp_path / "out.jsonl") == 3
        assert command("export", "--format", name, path, tmp_path / "out") == 3
        errors = capsys.readouterr().err.splitlines()
        assert len(errors) == 2
        assert all(str(path) in line and "程序内部错误" not in line for line in errors)
    assert not (tmp_path / "out.jsonl").exists()


def test_an_error_names_file_text_and_offsets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": 1, "text": "甲", "label": [[0, 9, "plan"]]}\n', "utf-8")
    assert command("import", "--format", "doccano", bad, tmp_path / "out.jsonl") == 3
    assert capsys.readouterr().err == f"nianbao: {bad}：1 0–9：标注超出文本（1 字）\n"


def test_two_that_differ_under_one_id_are_refused(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": 1, "text": "甲"}\n{"id": 1, "text": "乙"}\n', "utf-8")
    assert command("import", "--format", "doccano", bad, tmp_path / "out.jsonl") == 3


def test_a_place_that_cannot_be_written_is_status_2(source: Path) -> None:
    for name in OUTPUTS:
        assert command("export", "--format", name, source, source / "below") == 2


@pytest.mark.parametrize("words", [[], ["export"], ["export", "--format", "xml", "a", "b"]])
def test_wrong_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom nlp.exchange.__main__ import main\n"
        "try: main(['export', '--help'])\n"
        "except SystemExit: pass\n"
        "print({'spacy', 'regex', 'opencc', 'nlp.numbers'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "--force" in done.stdout
    assert done.stdout.splitlines()[-1] == "set()"


# The authors' own format


def test_marked_lines_round_trip() -> None:
    content = (
        "{year=2024}【三、依申请公开】全年[[request.received=5|收到申请[[other=2|2类]]5件]]。\n"
        "[[review.total=0; litigation.total=0 @2023 #某局 ~part|未发生复议、诉讼]]😀𠮷，[[plan:staff|加强培训。]]\n"
    )
    texts = authors.load(content, "mine")
    assert [len(one.marks) for one in texts] == [2, 3]
    again = authors.load(authors.dump(texts), "mine")
    assert again == texts


def test_a_report_drafts_marks_that_can_be_read_again() -> None:
    result = read_report(ROOT / "corpora" / "reports" / "2021-tabs-county.txt", reader=None)
    texts = authors.load("\n".join(authors.drafted(result)), "draft")
    drafted = {(m.metrics[0], m.value) for one in texts for m in one.marks}
    assert {("normative_document.made", 5), ("normative_document.repealed", 2)} <= drafted
    assert all(one.year == 2024 for one in texts)


def test_a_bad_marked_line_is_named() -> None:
    with pytest.raises(InputError, match="第2行"):
        authors.load("全年无事。\n[[request.received=5|收到5件\n", "mine")
