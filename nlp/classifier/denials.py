"""What the classifier looks at where something is denied: 复议、诉讼均未发生，收到申请2件 denies two of the
three things it names.

A word that denies is judged with each metric named near it (`denied.toml`), one pair at a time. So what
is learned of scope, of the order, the marks, the words and the figures between name and denial, is
learned for all metrics at once.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from nlp.classifier.features import Anchor, SentenceWords, anchors, masked
from nlp.context.sentence import Sentence
from nlp.rules.views import NEGATION
from nlp.structure.sentences import clause_start

Span = tuple[int, int]

# Names of kinds of replies and outcomes: what begins them denies nothing by itself.
_TERM = re.compile(
    r"不予(?:公开|处理)|尚?未审结|未结(?!转)|未经(?:行政)?复议|(?<=信息)不存在|不属于?|不掌握|不再处理"
    r"|不(?:够)?明确|(?<=逾期)不|未公开|无正当理由|减免|不动产|不宜公开|不清|免费"
)

_TOPIC = "topic"
_BACK = 80  # characters before the sentence in which its subject may have been named
_NEAR, _SHORT, _MOST = 10, 8, 6
_MARKS = re.compile(r"[，。；：！？、（）,;:]")
_CLAUSE_END = re.compile(r"[，。；：！？,;:]")


@dataclass(frozen=True, slots=True)
class Named:
    """A metric named in a sentence or, where that names none, in the `_BACK` characters before it
    (`spans`, ascending) or in its heading."""

    metric: str
    spans: tuple[Span, ...]
    in_heading: bool


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    source = resources.files("nlp.classifier").joinpath("denied.toml").read_text("utf-8")
    return tomllib.loads(source)


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """The words that name each metric."""
    return {
        metric: tuple(words)
        for table in _tables().values()
        for metric, words in table.items()
        if metric != _TOPIC
    }


@cache
def _topics() -> dict[str, frozenset[str]]:
    """The words of which one must stand beside those of a metric, where its topic has such."""
    return {
        metric: frozenset(table.get(_TOPIC, ()))
        for table in _tables().values()
        for metric in table
        if metric != _TOPIC
    }


@cache
def _all_words() -> tuple[str, ...]:
    tables = _tables().values()
    return tuple({word: None for table in tables for words in table.values() for word in words})


@cache
def _pattern(metric: str) -> re.Pattern[str]:
    longest_first = sorted(_words()[metric], key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first)))


@lru_cache(maxsize=256)
def _named_in(text: str) -> tuple[str, ...]:
    """The metrics that some of the words name."""
    here = {word for word in _all_words() if word in text}
    topics = _topics()
    return tuple(
        metric
        for metric, words in _words().items()
        if not here.isdisjoint(words) and (not topics[metric] or topics[metric] & here)
    )


def denials_in(sentence: Sentence) -> list[Anchor]:
    """The words that may deny that something happened: none of them names a kind of reply, and
    where problems and plans are told nothing of the kind is."""
    if sentence.passage.role in ("problems", "plans"):
        return []
    text = sentence.passage.text
    return [
        anchor
        for anchor in anchors(sentence)
        if anchor.index is None and not _TERM.match(text, anchor.start)
    ]


def named_metrics(sentence: Sentence) -> list[Named]:
    """The metrics that a denial in this sentence might deny: those it names, or else those that
    the heading and the words before it name; in the order of `denied.toml`."""
    text, heading = sentence.passage.text, sentence.passage.heading
    floor = sentence.start
    above = _named_in(heading)
    here = _named_in(text[floor : sentence.end])
    if not here:
        floor = max(0, floor - _BACK)
        here = tuple(dict.fromkeys((*_named_in(text[floor : sentence.start]), *above)))
    return [
        Named(
            metric,
            tuple(found.span() for found in _pattern(metric).finditer(text, floor, sentence.end)),
            metric in above,
        )
        for metric in here
    ]


class Denial:
    """What stands around one word that denies, looked at once for all the metrics named near it."""

    def __init__(
        self, words: SentenceWords, anchor: Anchor, named: list[Named], family: str
    ) -> None:
        self.words, self.anchor = words, anchor
        sentence, text = words.sentence, words.text
        self.denials = [m.start() for m in NEGATION.finditer(text, sentence.start, sentence.end)]
        self.figures = [sentence.figures[index] for index in sentence.view.figures]
        self.names = sorted({span for one in named for span in one.spans})
        at = bisect_right(words.starts, anchor.start) - 1
        around = [
            words.words[place] if 0 <= place < len(words.words) else ""
            for place in range(at - 1, at + 3)
        ]
        self.before, self.word, self.next, after = around
        clause = clause_start(text, anchor.start, sentence.start)
        stop = _CLAUSE_END.search(text, anchor.end, sentence.end)
        first, last = (
            bisect_left(words.starts, place)
            for place in (clause, stop.start() if stop else sentence.end)
        )
        both = [
            f"n={self.word}",
            f"nv={self.next}",
            f"nv2={after}",
            f"pv={self.before}",
            f"role={sentence.passage.role}",
            *(f"c={word}" for word in _said(words, first, last)),
            *(f"cv={name}" for one in words.classes[first:last] for name in one),
        ]
        self._shared = [*both, f"n12={self.word}{self.next}", f"pn={self.before}{self.word}"]
        if clause == anchor.start:
            self._shared.append("opens")
        self._with_metric = [
            *both,
            f"family={family}",
            *(f"af={word}" for word in _said(words, last, last + _NEAR) if len(word) > 1),
        ]

    def features(self, named: Named) -> list[str]:
        """The features of this denial and one metric named near it."""
        metric, topic = named.metric, named.metric.partition(".")[0]
        sentence = self.words.sentence
        inside = [span for span in named.spans if span[0] >= sentence.start]
        found = [*self._shared, f"L={metric}"]
        found += [f"{one} L={metric}" for one in self._with_metric]
        found.append(f"n12={self.word}{self.next} T={topic}")
        split = bisect_left(inside, (self.anchor.start, 0))
        sides = {
            "B": inside[split - 1] if split else None,
            "A": inside[split] if split < len(inside) else None,
        }
        for side, span in sides.items():
            if span is None:
                found += (f"{side}0", f"{side}0 L={metric}")
            else:
                found += self._related(side, span, topic)
                found += (f"{side}x L={metric}", f"{side}x nv={self.next} L={metric}")
                found.append(f"{side}x men={masked(self.words.text[slice(*span)])} L={metric}")
            state = f"{side}0" if span is None else f"{side}x"
            found += (f"{state} n={self.word}", f"{state} nv={self.next}")
            found.append(f"{state} n12={self.word}{self.next}")
        place = "in" if inside else "out"
        if named.in_heading:
            found += ("head", f"head {place}", f"head L={metric}")
        if len(inside) < len(named.spans):
            found += ("earlier", f"earlier {place}")
        return found

    def _related(self, side: str, span: Span, topic: str) -> list[str]:
        """How a name stands to the denial: what is between them, and what is at its edges."""
        words, text, end = self.words, self.words.text, self.words.sentence.end
        before = side == "B"
        first, last = (span[1], self.anchor.start) if before else (self.anchor.end, span[0])
        first = min(first, last)
        between = masked(text[first:last])
        marks = "".join(_MARKS.findall(between))
        strongest = next((mark for mark in "。；;，,、" if mark in marks), "")
        told = [
            f"mk={strongest}",
            f"len={min(_MOST, len(between) // 3)}",
            f"nf={min(2, sum(first <= one.start < last for one in self.figures))}",
            f"nn={min(2, sum(first <= one < last for one in self.denials))}",
            f"nm={min(3, sum(first <= a and b <= last for a, b in self.names))}",
            f"m1={between[:1]}",
            f"e1={between[-1:]}",
            f"t1={masked(text[span[1] : min(end, span[1] + 1)])}",
            f"t2={masked(text[span[1] : min(end, span[1] + 2)])}",
        ]
        if len(between) <= _SHORT:
            told.append(f"mid={between}")
        told.append(f"fig={self._counted(span[1], self.anchor.start if before else end)}")
        found = [f"{side}{one}" for one in told]
        found.append(f"{side}mk={strongest} T={topic}")
        found += (f"{side}mk={strongest} n={self.word}", f"{side}mk={strongest} nv={self.next}")
        found += (f"{side}mks={marks[:3]}", f"{side}m2={between[:2]}", f"{side}e2={between[-2:]}")
        head = masked(text[max(words.sentence.start, span[0] - 3) : span[0]])
        found += (f"{side}h1={head[-1:]}", f"{side}h2={head[-2:]}")
        found += [f"{side}w={word}" for word in self._between(first, last)[:_NEAR]]
        if not before:
            stop = _CLAUSE_END.search(text, span[1], end)
            rest = stop.start() if stop else end
            found.append(f"{side}end={masked(text[span[1] : rest])[-2:]}")
            found += [f"{side}cw={word}" for word in self._between(span[1], rest)[:_MOST]]
        return found

    def _between(self, start: int, end: int) -> list[str]:
        starts = self.words.starts
        return _said(self.words, bisect_left(starts, start), bisect_left(starts, end))

    def _counted(self, behind: int, stop: int) -> str:
        """Whether a figure follows a name, and how near."""
        start = next((one.start for one in self.figures if behind <= one.start < stop), None)
        if start is None:
            return "none"
        gap = masked(self.words.text[behind:start])
        return gap if len(gap) <= 3 else "far" if _MARKS.search(gap) else "same"


def _said(words: SentenceWords, first: int, last: int) -> list[str]:
    """The words of a stretch without its marks."""
    return [word for word in words.words[first:last] if not _MARKS.fullmatch(word)]
