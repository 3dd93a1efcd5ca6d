"""Section `items`: problems and plans of whole reports, their topics, and which kind is taken for
which; and the classifier's opinion of marked clauses, in reports and alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nlp.annotations import AnnotatedText
from nlp.classifier.examples import ClauseExample
from nlp.classifier.reader import NEITHER
from nlp.classifier.store import Models
from nlp.evaluate.answers import BOTH, RULES, Answer, Answers
from nlp.markup import Mark
from nlp.records import Item
from nlp.scoring import Counts, score_items

WITHOUT, WITH = "without_reader", "with_reader"
_ITEMS = ("problem", "plan", "remedy")
_COMMON = 0.5  # of the words of a mark and an item that are the same one


@dataclass(frozen=True, slots=True)
class Topics:
    """Found items whose mark carries a topic: how many, how many of them were given one, and the
    right one."""

    marked: int
    given: int
    right: int


@dataclass(frozen=True, slots=True)
class Taken:
    """How often `true` was taken for `predicted`."""

    true: str
    predicted: str
    count: int


@dataclass(frozen=True, slots=True)
class ItemScores:
    """`items`, `topics` and `kinds` of the pipeline in whole reports, by whether it had the reader;
    `clause_kinds` and `clause_topics` of the classifier alone, on marked clauses of all texts."""

    reports: int
    items: dict[str, dict[str, Counts]]
    topics: dict[str, Topics]
    kinds: dict[str, tuple[Taken, ...]]
    clause_kinds: tuple[Taken, ...]
    clause_topics: Topics


def score(read: Answers, clauses: Sequence[ClauseExample], models: Models) -> ItemScores:
    """Count items and topics. Lone sentences give the pipeline no items to find."""
    systems = {
        name: [a for a in read[system] if a.scope == "reports" and has_items(a.one)]
        for name, system in ((WITHOUT, RULES), (WITH, BOTH))
    }
    topics = [
        (one.topic, models["topic"].judge(one.features, 0).label) for one in clauses if one.topic
    ]
    return ItemScores(
        len(systems[WITH]),
        {name: _by_kind(found) for name, found in systems.items()},
        {name: topics_of(found) for name, found in systems.items()},
        {name: confused(_kinds(found)) for name, found in systems.items()},
        confused((one.kind, models["kind"].judge(one.features, 0).label) for one in clauses),
        Topics(len(topics), len(topics), sum(true == said for true, said in topics)),
    )


def has_items(one: AnnotatedText) -> bool:
    return any(mark.kind in _ITEMS for mark in one.marks)


def _by_kind(found: Sequence[Answer]) -> dict[str, Counts]:
    """Counts of all items, of problems and of plans."""

    def count(kinds: tuple[str, ...]) -> Counts:
        return sum((_counts(answer, kinds) for answer in found), Counts())

    return {"all": count(("problem", "plan")), "problem": count(("problem",)),
            "plan": count(("plan",))}  # fmt: skip


def _counts(answer: Answer, kinds: tuple[str, ...]) -> Counts:
    """As `score_items` counts: kinds are judged apart, so that leaving one out changes no other."""
    marks = tuple(m for m in answer.one.marks if m.kind in (*kinds, "remedy"))
    items = [item for item in answer.items if item.kind in kinds]
    return score_items(items, replace(answer.one, marks=marks))


def topics_of(found: Iterable[Answer]) -> Topics:
    """The topics of items that were found as what they are."""
    pairs = [
        (mark.topic, item.topic)
        for answer in found
        for mark, item in paired(answer)
        if mark and item and mark.kind == item.kind and mark.topic
    ]
    given = [(true, said) for true, said in pairs if said is not None]
    return Topics(len(pairs), len(given), sum(true == said for true, said in given))


def _kinds(found: Iterable[Answer]) -> Iterable[tuple[str, str]]:
    for answer in found:
        for mark, item in paired(answer):
            yield mark.kind if mark else NEITHER, item.kind if item else NEITHER


def confused(pairs: Iterable[tuple[str, str]]) -> tuple[Taken, ...]:
    """Each pair of true and predicted kind with its count, the right ones too."""
    counts = sorted(Counter(pairs).items(), key=lambda one: (-one[1], one[0]))
    return tuple(Taken(true, said, count) for (true, said), count in counts)


def paired(answer: Answer) -> list[tuple[Mark | None, Item | None]]:
    """Each marked item with the found one that has most words in common, of whatever kind; then
    the found ones that no mark has."""
    pairs: list[tuple[Mark | None, Item | None]] = []
    taken: set[str] = set()
    for mark in answer.one.marks:
        if mark.kind not in _ITEMS:
            continue
        rivals = [item for item in answer.items if item.id not in taken]
        # Of two items in the same words, a remedy inside a problem, that of the mark's kind.
        best = max(rivals, key=lambda i: (_shared(i, mark), i.kind == mark.kind), default=None)
        if best and _shared(best, mark) >= _COMMON:
            taken.add(best.id)
            pairs.append((mark, best))
        else:
            pairs.append((mark, None))
    return pairs + [(None, item) for item in answer.items if item.id not in taken]


def _shared(item: Item, mark: Mark) -> float:
    """Characters in common, as a share of those in either."""
    common = min(item.end, mark.end) - max(item.start, mark.start)
    return common / (max(item.end, mark.end) - min(item.start, mark.start))
