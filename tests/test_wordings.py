"""Wordings of the genre, one expectation a line: sentence TAB metric=value; metric=value …

`【heading】sentence` puts the sentence under a heading; a line `# year 2022` holds for the lines
after it (2018 before any), other lines that begin with # are remarks; no values: a trap. Compared are the facts of the
reporting body, of the report's year, basis `total`, without `other`.
"""

import re
from pathlib import Path

import pytest

from nlp.pipeline import analyse_text

_FOLDER = Path(__file__).parent / "wordings"


def _wordings() -> list[tuple[str, int, str, str]]:
    found = []
    for path in sorted(_FOLDER.glob("*.tsv")):
        year = 2018
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.startswith("#"):
                stated = re.match(r"#\s*year\s+(\d{4})", line)
                year = int(stated[1]) if stated else year
            elif line.strip():
                sentence, _, expected = line.partition("\t")
                found.append((f"{path.stem}:{number}", year, sentence, expected))
    return found


def _expected(text: str) -> set[tuple[str, float]]:
    pairs = (pair.partition("=") for pair in text.split(";") if pair.strip())
    return {(metric.strip(), float(value)) for metric, _, value in pairs}


def _read(year: int, sentence: str) -> set[tuple[str, float]]:
    heading = re.match(r"【([^】]*)】", sentence)
    head = f"{heading[1]}\n" if heading else ""
    body = sentence[heading.end() :] if heading else sentence
    text = f"某市某局{year}年政府信息公开工作年度报告\n{head}{body}\n"
    result = analyse_text(
        text, reader=None
    )  # the rules; what the classifier adds, evaluation tells
    return {
        (fact.metric, float(fact.value))
        for fact in result.facts
        if fact.metric != "other"
        and fact.subject is None
        and fact.basis == "total"
        and fact.year == year
    }


@pytest.mark.parametrize(
    ("year", "sentence", "expected"), [pytest.param(y, s, e, id=i) for i, y, s, e in _wordings()]
)
def test_wording(year: int, sentence: str, expected: str) -> None:
    assert _read(year, sentence) == _expected(expected), sentence
