"""Sentences and clauses of a passage, as half-open index pairs into its text."""

from __future__ import annotations

import re

_END = re.compile(r"[。！？!?]+[”’」』）)]*|；(?=[一二三四五六七八九十]{1,2}是)")
_CLAUSE_MARKS = frozenset("，；：。！？,;:!?")


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, closing mark included. A 。 inside quotes or brackets that
    goes on afterwards (《…。》) ends a sentence all the same: figures never cross one."""
    spans = []
    at = 0
    for mark in _END.finditer(text):
        spans.append((at, mark.end()))
        at = mark.end()
    if at < len(text):
        spans.append((at, len(text)))
    return spans


def clause_start(text: str, at: int, floor: int = 0) -> int:
    """Where the clause that holds index `at` begins, not before `floor`."""
    while at > floor and text[at - 1] not in _CLAUSE_MARKS:
        at -= 1
    return at
