"""Run the rules over the views of a sentence: which patterns to try, and what they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from nlp.rules.load import FIGURE, FIGURE_END, Rule, rules
from nlp.rules.views import NEGATION, ZERO, View, bracket_free, grown, unrolled
from nlp.structure.labels import trie

_UNIT = re.compile(rf"{FIGURE}([^{FIGURE_END}]{{0,8}}){FIGURE_END}")
_TIMEOUT, _LONG = 0.5, 300


@dataclass(frozen=True, slots=True)
class Candidate:
    """One rule's reading of one figure (or of a statement without figure, `figure` None).
    `start:end` are passage indices of the words that the rule matched."""

    rule: Rule
    figure: int | None
    start: int
    end: int
    words: str | None = None  # the text of the parallel member that was matched


@dataclass(frozen=True, slots=True)
class SlowRule:
    """A rule that took too long on a sentence; reported as a warning."""

    rule: str
    start: int
    end: int


class _Condition(NamedTuple):
    """What many rules ask of a sentence besides their literals: a figure (else a denial) of a unit
    class (None: any), and topics."""

    figure: bool
    units: frozenset[str] | None
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Gates:
    """`ordered`: the rules by their ids. `search` finds the literals that some rule needs;
    `by_literal` has, by literal, the rules (places in `ordered`) under each condition (a place in
    `conditions`); `hidden` the literals that one search may miss beside it (inside it, or
    overlapping its end)."""

    ordered: tuple[Rule, ...]
    conditions: tuple[_Condition, ...]
    search: re.Pattern[str]
    by_literal: dict[str, tuple[tuple[int, tuple[int, ...]], ...]]
    hidden: dict[str, tuple[str, ...]]


@cache
def _gates() -> _Gates:
    ordered = tuple(sorted(rules(), key=lambda rule: rule.id))
    conditions: dict[_Condition, int] = {}
    by_literal: dict[str, dict[int, list[int]]] = {}
    for place, rule in enumerate(ordered):
        condition = _Condition(rule.value is None, rule.units, rule.topic)
        number = conditions.setdefault(condition, len(conditions))
        for literal in rule.needs:
            by_literal.setdefault(literal, {}).setdefault(number, []).append(place)
    longer: dict[str, list[str]] = {}  # what begins with these characters and goes on
    for literal in by_literal:
        for size in range(1, len(literal)):
            longer.setdefault(literal[:size], []).append(literal)
    return _Gates(
        ordered,
        tuple(conditions),
        re.compile(trie(by_literal)),
        {
            literal: tuple((number, tuple(places)) for number, places in under.items())
            for literal, under in by_literal.items()
        },
        {one: _hidden_by(one, by_literal, longer) for one in by_literal},
    )


def _hidden_by(one: str, literals: Container[str], longer: dict[str, list[str]]) -> tuple[str, ...]:
    size = len(one)
    inside = (one[a:b] for a in range(size) for b in range(a + 1, size + 1))
    after = (other for a in range(size) for other in longer.get(one[a:], ()))
    found = dict.fromkeys([*(part for part in inside if part in literals), *after])
    return tuple(other for other in found if other != one)


def _needed(text: str, figures: bool, possible: Callable[[tuple[str, ...]], bool]) -> list[Rule]:
    """The rules whose literals stand in `text`, whose unit class some figure has, and whose topics
    the sentence may be about."""
    gates = _gates()
    present = set(gates.search.findall(text))
    present |= {other for one in list(present) for other in gates.hidden[one] if other in text}
    if not present:
        return []
    negated = bool(NEGATION.search(text))
    units = {unit.removeprefix(ZERO) for unit in _UNIT.findall(text)}
    about: dict[tuple[str, ...], bool] = {(): True}

    def holds(condition: _Condition) -> bool:
        wanted = condition.units
        if not (figures if condition.figure else negated):
            return False
        if condition.figure and wanted is not None and units.isdisjoint(wanted):
            return False
        if condition.topics not in about:
            about[condition.topics] = possible(condition.topics)
        return about[condition.topics]

    held: dict[int, bool] = {}
    found: set[int] = set()
    for literal in present:
        for number, places in gates.by_literal[literal]:
            if number not in held:
                held[number] = holds(gates.conditions[number])
            if held[number]:
                found.update(places)
    return [gates.ordered[place] for place in sorted(found)]


def match(
    view: View, possible: Callable[[tuple[str, ...]], bool] = lambda topics: True
) -> tuple[list[Candidate], list[SlowRule]]:
    """Every reading that some rule has of the figures in this sentence; `possible` says whether
    the sentence may be about one of a rule's topics.

    Members of a parallel list are read from their own views only, and the sentence without
    brackets, and what rose from one figure to another, are asked only about figures that the whole
    sentence leaves unread."""
    wanted = _needed(view.text, bool(view.figures), possible)
    if not wanted:
        return [], []
    members = list(unrolled(view))
    parallel = {number for member in members if member.member == "own" for number in member.figures}
    found = _Found({}, [])
    _read(view, wanted, found, parallel)
    for member in members:
        _read(member, wanted, found, set())
    outer = bracket_free(view)
    read = {candidate.figure for candidate in found.candidates.values()} | parallel
    if outer and any(number not in read for number in outer.figures):
        _read(outer, [rule for rule in wanted if rule.value is None], found, read)
    read = {candidate.figure for candidate in found.candidates.values()} | parallel
    for one in grown(view):
        _read(one, [rule for rule in wanted if rule.value is None], found, read)
    return list(found.candidates.values()), found.slow


@dataclass(frozen=True, slots=True)
class _Found:
    candidates: dict[tuple[str, int | None, int, str | None], Candidate]
    slow: list[SlowRule]


def _read(view: View, wanted: list[Rule], found: _Found, taken: set[int | None] | set[int]) -> None:
    """Add the readings of a view, but for figures that are taken."""
    # The clock costs as much as a short search; only long sentences can make a pattern slow.
    timeout = _TIMEOUT if len(view.text) > _LONG else None
    for rule in wanted:
        if not rule.may_match(view.text):
            continue
        try:
            # Most rules find nothing, and one search costs half of what looking for all does.
            first = rule.compiled.search(view.text, timeout=timeout)
            if first is None:
                continue
            for candidate in _apply(rule, view, first.start(), timeout):
                if candidate.figure is not None and candidate.figure in taken:
                    continue
                start = candidate.start if candidate.figure is None else 0
                key = (rule.id, candidate.figure, start, candidate.words)
                found.candidates.setdefault(key, candidate)
        except TimeoutError:
            found.slow.append(SlowRule(rule.id, view.places[0], view.places[-1] + 1))


def _apply(rule: Rule, view: View, first: int, timeout: float | None) -> Iterator[Candidate]:
    """What a rule reads in a view, from the index `first` on."""
    text = view.text
    for found in rule.compiled.finditer(text, first, overlapped=True, timeout=timeout):
        start, end = found.span()
        if start == end:
            continue
        number: int | None = None
        if rule.value is None:
            at, stop = found.span("figure")
            unit = text[text.index(FIGURE, at) + 1 : stop - 1].removeprefix(ZERO)
            if rule.units is not None and unit not in rule.units:
                continue
            number = view.figures[text.count(FIGURE, 0, at)]
        if rule.compiled_unless and rule.compiled_unless.search(_clause(text, start, end)):
            continue
        words = text if view.member else None
        yield Candidate(rule, number, view.places[start], view.places[end - 1] + 1, words)


def _clause(text: str, start: int, end: int) -> str:
    """The clause around a match: back to the comma or bracket before it, on to the next; what a
    list goes on with (制发规范性文件46件、废止29件) is no part of it."""
    while start > 0 and text[start - 1] not in "，。；：！？,;（）()":
        start -= 1
    while end < len(text) and text[end] not in "，。；：！？,;（）()":
        if text[end] == "、" and text[end - 1] == FIGURE_END:
            break
        end += 1
    return text[start:end]
