"""What the rules read in a sentence: for each figure the readings that hold, and the zero statements."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.context.enumerations import enumerations
from nlp.context.owners import owner_of
from nlp.context.sentence import Sentence, sentences_of
from nlp.context.subjects import Agency
from nlp.context.topics import about, mentions, possible
from nlp.numbers import find_figures
from nlp.records import Passage, ReadingWarning
from nlp.rules.match import Candidate, match
from nlp.structure.sentences import clause_start

_CLAUSE_END = re.compile(r"[，。；：！？,;:]")
_WITH_OUTCOMES = frozenset({"review", "litigation", "complaint", "reply"})
_ANOTHER_TIME = re.compile(r"(?:20\d\d|上|去|今|本|同)年")
_APIECE = 3  # as many of the staff as each of several bodies may name


@dataclass(frozen=True, slots=True)
class Chosen:
    """Each figure of a sentence with the readings that hold (none: no rule reads it); the zero
    statements; and, by figure, the readings of other metrics that were weaker."""

    figures: tuple[tuple[int, list[Candidate]], ...]
    zeros: tuple[Candidate, ...]
    rivals: dict[int, tuple[Candidate, ...]]


def choose(sentence: Sentence, agency: Agency, warnings: list[ReadingWarning]) -> Chosen:
    """What the rules make of a sentence; rules that took too long are added to `warnings`."""
    candidates, slow = match(
        sentence.view,
        lambda topics: possible(topics, sentence.passage, sentence.start, sentence.end),
    )
    for one in slow:
        start, end = sentence.passage.place(one.start, one.end)
        warnings.append(
            ReadingWarning("slow_rule", f"规则 {one.rule} 在此句超时，未采用", start, end)
        )
    held = [
        c
        for c in candidates
        if _on_topic(c, sentence) and not _is_slogan(c, sentence) and not _is_apiece(c, sentence)
    ]
    figures: list[tuple[int, list[Candidate]]] = []
    rivals: dict[int, tuple[Candidate, ...]] = {}
    for index in sentence.view.figures:
        own = [
            c
            for c in held
            if c.figure == index and (not c.rule.others or _has_owner(sentence, index, agency))
        ]
        figures.append((index, _strongest(own)))
        metrics = {c.rule.metric for c in figures[-1][1]}
        rivals[index] = tuple(c for c in own if c.rule.metric not in metrics)
    return Chosen(tuple(figures), _zeros(held, figures, sentence), rivals)


def _strongest(own: list[Candidate]) -> list[Candidate]:
    """Of the readings of one figure the strongest, with a second metric that it may share; of a
    list with one figure for all, the strongest of each member."""
    members = _by_member(own)
    if len(members) > 1:
        return members
    best = max(own, key=_weight, default=None)
    if best is None:
        return []
    shared = [
        c for c in own if c.rule.also and best.rule.also and c.rule.metric != best.rule.metric
    ]
    return [best, *{c.rule.metric: c for c in sorted(shared, key=_weight)}.values()]


def _zeros(
    held: list[Candidate], figures: list[tuple[int, list[Candidate]]], sentence: Sentence
) -> tuple[Candidate, ...]:
    """The zero statements, the tightest for each metric, unless a figure there states the same."""
    zeros: dict[str, Candidate] = {}
    for candidate in held:
        if candidate.figure is None:
            known = zeros.get(candidate.rule.metric)
            if known is None or candidate.end - candidate.start < known.end - known.start:
                zeros[candidate.rule.metric] = candidate
    stated = {(reading.rule.metric, index) for index, readings in figures for reading in readings}
    return tuple(
        zero
        for zero in zeros.values()
        if not any(
            metric == zero.rule.metric and _gainsaid(zero, sentence, index)
            for metric, index in stated
        )
    )


def _gainsaid(zero: Candidate, sentence: Sentence, index: int) -> bool:
    """Whether the figure of its metric stands inside a zero statement, or says of the same outcome
    that there were some (复议纠正2件；诉讼7件，未有被纠正的: the lawsuits)."""
    figure = sentence.figures[index]
    if zero.start <= figure.start < zero.end:
        return True
    between = sentence.passage.text[min(figure.end, zero.end) : max(figure.start, zero.start)]
    family, _, kind = zero.rule.metric.partition(".")
    return (
        family in _WITH_OUTCOMES and kind != "total" and figure.value > 0
        and not _ANOTHER_TIME.search(between)
    )  # fmt: skip


def _by_member(own: list[Candidate]) -> list[Candidate]:
    """The best reading for each member of a list whose one figure stands for them all."""
    best = {candidate.words: candidate for candidate in sorted(own, key=_weight) if candidate.words}
    return list({candidate.rule.metric: candidate for candidate in best.values()}.values())


def _has_owner(sentence: Sentence, index: int, agency: Agency) -> bool:
    return owner_of(sentence, sentence.figures[index].start, agency, None)[0] is not None


def _is_slogan(candidate: Candidate, sentence: Sentence) -> bool:
    """“办结一件申请、解决一个问题”: a number word inside quotes counts nothing."""
    if candidate.figure is None:
        return False
    text, figure = sentence.passage.text, sentence.figures[candidate.figure]
    opened = text.rfind("“", sentence.start, figure.start)
    return (
        opened >= 0
        and "”" not in text[opened : figure.start]
        and not re.search(r"\d", text[figure.start : figure.end])
    )


def _is_apiece(candidate: Candidate, sentence: Sentence) -> bool:
    """各科室明确兼职联络员1名: one in each, no total; 各科室明确兼职联络员27名 are all of them."""
    if candidate.figure is None or not candidate.rule.metric.startswith("staff."):
        return False
    text, figure = sentence.passage.text, sentence.figures[candidate.figure]
    before = text[clause_start(text, figure.start, sentence.start) : figure.start]
    return figure.value <= _APIECE and "各" in before and not re.search("共|合计|总计", before)


def sentence_readings(passage: Passage) -> list[tuple[Candidate, tuple[int, int]]]:
    """Every candidate that holds in a passage, chosen or not, with the span of its figure
    (of its words where it has none); what tests of rules and `--why` look at."""
    figures = find_figures(passage.text)
    found = []
    for sentence in sentences_of(passage, figures, enumerations(passage.text, figures)):
        for candidate in match(sentence.view)[0]:
            if _on_topic(candidate, sentence):
                figure = figures[candidate.figure] if candidate.figure is not None else None
                span = (figure.start, figure.end) if figure else (candidate.start, candidate.end)
                found.append((candidate, span))
    return found


def _weight(candidate: Candidate) -> tuple[int, int]:
    return candidate.rule.rank, candidate.end - candidate.start


def _on_topic(candidate: Candidate, sentence: Sentence) -> bool:
    topics = candidate.rule.topic
    at = sentence.figures[candidate.figure].start if candidate.figure is not None else candidate.end
    end = max(at, candidate.end)
    stop = _CLAUSE_END.search(sentence.passage.text, end, sentence.end)
    clause_end = stop.start() if stop else sentence.end
    words = sentence.passage.text[sentence.start : at]
    if any(mentions(topic[1:], words) for topic in topics if topic.startswith("-")):
        return False
    wanted = [topic for topic in topics if not topic.startswith("-")]
    return not wanted or any(
        about(topic, sentence.passage, sentence.start, at, place, candidate.words)
        for topic in wanted
        for place in (end, clause_end)
    )
