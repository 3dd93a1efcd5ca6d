"""What makes two wordings the same: the words, once figures, names and places are masked."""

from __future__ import annotations

import re

from nlp.annotations import AnnotatedText
from nlp.structure.sentences import clause_start

_QUOTED = re.compile(r"《[^》]*》|“[^”]*”|「[^」]*」|\"[^\"]*\"")
_NUMBER = re.compile(r"[0-9０-９][0-9０-９,，.．]*[万亿]?|[零〇一二两三四五六七八九十百千万亿]+")
_BODY = re.compile(
    r"[\u4e00-\u9fff]{1,4}?(?:自治州|自治区|自治县|省|市|县|区|州|盟|旗|镇|乡|街道|局|厅|委|办公室|处|中心|学校|学院|大学|医院|集团)"
)


def masked(words: str) -> str:
    """`words` with quoted names, numbers and the names of bodies and places made alike."""
    return _BODY.sub("某", _NUMBER.sub("#", _QUOTED.sub("名", words)))


def wordings(one: AnnotatedText) -> list[tuple[str, str]]:
    """For each fact mark its metric and its masked wording: the clause up to the end of the mark."""
    text = one.text.replace("\n", "。")
    return [
        (mark.metrics[0], masked(text[clause_start(text, mark.start) : mark.end]))
        for mark in one.marks
        if mark.kind == "fact"
    ]
