"""The reports that benches and kills are run on, and the files that cannot be read."""

import os
from pathlib import Path

import pytest

from batches import batch, read_here, tables
from loading import script
from nlp.pipeline import analyse
from nlp.reading import read_bytes

many = script("many_reports")


def test_a_number_is_a_report_and_always_the_same() -> None:
    made = [many.report(number) for number in range(12)]
    assert made == [many.report(number) for number in range(12)]
    assert len(set(made)) == 12
    for data in made[:4]:
        assert analyse(read_bytes(data, path="x"), None).facts


def test_good_ones_are_read_and_bad_ones_have_their_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_here(monkeypatch)
    many.write(tmp_path / "in", 4)
    made = many.write_bad(tmp_path / "in" / "bad", len(many._BAD))
    tally = batch(tmp_path / "in", tmp_path / "out", model="none")
    shown = tables(tmp_path / "out")
    codes = {Path(path): code for path, _, _, code, _ in shown["errors"]}
    may_be_read = [path for path, kinds in made.items() if kinds == {"permission"}]
    for path, kinds in made.items():
        if path not in may_be_read or os.geteuid() != 0:
            assert codes.pop(path if path in codes else path / "again") in kinds, path
    assert codes == {}
    assert tally.total == 4 + len(made)
    assert tally.failed == len(shown["errors"])


def test_hostile_texts_speak_of_the_matter() -> None:
    names = [name for name, data in many.hostile() if "政府信息公开".encode() in data]
    assert len(names) == len(list(many.hostile())) >= 5
