"""Totals and their parts as the prose lists them: brackets, 其中, 分别, nested or not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.records import Figure, Number

_OPENERS = re.compile(
    r"(?P<words>[^，。；：（）()]{0,10}中[，：:]|[：:]|，(?:包括|具体(?:为|是|包括)|分别(?:为|是)|其构成(?:为|是))[：:，]?)"
)
_SKIPPED = re.compile(r"(?:%|％|‰|个百分点|倍|成)$")
_COMPARED = re.compile(
    r"(?:增加|减少|多|少|增|减|较|比|上一?年度?|去年|同期|20\d\d年|另有|还有|其余|剩余|另外)(?:了|的|同期|为)*$"
)
_BRACKET = re.compile(r"[（(）)。]")
_OPEN, _CLOSE = "（(", "）)"


@dataclass(frozen=True, slots=True)
class Enumeration:
    """`total` and `parts` are indices of figures; `words` is what opens the list, `start:end`
    the text of the list; `complete` says that the parts make the total, `rest` are the figures of
    its kind that follow them then."""

    total: int
    parts: tuple[int, ...]
    words: str
    start: int
    end: int
    complete: bool
    rest: tuple[int, ...] = ()


def brackets(text: str) -> list[tuple[int, int]]:
    """Spans of the bracket pairs, inner before outer; an unclosed bracket ends at its sentence."""
    stack: list[int] = []
    spans = []
    for mark in _BRACKET.finditer(text):
        index, character = mark.start(), mark.group()
        if character in _OPEN:
            stack.append(index)
        elif character in _CLOSE and stack:
            spans.append((stack.pop(), index + 1))
        elif (
            character == "。" and stack and not any(c in text[index : index + 200] for c in _CLOSE)
        ):
            spans.extend((start, index) for start in stack)
            stack.clear()
    return spans


def enumerations(text: str, figures: tuple[Figure, ...]) -> list[Enumeration]:
    """Every list of parts with its total, in text order; parts of nested lists are not mixed in."""
    pairs = brackets(text) if any(c in text for c in _OPEN) else []
    found = []
    for span in pairs:
        total = _before(figures, span[0], text)
        if total is not None and span[0] - figures[total].end <= 2:
            found.append(_listed(text, figures, pairs, total, span[0] + 1, span[1] - 1, "bracket"))
    for index, figure in enumerate(figures):
        opened = _OPENERS.match(text, figure.end)
        if opened and not _SKIPPED.search(figure.unit):
            end = _list_end(text, pairs, opened.end())
            found.append(_listed(text, figures, pairs, index, opened.end(), end, "列举"))
    for mark in re.finditer(r"其中", text):
        end = _list_end(text, pairs, mark.end())
        units = dict.fromkeys(f.unit for f in figures if mark.end() <= f.start < end and f.unit)
        for unit in units or ("",):
            total = _total(figures, mark.start(), text, unit, end)
            if total is None or _depth(pairs, mark.start()) != _depth(pairs, figures[total].start):
                continue
            found.append(_listed(text, figures, pairs, total, mark.end(), end, "其中"))
    return sorted((one for one in found if one), key=lambda one: one.start)


def _before(figures: tuple[Figure, ...], at: int, text: str, unit: str = "") -> int | None:
    """The last figure before `at` that can be a total of parts in `unit`: no share, no growth."""
    for index in range(len(figures) - 1, -1, -1):
        figure = figures[index]
        if figure.end > at or _SKIPPED.search(figure.unit) or not _same_kind(figure.unit, unit):
            continue
        if unit and not figure.unit and any(figure.end < f.start < at for f in figures):
            continue  # a figure that counts nothing by name, with others behind it
        if text.count("。", figure.end, at) > 1 or at - figure.end > 48:
            return None
        return index
    return None


def _total(figures: tuple[Figure, ...], at: int, text: str, unit: str, end: int) -> int | None:
    """The figure whose parts 其中 announces: of those before it (neither an increase nor an earlier
    year's) the one that the parts add up to, or else the nearest."""
    parts = [f.value for f in figures if at <= f.start < end and f.unit == unit]
    sums = {_round(sum(parts[:size])) for size in range(2, len(parts) + 1)}
    nearest: int | None = None
    place = _before(figures, at, text, unit)
    for index in range(place, max(-1, place - 8), -1) if place is not None else ():
        figure = figures[index]
        if not _same_kind(figure.unit, unit) or text.count("。", figure.end, at) > 1:
            continue
        if _COMPARED.search(text[max(0, figure.start - 12) : figure.start]):
            continue
        if _round(figure.value) in sums:
            # 6件，其中4件、2件、3件: a first few of the parts make no earlier figure their total
            beside = nearest is not None and at - figures[nearest].end <= 1
            if not beside or _round(figure.value) == _round(sum(parts)):
                return index
        nearest = index if nearest is None else nearest
    return nearest if nearest is not None else place


def _round(value: Number) -> float:
    return round(float(value), 4)


def _depth(pairs: list[tuple[int, int]], at: int) -> int:
    return sum(start <= at < end for start, end in pairs)


def _list_end(text: str, pairs: list[tuple[int, int]], at: int) -> int:
    """The end of a 其中 list: its sentence, its bracket, or a ； that is not inside the list."""
    inside = [end - 1 for start, end in pairs if start < at < end]
    limit = min(inside, default=len(text))
    stop = re.compile(r"[。！？]").search(text, at, limit)
    return stop.start() if stop else limit


def _listed(
    text: str,
    figures: tuple[Figure, ...],
    pairs: list[tuple[int, int]],
    total: int,
    start: int,
    end: int,
    words: str,
) -> Enumeration | None:
    unit = figures[total].unit
    depth = _depth(pairs, start)
    parts: list[int] = []
    for index, figure in enumerate(figures):
        if figure.start < start or figure.end > end or _depth(pairs, figure.start) > depth:
            continue
        if _SKIPPED.search(figure.unit) or not _same_kind(unit, figure.unit):
            continue
        if parts and _closed(text, figures, parts, figure.start):
            break
        parts.append(index)
    if not parts:
        return None
    for size in range(2, len(parts) + 1):
        if _close(sum(figures[i].value for i in parts[:size]), figures[total].value):
            first, rest = tuple(parts[:size]), tuple(parts[size:])
            return Enumeration(total, first, words, start, end, True, rest)
    return Enumeration(total, tuple(parts), words, start, end, False)


def _closed(text: str, figures: tuple[Figure, ...], parts: list[int], at: int) -> bool:
    """Whether the list ended before `at`: a nested 其中, a ； where its parts are parted by commas,
    or a ； behind its 其他."""
    last = figures[parts[-1]]
    between = text[last.end : at]
    if "其中" in between:
        return True
    if "；" not in between:
        return False
    if len(parts) > 1 and "；" not in text[figures[parts[0]].end : figures[parts[1]].start]:
        return True
    before = text[figures[parts[-2]].end if len(parts) > 1 else 0 : last.start]
    return bool(re.search(r"其[他它]", before[-20:]))


def _same_kind(whole: str, part: str) -> bool:
    return whole == part or not part or not whole


def _close(left: Number, right: Number) -> bool:
    return abs(left - right) <= 1e-6 * max(1.0, abs(right))


def parent_of(lists: list[Enumeration], figure: int) -> int | None:
    """The total of the innermost list that holds a figure, or None."""
    holders = [one for one in lists if figure in one.parts]
    return max(holders, key=lambda one: one.start).total if holders else None
