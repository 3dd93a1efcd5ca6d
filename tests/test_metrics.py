from pathlib import Path

import pytest

from nlp import metrics
from nlp.errors import InstallationError

CONTRACT = Path(__file__).resolve().parents[2] / "shared" / "contract" / "metrics.tsv"
HEADER = "code\tzh\ten\tunit\tkind\tparent"


def test_codes_units_and_parents_are_the_contract_s() -> None:
    if not CONTRACT.exists():
        pytest.skip("the output contract is not beside this repository")
    rows = [line.split("\t") for line in CONTRACT.read_text("utf-8").splitlines()[1:]]
    wanted = [(row[0], row[2], row[4] if len(row) > 4 and row[4] else None) for row in rows]
    assert [(m.code, m.unit, m.parent) for m in metrics.load().values()] == wanted


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_two_metrics_share_a_name(lang: metrics.Lang) -> None:
    names = [metrics.name(code, lang) for code in metrics.load()]
    assert len(set(names)) == len(names) > 150


@pytest.mark.parametrize(
    ("code", "lang", "name"),
    [
        ("disclosure.total", "zh", "主动公开政府信息数"),
        ("training.sessions", "en", "training courses"),
        ("other", "zh", "其他数字"),
        ("no.such_code", "zh", "no.such_code"),
    ],
)
def test_name(code: str, lang: metrics.Lang, name: str) -> None:
    assert metrics.name(code, lang) == name


def test_money_and_rates_have_their_kind() -> None:
    registry = metrics.load()
    assert registry["fund.amount"].kind == "money"
    assert registry["proposal.satisfaction_rate"].kind == "rate"
    assert registry["staff.total"].kind == "persons"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "表头"),
        ("code\tname", "表头"),
        (f"{HEADER}\na.b\t甲\ta\t件\tcount", "第2行残缺"),
        (f"{HEADER}\na.b\t甲\ta\t件\tnumber\t", "第2行残缺"),
        (f"{HEADER}\na.b\t甲\ta\t件\tcount\t\na.b\t乙\tb\t件\tcount\t", "第3行重复 a.b"),
        (f"{HEADER}\na.b\t甲\ta\t件\tcount\ta.c", "上级 a.c 不存在"),
    ],
)
def test_a_damaged_registry_is_told_by_line(source: str, problem: str) -> None:
    with pytest.raises(InstallationError, match=problem):
        metrics.parse(source)
