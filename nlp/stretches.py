"""Where a report speaks of problems, of plans, and of remedies: headings and lead-in words.

Runs of sentences of one kind, in text order; `items.py` cuts them into items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import cast

from nlp.classifier.reader import NEITHER, Reader
from nlp.item_labels import answers_in, labelled_kind, pairs, whole_answer
from nlp.records import ItemKind, Passage, Report, Section
from nlp.structure.sentences import sentences
from nlp.turns import PROBLEM, STYLES, hidden, is_listed, opening_style, turn_of

_BULLET_HEAD = re.compile(r"[◆◇●○■□▲★▶►※]\s*[^，。；：]{2,16}")


# How sure the classifier must be that a sentence without ordinal or announcement turns to another kind.
_TURNS = 0.7


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences in a row that speak of the same kind; `passage` and its `start:end`."""

    kind: ItemKind
    passage: Passage
    start: int
    end: int
    lead: bool  # the first sentence opens the subject
    whole: bool = False  # one item, not to be cut


def runs_of(
    passages: tuple[Passage, ...],
    sections: tuple[Section, ...],
    report: Report,
    reader: Reader | None,
) -> list[list[Stretch]]:
    """Stretches of one kind, grouped as long as they follow each other."""
    roles = {section.id: section for section in sections}
    own_chapter = any(passage.role in ("problems", "plans") for passage in passages)
    runs: list[list[Stretch]] = []
    kind: ItemKind | None = None
    chapter = ""
    numbered = _Numbered()
    for passage in passages:
        inside = passage.role in ("problems", "plans")
        if inside and _chapter(passage, roles) != chapter:
            chapter = _chapter(passage, roles)
            runs.append([])
            kind = "plan" if passage.role == "plans" else None
        announced = not inside and hidden(passage.text, report)
        if not inside:
            kind = None if own_chapter or not announced else kind
            chapter = ""
        signature = _SIGNATURE.search(passage.text[:40])
        kind = None if signature else kind
        if signature or _is_chapter(passage, roles):
            continue
        if inside and _BULLET_HEAD.fullmatch(passage.text):
            continue
        parts = pairs(passage) if inside else []
        if parts:
            for paired, start, end in parts:
                runs += [[Stretch(paired, passage, start, end, True, True)], []]
            kind = parts[-1][0]
            continue
        labelled = labelled_kind(passage) if inside else None
        if labelled:
            kind, start = labelled
            if kind:
                runs += [[Stretch(kind, passage, start, len(passage.text), True, True)], []]
            continue
        if inside or not own_chapter or announced:
            kind = numbered.kind_of_next(passage.text, kind) if inside else kind
            kind = _add(passage, kind, inside, report, runs, reader)
            numbered.answered = _ends_with_answer(runs, passage)
    return runs


@dataclass(slots=True)
class _Numbered:
    """（二）…空泛。我们将建立台账。（三）…: the answer to one problem is no part of the next. The list
    style of the last numbered paragraph, and whether an answer ended it."""

    style: int | None = None
    answered: bool = False

    def kind_of_next(self, text: str, kind: ItemKind | None) -> ItemKind | None:
        style = opening_style(text)
        if style is None:
            return kind
        again = style == self.style and self.answered
        self.style = style
        return "problem" if again else kind


def _ends_with_answer(runs: list[list[Stretch]], passage: Passage) -> bool:
    last = next((run[-1] for run in reversed(runs) if run), None)
    return last is not None and last.passage is passage and last.whole


_SIGNATURE = re.compile(
    r"^[^，。；：一二三四五六七八九十（(\d][^，。；：]{1,24}(?:政府|厅|局|委|办|会|办公室|中心|公司|集团|医院|学校|学院|大学|中学|小学|幼儿园|图书馆)$|^(?:\D{2,5}[：:])?[〇○零一二三四五六七八九\d]{4}年[^，。]{2,9}日$"
    r"|^附(?:表|件)|^(?:单位负责人|审核人?|填报|填表|联系电话|联系人|签发|抄送|信息来源|责任编辑|发布日期)"
)


def _is_chapter(passage: Passage, sections: dict[str, Section]) -> bool:
    """Whether a passage is nothing but the heading of a chapter."""
    section = sections.get(passage.section)
    return (
        section is not None
        and section.level == 1
        and passage.offsets[0] <= section.start + 4
        and passage.offsets[-1] < section.start + len(section.heading)
    )


def _chapter(passage: Passage, sections: dict[str, Section]) -> str:
    """The id of the first-level section above a passage (section ids run in text order)."""
    number = int(passage.section[1:] or 0) if passage.section else 0
    while number > 0:
        section = sections[f"s{number}"]
        if section.level == 1:
            return section.id
        number -= 1
    return passage.section


def _add(
    passage: Passage,
    kind: ItemKind | None,
    inside: bool,
    report: Report,
    runs: list[list[Stretch]],
    reader: Reader | None,
) -> ItemKind | None:
    answered = answers_in(passage.text)
    free = reader is not None and inside and not any(s.search(passage.text) for s in STYLES)
    for start, end in sentences(passage.text):
        words = passage.text[start:end]
        within = kind == "problem" and start in answered
        turned = None if within else turn_of(words, kind, report, inside)
        lead = turned is not None
        if reader and free and not lead:
            said = reader.kind(words, passage)
            if said.label != NEITHER and said.label != kind and said.probability >= _TURNS:
                turned = cast(ItemKind, said.label)
        if kind == "problem" and turned in ("plan", "remedy") and inside:
            answer_at = whole_answer(passage.text, start)
            if answer_at is not None:
                answer = Stretch(turned, passage, answer_at, len(passage.text), True, True)
                runs += [[answer], []]
                return turned
        if turned is not None and (turned != kind or _leads(words, start)):
            runs.append([])
        kind = turned or kind
        if (
            kind is None
            and inside
            and passage.role == "problems"
            and (is_listed(words) or PROBLEM.search(words))
        ):
            kind = "problem"
            runs.append([])
        if kind is None:
            continue
        if not runs or (runs[-1] and runs[-1][-1].kind != kind):
            runs.append([])
        last = runs[-1][-1] if runs[-1] else None
        if last and last.passage is passage and last.end == start and not lead:
            runs[-1][-1] = replace(last, end=end)
        else:
            runs[-1].append(Stretch(kind, passage, start, end, lead))
    if not inside:
        return None
    return kind


def _leads(words: str, start: int) -> bool:
    """A paragraph that announces a list of its own, after one of the same kind."""
    return start == 0 and bool(re.search(r"[：:]|将(?!公开|信息)|下一?步|措施|针对", words[:40]))
