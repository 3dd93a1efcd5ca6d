"""Run the rules over a sentence: figures masked, brackets folded away, parallel lists unrolled.

A *view* is a reading of the sentence in which every figure is one mark, its unit and an end mark
(培训班3期 -> 培训班<期>); so patterns need not know how numbers look, and a gap cannot
jump over one. Besides the sentence as it stands there is a view without brackets, one for
each bracket with the words before it, and one for each member of a parallel list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from nlp.records import Figure
from nlp.rules.load import FIGURE, FIGURE_END, Rule, rules

_TIMEOUT = 0.5
_BRACKET = re.compile(r"[（(\[][^（()）\[\]]*(?:[（(][^（()）]*[)）][^（()）]*)*[)）\]]")
_NEGATION = re.compile(r"[未无没不零非免]|均为0|为0")


@dataclass(frozen=True, slots=True)
class View:
    """`text` as the patterns see it; `places[i]` is the index of `text[i]` in the passage,
    `figures` the indices of the masked figures in the order of their marks."""

    text: str
    places: tuple[int, ...]
    figures: tuple[int, ...]
    unrolled: bool = False


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


def mask(text: str, start: int, end: int, figures: tuple[Figure, ...], first: int = 0) -> View:
    """The view of `text[start:end]`; `figures` are those inside it, `first` the index of the first."""
    pieces: list[str] = []
    places: list[int] = []
    numbers: list[int] = []
    at = start
    for number, figure in enumerate(figures, first):
        shown = "零" if figure.value == 0 and not figure.unit else figure.unit
        pieces += (text[at : figure.start], FIGURE, shown, FIGURE_END)
        places.extend(range(at, figure.start))
        places.append(figure.start)
        unit_at = min(figure.unit_start, figure.end - 1)
        places.extend(min(unit_at + i, figure.end - 1) for i in range(len(shown)))
        places.append(figure.end - 1)
        numbers.append(number)
        at = figure.end
    pieces.append(text[at:end])
    places.extend(range(at, end))
    return View("".join(pieces), tuple(places), tuple(numbers))


def without(view: View, spans: list[tuple[int, int]]) -> View:
    """The view with the given spans of its text left out."""
    pieces, places, numbers = [], list[int](), list[int]()
    marks = 0
    at = 0
    for start, end in [*spans, (len(view.text), len(view.text))]:
        pieces.append(view.text[at:start])
        places.extend(view.places[at:start])
        kept = view.text.count(FIGURE, at, start)
        numbers.extend(view.figures[marks : marks + kept])
        marks += kept + view.text.count(FIGURE, start, end)
        at = end
    return View("".join(pieces), tuple(places), tuple(numbers))


def views(view: View) -> Iterator[View]:
    """The sentence as it stands, then without its brackets where it has any."""
    yield view
    brackets = [found.span() for found in _BRACKET.finditer(view.text)]
    if brackets:
        yield without(view, brackets)
    yield from unrolled(view)


_MARK = f"{FIGURE}[^{FIGURE_END}]{{0,8}}{FIGURE_END}"
_NAME = rf"[^，。；：、（）{FIGURE}{FIGURE_END}]"
_PARALLEL = regex.compile(
    rf"(?:(?P<list>{_NAME}{{2,14}}(?:(?:、|和|及|与|以及){_NAME}{{2,24}}?)+?))?+"
    rf"(?P<tail>{_NAME}{{0,24}}?(?:分别|依次|各自)?(?:为|是|有|达到?|占|约|共)*)"
    rf"(?P<marks>{_MARK}(?:(?:、|和|及|，){_MARK})+)"
)
_SPLIT = re.compile(r"、|和|及|与|以及")
_ACTS = re.compile(r"(?:共|累计|公开|发布|推送|收到|办结|答复|受理|回复|举办|召开|粉丝|关注|占)")


def unrolled(view: View) -> Iterator[View]:
    """Parallel lists (微博、微信发布信息12条、16条; 分别为), one view for each pair. Only when
    there are as many names as figures, or one name for all: anything else says nothing."""
    names: list[tuple[int, int]] = []
    for found in _PARALLEL.finditer(view.text):
        marks = [m.span() for m in re.finditer(_MARK, found["marks"])]
        marks = [(a + found.start("marks"), b + found.start("marks")) for a, b in marks]
        listed = found.span("list") if found["list"] else None
        own = _named_spans(view.text, listed, found.start("marks"), len(marks)) if listed else []
        apart = "分别" in found["tail"] or "依次" in found["tail"] or "各自" in found["tail"]
        if not own and not apart:
            continue
        if own:
            names = own
        tail_start = own[-1][1] if own else found.start("tail")
        shared = not own and len(names) != len(marks)
        before = view.text.count(FIGURE, 0, found.start("marks"))
        for index, (mark_start, mark_end) in enumerate(marks):
            spans = [(tail_start, found.start("marks")), (mark_start, mark_end)]
            if not shared:
                spans = [names[index], *spans]
            text = "".join(view.text[a:b] for a, b in spans)
            places = tuple(place for a, b in spans for place in view.places[a:b])
            yield View(text, places, (view.figures[before + index],), True)


_APART = re.compile(r"分别|依次|各自")


def _named_spans(
    text: str, listed: tuple[int, int], stop: int, count: int
) -> list[tuple[int, int]]:
    """The last `count` members of the list `text[start:end]`; the last ends at the verb or noun
    that all share, at 分别, or with the list. `stop` is where the figures begin."""
    start, end = listed
    cuts = [(m.start() + start, m.end() + start) for m in _SPLIT.finditer(text[start:end])]
    if len(cuts) < count - 1:
        return []
    cuts = cuts[len(cuts) - (count - 1) :]
    edges = [start, *(edge for cut in cuts for edge in cut), end]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    last = spans[-1][0]
    shared = _ACTS.search(text, last + 1, stop) or _APART.search(text, last + 1, stop)
    if shared:
        spans[-1] = (last, shared.start())
    return spans if len(spans) == count else []


@cache
def _literals() -> tuple[regex.Pattern[str], dict[str, tuple[Rule, ...]]]:
    """One pattern that finds every literal some rule needs, and the rules of each literal."""
    by_literal: dict[str, list[Rule]] = {}
    for rule in rules():
        for literal in rule.needs:
            by_literal.setdefault(literal, []).append(rule)
    return (
        regex.compile("|".join(sorted(map(re.escape, by_literal), key=len, reverse=True))),
        {literal: tuple(found) for literal, found in by_literal.items()},
    )


def _needed(text: str, figures: bool) -> list[Rule]:
    """The rules whose literals stand in `text`, in the order of the rule files."""
    pattern, by_literal = _literals()
    present = set(pattern.findall(text, overlapped=True))
    negated = bool(_NEGATION.search(text))
    wanted = {
        rule.id: rule
        for literal in present
        for short in _contained(literal)
        for rule in by_literal[short]
        if (figures if rule.value is None else negated)
    }
    return [wanted[name] for name in sorted(wanted)]


@cache
def _contained(literal: str) -> tuple[str, ...]:
    """The literals inside a longer one: the scan finds only the longest at each place."""
    return tuple(short for short in _literals()[1] if short in literal)


def match(view: View) -> tuple[list[Candidate], list[SlowRule]]:
    """Every reading that some rule has of the figures in this sentence."""
    candidates: list[Candidate] = []
    slow: list[SlowRule] = []
    seen: set[tuple[str, int | None, int]] = set()
    wanted = _needed(view.text, bool(view.figures))
    readings = list(views(view)) if wanted else []
    parallel = {number for reading in readings if reading.unrolled for number in reading.figures}
    for reading in readings:
        for rule in wanted:
            try:
                for candidate in _apply(rule, reading):
                    if candidate.figure in parallel and not reading.unrolled:
                        continue
                    key = (
                        rule.id,
                        candidate.figure,
                        candidate.start if candidate.figure is None else 0,
                    )
                    if key not in seen:
                        seen.add(key)
                        candidates.append(candidate)
            except TimeoutError:
                slow.append(SlowRule(rule.id, view.places[0], view.places[-1] + 1))
    return candidates, slow


def _apply(rule: Rule, view: View) -> Iterator[Candidate]:
    for found in rule.compiled.finditer(view.text, overlapped=True, timeout=_TIMEOUT):
        start, end = found.span()
        if start == end:
            continue
        number: int | None = None
        if rule.value is None:
            at, stop = found.span("figure")
            unit = view.text[view.text.index(FIGURE, at) + 1 : stop - 1]
            if (
                rule.units is not None
                and unit not in rule.units
                and not (unit == "零" and "" in rule.units)
            ):
                continue
            number = view.figures[view.text.count(FIGURE, 0, at)]
        if rule.compiled_unless and rule.compiled_unless.search(_clause(view.text, start, end)):
            continue
        words = view.text if view.unrolled else None
        yield Candidate(rule, number, view.places[start], view.places[end - 1] + 1, words)


def _clause(text: str, start: int, end: int) -> str:
    """The clause around a match, to the commas on both sides."""
    while start > 0 and text[start - 1] not in "，。；：！？,;":
        start -= 1
    while end < len(text) and text[end] not in "，。；：！？,;":
        end += 1
    return text[start:end]
