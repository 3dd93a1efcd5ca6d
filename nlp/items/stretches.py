"""Where a report speaks of problems, of plans, and of remedies: headings and lead-in words.

Runs of sentences of one kind, in text order; `items.py` cuts them into items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import cast

from nlp.classifier.reader import NEITHER, Reader
from nlp.items.labels import (
    ANSWER_LEAD,
    Label,
    answers_in,
    halves_of,
    is_paired,
    label_of,
    labels_in,
    whole_answer,
)
from nlp.items.turns import (
    PROBLEM,
    STYLES,
    hidden,
    is_listed,
    opening_style,
    ordinal_number,
    turn_of,
)
from nlp.records import ItemKind, Passage, Report, Section
from nlp.structure.sentences import sentences

# How sure the classifier must be that a sentence without ordinal or announcement turns to another kind.
_TURNS = 0.7
_BULLET_HEAD = re.compile(r"[◆◇●○■□▲★▶►※]\s*[^，。；：]{2,16}")
# 对照上级要求，毛病不少：…: what stands before the colon only leads in
_FORESAID = re.compile(r"(?=[^：]*，)[^。；：]{12,80}：")
# （二）依申请公开方面, with 存在问题：… below it: a heading that names neither fault nor measure
_AREA = re.compile(r"[^，。；：:！]{2,40}[。：:]?")


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
    own_chapter = any(_is_inside(passage) for passage in passages)
    walk = _Walk(report, reader)
    for chapter, group in groupby(
        passages, lambda passage: _chapter(passage, roles) if _is_inside(passage) else ""
    ):
        if chapter:
            walk.chapter([one for one in group if not _is_chapter(one, roles)])
        else:
            walk.outside([one for one in group if not _is_chapter(one, roles)], own_chapter)
    return walk.runs


def _is_inside(passage: Passage) -> bool:
    return passage.role in ("problems", "plans")


@dataclass(slots=True)
class _Walk:
    """The runs found so far, and the kind that the last sentence spoke of."""

    report: Report
    reader: Reader | None
    runs: list[list[Stretch]] = field(default_factory=list)
    kind: ItemKind | None = None

    def outside(self, passages: list[Passage], own_chapter: bool) -> None:
        """Passages of other chapters, which may announce problems or plans in passing."""
        for passage in passages:
            announced = hidden(passage.text, self.report)
            if own_chapter or not announced or _SIGNATURE.search(passage.text[:40]):
                self.kind = None
            if announced or not own_chapter:
                self.kind = self._add(passage, 0, False)

    def chapter(self, passages: list[Passage]) -> None:
        """The passages of one chapter on problems, on plans, or on both."""
        self.runs.append([])
        self.kind = "plan" if passages and passages[0].role == "plans" else None
        paired = is_paired(passages)
        numbered = _Numbered()
        alone: Label | None = None
        in_halves = sum(halves_of(one.text) is not None for one in passages) > 1
        for passage, following in pairwise([*passages, None]):
            assert passage is not None
            if _CLOSES.search(passage.text):
                return
            if _SIGNATURE.search(passage.text[:40]):
                self.kind = None
                continue
            if passage.item:
                self._whole(passage.item, passage, 0, len(passage.text))
                continue
            halves = halves_of(passage.text) if in_halves else None
            if halves:
                self._whole("problem", passage, halves[0], halves[1])
                if halves[1] < len(passage.text):
                    self._whole("plan", passage, halves[1], len(passage.text))
                continue
            if _is_area(passage, following) or _names_a_side(passage.text):
                numbered = _Numbered()
                continue
            label = label_of(passage.text)
            if label and label.end >= len(passage.text) and (paired or label.sure):
                self.kind = label.kind or self.kind
                self.runs.append([])
                alone = label
                continue
            if alone and opening_style(passage.text) is None and not label:
                if alone.kind:
                    self._whole(alone.kind, passage, 0, len(passage.text))
            elif not self._labelled(passage, label, paired):
                self.kind = numbered.kind_of_next(passage.text, self.kind)
                self.kind = self._add(passage, 0, True)
                numbered.answered = self._ends_with_answer(passage)
            else:
                numbered.answered = self.kind in ("plan", "remedy")
            alone = None

    def _labelled(self, passage: Passage, label: Label | None, paired: bool) -> bool:
        """Take what labels part or open (问题：…。措施：…。); False where they open a longer list."""
        text = passage.text
        parts = labels_in(text)
        several = sum(part.kind == "problem" for part in parts) > 1
        if (
            len(parts) > 1
            and parts[0].kind == "problem"
            and (paired or several or not _lists(text))
        ):
            for part, stop in zip(
                parts, [*(one.start for one in parts[1:]), len(text)], strict=True
            ):
                self._part(part, passage, stop, paired or several)
            return True
        if label is None or label.end >= len(text):
            return False
        if not (label.boxed or label.sure or paired) and (label.kind is None or _lists(text)):
            return False
        self._part(label, passage, len(text), label.boxed or label.sure or paired)
        return True

    def _part(self, label: Label, passage: Passage, end: int, one: bool) -> None:
        """What stands behind a label: `one` item unless it is a list."""
        if label.kind is None:
            return
        self.kind = label.kind
        words = passage.text[label.end : end].rstrip("；;")
        if not label.boxed and _lists(words):
            self.runs.append([Stretch(label.kind, passage, label.end, end, False)])
            self.runs.append([])
        elif one:
            self._whole(label.kind, passage, label.end, end, label.boxed)
        else:
            self.runs.append([])
            self.kind = self._add(passage, label.end, True)

    def _whole(
        self, kind: ItemKind, passage: Passage, start: int, end: int, boxed: bool = False
    ) -> None:
        """One item. 2025年，我局将…: the words that say who and when are no part of a measure."""
        if kind != "problem" and not boxed:
            lead = ANSWER_LEAD.match(passage.text, start, end)
            start = lead.end() if lead and lead.end() < end - 4 else start
        self.kind = kind
        self.runs += [[Stretch(kind, passage, start, end, True, True)], []]

    def _add(self, passage: Passage, begin: int, inside: bool) -> ItemKind | None:
        """Add the sentences of a passage from `begin` on; the kind that the last of them speaks of."""
        kind, runs, reader, report = self.kind, self.runs, self.reader, self.report
        answered = answers_in(passage.text)
        free = reader is not None and inside and not any(s.search(passage.text) for s in STYLES)
        for start, end in _parts(passage.text, begin):
            words = passage.text[start:end]
            within = kind == "problem" and start in answered
            turned = None if within else turn_of(words, kind, report, inside)
            lead = turned is not None or (
                start == 0 and not is_listed(words) and bool(_FORESAID.match(words))
            )
            told = begin > 0 and start == begin  # by the label before it
            if reader and free and not lead and not told:
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
            if kind is not None:
                self._append(Stretch(kind, passage, start, end, lead))
        if not inside:
            return None
        return kind

    def _append(self, stretch: Stretch) -> None:
        """Let a sentence go on with the last stretch where it follows it, else begin one."""
        runs = self.runs
        if not runs or (runs[-1] and runs[-1][-1].kind != stretch.kind):
            runs.append([])
        last = runs[-1][-1] if runs[-1] else None
        if (
            last
            and last.passage is stretch.passage
            and last.end == stretch.start
            and not stretch.lead
        ):
            runs[-1][-1] = replace(last, end=stretch.end)
        else:
            runs[-1].append(stretch)

    def _ends_with_answer(self, passage: Passage) -> bool:
        last = next((run[-1] for run in reversed(self.runs) if run), None)
        return last is not None and last.passage is passage and last.whole


@dataclass(slots=True)
class _Numbered:
    """（二）…空泛。我们将建立台账。（三）…: the answer to one problem is no part of the next. The list
    style and the number of the last numbered paragraph, and whether an answer followed it."""

    style: int | None = None
    number: int = 0
    answered: bool = False

    def kind_of_next(self, text: str, kind: ItemKind | None) -> ItemKind | None:
        style = opening_style(text)
        if style is None:
            return kind
        number = ordinal_number(text)
        again = style == self.style and self.answered and number != 1
        self.style, self.number = style, number
        return "problem" if again else kind


def _lists(text: str) -> bool:
    """Whether a text holds a list: ordinals, or members parted by ；."""
    return "；" in text.rstrip("；。") or any(style.search(text) for style in STYLES[:-1])


def _names_a_side(text: str) -> bool:
    """◆ 思想认识: a mark before words that name neither a fault nor a measure."""
    return bool(_BULLET_HEAD.fullmatch(text)) and not PROBLEM.search(text)


def _is_area(passage: Passage, following: Passage | None) -> bool:
    """（二）依申请公开方面, where what is wrong and what will be done follow with labels."""
    if following is None or opening_style(passage.text) is None:
        return False
    if not _AREA.fullmatch(passage.text) or label_of(passage.text):
        return False
    below = label_of(following.text)
    return below is not None and below.kind == "problem" and opening_style(following.text) is None


_SIGNATURE = re.compile(
    r"^[^，。；：一二三四五六七八九十（(\d][^，。；：]{1,24}(?:政府|厅|局|委|办|会|办公室|中心|公司|集团|医院|学校|学院|大学|中学|小学|幼儿园|图书馆)$|^(?:\D{2,5}[：:])?[〇○零一二三四五六七八九\d]{4}年[^，。]{2,9}日$"
    r"|^附(?:表|件)|^(?:单位负责人|审核人?|填报|填表|联系电话|联系人|签发|抄送|信息来源|责任编辑|发布日期)"
)


# What stands behind the last chapter: the statistics, who may be asked, that this is the report.
_CLOSES = re.compile(
    r"^附(?:[：:]|$|表|件|录|注)|^[^，。；]{0,40}统计(?:表|情况表?|数据)?(?:[（(][^）)]*[）)])?[：:]?$|^(?:特此报告|专此报告|（?此件)|^(?:填表|填报)(?:说明|单位|人)|^(?:备?注|说明)[：:]"
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


# A不够、B不足等问题，下一步将…: a sentence that turns in its midst
_TURNS_WITHIN = re.compile(
    r"(?<=问题|不足|情况|现象|差距)[，；](?=(?:下一?步|今后|接下来|对此|为此|20\d\d年)[^。；]{0,12}(?:将|要|拟|打算|准备|计划|重点|着力))"
    r"|；(?=(?:下一?步|今后|接下来)[^。；]{0,12}(?:将|要|拟|打算|准备|计划|重点|着力))"
)


def _parts(text: str, begin: int) -> list[tuple[int, int]]:
    """The sentences from `begin` on, cut where one turns from problems to plans in its midst."""
    found = []
    for start, end in sentences(text):
        if end <= begin:
            continue
        at = max(start, begin)
        for turn in _TURNS_WITHIN.finditer(text, at, end):
            if text.startswith(("针对", "对于", "对照", "围绕", "结合"), at):
                continue
            found.append((at, turn.end()))
            at = turn.end()
        found.append((at, end))
    return found


def _leads(words: str, start: int) -> bool:
    """A paragraph that announces a list of its own, after one of the same kind."""
    return start == 0 and bool(re.search(r"[：:]|将(?!公开|信息)|下一?步|措施|针对", words[:40]))
