"""Labels that may be wrong, doubted by models that never saw them, or
contradicted by the same wording elsewhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from nlp.annotations import AnnotatedText
from nlp.classifier.examples import FigureExample
from nlp.classifier.fit import OutOfFold, Task, out_of_fold
from nlp.classifier.learn import Examples, tasks
from nlp.classifier.wordings import masked
from nlp.errors import InputError
from nlp.structure.sentences import clause_start

Say = Callable[[str], None]
SURE = 0.9
_SHORTEST = 8
_MARKS = "，；。！？,;!?\n"
_OPEN, _CLOSE = "【", "】"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A label that a model fitted without its text is sure is another."""

    text_id: str
    start: int
    end: int
    words: str
    label: str
    predicted: str
    probability: float


@dataclass(frozen=True, slots=True)
class Label:
    """How often a wording bears a label, and one text in which it does."""

    label: str
    count: int
    text_id: str
    words: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One wording with several labels; the figure stands in 【】."""

    wording: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Suspicious:
    """`doubts` is null where nobody asked for them: the folds take a minute."""

    doubts: tuple[Doubt, ...] | None
    contradictions: tuple[Contradiction, ...]


def suspicious(
    texts: Iterable[AnnotatedText], examples: Examples, train: Examples | None, say: Say
) -> Suspicious:
    """Contradictions among the `examples` of the texts, and the doubtful labels of those of `train`."""
    by_id = {one.id: one for one in texts}
    doubts = None
    if train is not None:
        say("可疑标注：交叉预测训练数字")
        doubts = doubted(by_id, certain(train.figures), _held_out(train))
    return Suspicious(doubts, contradictions(by_id, examples.figures))


def certain(figures: Iterable[FigureExample]) -> list[FigureExample]:
    """The examples behind the task `figure`, in its order."""
    return [one for one in figures if not one.optional]


def _held_out(examples: Examples) -> OutOfFold:
    task: Task = tasks(examples)["figure"]
    try:
        return out_of_fold(task)
    except (ValueError, TypeError) as error:  # a fold of a single label, or without any text
        raise InputError(
            "annotations", "训练文本太少，无法交叉预测", advice="请去掉 --suspicious"
        ) from error


def doubted(
    texts: Mapping[str, AnnotatedText], figures: list[FigureExample], held_out: OutOfFold
) -> tuple[Doubt, ...]:
    """The figures whose label the model rejects with probability `SURE` or more, the most doubtful
    first."""
    doubts = [
        Doubt(
            one.text_id, one.start, one.end, _words(texts[one.text_id].text, one),
            one.metric, label, probability,
        )
        for one, label, probability in zip(
            figures, held_out.labels, held_out.probabilities, strict=True
        )
        if label != one.metric and probability >= SURE
    ]  # fmt: skip
    return tuple(sorted(doubts, key=lambda d: (-d.probability, d.text_id, d.start)))


def contradictions(
    texts: Mapping[str, AnnotatedText], figures: Iterable[FigureExample]
) -> tuple[Contradiction, ...]:
    """Wordings that bear several labels, those with the most rare labels first."""
    seen: dict[str, dict[str, list[FigureExample]]] = defaultdict(lambda: defaultdict(list))
    for one in certain(figures):
        wording = wording_of(texts[one.text_id].text, one)
        if len(wording) - len(_OPEN + _CLOSE) >= _SHORTEST:
            seen[wording][one.metric].append(one)
    found = [(wording, labels) for wording, labels in seen.items() if len(labels) > 1]
    found.sort(key=lambda one: (-_rarer(one[1]), one[0]))
    return tuple(
        Contradiction(
            wording,
            tuple(
                Label(
                    label, len(ones), ones[0].text_id, _words(texts[ones[0].text_id].text, ones[0])
                )
                for label, ones in sorted(labels.items(), key=lambda pair: (-len(pair[1]), pair[0]))
            ),
        )
        for wording, labels in found
    )


def _rarer(labels: Mapping[str, list[FigureExample]]) -> int:
    """How many figures do not bear the commonest label."""
    counts = Counter({label: len(ones) for label, ones in labels.items()})
    return counts.total() - counts.most_common(1)[0][1]


def wording_of(text: str, one: FigureExample) -> str:
    """The clause of a figure, masked, the figure marked: 培训3期 and 200人次 of one clause differ."""
    first, last = _clause(text, one)
    parts = (text[first : one.start], text[one.start : one.end], text[one.end : last])
    before, figure, behind = (masked("".join(part.split())) for part in parts)
    return f"{before}{_OPEN}{figure}{_CLOSE}{behind}"


def _words(text: str, one: FigureExample) -> str:
    first, last = _clause(text, one)
    return "".join(text[first:last].split())


def _clause(text: str, one: FigureExample) -> tuple[int, int]:
    ends = (place for mark in _MARKS if (place := text.find(mark, one.end)) >= 0)
    lines = text.rfind("\n", 0, one.start) + 1
    return clause_start(text, one.start, lines), min(ends, default=len(text))
