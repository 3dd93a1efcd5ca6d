"""The row labels of the statistics tables: what the template files say, and where labels stand.

Labels are printed with anything between their characters (wraps, cell borders, page breaks), so
they are searched in a compact string that lacks blanks and borders, in one pass for all
templates, and found places are mapped back to the document.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Any, Literal, NamedTuple

from nlp.errors import InstallationError

Family = Literal["single", "applicants", "chapter_two"]
FILES = ("2014", "local", "2019", "2021")


@dataclass(frozen=True, slots=True)
class Row:
    """A row label: what it counts in tables of its family.

    `metric` is empty for rows that are known but count something else. In chapter two it is the
    first half of a code, and `kind` also names columns and captions.
    """

    family: Family
    metric: str
    kind: Literal["row", "subtotal", "column", "caption"] = "row"
    template: str = ""
    unit: str = "件"
    order: int = 0
    under: tuple[str, ...] = ()
    block: bool = False
    bare: tuple[str, ...] = ()


class Hit(NamedTuple):
    """A label at `start:end` of the document, `at` in the compact text."""

    start: int
    end: int
    at: int
    rows: dict[Family, Row]


@dataclass(frozen=True, slots=True)
class Templates:
    """Everything the template files say, ready for use."""

    search: re.Pattern[str]
    rows: dict[str, dict[Family, Row]]
    applicants: tuple[str, ...]
    applicant_rows: tuple[Row, ...]
    chapter_two: dict[str, dict[str, tuple[str, ...]]]  # template -> row code -> column codes
    review_groups: tuple[tuple[str, str], ...]
    review_names: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    header: tuple[str, ...]
    caption: tuple[str, ...]
    least_rows: int


@dataclass(slots=True)
class _Builder:
    rows: dict[str, dict[Family, Row]] = field(default_factory=dict)
    applicant_rows: list[Row] = field(default_factory=list)
    chapter_two: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    header: list[str] = field(default_factory=list)
    caption: list[str] = field(default_factory=list)

    def add(self, row: Row, patterns: Iterable[str]) -> None:
        for pattern in patterns:
            for label in expand(pattern):
                # A label shared by two rows of a family keeps the first: files go from the
                # national forms to the local ones.
                self.rows.setdefault(label, {}).setdefault(row.family, row)


@cache
def templates() -> Templates:
    """The template files. Raises `InstallationError` where one is missing or damaged."""
    files = {name: _read(name) for name in FILES}
    built = _Builder()
    for name, data in files.items():
        try:
            _add_singles(built, name, data)
            _add_applicants(built, name, data)
            _add_chapter_two(built, name, data)
        except (KeyError, TypeError, ValueError) as error:
            raise _broken(name, f"缺少或写错 {error}") from error
        built.header += data.get("header", [])
        built.caption += data.get("caption", [])
    of_2019 = files["2019"]
    return Templates(
        search=re.compile(trie(built.rows)),
        rows=built.rows,
        applicants=tuple(of_2019["applicants"]["columns"]),
        applicant_rows=tuple(built.applicant_rows),
        chapter_two=built.chapter_two,
        review_groups=tuple((g["code"], g["label"]) for g in of_2019["review"]["group"]),
        review_names=tuple(of_2019["review"]["names"]),
        columns={key: tuple(words) for key, words in files["local"]["columns"].items()},
        header=tuple(dict.fromkeys(built.header)),
        caption=tuple(dict.fromkeys(built.caption)),
        least_rows=files["2014"]["least_rows"],
    )


def _read(name: str) -> dict[str, Any]:
    try:
        path = resources.files("nlp.structure").joinpath("templates", f"{name}.toml")
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _broken(name, f"无法读取（{type(error).__name__}）") from error


def _broken(name: str, problem: str) -> InstallationError:
    where = f"nlp/structure/templates/{name}.toml"
    return InstallationError("templates", problem, where=where, advice="请重新安装 nianbao-nlp")


def _add_singles(built: _Builder, name: str, data: dict[str, Any]) -> None:
    for item in data.get("row", []):
        row = Row(
            "single",
            item["metric"],
            template=name,
            unit=item.get("unit", ""),
            under=tuple(item.get("under", ())),
            block=item.get("block", False),
        )
        built.add(row, item["labels"])


def _add_applicants(built: _Builder, name: str, data: dict[str, Any]) -> None:
    for item in data.get("applicants", {}).get("row", []):
        row = Row(
            "applicants",
            item["metric"],
            kind="subtotal" if item.get("subtotal") else "row",
            template=name,
            bare=tuple(item.get("bare", ())),
        )
        built.applicant_rows.insert(_place(built.applicant_rows, item.get("after")), row)
        built.add(row, item["labels"])


def _place(rows: list[Row], after: str | None) -> int:
    """Where a row goes: behind `after` and what already stands under that row."""
    if after is None:
        return len(rows)
    return max(i for i, row in enumerate(rows) if f"{row.metric}.".startswith(f"{after}.")) + 1


def _add_chapter_two(built: _Builder, name: str, data: dict[str, Any]) -> None:
    chapter = data.get("chapter_two", {})
    for item in chapter.get("row", []):
        built.chapter_two.setdefault(name, {})[item["code"]] = tuple(item["columns"])
        built.add(Row("chapter_two", item["code"], template=name), item.get("labels", ()))
    for item in chapter.get("column", []):
        row = Row("chapter_two", item["code"], kind="column", template=name)
        built.add(row, item["labels"])
    for item in chapter.get("caption", []):
        built.add(Row("chapter_two", "", kind="caption", template=name), item["labels"])


def expand(pattern: str) -> list[str]:
    """The plain strings of a label pattern: `(a|b)` alternatives, `x?` or `(ab)?` optional."""
    strings, end = _alternatives(pattern, 0)
    if end != len(pattern):
        raise ValueError(pattern)
    return [string for string in dict.fromkeys(strings) if string]


def _alternatives(pattern: str, at: int) -> tuple[list[str], int]:
    done: list[str] = []
    strings = [""]
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            done, strings, at = done + strings, [""], at + 1
            continue
        if pattern[at] == "(":
            choices, at = _alternatives(pattern, at + 1)
            if pattern[at : at + 1] != ")":
                raise ValueError(pattern)
        else:
            choices = [pattern[at]]
        at += 1
        if pattern[at : at + 1] == "?":
            choices, at = [*choices, ""], at + 1
        strings = [head + tail for head in strings for tail in choices]
    return done + strings, at


def trie(words: Iterable[str]) -> str:
    """One pattern for all words: longest first, no character tried twice."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branch(root)


def _branch(node: dict[str, Any]) -> str:
    branches = []
    for char in sorted(node.keys() - {""}):
        text = re.escape(char)
        below = node[char]
        while len(below) == 1 and "" not in below:
            (char, below), *_ = below.items()
            text += re.escape(char)
        branches.append(text + (_branch(below) if below.keys() - {""} else ""))
    if len(branches) == 1 and "" not in node:
        return branches[0]
    return f"(?:{'|'.join(branches)})" + ("?" if "" in node else "")


@dataclass(frozen=True, slots=True)
class Compact:
    """A text without blanks and cell borders. `text[i]` stands at `place(i)` of the document."""

    text: str
    starts: tuple[list[int], list[int]]  # of runs without blanks: in `text`, in the document

    def place(self, at: int) -> int:
        """The document offset of a character."""
        run = bisect_right(self.starts[0], at) - 1
        return self.starts[1][run] + at - self.starts[0][run]


_RUN = re.compile(r"[^\s|*\u200b\ufeff]+")


def compact(view: str) -> Compact:
    """The text without blanks and borders, brackets and full stops of one kind."""
    spans = [run.span() for run in _RUN.finditer(view)]
    starts = [start for start, _ in spans]
    lengths = [end - start for start, end in spans]
    in_text = [0, *accumulate(lengths)][:-1]
    text = (
        "".join([view[start:end] for start, end in spans])
        .replace("(", "（")
        .replace(")", "）")
        .replace("．", ".")
    )
    return Compact(text, (in_text, starts))


def find_labels(squeezed: Compact) -> list[Hit]:
    """Every label of every template, leftmost and longest, in text order."""
    known = templates()
    rows = known.rows
    place = squeezed.place
    return [
        Hit(place(found.start()), place(found.end() - 1) + 1, found.start(), rows[found.group()])
        for found in known.search.finditer(squeezed.text)
    ]
