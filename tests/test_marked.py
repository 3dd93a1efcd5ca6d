"""The marked reports: every mark can be read, and every answer beside them names what it must."""

import tomllib

import pytest

from loading import ROOT
from nlp.markup import parse
from nlp.metrics import OTHER, load

MARKED = ROOT / "corpora" / "marked"
NAMES = sorted(path.name.removesuffix(".marked.txt") for path in MARKED.glob("*.marked.txt"))


def test_every_report_has_its_answers() -> None:
    assert NAMES
    assert sorted(path.stem for path in MARKED.glob("*.toml")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_marks(name: str) -> None:
    text, marks = parse((MARKED / f"{name}.marked.txt").read_text("utf-8"))
    answers = tomllib.loads((MARKED / f"{name}.toml").read_text("utf-8"))
    assert "[[" not in text
    assert marks
    assert all(mark.start < mark.end <= len(text) for mark in marks)
    assert {metric for mark in marks for metric in mark.metrics} <= {*load(), OTHER}
    assert any(agency in text for agency in answers["agency"])
    assert 2007 < answers["year"] < 2026
