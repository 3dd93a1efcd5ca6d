"""The figures and denials of a report as tasks: what rules and classifier say of each, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nlp.annotate.tasks import Context, FactLabel, Reason, RuleSays, TableSide, Task
from nlp.classifier.features import Anchor, SentenceWords, anchors, figure_features
from nlp.classifier.reader import Reader
from nlp.context.naming import codes_of, family_of, metric_of
from nlp.context.sentence import Sentence, sentences_of
from nlp.context.subjects import Agency
from nlp.facts import NAMES, Read
from nlp.metrics import OTHER, counted_in
from nlp.reading import fold
from nlp.readings import Chosen, choose
from nlp.records import Cell, Fact, Passage, ReadingWarning, Report, ReportResult
from nlp.rules.match import Candidate
from nlp.structure.headings import role_of
from nlp.structure.sentences import cut, sentences

GUESSES = 9
LONGEST = 600  # a longer text is taken for a report in training
_CONTRADICTS, _DENIAL = 0.5, 0.3  # how probable a label must be to be put to a person
_BORDER = 0.3  # and how far from the border it no longer is
_TORN = 0.4  # a best label that is no more probable than that is no answer


@dataclass(frozen=True, slots=True)
class _Scene:
    """What every figure of one sentence shares."""

    result: ReportResult
    name: str
    tables: Tables
    sentence: Sentence
    chosen: Chosen
    words: SentenceWords
    reader: Reader | None
    heading: str


def figure_tasks(
    result: ReportResult, reads: tuple[Read, ...], reader: Reader | None, name: str
) -> list[Task]:
    """A task for each figure, each fact without a figure and each denial that may be one, in text
    order. `name` is the report's."""
    report = result.report
    agency = Agency(fold(report.agency) if report.agency else None)
    tables, slow = Tables(result), list[ReadingWarning]()
    zeros = _without_figure(result.facts, reads)
    facts = {fact.id: fact for fact in result.facts}
    tasks: list[Task] = []
    for read in reads:
        heading = heading_of(read.passage, result)
        for sentence in sentences_of(read.passage, read.figures, list(read.lists)):
            scene = _Scene(
                result, name, tables, sentence, choose(sentence, agency, slow),
                SentenceWords(sentence, reader.segment if reader else _whole), reader, heading,
            )  # fmt: skip
            tasks += _of_sentence(scene, read, facts, zeros)
    return sorted(_once(tasks), key=lambda task: (task.start, task.end))


def _of_sentence(
    scene: _Scene, read: Read, known: dict[str, Fact], zeros: list[Fact]
) -> Iterator[Task]:
    place = read.passage.place(scene.sentence.start, scene.sentence.end)
    left = {fact.id: fact for fact in zeros if fact.sentence == place}
    for anchor in anchors(scene.sentence):
        ids = read.by_figure.get(anchor.index, ()) if anchor.index is not None else ()
        facts = [known[id_] for id_ in ids] or _at(zeros, anchor, read.passage)
        for fact in facts:
            left.pop(fact.id, None)
        if task := _task(scene, anchor, facts):
            yield task
    for fact in left.values():  # 全部按时办结: neither a figure nor a denial
        start, end = read.passage.find(fact.start), read.passage.find(fact.end - 1) + 1
        if task := _task(scene, Anchor(None, start, end), [fact]):
            yield task


def _whole(text: str) -> list[tuple[int, int]]:
    return [(0, len(text))] if text else []


def _without_figure(facts: tuple[Fact, ...], reads: tuple[Read, ...]) -> list[Fact]:
    with_figure = {id_ for read in reads for ids in read.by_figure.values() for id_ in ids}
    return [fact for fact in facts if fact.id not in with_figure]


def _at(zeros: list[Fact], anchor: Anchor, passage: Passage) -> list[Fact]:
    """The facts without a figure whose words hold a denial."""
    if anchor.index is not None:
        return []
    start, end = passage.place(anchor.start, anchor.end)
    return [fact for fact in zeros if fact.start < end and start < fact.end]


def _once(tasks: list[Task]) -> Iterator[Task]:
    """Two denials inside the words of one fact (没有…未…) put it to the person once."""
    seen: set[tuple[tuple[int, int], tuple[object, ...]]] = set()
    for task in tasks:
        known = (task.evidence, task.guess)
        if task.unit or known not in seen:
            yield task
        if not task.unit and any(g.metric != OTHER for g in task.guess if isinstance(g, FactLabel)):
            seen.add(known)


def _task(scene: _Scene, anchor: Anchor, facts: list[Fact]) -> Task | None:
    sentence, passage = scene.sentence, scene.sentence.passage
    report = scene.result.report
    ranked = _ranked(scene, anchor, report)
    figure = sentence.figures[anchor.index] if anchor.index is not None else None
    if figure is None and not facts and (not ranked or _named(ranked) < _DENIAL):
        return None
    rules = tuple(_rules(scene, anchor, report)) if figure else tuple(_zero_rules(scene, facts))
    start, end = passage.place(anchor.start, anchor.end)
    guess = tuple(FactLabel(f.metric, f.value, f.year, f.subject, f.basis) for f in facts) or (
        FactLabel(OTHER, figure.value if figure else 0, report.year),
    )
    reason, distance = _reason(scene, facts, rules, ranked)
    evidence = (min(f.start for f in facts), max(f.end for f in facts)) if facts else (start, end)
    return Task(
        report=scene.name,
        key=f"f{start}-{end}",
        start=start,
        end=end,
        evidence=evidence,
        span=passage.place(sentence.start, sentence.end),
        guess=guess,
        context=context_of(sentence, anchor.start, anchor.end, scene.heading, report),
        reason=reason,
        distance=distance,
        method=facts[0].method if facts else "",
        confidence=max((f.confidence for f in facts), default=0.0) or _of_other(ranked),
        unit=figure.unit if figure else "",
        rules=rules,
        ranked=ranked,
        table=scene.tables.beside(facts),
    )


def _ranked(scene: _Scene, anchor: Anchor, report: Report) -> tuple[tuple[str, float], ...]:
    """The classifier's labels in the codes of the report's family, the most probable first, without
    those that the unit rules out."""
    if scene.reader is None:
        return ()
    unit = scene.sentence.figures[anchor.index].unit if anchor.index is not None else ""
    best: dict[str, float] = {}
    for label, probability in _labels(scene.reader, scene.words, anchor, family_of(report)):
        codes = codes_of(label, report)
        if anchor.index is None or all(counted_in(code, unit) for code in codes):
            joined = "+".join(codes)
            best[joined] = best.get(joined, 0.0) + probability
        if len(best) == GUESSES + 2:
            break
    return tuple(sorted(best.items(), key=lambda pair: -pair[1]))


def _labels(
    reader: Reader, words: SentenceWords, anchor: Anchor, family: str
) -> list[tuple[str, float]]:
    """The most probable labels, some more than are offered: the unit rules out a few."""
    if anchor.index is not None:
        said = reader.models["figure"].judge(
            figure_features(words, anchor.index, family), 2 * GUESSES
        )
        return [(said.label, said.probability), *said.others]
    pairs = [
        (one.said.label, one.said.probability)
        for one in reader.opinions([words.sentence], family)[0].denials
        if one.anchor == anchor
    ]
    pairs.append((OTHER, 1 - max((probability for _, probability in pairs), default=0.0)))
    return sorted(pairs, key=lambda pair: -pair[1])


def _rules(scene: _Scene, anchor: Anchor, report: Report) -> Iterator[RuleSays]:
    """The rules that hold for a figure, the chosen before the weaker."""
    chosen = next((c for index, c in scene.chosen.figures if index == anchor.index), [])
    for candidate in (*chosen, *scene.chosen.rivals.get(anchor.index or 0, ())):
        yield _says(scene.sentence, anchor.index, candidate, report)


def _zero_rules(scene: _Scene, facts: list[Fact]) -> Iterator[RuleSays]:
    known = {why for fact in facts for why in fact.why}
    for zero in scene.chosen.zeros:
        if zero.rule.id in known:
            yield _says(scene.sentence, None, zero, scene.result.report)


def _says(sentence: Sentence, index: int | None, one: Candidate, report: Report) -> RuleSays:
    return RuleSays(one.rule.id, metric_of(sentence, index, one, report), one.rule.why)


def _reason(
    scene: _Scene,
    facts: list[Fact],
    rules: tuple[RuleSays, ...],
    ranked: tuple[tuple[str, float], ...],
) -> tuple[Reason, float]:
    """Why a figure is worth a look, and how near the classifier is to another answer."""
    named = {fact.metric for fact in facts} - {OTHER}
    read_by_rule = {one.metric for one in rules} - {OTHER}
    if ranked:
        label, probability = ranked[0]
        said = set(label.split("+"))
        if read_by_rule and not said & (read_by_rule | named) and probability >= _CONTRADICTS:
            return "disagree", 1 - probability
        if not read_by_rule:
            # near the probability from which on it names a figure, or sure of nothing
            distance = min(abs(_named(ranked) - NAMES), max(0.0, probability - _TORN))
            if distance < _BORDER:
                return "border", distance
    ids = {fact.id for fact in facts}
    if any(check.verdict == "mismatch" and ids & {*check.facts} for check in scene.result.checks):
        return "differs", 1.0
    return "rest", 1.0


def _named(ranked: tuple[tuple[str, float], ...]) -> float:
    """How probable the best label is that is a metric."""
    return max((probability for label, probability in ranked if label != OTHER), default=0.0)


def _of_other(ranked: tuple[tuple[str, float], ...]) -> float:
    return next((probability for label, probability in ranked if label == OTHER), 0.0)


def context_of(sentence: Sentence, at: int, end: int, heading: str, report: Report) -> Context:
    """The sentence, or where it is longer than training takes for one, the piece of it."""
    passage = sentence.passage
    pieces = cut(passage.text, sentence.start, sentence.end, LONGEST)
    first, last = next((a, b) for a, b in pieces if a <= at < b)
    return Context(
        text=passage.text[first:last],
        at=at - first,
        end=min(end, last) - first,
        heading=heading,
        year=report.year,
        agency=report.agency,
    )


def heading_of(passage: Passage, result: ReportResult) -> str:
    """What a lone sentence must be said to stand under to have the role it has in the report."""
    section = next((one for one in result.sections if one.id == passage.section), None)
    chapter = section.heading if section else ""
    tries = (passage.heading, f"{chapter} {passage.heading}".strip(), chapter)
    return next((one for one in tries if role_of(one) == passage.role), passage.heading)


def table_free_task(
    result: ReportResult, passages: tuple[Passage, ...], name: str, start: int, end: int
) -> Task:
    """The task for words that a person marked and in which nobody sees a figure."""
    passage = next(p for p in reversed(passages) if p.offsets[0] <= start)
    first, last = passage.find(start), passage.find(end - 1) + 1
    lone = next((a, b) for a, b in sentences(passage.text) if a <= first < b)
    piece = next((a, b) for a, b in cut(passage.text, *lone, LONGEST) if a <= first < b)
    return Task(
        report=name,
        key=f"m{start}-{end}",
        start=start,
        end=end,
        evidence=(start, end),
        span=passage.place(*lone),
        guess=(FactLabel(OTHER, 0, result.report.year),),
        context=Context(
            passage.text[slice(*piece)], first - piece[0], min(last, piece[1]) - piece[0],
            heading_of(passage, result), result.report.year, result.report.agency,
        ),
    )  # fmt: skip


class Tables:
    """What the statistics tables of a report print, to be shown beside a figure."""

    def __init__(self, result: ReportResult) -> None:
        self._cells = {cell.id: cell for cell in result.cells}
        self._checks = {id_: check for check in result.checks for id_ in check.facts}
        self._printed: dict[str, Cell] = {}
        for cell in result.cells:
            if cell.applicant in (None, "total") and cell.value is not None:
                self._printed.setdefault(cell.metric, cell)

    def beside(self, facts: list[Fact]) -> TableSide | None:
        """As compared, or else as printed."""
        for fact in facts:
            if check := self._checks.get(fact.id):
                label = self._cells[check.cells[0]].label if check.cells else ""
                return TableSide(fact.metric, check.table, label, check.verdict, check.message)
        return next((side for fact in facts if (side := self.printed(fact.metric))), None)

    def printed(self, metric: str) -> TableSide | None:
        """The value of a metric's own row, where it has one."""
        cell = self._printed.get(metric)
        if cell is None or cell.value is None:
            return None
        return TableSide(metric, cell.value, cell.label, None, "")
