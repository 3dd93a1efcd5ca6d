"""What the classifiers look at: short strings, one for each thing seen near a figure or in a clause.

A figure in its sentence: the words of its clause with their distance, those of the clauses before,
the words behind it, the last characters, the unit, the section and its topics, the family of the
report's tables, the neighbouring figures and the total that it is a part of. What is seen of a word
that denies stands in `denials.py`.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from nlp.context.enumerations import parent_of
from nlp.context.sentence import Sentence
from nlp.context.topics import mentions, named_places
from nlp.records import Figure, Role
from nlp.rules.load import vocabulary
from nlp.rules.views import NEGATION
from nlp.segmentation import Segmenter
from nlp.structure.sentences import clause_start

Words = list[tuple[int, int]]

_LINKS = frozenset({
    "共", "共计", "合计", "累计", "总计", "为", "达", "达到", "是", "有", "了", "的", "约", "近", "计", "各", "均",
    "于", "等", "占", "分别", "全年", "年内", "其中", "及", "和", "与", "、", "（", "(", "：", ":",
})  # fmt: skip
_MARKS = frozenset("，。；：！？,;:!?")
_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_NEAR, _BEHIND, _BEFORE, _CHARACTERS, _BESIDE = 12, 6, 14, 16, 5
_SIZES = (0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is to be judged in a sentence: a figure (`index` of the passage's figures), or a word
    that denies (`index` None). `start:end` are indices of the passage."""

    index: int | None
    start: int
    end: int


def anchors(sentence: Sentence) -> list[Anchor]:
    """The figures of a sentence and the denials outside of them, in text order."""
    figures = sentence.figures
    found = [Anchor(i, figures[i].start, figures[i].end) for i in sentence.view.figures]
    for denial in NEGATION.finditer(sentence.passage.text, sentence.start, sentence.end):
        # 为0 begins before its figure: one zero, told by the figure
        if not any(one.start < denial.end() and denial.start() < one.end for one in found):
            found.append(Anchor(None, denial.start(), denial.end()))
    return sorted(found, key=lambda one: one.start)


class SentenceWords:
    """The words of one sentence and of its heading, segmented once."""

    def __init__(self, sentence: Sentence, segment: Segmenter) -> None:
        text = sentence.passage.text
        self.text = text
        self.sentence = sentence
        self.spans = [
            (sentence.start + a, sentence.start + b)
            for a, b in segment(text[sentence.start : sentence.end])
        ]
        # Digits are masked: what a figure counts must not hang on what its neighbours happen to be.
        self.words = [_DIGITS.sub("#", text[a:b]) for a, b in self.spans]
        self.classes = _classes_of(self.words)
        self.starts = [a for a, _ in self.spans]
        self.ends = [b for _, b in self.spans]
        self.heading = _heading_features(sentence.passage.heading, segment)


@cache
def _word_classes() -> dict[str, tuple[str, ...]]:
    """The classes of each word of `word_classes.toml`."""
    source = resources.files("nlp.classifier").joinpath("word_classes.toml").read_text("utf-8")
    classes: dict[str, list[str]] = {}
    for name, words in tomllib.loads(source).items():
        for word in words:
            classes.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in classes.items()}


def _classes_of(words: list[str]) -> list[tuple[str, ...]]:
    """The classes of each word, those of it together with the word before it among them."""
    known = _word_classes()
    found = [known.get(word, ()) for word in words]
    for at, (one, two) in enumerate(pairwise(words), start=1):
        if both := known.get(one + two):
            found[at] = tuple(dict.fromkeys((*both, *found[at])))
    return found


@lru_cache(maxsize=256)
def _heading_features(heading: str, segment: Segmenter) -> tuple[str, ...]:
    words = sorted({word for word in _cut(heading, segment) if _telling(word)})
    topics = (topic for topic in vocabulary().topics if mentions(topic, heading))
    return (*(f"head={word}" for word in words), *(f"th={topic}" for topic in topics))


def _cut(text: str, segment: Segmenter) -> Iterator[str]:
    return (text[a:b] for a, b in segment(text))


def masked(text: str) -> str:
    return _DIGITS.sub("#", text)


def _telling(word: str) -> bool:
    return len(word) > 1 and not word[0].isascii()


def figure_features(words: SentenceWords, index: int, family: str) -> list[str]:
    """The features of one figure of the passage; `family` is that of the report's tables."""
    sentence = words.sentence
    figure = sentence.figures[index]
    found = [f"role={sentence.passage.role}", f"unit={figure.unit}", f"family={family}"]
    found += words.heading
    found.append(f"size={bisect_right(_SIZES, figure.value)}")
    found += _left(words, figure, family)
    found += _right(words, figure)
    found += _topics(words, figure)
    found += _neighbours(sentence, index)
    found += _named_beside(words, index)
    return found


def _left(words: SentenceWords, figure: Figure, family: str) -> list[str]:
    """The words before a figure: those of its own since the figure before it, those of its clause
    before that, and those of the clauses before."""
    text, floor, unit = words.text, words.sentence.start, figure.unit
    clause = clause_start(text, figure.start, floor)
    own = max(clause, _end_before(words.sentence, figure))
    last = bisect_right(words.ends, figure.start)
    first = bisect_left(words.starts, clause)
    middle = max(first, bisect_left(words.starts, own))
    near = words.words[middle:last]
    found = [f"l{place}={word}" for place, word in enumerate(reversed(near[-4:]), 1)]
    if len(near) > 1:
        found.append(f"l21={near[-2]}{near[-1]}")
    telling = [word for word in near if word not in _LINKS]
    for place, word in enumerate(reversed(telling[-2:]), 1):
        found += (f"n{place}={word}", f"n{place}u={word}{unit}", f"n{place}f={word}{family}")
    if len(telling) > 1:
        found.append(f"n21={telling[-2]}{telling[-1]}")
    found += [f"c={word}" for word in telling[-_NEAR:]]
    found += [f"cu={word}{unit}" for word in telling[-_NEAR:] if len(word) > 1]
    found += _near_classes(words, middle, last, unit)
    if not telling:
        found += ("bare", f"bareu={unit}")
    found += [f"d={word}" for word in words.words[first:middle][-_NEAR:] if _telling(word)]
    found += [f"dv={name}" for one in words.classes[first:middle][-_NEAR:] for name in one]
    found += [
        f"e={word}" for word in words.words[max(0, first - _BEFORE) : first] if _telling(word)
    ]
    found += [
        f"ev={name}" for one in words.classes[max(0, first - _BEFORE) : first] for name in one
    ]
    before = masked(text[floor : figure.start])
    found += [f"k{size}={before[-size:]}" for size in (2, 3, 4)]
    nearest = masked(text[own : figure.start])[-_CHARACTERS:]
    found += [f"g={nearest[at : at + 2]}" for at in range(len(nearest) - 1)]
    if figure.start == clause:
        found.append("opens")
    return found


def _near_classes(words: SentenceWords, first: int, last: int, unit: str) -> list[str]:
    """The classes of the words before a figure, the nearest by themselves, and in pairs."""
    near = [one for one in words.classes[max(first, last - _NEAR) : last] if one]
    found = [f"v={name}" for one in near for name in one]
    found += [f"vu={name}{unit}" for one in near for name in one]
    for place, one in enumerate(reversed(near[-2:]), 1):
        found += [f"v{place}={name}" for name in one]
    if near:
        found += [f"vv={name}+{other}" for name in near[-1] for one in near[:-1] for other in one]
    return found


def _end_before(sentence: Sentence, figure: Figure) -> int:
    """Where the figure before another ends; the start of the sentence where there is none."""
    ends = [
        sentence.figures[i].end
        for i in sentence.view.figures
        if sentence.figures[i].end <= figure.start
    ]
    return ends[-1] if ends else sentence.start


def _topics(words: SentenceWords, figure: Figure) -> list[str]:
    """The topics of the rules' vocabulary that stand before the figure in its clause, sentence or
    passage, and right behind it; and the nearest."""
    text, floor = words.text, words.sentence.start
    clause = clause_start(text, figure.start, floor)
    stop = min(words.sentence.end, figure.end + 10)
    found = []
    nearest = ("", -1)
    for topic, places in named_places(text):
        index = bisect_left(places, figure.start) - 1
        place = places[index] if index >= 0 and places[index] >= floor else -1
        if place >= 0:
            found.append(f"tc={topic}" if place >= clause else f"te={topic}")
        if place > nearest[1]:
            nearest = (topic, place)
        behind = bisect_left(places, stop) - 1
        if behind >= 0 and places[behind] >= figure.end:
            found.append(f"ta={topic}")
        if places[0] < floor:
            found.append(f"tb={topic}")
    return [*found, f"tn={nearest[0]}", f"tnu={nearest[0]}{figure.unit}"]


def _right(words: SentenceWords, figure: Figure) -> list[str]:
    """The words behind a figure, up to the next one."""
    text, unit = words.text, figure.unit
    first = bisect_left(words.starts, figure.end)
    behind = words.words[first : first + _BEHIND]
    found = [f"r{place}={word}" for place, word in enumerate(behind[:2], 1)]
    if len(behind) > 1:
        found.append(f"r12={behind[0]}{behind[1]}")
    found.append(f"r1u={behind[0] if behind else ''}{unit}")
    telling = 0
    for at, word in enumerate(behind):
        if word[0] == "#":
            break
        if word in _MARKS:
            break
        if word not in _LINKS:
            telling += 1
            found.append(f"a={word}")
            found += [f"av={name}" for name in words.classes[first + at]]
            if telling <= 2:
                found += (f"p{telling}={word}", f"p{telling}u={word}{unit}")
    after = masked(text[figure.end : min(words.sentence.end, figure.end + 24)])[:8]
    found += [f"m{size}={after[:size]}" for size in (1, 2, 3)]
    stop = next((at for at, character in enumerate(after) if character in _MARKS), len(after))
    found += [f"h={after[at : at + 2]}" for at in range(stop - 1)]
    return found


def _neighbours(sentence: Sentence, index: int) -> list[str]:
    figures: tuple[Figure, ...] = sentence.figures
    text = sentence.passage.text
    found = []
    if index > sentence.first:
        earlier = figures[index - 1]
        found.append(f"prev={earlier.unit}")
        found.append(f"prevk={masked(text[sentence.start : earlier.start])[-2:]}")
        found.append(f"between={masked(text[earlier.end : figures[index].start])[:3]}")
    if index + 1 < len(figures) and figures[index + 1].start < sentence.end:
        found.append(f"next={figures[index + 1].unit}")
    parent = parent_of(sentence.lists, index)
    if parent is not None:
        whole = figures[parent]
        start = clause_start(text, whole.start, max(0, whole.start - 24))
        named = masked(text[start : whole.start])
        found += [f"whole={named[at : at + 2]}" for at in range(len(named) - 1)]
        found.append(f"wholeu={whole.unit}")
    return found


def _named_beside(words: SentenceWords, index: int) -> list[str]:
    """What stands before the figure before, and before the one behind."""
    sentence = words.sentence
    figures = sentence.figures
    found = []
    for name, place in (("before", index - 1), ("after", index + 1)):
        if not 0 <= place < len(figures) or not (
            sentence.start <= figures[place].start < sentence.end
        ):
            found.append(f"{name}=none")
            continue
        floor = figures[place - 1].end if place else sentence.start
        last = bisect_right(words.ends, figures[place].start)
        first = max(bisect_left(words.starts, floor), last - _BESIDE)
        for one, classes in zip(words.words[first:last], words.classes[first:last], strict=True):
            if _telling(one) and one not in _LINKS:
                found.append(f"{name}={one}")
            found += [f"{name}v={of}" for of in classes]
    return found


def clause_features(text: str, role: Role | str, heading: str, segment: Segmenter) -> list[str]:
    """The features of a stretch of words that may be a problem, a plan, a remedy or none."""
    bare = masked(text)
    words = [word for word in _cut(bare, segment) if word != "#"]
    found = [f"role={role}"]
    found += [f"head={w}" for w in _cut(heading, segment) if _telling(w)]
    found += [f"w={word}" for word in words]
    found += [f"ww={one}{two}" for one, two in pairwise(words)]
    found += [f"x={character}" for character in bare]
    found += [f"xx={bare[at : at + 2]}" for at in range(len(bare) - 1)]
    found += [f"first{place}={word}" for place, word in enumerate(words[:3])]
    end = bare.rstrip("。；，")
    found += [f"end={end[-size:]}" for size in (2, 3)]
    found.append(f"long={min(len(text) // 20, 6)}")
    return found
