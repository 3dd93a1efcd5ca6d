"""What a figure's sentence is about, and which channel it speaks of."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache

import regex

from nlp.records import Passage, Role
from nlp.rules.load import vocabulary

_OF_ROLE: dict[Role, tuple[str, ...]] = {
    "requests": ("request", "fee"),
    "review": ("review", "litigation", "complaint", "foi"),
    "proposals": ("proposal",),
}
_BROAD = ("request", "fee", "proposal", "complaint", "training", "normative", "regulation", "press", "interview",
          "review", "litigation", "procurement", "foi", "admin_fee",
          "interpretation", "consultation", "message")  # fmt: skip
_REACH = 220
_DISPUTES = ("review", "litigation", "complaint")
# What takes a topic away when it stands nearer to the figure.
_RIVALS = {
    "review": ("litigation", "complaint"), "litigation": ("review", "complaint"), "complaint": ("review", "litigation"),
    "request": ("proposal",), "proposal": ("request",), "press": ("interview",), "interview": ("press",),
}  # fmt: skip
_EXCLUSIVE = {
    "request": ("service", "hotline", "review", "litigation", "mail"),
    "proposal": ("hotline", "letters"),
}


@cache
def _topic_patterns() -> dict[str, regex.Pattern[str]]:
    return {name: regex.compile(words) for name, words in vocabulary().topics.items()}


@cache
def _channel_pattern() -> regex.Pattern[str]:
    groups = vocabulary().channels
    return regex.compile("|".join(f"(?P<c{i}>{words})" for i, words in enumerate(groups.values())))


@lru_cache(maxsize=8192)
def _starts(topic: str, text: str) -> tuple[int, ...]:
    """Where a passage speaks of a topic; asked many times for each passage, found once."""
    return tuple(found.start() for found in _topic_patterns()[topic].finditer(text))


@lru_cache(maxsize=256)
def named_places(text: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The topics that a passage speaks of, each with the places where."""
    found = ((topic, _starts(topic, text)) for topic in vocabulary().topics)
    return tuple((topic, starts) for topic, starts in found if starts)


def last_named(topic: str, text: str, start: int, end: int) -> int:
    """The last place in `text[start:end]` where a topic is named, or -1."""
    starts = _starts(topic, text)
    index = bisect_left(starts, end) - 1
    return starts[index] if index >= 0 and starts[index] >= start else -1


def about(
    topic: str, passage: Passage, floor: int, at: int, end: int, words: str | None = None
) -> bool:
    """Whether the figure at `at` (evidence up to `end`, sentence from `floor`) is about `topic`.

    The words of the sentence come first, then those before it in the passage, its heading, and
    the role of its section; a nearer rival (窗口 for requests) takes the topic away. `topic!`
    asks for the sentence itself, `heading:topic` for the heading; `words` is the member of a
    parallel list that was read."""
    if topic.startswith("channel:"):
        own = named_channels(words, 0, len(words)) if words else []
        named = own[0] if len(own) == 1 else channel(passage.text, floor, at)
        return named == topic.removeprefix("channel:")
    if topic.startswith("heading:"):
        return mentions(topic.removeprefix("heading:"), passage.heading)
    strict, topic = topic.endswith("!"), topic.rstrip("!")
    patterns = _topic_patterns()
    if words and patterns[topic].search(words):
        return True
    place = last_named(topic, passage.text, floor, end)
    rivals = [last_named(name, passage.text, floor, end) for name in _RIVALS.get(topic, ())]
    if place >= 0 or max(rivals, default=-1) >= 0:
        if place < 0 or place < max(rivals, default=-1):
            return False
        nearer = [last_named(name, passage.text, floor, at) for name in _EXCLUSIVE.get(topic, ())]
        return place >= max(nearer, default=-1)
    if strict or any(
        last_named(name, passage.text, floor, at) >= 0 for name in _EXCLUSIVE.get(topic, ())
    ):
        return False
    return topic in _BROAD and _from_afar(topic, passage, floor)


def of_disputes(passage: Passage, floor: int) -> bool:
    """Whether what stands before a sentence (from `floor`) speaks last of reviews, lawsuits or
    complaints, not of requests; without such words, whether its heading or section does."""
    start = max(0, floor - _REACH)
    place = max(last_named(name, passage.text, start, floor) for name in _DISPUTES)
    request = last_named("request", passage.text, start, floor)
    if max(place, request) >= 0:
        return place > request
    return passage.role == "review" or any(mentions(name, passage.heading) for name in _DISPUTES)


def mentions(topic: str, words: str) -> bool:
    """Whether some words speak of a topic at all."""
    return bool(_topic_patterns()[topic].search(words))


def possible(topics: tuple[str, ...], passage: Passage, start: int, end: int) -> bool:
    """Whether some figure of the sentence `text[start:end]` can be about one of `topics`: cheap,
    asked before the rules run; `about` decides for each figure."""
    wanted = [topic.rstrip("!") for topic in topics if not topic.startswith("-")]
    if not wanted:
        return True
    for topic in wanted:
        if topic.startswith("channel:"):
            if any(start - 60 <= at and stop <= end for at, stop, _ in _channels(passage.text)):
                return True
        elif topic.startswith("heading:"):
            if mentions(topic.removeprefix("heading:"), passage.heading):
                return True
        elif last_named(topic, passage.text, start, end) >= 0 or (
            topic in _BROAD and _from_afar(topic, passage, start)
        ):
            return True
    return False


def _from_afar(topic: str, passage: Passage, floor: int) -> bool:
    """The topic as the sentences before, the heading or the section give it; nearest first."""
    patterns = _topic_patterns()
    start = max(0, floor - _REACH)
    place = last_named(topic, passage.text, start, floor)
    rivals = [last_named(name, passage.text, start, floor) for name in _RIVALS.get(topic, ())]
    if place >= 0 or max(rivals, default=-1) >= 0:
        return place >= max(rivals, default=-1)
    return bool(patterns[topic].search(passage.heading)) or topic in _OF_ROLE.get(passage.role, ())


@lru_cache(maxsize=256)
def _channels(text: str) -> tuple[tuple[int, int, str], ...]:
    names = list(vocabulary().channels)
    return tuple(
        (*m.span(), names[int(str(m.lastgroup)[1:])]) for m in _channel_pattern().finditer(text)
    )


def channel(text: str, floor: int, at: int) -> str | None:
    """The publication channel named last before `at`, from `floor` on, then a little further back;
    None where several share the figure (微博、微信共发布) or none is named."""
    found = [one for one in _channels(text) if floor <= one[0] and one[1] <= at]
    if not found:
        found = [
            one for one in _channels(text) if max(0, floor - 60) <= one[0] and one[1] <= floor
        ][-1:]
    if not found:
        return None
    if len(found) > 1 and _joined(text[found[-2][1] : found[-1][0]]):
        return None
    return found[-1][2]


def named_channels(text: str, start: int, end: int) -> list[str]:
    """The distinct channels that a stretch of text names."""
    return list(
        dict.fromkeys(name for at, stop, name in _channels(text) if start <= at and stop <= end)
    )


def _joined(between: str) -> bool:
    digits = any(letter.isdigit() for letter in between)
    return len(between) <= 8 and not digits and any(mark in between for mark in "、和及与")
