"""What must stand in a sentence for a pattern to match, read off the pattern itself.

    (?:{receive}|承办){gap}申请{figure}      one of 收到, 接到 … 承办; and 申请

Most patterns whose `needs` a sentence meets find nothing there. Looking for a few words costs a
fraction of a search, and what is never searched for is never compiled: that is what a process that
reads one report gains by it. Syntax that is not understood here asks for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import product
from typing import NamedTuple

Gate = frozenset[str]
_MOST = 48  # words of a gate; looking for more costs as much as searching

_TOKEN = re.compile(
    r"\(\?(?P<around><?[=!])|(?P<open>\((?:\?:|\?P<\w+>|(?!\?)))|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<repeat>[*+?]|\{\d*,?\d*\})[?+]?|\{(?P<macro>\w+)\}|\[(?P<inside>\^?\]?(?:\\.|[^\]\\])*)\]"
    r"|\\u(?P<code>[0-9a-f]{4})|\\(?P<escaped>\W)|(?P<edge>[\^$])|(?P<any>\\\w|\.)|(?P<plain>[^()\[\]{}|*+?.^$\\])"
)


class Part(NamedTuple):
    """`exact`: all that a part of a pattern can match, None where that is too much to tell;
    `gates`: of each, one word is in whatever the part matches."""

    exact: tuple[str, ...] | None
    gates: tuple[Gate, ...] = ()


_EMPTY, _UNKNOWN = Part(("",)), Part(None)


def gates_of(pattern: str, macro: Callable[[str], Part]) -> Part:
    """What the pattern asks for; `macro` knows that of the macros. Nothing for a pattern with
    syntax that is not known here."""
    try:
        part, end = _choice(pattern, 0, macro)
    except (ValueError, IndexError):  # IndexError: nothing to repeat
        return _UNKNOWN
    return part if end == len(pattern) else _UNKNOWN


def useful(
    gates: Iterable[Gate], needs: tuple[str, ...], always: str
) -> tuple[tuple[str, ...], ...]:
    """The gates that tell more than `needs` and the characters that `always` stand there, those
    with few words first."""
    kept = {
        tuple(sorted(gate))
        for gate in map(_shortest, gates)
        if not gate & set(always) and not all(any(word in need for word in gate) for need in needs)
    }
    return tuple(sorted(kept, key=lambda gate: (len(gate), gate)))


def _choice(pattern: str, at: int, macro: Callable[[str], Part]) -> tuple[Part, int]:
    """The alternatives from `at` on, and where they end."""
    ways = []
    while True:
        part, at = _sequence(pattern, at, macro)
        ways.append(part)
        if pattern[at : at + 1] != "|":
            return _either(ways), at
        at += 1


def _sequence(pattern: str, at: int, macro: Callable[[str], Part]) -> tuple[Part, int]:
    parts: list[Part] = []
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise ValueError(pattern)
        kind = token.lastgroup
        if kind in ("bar", "close"):
            break
        at = token.end()
        if kind == "repeat":
            parts.append(_repeated(parts.pop(), token["repeat"]))
        elif kind in ("open", "around"):
            part, at = _choice(pattern, at, macro)
            if pattern[at : at + 1] != ")":
                raise ValueError(pattern)
            at += 1
            parts.append(part if kind == "open" else _EMPTY)
        else:
            parts.append(_atom(token, macro))
    return _joined(parts), at


def _atom(token: re.Match[str], macro: Callable[[str], Part]) -> Part:
    kind, said = token.lastgroup, token[token.lastgroup or 0]
    if kind == "macro":
        return macro(said)
    if kind == "inside":
        return _UNKNOWN if re.search(r"^\^|\\|.-.", said) else Part(tuple(said))
    if kind == "edge":
        return _EMPTY
    if kind == "any":
        return _UNKNOWN
    return Part((chr(int(said, 16)) if kind == "code" else said,))


def _repeated(part: Part, often: str) -> Part:
    if often == "?":
        return Part(("", *part.exact)) if part.exact is not None else _UNKNOWN
    least = {"*": 0, "+": 1}.get(often)
    if least is None:
        least = int(re.sub(r"\D.*", "", often[1:]) or 0)
    return Part(None, _joined([part]).gates) if least else _UNKNOWN


def _either(ways: list[Part]) -> Part:
    exact = [way.exact for way in ways]
    together = dict.fromkeys(word for words in exact if words is not None for word in words)
    gates = [_most_telling(way.gates) for way in ways]
    gate = frozenset[str]().union(*(one for one in gates if one))
    return (
        Part(
            tuple(together) if None not in exact and len(together) <= _MOST else None,
            (gate,) if all(gates) and len(gate) <= _MOST else (),
        )
        if len(ways) > 1
        else ways[0]
    )


def _joined(parts: list[Part]) -> Part:
    """Parts one behind the other: words that follow each other make longer ones."""
    gates: list[Gate] = []
    run: tuple[str, ...] = ("",)
    whole = True
    for part in parts:
        if part.exact is not None and len(run) * len(part.exact) <= _MOST:
            run = tuple("".join(pair) for pair in product(run, part.exact))
            continue
        gates += (frozenset(run), *part.gates)
        run, whole = ("",), False
    gates.append(frozenset(run))
    return Part(run if whole else None, tuple(gate for gate in gates if gate and "" not in gate))


def _most_telling(gates: tuple[Gate, ...]) -> Gate | None:
    return max(gates, key=lambda gate: (min(map(len, gate)), -len(gate)), default=None)


def _shortest(gate: Gate) -> Gate:
    """Without the words that hold another one of them."""
    return frozenset(
        word for word in gate if not any(other != word and other in word for other in gate)
    )
