"""One sentence of a passage with its figures masked: what every question about context starts from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.context.enumerations import Enumeration
from nlp.records import Figure, Passage
from nlp.rules.views import NEGATION, View, mask
from nlp.structure.sentences import clause_start, sentences

_NOUN_BEHIND = re.compile(r"[^，。；：、（(和及与其]{0,12}")
_COUNTED_BEHIND = re.compile(r"[^，。；：、（）()！？\d“”《]{2,16}")
_CLAUSE_END = re.compile(r"[，。；：！？,;:]")
_CONNECTIVE = re.compile(r"[、，；：:（()）和与及“”\s]*(?:其中)?[、，：]?")
_LONGEST_EVIDENCE = 24
_PARTING = re.compile(r"[、（）(]")
_LINK = re.compile(r"(?:共计|合计|累计|总计|共|达到|达|为|是|有|了|约)+$")


@dataclass(frozen=True, slots=True)
class Sentence:
    passage: Passage
    start: int
    end: int
    view: View
    first: int
    figures: tuple[Figure, ...]
    lists: list[Enumeration]


def sentences_of(
    passage: Passage, figures: tuple[Figure, ...], lists: list[Enumeration]
) -> list[Sentence]:
    """The sentences that carry a figure or a negation; the others state nothing."""
    found = []
    at = 0
    for start, end in sentences(passage.text):
        first = at
        while at < len(figures) and figures[at].start < end:
            at += 1
        inside = figures[first:at]
        if inside or NEGATION.search(passage.text, start, end):
            view = mask(passage.text, start, end, inside, first)
            found.append(Sentence(passage, start, end, view, first, figures, lists))
    return found


def own_words(sentence: Sentence, index: int) -> str:
    """The words of the clause before a figure and right behind it (17件人大代表建议)."""
    text, figure = sentence.passage.text, sentence.figures[index]
    floor = sentence.figures[index - 1].end if index else 0
    start = max(floor, clause_start(text, figure.start, 0))
    behind = _NOUN_BEHIND.match(text, figure.end)
    return text[start : figure.start] + (behind.group() if behind else "")


def what_of(sentence: Sentence, figure: Figure) -> str:
    """The words that say what was counted: behind the unit, or else before the number."""
    text = sentence.passage.text
    behind = _COUNTED_BEHIND.match(text, figure.end, sentence.end)
    start = clause_start(text, figure.start, sentence.start)
    before = _PARTING.split(text[start : figure.start])[-1]
    before = _LINK.sub("", before)
    return before[-16:] if before else behind.group() if behind else ""


def clause_of(sentence: Sentence, index: int | None, at: int = 0) -> tuple[int, int]:
    """The words that tell what a figure counts: its clause from behind the figure before it on;
    of a denial at `at` (`index` None) the whole clause."""
    text = sentence.passage.text
    if index is None:
        behind = _CLAUSE_END.search(text, at, sentence.end)
        return clause_start(text, at, sentence.start), behind.start() if behind else sentence.end
    figure = sentence.figures[index]
    floor = sentence.figures[index - 1].end if index > sentence.first else sentence.start
    start = max(floor, clause_start(text, figure.start, floor), figure.start - _LONGEST_EVIDENCE)
    opened = _CONNECTIVE.match(text, start, figure.start)
    end = figure.end
    if figure.start - (opened.end() if opened else start) < 2:  # 3件申请: the noun stands behind
        behind = _NOUN_BEHIND.match(text, figure.end, sentence.end)
        end = behind.end() if behind else end
    return (opened.end() if opened else start), end
