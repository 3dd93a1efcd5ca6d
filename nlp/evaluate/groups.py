"""Section `groups`: the three systems by template family, by layout and by the years reported on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nlp.annotations import AnnotatedText
from nlp.evaluate.answers import SYSTEMS, Answer, Answers, total, within
from nlp.scoring import Counts

UNKNOWN = "?"
# The years in which each prescribed form of the tables was in use.
_SPANS = (
    (2013, "2008–2013"),
    (2018, "2014–2018"),
    (2020, "2019–2020"),
    (9999, "2021–"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The texts of a group, and what the systems found in them."""

    name: str
    texts: int
    counts: dict[str, Counts]


@dataclass(frozen=True, slots=True)
class GroupScores:
    """Template and layout of whole reports; years of all texts."""

    templates: tuple[Group, ...]
    layouts: tuple[Group, ...]
    years: tuple[Group, ...]


def score(read: Answers, described: Mapping[str, Mapping[str, Any]]) -> GroupScores:
    """`described` holds the fields of NAME.toml by text id."""

    def field(name: str) -> Callable[[AnnotatedText], str]:
        return lambda one: str(described.get(one.id, {}).get(name, UNKNOWN))

    reports = {name: within(read[name], "reports") for name in SYSTEMS}
    return GroupScores(
        grouped(reports, field("template")),
        grouped(reports, field("layout")),
        grouped(read, lambda one: span_of(one.year)),
    )


def grouped(read: Answers, name_of: Callable[[AnnotatedText], str]) -> tuple[Group, ...]:
    """The groups in the order of their names, what is unknown last."""
    groups: dict[str, dict[str, list[Answer]]] = {}
    for system in SYSTEMS:
        for answer in read[system]:
            systems = groups.setdefault(name_of(answer.one), {name: [] for name in SYSTEMS})
            systems[system].append(answer)
    names = sorted(groups, key=lambda name: (name == UNKNOWN, name))
    return tuple(
        Group(
            name,
            len(groups[name][SYSTEMS[0]]),
            {system: total(answers) for system, answers in groups[name].items()},
        )
        for name in names
    )


def span_of(year: int | None) -> str:
    """The span of years that a year falls into."""
    if year is None:
        return UNKNOWN
    return next(name for last, name in _SPANS if year <= last)
