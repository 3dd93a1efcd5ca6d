"""The records that the steps hand to each other, and that a library caller receives.

All are frozen. Offsets are half-open code-point offsets into `Document.text`; whatever carries
`start` and `end` also carries the words that stand there, and `text[start:end]` equals them.
Field names are those of the output contract, schema 1.0.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

Number = int | float

Basis = Literal["total", "average", "part", "to_date", "target"]
ItemKind = Literal["problem", "plan", "remedy"]
CheckVerdict = Literal["match", "approximate", "mismatch"]
FindingVerdict = Literal["holds", "violated", "unverifiable"]
Scope = Literal["table", "narrative", "years"]
Role = Literal[
    "preamble",
    "overview",
    "disclosure",
    "requests",
    "review",
    "problems",
    "plans",
    "proposals",
    "other",
]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report came from. `sha256` is of the bytes, `text_length` in characters."""

    path: str
    sha256: str
    format: str
    encoding: str
    text_length: int


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded report. `folded` has one character for each of `text`: digits and Latin letters
    half-width, traditional and compatibility characters simplified; so offsets agree."""

    source: Source
    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """What could not be read, or was ambiguous; offsets where there are any."""

    code: str
    message: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, up to the next heading of its level or above."""

    id: str
    level: int
    heading: str
    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a statistics table; `value` is null where the cell is blank or a dash.
    `raw` is what is printed at `start:end` (empty for a blank cell)."""

    id: str
    metric: str
    applicant: str | None
    value: Number | None
    raw: str
    unit: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Running text freed of line wraps, page marks and blanks. `text[i]` stands at
    `offsets[i]` of the document; the document's own characters are never changed. The cell of a
    table of problems and measures is a passage too, an `item` of the kind that its column says."""

    text: str
    offsets: tuple[int, ...]
    role: Role
    section: str
    heading: str
    item: ItemKind | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The document offsets of `self.text[start:end]` (which must not be empty)."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def find(self, offset: int) -> int:
        """The index in `self.text` of the character at or before a document offset."""
        return max(0, bisect_right(self.offsets, offset) - 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in running text. `start:end` covers qualifier, number, scale and unit
    (近5万人次) in the text it was read from, `unit_start` is where the unit begins."""

    start: int
    end: int
    unit_start: int
    value: Number
    low: Number
    high: Number
    qualifier: str | None
    unit: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the prose with what it counts, whose it is, and where it stands."""

    id: str
    metric: str
    value: Number
    unit: str
    low: Number
    high: Number
    qualifier: str | None
    year: int | None
    subject: str | None
    basis: Basis
    text: str
    start: int
    end: int
    sentence: tuple[int, int]
    method: str
    confidence: float
    what: str | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A named problem, a plan, or a remedy already taken; `ordinal` counts from 1 per kind."""

    id: str
    kind: ItemKind
    ordinal: int
    text: str
    start: int
    end: int
    topic: str | None
    method: str
    confidence: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Prose against table for one metric. `facts` and `cells` are ids."""

    id: str
    metric: str
    verdict: CheckVerdict
    facts: tuple[str, ...]
    cells: tuple[str, ...]
    stated: Number
    table: Number
    difference: Number
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One arithmetic relation that was tested. `evidence` lists ids of cells or facts."""

    id: str
    rule: str
    scope: Scope
    verdict: FindingVerdict
    stated: Number | None
    computed: Number | None
    evidence: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """Who reported on which year. `period` and `published` hold ISO dates."""

    title: str | None
    agency: str | None
    year: int | None
    period: tuple[str, str] | None
    published: str | None
    template: str | None


@dataclass(frozen=True, slots=True)
class ReportResult:
    """Everything that was read from one report, in text order."""

    document: Document
    report: Report
    sections: tuple[Section, ...] = ()
    cells: tuple[Cell, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    warnings: tuple[ReadingWarning, ...] = field(default=())
