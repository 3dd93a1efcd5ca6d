"""Whose figure it is, from the sentence and from the paragraph before it."""

from __future__ import annotations

import re
from bisect import bisect_left

from nlp.context.sentence import Sentence
from nlp.context.subjects import Agency, subject_of
from nlp.records import Passage

_FIRST_CLAUSE = re.compile(r"[，；：]")
_ITEM_HEAD = re.compile(
    r"[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.、．]|[一二三四五六七八九十]是"
)


def owner_of(
    sentence: Sentence, at: int, agency: Agency, carried: str | None
) -> tuple[str | None, bool]:
    index = bisect_left(sentence.view.places, at)
    subject, said = subject_of(sentence.view.text, index, 0, agency)
    return (carried, False) if not said and carried else (subject, said)


def carried_owner(sentence: Sentence, agency: Agency, carried: str | None) -> str | None:
    """A body that opens a paragraph or a list item stays the subject of the sentences after it."""
    text = sentence.passage.text
    if sentence.start and not _ITEM_HEAD.match(text, sentence.start):
        return carried
    head = _FIRST_CLAUSE.search(sentence.view.text)
    at = head.start() if head else len(sentence.view.text)
    subject, said = subject_of(sentence.view.text, at, 0, agency)
    return subject if said else carried


def in_words(sentence: Sentence, at: int, name: str) -> bool:
    text = sentence.passage.text
    return name in text[max(sentence.start, at - len(name) - 2) : at]


def printed(name: str, passage: Passage, text: str) -> str:
    """A name as the document prints it (traditional characters, say), not as it was folded."""
    index = passage.text.find(name)
    if index < 0:
        return name
    return "".join(text[passage.offsets[i]] for i in range(index, index + len(name)))
