"""What is read from the bundled reports changes only when somebody has read the difference."""

import json

import pytest

from loading import REPORTS, bundled, script

goldens = script("goldens")


@pytest.mark.parametrize("name", [path.stem for path in REPORTS])
def test_the_reading_is_the_kept_one(name: str) -> None:
    changed = list(goldens.changes(goldens.kept(name), goldens.golden(bundled(f"{name}.txt"))))
    assert changed == [], "python scripts/goldens.py --write renews them: read the difference"


def test_no_golden_is_left_over() -> None:
    kept = sorted(path.stem for path in goldens.GOLDENS.glob("*.json"))
    assert kept == [path.stem for path in REPORTS]


def test_what_is_written_is_json_with_a_record_on_each_line() -> None:
    one = goldens.golden(bundled(REPORTS[0].name))
    text = goldens.written(one)
    assert json.loads(text) == one
    records = sum(map(len, one.values()))
    headings = sum(2 if one_list else 1 for one_list in one.values())
    assert len(text.splitlines()) == records + headings + 2


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ({"items": [["plan", "甲"]]}, {"items": [["plan", "甲"]]}, []),
        ({"items": [["plan", "甲"]]}, {"items": []}, ['- items ["plan", "甲"]']),
        ({}, {"checks": [["a", "match"]]}, ['+ checks ["a", "match"]']),
        (
            {"checks": [["a", "match"]]},
            {"checks": [["a", "mismatch"]]},
            ['- checks ["a", "match"]', '+ checks ["a", "mismatch"]'],
        ),
    ],
)
def test_changes(old: dict[str, list[str]], new: dict[str, list[str]], lines: list[str]) -> None:
    assert list(goldens.changes(old, new)) == lines
