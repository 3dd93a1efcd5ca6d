"""Digits whose cell borders were lost: 310200033 for the seven cells 31 0 2 0 0 0 33.

The number of cells is known, no figure begins with a zero, and blanks that are left are borders.
A split is only believed where the row's own sum leaves a single one. Work is bounded: a run that
would take too long counts as ambiguous.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.structure.values import Value

Split = tuple[tuple[int, int], ...]  # the cells as spans of the digits
_MOST_STEPS = 12_000
_MOST_DIGITS = 90
_LONGEST = 9
MOST_SPLITS = 64


class _TooManyError(Exception):
    """More work or more splits than are worth looking at."""


class Digits:
    """The digits of a glued run, with the borders that are still printed."""

    def __init__(self, values: Sequence[Value]) -> None:
        self.text = "".join(value.number for value in values)
        self.places: list[int] = []
        self.borders: set[int] = set()
        for value in values:
            self.borders.add(len(self.places))
            self.places.extend(range(value.start, value.start + len(value.number)))
        self.steps = 0
        # A dash, a sign, a decimal point or a separator is no part of such a run.
        self.plain = self.text.isdigit() and 0 < len(self.places) <= _MOST_DIGITS
        self.plain = self.plain and all(value.number and not value.unit for value in values)

    def ends(self, start: int) -> Iterator[int]:
        """Where a cell that begins at `start` may end."""
        for end in range(start + 1, min(len(self.text), start + _LONGEST) + 1):
            yield end
            if self.text[start] == "0" or end in self.borders:
                return

    def number(self, start: int, end: int) -> int:
        """The figure of a cell."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise _TooManyError
        return int(self.text[start:end])

    def values(self, split: Split) -> list[Value]:
        """The cells of a split as printed values."""
        return [Value(self.places[a], self.places[b - 1] + 1, self.text[a:b], "") for a, b in split]

    def may_begin(self, start: int, end: int) -> bool:
        """Whether `start:end` can be one cell."""
        zero = self.text[start] == "0" and end - start > 1
        return not zero and not any(start < border < end for border in self.borders)


def _exact(digits: Digits, cells: int, start: int, end: int, total: int) -> list[Split]:
    """Cuts of `start:end` into `cells` figures that add up to `total`."""
    found: list[Split] = []
    stack: list[tuple[Split, int, int]] = [((), start, total)]
    while stack:
        spans, at, rest = stack.pop()
        left = cells - len(spans) - 1
        for stop in digits.ends(at):
            if end - stop < left:
                break
            figure = digits.number(at, stop)
            if figure > rest:
                break
            if left:
                stack.append(((*spans, (at, stop)), stop, rest - figure))
            elif stop == end and figure == rest:
                found.append((*spans, (at, stop)))
                if len(found) > MOST_SPLITS:
                    raise _TooManyError
    return found


def _with_total(digits: Digits, cells: int, start: int, end: int) -> list[Split]:
    """Cuts of `start:end` whose last figure is the sum of the others."""
    found: list[Split] = []
    for last in range(max(start + cells - 1, end - _LONGEST), end):
        if digits.may_begin(last, end):
            total = digits.number(last, end)
            cuts = _exact(digits, cells - 1, start, last, total)
            found += [(*cut, (last, end)) for cut in cuts]
    return found


def splits_of_row(values: Sequence[Value], cells: int) -> list[list[Value]]:
    """Every reading of a glued row of table three: all cells but the last add up to the last.

    Empty where there is none, or too many to be told apart.
    """
    digits = Digits(values)
    if not digits.plain:
        return []
    try:
        return [digits.values(cut) for cut in _with_total(digits, cells, 0, len(digits.text))]
    except _TooManyError:
        return []


def split_groups(values: Sequence[Value], groups: int, size: int) -> list[Value] | None:
    """The cells of `groups` groups whose last cell is the sum of its others; None unless settled."""
    digits = Digits(values)
    if not digits.plain:
        return None
    try:
        complete = _group_splits(digits, groups, size)
    except _TooManyError:
        return None
    return digits.values(complete[0]) if len(complete) == 1 else None


def _group_splits(digits: Digits, groups: int, size: int) -> list[Split]:
    length = len(digits.text)
    states: dict[int, list[Split]] = {0: [()]}
    for left in range(groups - 1, -1, -1):
        following: dict[int, list[Split]] = {}
        for at, heads in states.items():
            ends = range(at + size, length - left * size + 1) if left else (length,)
            for end in ends:
                cuts = _with_total(digits, size, at, end) if end - at >= size else []
                grown = [head + cut for head in heads for cut in cuts]
                if len(grown) > MOST_SPLITS:
                    raise _TooManyError
                if grown:
                    following.setdefault(end, []).extend(grown)
        states = following
    return states.get(length, [])


def split_unique(values: Sequence[Value], cells: int) -> list[Value] | None:
    """The cells of a run without a relation: settled only where a single split is possible."""
    found = every_split(values, cells, most=1)
    return found[0] if found else None


def every_split(values: Sequence[Value], cells: int, most: int) -> list[list[Value]]:
    """All ways to cut a run into cells, whatever they add up to; none where there are more."""
    digits = Digits(values)
    if not digits.plain:
        return []
    found: list[Split] = []
    stack: list[tuple[Split, int]] = [((), 0)]
    while stack:
        spans, at = stack.pop()
        left = cells - len(spans) - 1
        for stop in digits.ends(at):
            if len(digits.text) - stop < left:
                break
            cut = (*spans, (at, stop))
            if left:
                stack.append((cut, stop))
            elif stop == len(digits.text):
                found.append(cut)
                if len(found) > most:
                    return []
    return [digits.values(cut) for cut in found]


def split_singly(values: Sequence[Value], groups: int, size: int) -> list[Value] | None:
    """The cells of groups with as many digits as cells, so that every cell is one digit, where all
    groups but one add up: that one is printed so, and wrong."""
    digits = Digits(values)
    if not digits.plain or len(digits.text) != groups * size:
        return None
    figures = [int(character) for character in digits.text]
    ends = range(size, len(figures) + 1, size)
    sums = [sum(figures[end - size : end]) == 2 * figures[end - 1] for end in ends]
    spans = tuple((at, at + 1) for at in range(len(figures)))
    return digits.values(spans) if sums.count(False) == 1 else None


def with_a_page_number(values: Sequence[Value], cells: int) -> bool:
    """Whether a run adds up once its last digits are taken for a page number behind it."""
    *others, last = values
    shorter = [
        Value(last.start, last.end - size, last.number[:-size], "")
        for size in (1, 2, 3)
        if len(last.number) - size >= cells
    ]
    return any(splits_of_row([*others, one], cells) for one in shorter)
