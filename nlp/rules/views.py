"""What the rules see of a sentence: figures masked, brackets folded away, parallel lists unrolled.

A *view* is a reading of the sentence in which every figure is one mark, its unit and an end mark
(培训班3期 -> 培训班<期>); so patterns need not know how numbers look, and a gap cannot
jump over one. Besides the sentence as it stands there is a view without brackets, one for
each bracket with the words before it, and one for each member of a parallel list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from nlp.records import Figure
from nlp.rules.load import FIGURE, FIGURE_END

ZERO = "零"  # stands before the unit of a figure that is zero
_BRACKET = re.compile(r"[（(\[][^（()）\[\]]*(?:[（(][^（()）]*[)）][^（()）]*)*[)）\]]")
# What a statement without a figure begins with; 不断, 不仅 and 无缝 deny nothing.
NEGATION = re.compile(
    r"[未没零免]|无(?![缝障论需法线])|不(?![断仅同够足高强全准及得少如便良妨])|为0"
)


@dataclass(frozen=True, slots=True)
class View:
    """`text` as the patterns see it; `places[i]` is the index of `text[i]` in the passage,
    `figures` the indices of the masked figures in the order of their marks."""

    text: str
    places: tuple[int, ...]
    figures: tuple[int, ...]
    member: str = ""  # "own": of a list with a figure each; "shared": of one with a figure for all


def mask(text: str, start: int, end: int, figures: tuple[Figure, ...], first: int = 0) -> View:
    """The view of `text[start:end]`; `figures` are those inside it, `first` the index of the first."""
    pieces: list[str] = []
    places: list[int] = []
    numbers: list[int] = []
    at = start
    for number, figure in enumerate(figures, first):
        shown = ZERO + figure.unit if figure.value == 0 else figure.unit
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


def bracket_free(view: View) -> View | None:
    """The sentence without its brackets, or None where it has none."""
    brackets = [found.span() for found in _BRACKET.finditer(view.text)]
    return without(view, brackets) if brackets else None


_MARK = f"{FIGURE}[^{FIGURE_END}]{{0,8}}{FIGURE_END}"
_NAME = rf"[^，。；：、（）{FIGURE}{FIGURE_END}]"
_PARALLEL = regex.compile(
    rf"(?:(?P<list>{_NAME}{{2,14}}(?:(?:、|和|及|与|以及){_NAME}{{2,14}}?(?=、|和|及|与|以及))*"
    rf"(?:、|和|及|与|以及){_NAME}{{2,24}}?))?+"
    rf"(?P<tail>{_NAME}{{0,24}}?(?:分别|依次|各自)?(?:为|是|有|达到?|占|约|共)*)"
    rf"(?P<marks>{_MARK}(?:(?:、|和|及|，){_MARK})+)"
)
_SHARED = regex.compile(
    rf"(?P<list>{_NAME}{{2,16}}(?:(?:、|和|及|与|以及){_NAME}{{2,16}}?)+?)(?P<tail>(?:的)?(?:数量|件数|数)?)"
    rf"(?:均|都|皆|各)(?:为|是|有|达到?)?(?P<mark>{_MARK})(?![、和及]{FIGURE})"
)
_EACH = re.compile(rf"[均都皆各](?:为|是|有|达到?)?{FIGURE}")
_NEIGHBOURS = re.compile(rf"{FIGURE_END}[、和及，]{FIGURE}")
_SPLIT = re.compile(r"、|和|(?<![涉普])及(?!时)|与|以及")
# 政务微博312个、政务微信187个，分别发布信息…: names that have a figure of their own before
_COUNTED = re.compile(
    rf"(?:{_NAME}{{0,12}}?(?:开通|开设|建有|设有|建成|运营|现有|共有|拥有|有))?(?:了)?(?P<name>{_NAME}{{2,16}}?)(?:共|有)?{_MARK}[、和及，]"
)
# 解读稿件由2015年的41篇增加到58篇: the noun counts both
_GROWN = re.compile(
    rf"，?(?:已)?(?:由|从)(?P<was>(?P<when>{_NAME}{{0,14}}?){_MARK})(?P<rise>{_NAME}{{0,4}}?"
    r"(?:增加|增长|上升|提高|提升|扩大|发展|拓展|增|升|减少|下降|降低|压减|精简|缩减|整合|归并|调整|优化|压缩|减|降)"
    rf"(?:到|至|为|成)(?:了)?)(?P<now>{_MARK})"
)
_NAMED_YEAR = re.compile(r"20\d\d年|[上去]一?年|同期")
_ACTS = re.compile(
    r"(?:共|累计|(?<!不予)(?<!同意)(?<!部分)(?<!予以)公开|发布|推送|收到|办结|答复|受理|回复|举办|召开|粉丝|关注|占)"
)


def unrolled(view: View) -> Iterator[View]:
    """The members of parallel lists: one figure each, or one figure for all."""
    if _NEIGHBOURS.search(view.text):
        yield from _one_each(view)
    if _EACH.search(view.text):
        yield from _one_for_all(view)


def _one_for_all(view: View) -> Iterator[View]:
    """受理和办结均为8件; 网络、信函申请均为0件: each name has the figure."""
    for found in _SHARED.finditer(view.text):
        number = view.figures[view.text.count(FIGURE, 0, found.start("mark"))]
        edges = [found.start("list")]
        for cut in _SPLIT.finditer(found["list"]):
            edges += [found.start("list") + cut.start(), found.start("list") + cut.end()]
        edges.append(found.end("list"))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            spans = [(start, end), found.span("tail"), found.span("mark")]
            text = "".join(view.text[a:b] for a, b in spans)
            places = tuple(place for a, b in spans for place in view.places[a:b])
            yield View(text, places, (number,), "shared")


def _one_each(view: View) -> Iterator[View]:
    """Parallel lists (微博、微信发布信息12条、16条; 分别为), one view for each pair. Only when
    there are as many names as figures, or one name for all: anything else says nothing."""
    names: list[tuple[int, int]] = []
    for found in _PARALLEL.finditer(view.text):
        marks = [m.span() for m in re.finditer(_MARK, found["marks"])]
        marks = [(a + found.start("marks"), b + found.start("marks")) for a, b in marks]
        comma = found["marks"].find("，")
        if comma >= 0 and found["list"] and len(_SPLIT.findall(found["list"])) + 1 < len(marks):
            # 建议、提案分别为4件、7件，11件答复…: the list of figures ends at its comma
            marks = [one for one in marks if one[0] < found.start("marks") + comma]
        listed = found.span("list") if found["list"] else None
        own = _named_spans(view.text, listed, found.start("marks"), len(marks)) if listed else []
        apart = "分别" in found["tail"] or "依次" in found["tail"] or "各自" in found["tail"]
        if not own and not apart:
            continue
        if apart and not own and len(names) != len(marks):
            names = _counted_names(view.text, found.start("tail"), len(marks)) or names
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
            yield View(text, places, (view.figures[before + index],), "own")


def _counted_names(text: str, stop: int, count: int) -> list[tuple[int, int]]:
    """The last `count` names of a list that has figures of its own and ends at `stop`."""
    spans: list[tuple[int, int]] = []
    at = -1
    for found in _COUNTED.finditer(text, 0, stop):
        spans = [*spans, found.span("name")] if found.start() == at else [found.span("name")]
        at = found.end()
    return spans[-count:] if at == stop and len(spans) >= count else []


def grown(view: View) -> Iterator[View]:
    """What rose or fell, with its figure now, and with the earlier one where a year is named."""
    for found in _GROWN.finditer(view.text):
        noun = (0, found.start())
        before = view.text.count(FIGURE, 0, found.start())
        numbers = view.figures[: before + 1], (*view.figures[:before], view.figures[before + 1])
        for place, name in ((0, "was"), (1, "now")):
            if name == "now" or _NAMED_YEAR.search(found["when"]):
                mark = found.start(name) + (len(found["when"]) if name == "was" else 0)
                spans = [noun, (mark, found.end(name))]
                text = "".join(view.text[a:b] for a, b in spans)
                places = tuple(place for a, b in spans for place in view.places[a:b])
                yield View(text, places, numbers[place])


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
    ends = (_ACTS.search(text, last + 1, stop), _APART.search(text, last + 1, stop))
    shared = min((one for one in ends if one), key=lambda one: one.start(), default=None)
    if shared:
        spans[-1] = (last, shared.start())
    elif "提案" in text[last:stop] and "建议" in text[start:last]:
        spans[-1] = (
            last,
            text.index("提案", last) + 2,
        )  # 人大建议、政协提案: two nouns, none shared
    return spans if len(spans) == count else []
