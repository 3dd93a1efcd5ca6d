"""Chapters on problems and plans as offices lay them out (tests/layouts/items.txt).

Each case is a line "# what is special" and the chapters below it. {P:…} is a problem, {L:…} a plan,
{R:…} a remedy; nothing else may be found.
"""

import re
from pathlib import Path

import pytest

from nlp.items.turns import ordinal_number
from nlp.pipeline import analyse_text
from nlp.structure.problem_rows import problem_tables

HEAD = (
    "某县水利局{year}年政府信息公开工作年度报告\n一、总体情况\n{year}年，我局认真落实条例要求。\n"
)
KINDS = {"P": "problem", "L": "plan", "R": "remedy"}
TEXT = (Path(__file__).parent / "layouts" / "items.txt").read_text("utf-8")
CASES = [block.split("\n", 1) for block in re.split(r"^# ", TEXT, flags=re.MULTILINE)[1:]]
_PLANNED = re.compile(r"(20\d\d)年(?:[^。]{0,8}(?:将|打算|准备|重点|拟)|\d{1,2}月)")
_ALIKE = 0.8  # characters in common, as a share of those in either


def _marked(body: str) -> tuple[str, list[tuple[str, int, int]]]:
    text, spans = "", []
    opened = ("", 0)
    for piece in re.finditer(r"\{([PLR]):|\}|[^{}]+", body):
        if piece.group(1):
            opened = (KINDS[piece.group(1)], len(text))
        elif piece.group() == "}":
            spans.append((*opened, len(text)))
        else:
            text += piece.group()
    return text, spans


def _alike(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    common = min(one[2], other[2]) - max(one[1], other[1])
    return one[0] == other[0] and common >= _ALIKE * (max(one[2], other[2]) - min(one[1], other[1]))


@pytest.mark.parametrize("case", [pytest.param(case, id=case[0]) for case in CASES])
def test_layout(case: list[str]) -> None:
    chapters, wanted = _marked(case[1])
    planned = _PLANNED.search(chapters)
    head = HEAD.format(year=int(planned.group(1)) - 1 if planned else 2021)
    result = analyse_text(head + chapters)
    found = [(item.kind, item.start - len(head), item.end - len(head)) for item in result.items]
    missed = [chapters[one[1] : one[2]] for one in wanted if not any(_alike(one, f) for f in found)]
    wrong = [(f[0], chapters[f[1] : f[2]]) for f in found if not any(_alike(f, o) for o in wanted)]
    assert (missed, wrong) == ([], [])
    assert len(found) == len(wanted)


@pytest.mark.parametrize(
    ("words", "number"),
    [("（三）建立", 3), ("十二、加强", 12), ("⑤配备", 5), ("4.开展", 4), ("第二，", 2), ("二十、", 20), ("同时", 0)],
)  # fmt: skip
def test_ordinal_number(words: str, number: int) -> None:
    assert ordinal_number(words) == number


def test_many_headers_take_no_time() -> None:
    text = "五、存在的主要问题及改进情况\n" + "存在问题\n改进措施\n甲\n" * 4_000
    assert len(problem_tables(text, ())) <= 4_000
