"""Findings as they are recorded, of tables and of prose, and the words that they quote."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.context.enumerations import Enumeration
from nlp.facts import Read
from nlp.records import Fact, Figure, Finding, FindingVerdict, Number, Scope
from nlp.structure.sentences import clause_start

_ENDINGS = {"holds": "相符", "violated": "不符", "unverifiable": "无法核实"}


def add_finding(
    found: list[Finding], scope: Scope, rule: str, verdict: FindingVerdict, stated: Number,
    computed: Number, evidence: tuple[str, ...], message: str,
) -> None:  # fmt: skip
    """Number a tested relation and append it to `found`; the message ends with the verdict."""
    words = f"{message}，{_ENDINGS[verdict]}"
    number = f"v{len(found) + 1}"
    found.append(Finding(number, rule, scope, verdict, stated, computed, evidence, words))


def words_before(read: Read, index: int) -> str:
    """What stands before a figure, back to the figure or the clause mark before it."""
    text, figure = read.passage.text, read.figures[index]
    floor = read.figures[index - 1].end if index else 0
    return text[max(floor, clause_start(text, figure.start, 0)) : figure.start]


def times(read: Read, index: int) -> int:
    """How many things a figure is said of: 县档案馆、县图书馆各1个."""
    words = words_before(read, index).strip("，；：、")
    return len(re.split(r"[、和及与]", words)) if words.endswith("各") else 1


def fits(total: Figure, parts: list[Figure], each: list[int]) -> bool:
    low = sum(n * part.low for n, part in zip(each, parts, strict=True))
    high = sum(n * part.high for n, part in zip(each, parts, strict=True))
    slack = 1e-6 * max(1.0, abs(total.value))
    return low - slack <= total.high and total.low <= high + slack


def quote(read: Read, one: Enumeration, parts: tuple[int, ...]) -> str:
    """The words of the total and of its parts; a long list is left out between whole figures."""
    text, figures = read.passage.text, read.figures
    start = clause_start(text, figures[one.total].start, 0)
    end = figures[parts[-1]].end
    if end - start <= 80 or len(parts) < 3:
        return text[start:end]
    head = text[start : max(figures[one.total].end, figures[parts[0]].end)]
    return f"{head}……{words_before(read, parts[-1]).lstrip('，。；：、')}{text[figures[parts[-1]].start : end]}"


def metric_at(read: Read, index: int, by_id: dict[str, Fact]) -> str:
    """What a figure counts, `other` where nobody knows."""
    ids = read.by_figure.get(index, ())
    return by_id[ids[0]].metric if ids else "other"


def ids_at(read: Read, indices: Iterable[int]) -> tuple[str, ...]:
    """The ids of the facts that some figures became."""
    return tuple(id_ for index in indices for id_ in read.by_figure.get(index, ())[:1])


def decimals(words: str) -> int:
    """How many decimals a number is printed with."""
    found = re.search(r"\d+\.(\d+)", words)
    return len(found.group(1)) if found else 0
