"""Sentences and clauses, and that no text makes one of absurd length."""

import pytest

from nlp.pipeline import analyse_text
from nlp.structure.sentences import clause_start, cut, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("公开3条", ["公开3条"]),
        ("公开3条。受理2件！", ["公开3条。", "受理2件！"]),
        ("（公开3条。）受理2件", ["（公开3条。）", "受理2件"]),
        ("一是不够全面；二是不够及时。", ["一是不够全面；", "二是不够及时。"]),
        ("公开3条；受理2件", ["公开3条；受理2件"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


@pytest.mark.parametrize(
    ("text", "longest", "parts"),
    [
        ("公开3条，受理2件", 20, ["公开3条，受理2件"]),
        ("公开3条，受理2件，答复1件", 8, ["公开3条，", "受理2件，", "答复1件"]),
        ("公开3条；受理，答复。办结", 12, ["公开3条；受理，答复。", "办结"]),
        ("公开公开公开公开", 4, ["公开公开", "公开公开"]),
        ("公开公开，1,234条", 8, ["公开公开，", "1,234条"]),  # the comma in a number parts nothing
        ("96个96个96个", 4, ["96个", "96个", "96个"]),
        ("个近5万人次近5万人次", 9, ["个近5万人次近5万", "人次"]),  # no number begins but behind 近
        ("1" * 10, 4, ["1111", "1111", "11"]),
    ],
)
def test_cut(text: str, longest: int, parts: list[str]) -> None:
    assert [text[start:end] for start, end in cut(text, 0, len(text), longest)] == parts


@pytest.mark.parametrize(
    "filler", ["公开", "96个", "，", "（", "（其中", "1", "。", "近5万人次", "较20"]
)
def test_pieces_cover_the_text_and_are_short(filler: str) -> None:
    text = filler * 5000
    spans = sentences(text)
    assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
    assert spans[-1][1] == len(text)
    assert max(end - start for start, end in spans) <= 1500


@pytest.mark.parametrize(
    ("text", "at", "start"), [("公开，受理3件", 5, 3), ("公开3件", 2, 0), ("公" * 1000, 900, 700)]
)
def test_clause_start(text: str, at: int, start: int) -> None:
    assert clause_start(text, at) == start


def test_a_paragraph_of_absurd_length_is_read_to_its_end() -> None:
    text = (
        "某县2019年政府信息公开工作年度报告\n" + "我县高度重视，" * 2000 + "收到政府信息公开申请7件"
    )
    result = analyse_text(text)
    assert [(fact.metric, fact.value) for fact in result.facts] == [("request.received", 7)]
    (fact,) = result.facts
    assert text[fact.start : fact.end] == fact.text
