"""Sentences and clauses of a passage, as half-open index pairs into its text."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

_END = re.compile(r"[。！？!?]+[”’」』）)]*|；(?=[一二三四五六七八九十]{1,2}是)")
_CLAUSE_MARK = re.compile("[，；：。！？,;:!?]")
# The longest sentence of real reports has some 300 characters. Beyond that it is no sentence but
# a table or a spoilt text, and the time that the rules take grows with the square of its length.
_LONGEST_SENTENCE = 1_500
_LONGEST_CLAUSE = 200
_CUTS = ("。！？", "；;", "，、,", "：: ）)")
_NUMERAL = frozenset("0123456789零〇○一二三四五六七八九十百千两万亿余多")
_QUALIFIER = frozenset("近约为超过逾破于少下足到多了有将大")


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, closing mark included. A 。 inside quotes or brackets that
    goes on afterwards (《…。》) ends a sentence all the same: figures never cross one."""
    spans: list[tuple[int, int]] = []
    at = 0
    for end in (*(mark.end() for mark in _END.finditer(text)), len(text)):
        if end > at:
            spans += cut(text, at, end, _LONGEST_SENTENCE)
        at = end
    return spans


def cut(text: str, start: int, end: int, longest: int) -> list[tuple[int, int]]:
    """`text[start:end]` in pieces of at most `longest` characters, parted at the strongest mark in
    the second half of each; where there is none, before a number, so that none loses its unit."""
    spans = []
    while end - start > longest:
        half, stop = start + longest // 2, start + longest
        at = -1
        for marks in _CUTS:
            at = max(at, *(text.rfind(mark, half, stop) for mark in marks))
            if at >= 0:
                break
        at = at + 1 if at >= 0 else stop
        if at == stop or _inside_number(text, at):
            at = _before_number(text, half, at)
        spans.append((start, at))
        start = at
    spans.append((start, end))
    return spans


def _before_number(text: str, floor: int, stop: int) -> int:
    """The last index up to `stop` at which a number begins; `stop` where none begins."""
    for at in range(stop, floor, -1):
        if text[at] in _NUMERAL and text[at - 1] not in _QUALIFIER and not _inside_number(text, at):
            return at
    return stop


def _inside_number(text: str, at: int) -> bool:
    """Whether `text[at]` goes on with a number: a digit behind a digit, or behind 1, or 17."""
    before = text[at - 2] if text[at - 1] in ",，." else text[at - 1]
    return text[at] in _NUMERAL and before in _NUMERAL


def clause_start(text: str, at: int, floor: int = 0) -> int:
    """Where the clause that holds index `at` begins, not before `floor`."""
    floor = max(floor, at - _LONGEST_CLAUSE)
    if at <= floor:
        return at
    starts = _clause_starts(text)
    before = bisect_right(starts, at) - 1
    return max(floor, starts[before]) if before >= 0 else floor


@lru_cache(maxsize=64)
def _clause_starts(text: str) -> tuple[int, ...]:
    """Behind each mark: asked many times for each passage, found once."""
    return tuple(mark.end() for mark in _CLAUSE_MARK.finditer(text))
