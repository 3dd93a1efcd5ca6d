"""Whose figure it is, from the sentence and from the paragraph before it."""

from __future__ import annotations

import re
from bisect import bisect_left

from nlp.context.sentence import Sentence
from nlp.context.subjects import Agency, subject_of
from nlp.records import Passage
from nlp.structure.sentences import clause_start

_FIRST_CLAUSE = re.compile(r"[，；：]")
_OF_ALL = re.compile(r"(?:全[省市县区州旗镇系]|各(?:单位|部门|科室|处室|股室|镇街|乡镇|街道|级))")
_OWN_OFFICE = re.compile(r"(?:政府|[局厅委])(?:办公[厅室]|办)$")
_STAFFED = re.compile(r"(?:配备|配有|明确|确定|指定|安排|落实|抽调|设有|现有)[^，。；]{0,20}$")
_HELD = re.compile(r"(?:举办|组织|开展|召开|承办|主办|培训|办)(?:了)?$")
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
    """Whether a body is named only as the one whose people are counted (各处室、委属单位360余人次参训,
    区政府办公室配备专职人员3名): its own training courses (市政府办公室举办2期) are its own."""
    text = sentence.passage.text
    clause = text[clause_start(text, at, sentence.start) : at]
    if _OF_ALL.match(clause) and name not in clause:
        return True
    if name in clause and _OWN_OFFICE.search(name) and _STAFFED.search(clause):
        return True
    near = text[max(sentence.start, at - len(name) - 2) : at]
    return name in near and not _HELD.search(near)


def printed(name: str, passage: Passage, text: str) -> str:
    """A name as the document prints it (traditional characters, say), not as it was folded."""
    index = passage.text.find(name)
    if index < 0:
        return name
    return "".join(text[passage.offsets[i]] for i in range(index, index + len(name)))
