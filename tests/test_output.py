import contextlib
import dataclasses
import json as standard_json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stubs
from nlp.output import json, terminal, wording
from nlp.output.columns import _FIGURE, fold, number, one_line, pad, shorten, width_of, wrap
from nlp.output.writing import OutputError, open_atomically

CONTRACT_FIELDS = {
    "": "schema source report sections cells facts items checks findings warnings",
    "source": "path sha256 format encoding text_length",
    "report": "title agency year period published template",
    "sections": "id level heading role start end",
    "cells": "id metric applicant value raw unit label start end",
    "facts": "id metric value unit low high qualifier year subject basis text start end sentence "
    "method confidence what",
    "items": "id kind ordinal text start end topic method confidence",
    "checks": "id metric verdict facts cells stated table difference message",
    "findings": "id rule scope verdict stated computed evidence message",
    "warnings": "code message start end",
}


def rendered(**options: object) -> str:
    return terminal.render(stubs.result(), **options)  # type: ignore[arg-type]


# JSON


@pytest.mark.parametrize("name", list(CONTRACT_FIELDS))
def test_fields_are_the_contract_s_in_its_order(name: str) -> None:
    answer = json.to_dict(stubs.result())
    part = answer[name] if name else answer
    first = part[0] if isinstance(part, list) else part
    assert list(first) == CONTRACT_FIELDS[name].split()


def test_nulls_are_present_and_tuples_are_lists() -> None:
    answer = json.to_dict(stubs.result())
    assert answer["facts"][0]["sentence"] == [0, 10]
    assert answer["facts"][0]["subject"] is None
    assert answer["report"]["period"] == ["2022-01-01", "2022-12-31"]
    assert answer["findings"][0]["evidence"] == ["f2", "f1"]


def test_text_and_reasons_come_when_asked_for() -> None:
    plain = json.to_dict(stubs.result())
    full = json.to_dict(stubs.result(), include_text=True, why=True)
    assert "text" not in plain
    assert "why" not in plain["facts"][0]
    assert full["text"] == stubs.TEXT
    assert full["facts"][0]["why"] == ["rule.received"]
    assert list(full)[:3] == ["schema", "source", "text"]


def test_every_quote_stands_at_its_offsets() -> None:
    answer = json.to_dict(stubs.result(), include_text=True)
    for record in answer["facts"] + answer["items"]:
        assert answer["text"][record["start"] : record["end"]] == record["text"]


def test_one_line_and_the_same_bytes_each_time() -> None:
    printed = json.dumps(stubs.result(), include_text=True)
    assert "\n" not in printed
    assert printed == json.dumps(stubs.result(), include_text=True)
    assert standard_json.loads(printed)["facts"][0]["text"] == "收到政府信息公开申请35件"


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252"])
def test_other_encodings_get_escapes(encoding: str) -> None:
    record = {"text": "申请35件 ✗ 𠀀 é"}
    printed = json.line(record, encoding=encoding)
    assert standard_json.loads(printed.encode(encoding).decode(encoding)) == record


def test_a_file_name_that_is_no_utf_8_stays_json() -> None:
    record = {"path": b"\xff.txt".decode("utf-8", "surrogateescape")}
    assert standard_json.loads(json.line(record).encode("utf-8")) == record


# Columns


@pytest.mark.parametrize(
    ("value", "printed"),
    [(35, "35"), (174600.0, "174600"), (0.1 + 0.2, "0.3"), (418265730.61, "418265730.61")],
)
def test_numbers_are_printed_without_noise(value: float, printed: str) -> None:
    assert number(value) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("本年新收政府信息公开\n申请数量", "本年新收政府信息公开申请数量"),
        ("12\n34", "12 34"),
        (" 收到　申请\t3件 ", "收到 申请 3件"),
        ("申请\x1b[31m3件\u202e", "申请[31m3件"),
    ],
)
def test_quotes_fit_one_line(text: str, printed: str) -> None:
    assert one_line(text) == printed


def test_columns_align_with_double_width_characters() -> None:
    assert width_of("申请数") == 6
    assert [width_of(pad(word, 10)) for word in ("申请数", "abc", "")] == [10, 10, 10]
    assert pad("3件", 6, right=True) == "   3件"


def test_words_give_way_before_figures() -> None:
    text = "为提高全县政府信息公开工作人员业务水平，先后举办业务培训3期、培训1,200余人次"
    short = shorten(text, 40)
    assert width_of(short) <= 40
    assert "3期" in short
    assert "1,200余人次" in short
    assert "…" in short


@given(st.text("收到申请，3０万余%abc", max_size=80), st.integers(10, 60))
def test_shortening_never_cuts_a_figure(text: str, columns: int) -> None:
    short = shorten(text, columns)
    if width_of(text) <= columns:
        assert short == text
    else:
        assert width_of(short) <= columns
        figures = [found.group() for found in _FIGURE.finditer(text)]
        assert all(found.group() in figures for found in _FIGURE.finditer(short))


def test_folding_breaks_anywhere_but_inside_a_figure() -> None:
    text = "总数3,742，所列分项合计3,732，不符"
    for columns in (6, 9, 12, 15):
        lines = fold(text, columns)
        assert "".join(lines) == text
        assert max(map(width_of, lines)) <= columns + 2
        assert any("3,742" in line for line in lines)
        assert not any(line.startswith("，") for line in lines)


def test_wrapping_breaks_between_parts_only() -> None:
    assert wrap(["甲乙", "丙丁", "戊"], 12, joint="、", indent=" ") == ["甲乙、丙丁、", " 戊"]
    assert wrap([], 10, joint="、") == []


# The screen


def test_differences_come_first_with_both_sides_quoted() -> None:
    lines = rendered().splitlines()
    assert lines[0] == stubs.TITLE
    assert lines[1] == "某县人民政府  2022年度  统计表：2021年全国格式  2023-01-20 发布"
    assert lines[2] == "正文与统计表核对3项：1项一致，1项约数相符，1项不符"
    assert lines[3] == "勾稽关系：1条成立，1条不成立，0条无从判断"
    assert lines[5:9] == [
        "正文与统计表不符（1项）",
        "  × 收到申请数  正文多2",
        "      正文        35  “收到政府信息公开申请35件”",
        "      表格        33  “一、本年新收政府信息公开申请数量”总计列 33",
    ]
    order = ["不符（1项）", "不成立（1条）", "约数相符：", "正文数字", "存在的问题", "读取提示"]
    places = [rendered().index(words) for words in order]
    assert places == sorted(places)


def test_a_sum_of_the_table_shows_its_parts() -> None:
    cells = tuple(
        dataclasses.replace(stubs.CELL, id=f"c{n}", applicant=None, label=f"第{n}行", raw=str(n))
        for n in (1, 2)
    )
    check = dataclasses.replace(stubs.MISMATCH, cells=("c1", "c2"), facts=("f2", "f1"), table=3)
    result = dataclasses.replace(stubs.result(), cells=cells, checks=(check,))
    assert terminal.render(result).splitlines()[7:12] == [
        "      正文        35  “收到政府信息公开申请35件”",
        "                  40  “答复40件”",
        "      表格         3  各分项合计",
        "                   1  “第1行” 1",
        "                   2  “第2行” 2",
    ]
    assert "多于表格" not in terminal.render(result)
    assert "多于表格" in terminal.render(result, why=True)


def test_violated_relations_show_printed_and_computed() -> None:
    screen = rendered()
    assert (
        "  × 正文  所载40，算得35\n      答复数大于收到数\n      “答复40件”、“收到政府信息公开申请35件”"
        in screen
    )


@pytest.mark.parametrize(
    "row",
    [
        "174600条  公开信息17.46万条",
        "150000条  [2021年] 公开15万条",
        "20余次  业务培训20余次",
        "0元  [县财政局] 收取信息处理费0元",
        "4次  [目标] 召开会议4次",
    ],
)
def test_facts_show_value_and_words_and_whose_they_are(row: str) -> None:
    assert row in rendered()


@pytest.mark.parametrize(
    ("words", "value", "qualifier", "shown"),
    [
        ("业务培训20余次", 20, "余", "20余次"),
        ("召开会议4次", 4, "以上", "4次以上"),
        ("召开会议4次", 4, "近", "近4次"),
        ("召开会议4次", 4.0, None, "4次"),
    ],
)
def test_values_carry_their_qualifier(
    words: str, value: float, qualifier: str | None, shown: str
) -> None:
    fact = stubs.fact("f1", "training.sessions", value, words, qualifier=qualifier)
    screen = terminal.render(dataclasses.replace(stubs.result(), facts=(fact,)))
    assert f" {shown}  {words}" in screen


def test_quotes_of_facts_begin_in_one_column() -> None:
    rows = [line for line in rendered().splitlines() if line.endswith(("件", "条", "次", "元"))]
    rows = [row for row in rows if row.startswith("    ") and "[" not in row and "“" not in row]
    ends = {width_of(line[: line.rindex("  ")]) for line in rows}
    assert len(rows) == 4
    assert len(ends) == 1


def test_why_lists_reasons_other_figures_and_notes() -> None:
    plain, why = rendered(), rendered(why=True)
    assert "另有1个数字不属于任何指标" in plain
    assert "读取提示1条" in plain
    assert "就业培训9场" in why
    assert "规则，把握 95%，区间 174550 至 174650" in why
    assert "rule.received" in why
    assert "表格一格无法读取" in why
    assert "rule.received" not in plain


def test_english_screen_keeps_only_the_report_s_own_words_chinese() -> None:
    screen = rendered(lang="en")
    assert "× requests received  prose is higher by 2" in screen
    assert "3 figures compared with the tables: 1 agree" in screen


@pytest.mark.parametrize("width", [1, 40, 80, 140])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("why", [True, False])
def test_any_width_keeps_the_figures_of_a_difference(width: int, lang: str, why: bool) -> None:
    screen = rendered(width=width, lang=lang, why=why)
    assert "35件”" in screen
    assert "     33  “" in screen


def test_eighty_columns_are_not_exceeded() -> None:
    assert max(width_of(line) for line in rendered().splitlines()) <= 80


def test_no_colour_unless_asked_for() -> None:
    assert "\x1b" not in rendered(why=True)
    assert "\x1b[31m收到申请数\x1b[0m" in rendered(colour=True)


def test_both_languages_say_the_same_things() -> None:
    assert wording.screen("zh").keys() == wording.screen("en").keys()
    assert wording.help_text("zh").keys() == wording.help_text("en").keys()


# Files


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "out.json"
    place.write_text("before", "utf-8")
    with contextlib.suppress(RuntimeError), open_atomically(place) as stream:
        stream.write("half")
        raise RuntimeError
    assert place.read_text("utf-8") == "before"
    with open_atomically(place) as stream:
        stream.write("申请\n")
    assert place.read_bytes() == "申请\n".encode()
    with open_atomically(Path(os.devnull)) as stream:
        stream.write("gone")
    assert list(tmp_path.iterdir()) == [place]


def test_a_place_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "missing" / "out.json"):
        with pytest.raises(OutputError) as caught, open_atomically(place):
            pass
        assert caught.value.status == 2
        assert str(place) in str(caught.value)
