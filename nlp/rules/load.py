"""Read the rules: one TOML file per theme, one table per rule.

    [[rule]]
    id = "training.sessions.held"       unique
    metric = "training.sessions"        a code of metrics.tsv; `disclosure.*` leaves the channel open,
                                        `disclosure.channel` wants just one
    needs = ["培训"]                     one of these must stand in the sentence (tried before the pattern)
    pattern = '''{hold}{gap}培训班?{figure}'''
    units = "session"                   a unit class of vocabulary.toml; left out: any
    topic = ["request"]                 what the sentence, its passage or heading must be about;
                                        "heading:fee": what its heading must say;
                                        "-hotline": what the sentence must not have spoken of before
    unless = '''就业|技能'''              not where the clause says this
    value = 0                           a statement without a figure (未收到…)
    basis = "part"                      where it is not "total"
    also = true                         may state a second metric with the same figure
    others = true                       only where another body is the subject
    rank = 1                            above rules of a lower rank; else the longer match wins
    why = "…"  examples = ["…{3}期"]  rejects = ["…"]

Patterns run on masked sentences (`match.py`); the macros in braces are those of `vocabulary.toml`
and `{figure}`, the number with its unit and the words that may link it to its noun.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

import regex

from nlp.errors import InstallationError
from nlp.records import Basis, Number
from nlp.rules.gates import Part, gates_of, useful

FIGURE, FIGURE_END = "\ue000", "\ue001"
_FIELDS = {
    "id", "metric", "needs", "pattern", "units", "topic", "unless", "value", "basis", "also", "others", "rank", "why",
    "examples", "rejects",
}  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """Word classes, unit classes and topics that patterns refer to."""

    macros: dict[str, str]
    units: dict[str, frozenset[str]]
    topics: dict[str, str]
    channels: dict[str, str]


@dataclass(frozen=True)
class Rule:
    """One rule; `compiled` is built when first needed, since most reports need few of them."""

    id: str
    metric: str
    needs: tuple[str, ...]
    pattern: str
    units: frozenset[str] | None
    topic: tuple[str, ...]
    unless: str | None
    value: Number | None
    basis: Basis
    also: bool
    others: bool
    rank: int
    why: str
    examples: tuple[str, ...]
    rejects: tuple[str, ...]

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        try:
            return regex.compile(expand(self.pattern))
        except regex.error as error:
            raise _broken(f"规则 {self.id} 的 pattern 有误（{error}）") from error

    @cached_property
    def gates(self) -> tuple[tuple[str, ...], ...]:
        """Of each, one word stands in every sentence that the pattern matches."""
        asked = gates_of(self.pattern, _part).gates
        return useful(asked, self.needs, FIGURE + FIGURE_END)

    def may_match(self, text: str) -> bool:
        """Whether the words stand in a masked sentence without which the pattern cannot match."""
        for gate in self.gates:
            for word in gate:
                if word in text:
                    break
            else:
                return False
        return True

    @cached_property
    def compiled_unless(self) -> regex.Pattern[str] | None:
        return regex.compile(expand(self.unless)) if self.unless else None


def _broken(problem: str) -> InstallationError:
    return InstallationError(
        "rules", problem, where="nlp/rules/data", advice="请重新安装 nianbao-nlp"
    )


def _toml(name: str) -> dict[str, Any]:
    path = resources.files("nlp.rules") / "data" / name
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _broken(f"{name} 无法读取（{error}）") from error


@cache
def vocabulary() -> Vocabulary:
    """The word classes of `vocabulary.toml`. Raises `InstallationError`."""
    raw = _toml("vocabulary.toml")
    try:
        units = {name: frozenset(words) for name, words in raw["units"].items()}
        return Vocabulary(raw["macros"], units, raw["topics"], raw["channels"])
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken(f"vocabulary.toml 缺少 {error}") from error


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of file names. Raises `InstallationError`."""
    folder = resources.files("nlp.rules") / "data"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    found = [
        _rule(raw, name)
        for name in names
        if name != "vocabulary.toml"
        for raw in _toml(name).get("rule", [])
    ]
    if not found:
        raise _broken("没有任何规则文件")
    return tuple(found)


def _rule(raw: dict[str, Any], file: str) -> Rule:
    where = f"{file} 中的规则 {raw.get('id', '（无 id）')}"
    unknown = raw.keys() - _FIELDS
    missing = {"id", "metric", "needs", "pattern", "examples"} - raw.keys()
    if unknown or missing:
        raise _broken(f"{where} 字段有误：{'、'.join(sorted(unknown | missing))}")
    if ("{figure}" in raw["pattern"]) == ("value" in raw):
        raise _broken(f"{where} 须且只须有 {{figure}} 或 value 之一")
    unit_class = raw.get("units")
    if unit_class is not None and unit_class not in vocabulary().units:
        raise _broken(f"{where} 的 units 未在 vocabulary.toml 中定义：{unit_class}")
    return Rule(
        id=raw["id"],
        metric=raw["metric"],
        needs=tuple(raw["needs"]),
        pattern=raw["pattern"],
        units=vocabulary().units[unit_class] if unit_class else None,
        topic=tuple(raw.get("topic", ())),
        unless=raw.get("unless"),
        value=raw.get("value"),
        basis=raw.get("basis", "total"),
        also=raw.get("also", False),
        others=raw.get("others", False),
        rank=raw.get("rank", 0),
        why=raw.get("why", ""),
        examples=tuple(raw["examples"]),
        rejects=tuple(raw.get("rejects", ())),
    )


@cache
def _macros() -> dict[str, str]:
    link = vocabulary().macros["link"]
    mark = f"(?P<figure>{FIGURE}[^{FIGURE_END}]{{0,8}}{FIGURE_END})"
    # At most twelve link words: an unbounded run is quadratic on hostile text (（（（（…).
    own = {"figure": f"(?:{link}){{0,12}}+{mark}", "mark": mark}
    nothing = f"{FIGURE}{FIGURE_END}"
    own["gap"] = f"[^，。；：！？,;:{nothing}]{{0,24}}?"
    own["far"] = f"[^。；！？;{nothing}]{{0,48}}?"
    own["no"] = f"[^，。；：！？,;:{nothing}]"
    shared = {name: f"(?:{words})" for name, words in vocabulary().macros.items()}
    return own | shared | {"tail": shared["tail"] + "*"}


@cache
def _part(macro: str) -> Part:
    """What a macro asks for."""
    return gates_of(_macros().get(macro, "."), _part)


def expand(pattern: str) -> str:
    """Replace the macros of a pattern; those of the vocabulary may use each other."""
    macros = _macros()
    # A figure that opens a pattern has no noun before it to be linked to.
    pattern = re.sub(r"(^|\|)\{figure\}", r"\1{mark}", pattern)
    for _ in range(4):
        for name, words in macros.items():
            pattern = pattern.replace("{" + name + "}", words)
        if "{" not in pattern or not any("{" + name + "}" in pattern for name in macros):
            break
    return pattern
