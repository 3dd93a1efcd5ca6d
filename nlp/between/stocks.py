"""What is in force against what was a year before, and what came and went since.

Counts are taken up anew, documents lapse of themselves, lists are revised: a sum that does not
work out is shown and never held against a report.
"""

from __future__ import annotations

from nlp.between.figures import cell_of, number
from nlp.between.records import Comparison, Pair, Side
from nlp.metrics import name
from nlp.numerals import tidy
from nlp.records import Cell, Number

IN_FORCE = "years.in_force"
LISTED = "years.listed_items"
_LAPSED = "修订、自然失效和重新清点也会改变现行有效件数"
_REVISED_LIST = "权责清单调整、口径变化也会改变项目数量"
_DOCUMENTS = ("regulation", "normative_document")
_LISTS = ("licence", "other_service", "penalty", "coercion", "admin_fee")


def in_force(pair: Pair) -> list[Comparison]:
    """现行有效 = last year's + made - repealed, where all four are printed."""
    found = []
    for kind in _DOCUMENTS:
        now = [cell_of(pair.later, f"{kind}.{row}") for row in ("in_force", "made", "repealed")]
        before = cell_of(pair.earlier, f"{kind}.in_force")
        if values := _values([*now, before]):
            stated, made, repealed, was = values
            computed = tidy(was + made - repealed)
            message = (
                f"{name(f'{kind}.in_force')}{number(stated)}；{pair.earlier.year}年度{number(was)}"
                f"加本年制发{number(made)}减废止{number(repealed)}为{number(computed)}"
            )
            sides = _side(stated, now), _side(computed, [before])
            found.append(_relation(pair, IN_FORCE, sides, f"{kind}.in_force", message, _LAPSED))
    return found


def listed_items(pair: Pair) -> list[Comparison]:
    """上一年项目数量 = last year's 上一年项目数量 + 本年增/减, in the form of 2019."""
    found = []
    for kind in _LISTS:
        now = cell_of(pair.later, f"{kind}.previous")
        before = [cell_of(pair.earlier, f"{kind}.{row}") for row in ("previous", "change")]
        if values := _values([now, *before]):
            stated, was, change = values
            computed = tidy(was + change)
            message = (
                f"{name(f'{kind}.previous')}{number(stated)}；{pair.earlier.year}年度{number(was)}"
                f"加增减{number(change)}为{number(computed)}"
            )
            sides = _side(stated, [now]), _side(computed, before)
            found.append(_relation(pair, LISTED, sides, f"{kind}.previous", message, _REVISED_LIST))
    return found


def _relation(
    pair: Pair, rule: str, sides: tuple[Side, Side], metric: str, message: str, soft: str
) -> Comparison:
    holds = sides[0].value == sides[1].value
    return pair.relation(rule, *sides, message, holds=holds, metric=metric, doubt=soft)


def _values(cells: list[Cell | None]) -> list[Number] | None:
    values = [cell.value for cell in cells if cell is not None and cell.value is not None]
    return values if len(values) == len(cells) else None


def _side(value: Number, cells: list[Cell | None]) -> Side:
    filled = [cell for cell in cells if cell is not None]
    words = "，".join(f"表格 {name(cell.metric)} {number(cell.value)}" for cell in filled)
    return Side(value, words, tuple(cell.id for cell in filled))
