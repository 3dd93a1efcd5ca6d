"""What a figure's sentence is about, and which channel it speaks of."""

from __future__ import annotations

from functools import cache

import regex

from nlp.records import Passage, Role
from nlp.rules.load import vocabulary

_OF_ROLE: dict[Role, tuple[str, ...]] = {
    "requests": ("request", "fee"),
    "review": ("review", "litigation", "complaint"),
    "proposals": ("proposal",),
}
_BROAD = ("request", "fee", "proposal", "complaint", "training", "normative", "regulation", "press", "interview")
_REACH = 220
_EXCLUSIVE = {"request": ("service", "hotline", "review", "litigation"), "proposal": ("hotline",)}


@cache
def _topic_patterns() -> dict[str, regex.Pattern[str]]:
    return {name: regex.compile(words) for name, words in vocabulary().topics.items()}


@cache
def _channel_pattern() -> regex.Pattern[str]:
    groups = vocabulary().channels
    return regex.compile("|".join(f"(?P<c{i}>{words})" for i, words in enumerate(groups.values())))


def _last(pattern: regex.Pattern[str], text: str, start: int, end: int) -> int:
    at = -1
    for found in pattern.finditer(text, start, end):
        at = found.start()
    return at


def about(topic: str, passage: Passage, floor: int, at: int, end: int) -> bool:
    """Whether the figure at `at` (evidence up to `end`, sentence from `floor`) is about `topic`.

    The words of the sentence come first, then those before it in the passage, its heading, and
    the role of its section; a nearer rival (窗口 for requests) takes the topic away."""
    if topic.startswith("channel:"):
        return channel(passage.text, floor, at) == topic.removeprefix("channel:")
    patterns = _topic_patterns()
    own = _last(patterns[topic], passage.text, floor, end)
    if topic in ("review", "litigation"):
        rival = _last(patterns["litigation" if topic == "review" else "review"], passage.text, floor, end)
        if own >= 0 or rival >= 0:
            return own > rival
    if own >= 0:
        rivals = [_last(patterns[name], passage.text, floor, at) for name in _EXCLUSIVE.get(topic, ())]
        return own >= max(rivals, default=-1) or topic not in ("request",)
    if any(_last(patterns[name], passage.text, floor, at) >= 0 for name in _EXCLUSIVE.get(topic, ())):
        return False
    if topic not in _BROAD and topic not in ("review", "litigation", "staff", "message", "interpretation"):
        return False
    if patterns[topic].search(passage.text, max(0, floor - _REACH), floor):
        return True
    if patterns[topic].search(passage.heading) or topic in _OF_ROLE.get(passage.role, ()):
        return True
    return False


def channel(text: str, floor: int, at: int) -> str | None:
    """The publication channel named last before `at`, from `floor` on, then a little further back;
    None where several share the figure (微博、微信共发布) or none is named."""
    found = list(_channel_pattern().finditer(text, floor, at))
    if not found:
        found = list(_channel_pattern().finditer(text, max(0, floor - 60), floor))[-1:]
    if not found:
        return None
    last = found[-1]
    if len(found) > 1 and _joined(text[found[-2].end() : last.start()]):
        return None
    return list(vocabulary().channels)[int(str(last.lastgroup)[1:])]


def named_channels(text: str, start: int, end: int) -> list[str]:
    """The distinct channels that a stretch of text names."""
    names = list(vocabulary().channels)
    return list(dict.fromkeys(names[int(str(m.lastgroup)[1:])] for m in _channel_pattern().finditer(text, start, end)))


def _joined(between: str) -> bool:
    return len(between) <= 8 and any(mark in between for mark in "、和及与")
