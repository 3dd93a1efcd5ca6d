"""The pipeline as a spaCy component, our words as a spaCy tokenizer, annotated texts as a DocBin.

    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "nianbao.Segmenter.v1"}}})
    nlp.add_pipe("nianbao")
    doc = nlp(text)
    doc.spans["facts"]                   labels are metric codes; `span._.fact` is the `Fact`
    doc.spans["items"]                   labels are kinds; `span._.item` is the `Item`
    doc._.nianbao, doc._.report          the `ReportResult`, its `Report`; None for no report
    doc._.nianbao_error                  why it is none; with {"strict": True} that is raised

A span covers the tokens that a fact touches; the fact itself has the offsets. What `doc` carries is
text and JSON only, so that it goes through `to_bytes`, `DocBin` and several processes.
`pip install 'nianbao-nlp[spacy]'`; without spaCy every function raises `InstallationError`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.annotations import AnnotatedText, as_json
from nlp.errors import InputError, InstallationError
from nlp.exchange.marks import Entity, entity_of, restore, text_fields, text_id, text_of
from nlp.records import (
    Cell,
    Check,
    Document,
    Fact,
    Finding,
    Item,
    ReadingWarning,
    Report,
    ReportResult,
    Section,
    Source,
)

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span
    from spacy.vocab import Vocab

FACTS, ITEMS = "facts", "items"
_ANNOTATED, _RESULT, _ERROR = "nianbao.annotated", "nianbao.result", "nianbao.error"
_RECORDS: dict[str, type] = {
    "sections": Section,
    "cells": Cell,
    "facts": Fact,
    "items": Item,
    "checks": Check,
    "findings": Finding,
    "warnings": ReadingWarning,
}


def __getattr__(name: str) -> Any:
    """`component`, the entry point: spaCy asks for it, and by then it must be registered."""
    if name == "component":
        return _registered()
    raise AttributeError(name)


class ReportReader:
    """The component: reads a doc's text as a report."""

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        set_extensions()

    def __call__(self, doc: Doc) -> Doc:
        from nlp.pipeline import analyse_text

        for key in (_RESULT, _ERROR):
            doc.user_data.pop(key, None)
        facts: list[Span] = []
        items: list[Span] = []
        try:
            result = analyse_text(doc.text)
            shift = _shift(doc.text, result.document.text)
        except InputError as error:
            if self.strict:
                raise
            doc.user_data[_ERROR] = str(error)
        else:
            doc.user_data[_RESULT] = json.dumps(asdict(result), ensure_ascii=False)
            facts = [_span(doc, fact, fact.metric, shift) for fact in result.facts]
            items = [_span(doc, item, item.kind, shift) for item in result.items]
        doc.spans[FACTS] = facts
        doc.spans[ITEMS] = items
        return doc


class SegmenterTokenizer:
    """Words of `nlp.segmentation` as tokens. Blanks that no single space after a word can stand for
    are tokens of their own, as everywhere in spaCy, so that `doc.text` is the text."""

    def __init__(self, vocab: Vocab, segmenter: str) -> None:
        from nlp.segmentation import segmenter as named

        self.vocab = vocab
        self.name = segmenter
        self._spans: Callable[[str], Iterable[tuple[int, int]]] = named(segmenter)

    def __call__(self, text: str) -> Doc:
        from spacy.tokens import Doc

        words, spaces = _words_and_spaces(text, self._spans(text))
        return Doc(self.vocab, words=words, spaces=spaces)

    def pipe(self, texts: Iterable[str], **_: object) -> Iterator[Doc]:
        return map(self, texts)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.vocab, self.name)

    # The name in the config is all there is to save.
    def to_bytes(self, **_: object) -> bytes:
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> SegmenterTokenizer:
        return self

    def to_disk(self, _path: str | Path, **_: object) -> None:
        return None

    def from_disk(self, _path: str | Path, **_: object) -> SegmenterTokenizer:
        return self


def segmenter_tokenizer(segmenter: str = "jieba") -> Callable[[Language], SegmenterTokenizer]:
    """What spaCy's config calls "nianbao.Segmenter.v1"; `segmenter` is jieba or a pkuseg model."""
    _require_spacy()
    return lambda nlp: SegmenterTokenizer(nlp.vocab, segmenter)


def set_extensions() -> None:
    """Define `doc._.nianbao` and the others; needed only where no component was made, before docs
    that were saved are looked at."""
    _require_spacy()
    from spacy.tokens import Doc, Span

    getters: dict[str, Callable[[Doc], object]] = {
        "nianbao": _result_of,
        "nianbao_error": _error_of,
        "report": _report_of,
    }
    for name, getter in getters.items():
        Doc.set_extension(name, getter=getter, force=True)
    Span.set_extension("fact", getter=_fact_of, force=True)
    Span.set_extension("item", getter=_item_of, force=True)


def to_docbin(texts: Iterable[AnnotatedText], path: str | Path) -> None:
    """Write texts as docs of one token a character, so that every mark is a span: facts in
    `doc.spans["facts"]` under their metric, the others in `doc.spans["items"]` under their kind."""
    _require_spacy()
    import spacy
    from spacy.tokens import DocBin

    vocab = spacy.blank("zh").vocab
    docs = DocBin(attrs=["ORTH"], store_user_data=True)
    for one in texts:
        docs.add(_doc_of(one, vocab))
    Path(path).write_bytes(docs.to_bytes())


def from_docbin(path: str | Path) -> tuple[AnnotatedText, ...]:
    """Annotated texts from `to_docbin`'s file, with the spans that it has now. Raises `InputError`
    for a file that is no DocBin, or the text's id and the offsets of a span."""
    _require_spacy()
    import spacy
    from spacy.tokens import DocBin

    try:
        data = Path(path).read_bytes()
    except OSError as error:
        problem = f"无法读取（{type(error).__name__}）"
        raise InputError("exchange", problem, where=str(path)) from error
    try:
        docs = list(DocBin().from_bytes(data).get_docs(spacy.blank("zh").vocab))
    except Exception as error:  # zlib, msgpack and numpy each have their own
        problem = f"不是 DocBin（{type(error).__name__}）"
        raise InputError("exchange", problem, where=str(path)) from error
    return tuple(map(_annotated, docs))


@cache
def _registered() -> Callable[..., ReportReader]:
    _require_spacy()
    from spacy.language import Language

    return Language.factory(
        "nianbao", assigns=["doc.spans"], default_config={"strict": False}, func=_component
    )


def _component(nlp: Language, name: str, strict: bool) -> ReportReader:
    return ReportReader(strict=strict)


def _require_spacy() -> None:
    try:
        import spacy  # noqa: F401
    except ImportError as error:
        raise InstallationError(
            "dependency", f"缺少组件：{error}", advice="请运行 pip install 'nianbao-nlp[spacy]'"
        ) from error


def _shift(text: str, read: str) -> int:
    """How much later an offset stands in the doc: by one where a byte order mark was taken off."""
    if not text.removeprefix("\ufeff") == read.removeprefix("\ufeff"):
        raise InputError("encoding", "文本不能按原样读入", where="<text>")
    return len(text) - len(read)


def _span(doc: Doc, record: Fact | Item, label: str, shift: int) -> Span:
    span = doc.char_span(
        record.start + shift,
        record.end + shift,
        label=label,
        span_id=record.id,
        alignment_mode="expand",
    )
    assert span is not None, f"{record.id} {record.start}–{record.end}"
    return span


def _result_of(doc: Doc) -> ReportResult | None:
    stored = doc.user_data.get(_RESULT)
    return None if stored is None else _result(stored)


def _error_of(doc: Doc) -> str | None:
    error: str | None = doc.user_data.get(_ERROR)
    return error


def _report_of(doc: Doc) -> Report | None:
    result = _result_of(doc)
    return result.report if result else None


def _fact_of(span: Span) -> Fact | None:
    result = _result_of(span.doc)
    facts = result.facts if result else ()
    return next((fact for fact in facts if (fact.id, fact.metric) == (span.id_, span.label_)), None)


def _item_of(span: Span) -> Item | None:
    result = _result_of(span.doc)
    items = result.items if result else ()
    return next((item for item in items if (item.id, item.kind) == (span.id_, span.label_)), None)


@lru_cache(maxsize=16)
def _result(stored: str) -> ReportResult:
    content = json.loads(stored)
    document = content["document"]
    return ReportResult(
        document=Document(Source(**document["source"]), document["text"], document["folded"]),
        report=Report(**_frozen(content["report"])),
        **{
            name: tuple(record(**_frozen(fields)) for fields in content[name])
            for name, record in _RECORDS.items()
        },
    )


def _frozen(fields: dict[str, Any]) -> dict[str, Any]:
    """JSON has lists where the records have tuples."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }


def _words_and_spaces(text: str, spans: Iterable[tuple[int, int]]) -> tuple[list[str], list[bool]]:
    words: list[str] = []
    spaces: list[bool] = []
    at = 0
    for start, end in (*spans, (len(text), len(text))):
        if words and text[at:start].startswith(" "):
            spaces[-1] = True
            at += 1
        for word in (text[at:start], text[start:end]):
            if word:
                words.append(word)
                spaces.append(False)
        at = end
    return words, spaces


def _doc_of(one: AnnotatedText, vocab: Vocab) -> Doc:
    from spacy.tokens import Doc, Span

    try:
        doc = Doc(vocab, words=list(one.text), spaces=[False] * len(one.text))
    except UnicodeEncodeError as error:
        raise InputError("encoding", "含有不合法的字符", where=one.id) from error
    for group, is_fact in ((FACTS, True), (ITEMS, False)):
        doc.spans[group] = [
            Span(doc, mark.start, mark.end, label=entity_of(mark).label)
            for mark in one.marks
            if (mark.kind == "fact") is is_fact
        ]
    fields = text_fields(one) | {"marks": as_json(one)["marks"]}
    doc.user_data[_ANNOTATED] = json.dumps(fields, ensure_ascii=False)
    return doc


def _annotated(doc: Doc) -> AnnotatedText:
    fields = json.loads(doc.user_data.get(_ANNOTATED, "{}"))
    where = text_id(fields, doc.text)
    entities = [
        Entity(span.label_, span.start_char, span.end_char)
        for group in (FACTS, ITEMS)
        for span in doc.spans.get(group, ())
    ]
    marks = restore(entities, fields.get("marks", []), text=doc.text, where=where)
    return text_of(fields, doc.text, marks)
