"""spaCy: the component and the tokenizer by their entry points, and DocBin."""

import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

from loading import ROOT, bundled
from nlp.annotations import AnnotatedText
from nlp.errors import InputError, InstallationError
from nlp.markup import Mark, parse
from nlp.records import ReportResult

spacy = pytest.importorskip("spacy")

from nlp import spacy_bridge  # noqa: E402

NAME = "2021-tabs-county.txt"
TEXT = (ROOT / "corpora" / "reports" / NAME).read_bytes().decode("utf-8")
WORDS = {"@tokenizers": "nianbao.Segmenter.v1", "segmenter": "jieba"}


def pipeline(*, words: bool = False, **config: object) -> Any:
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": WORDS}} if words else {})
    nlp.add_pipe("nianbao", config=config)
    return nlp


def expected() -> ReportResult:
    return bundled(NAME)


def check_spans(doc: Any, result: ReportResult) -> None:
    facts, items = doc.spans["facts"], doc.spans["items"]
    assert [(span.label_, span._.fact) for span in facts] == [
        (fact.metric, fact) for fact in result.facts
    ]
    assert [(span.label_, span._.item) for span in items] == [
        (item.kind, item) for item in result.items
    ]
    for span, record in [*zip(facts, result.facts), *zip(items, result.items)]:  # noqa: B905
        assert span.start_char <= record.start < record.end <= span.end_char
    assert all(span._.item is None for span in facts)


@pytest.mark.parametrize("words", [False, True], ids=["characters", "words"])
def test_the_component_says_what_the_pipeline_says(words: bool) -> None:
    doc = pipeline(words=words)(TEXT)
    result = doc._.nianbao
    assert doc.text == TEXT
    assert result.facts
    assert result.items
    for name in ("report", "sections", "cells", "facts", "items", "checks", "findings", "warnings"):
        assert getattr(result, name) == getattr(expected(), name)
    assert (result.document.text, result.document.folded) == (TEXT, expected().document.folded)
    assert doc._.report == result.report
    assert doc._.nianbao_error is None
    check_spans(doc, result)
    fact = doc.spans["facts"][0]._.fact
    assert (fact.value, fact.year, fact.subject, fact.basis) == (3742, 2024, None, "total")
    assert fact.confidence > 0.5


@pytest.mark.parametrize("text", ["", " \n", "天气很好。", "\0\0\0", "%PDF-1.4", "😀\r\n"])
def test_a_text_that_is_no_report(text: str) -> None:
    doc = pipeline()(text)
    assert doc.text == text
    assert (len(doc.spans["facts"]), len(doc.spans["items"])) == (0, 0)
    assert doc._.nianbao is None
    assert doc._.report is None
    assert doc._.nianbao_error
    if text:
        with pytest.raises(InputError):
            pipeline(strict=True)(text)


def test_a_byte_order_mark_moves_the_spans() -> None:
    doc = pipeline()("\ufeff" + TEXT)
    assert doc.text == "\ufeff" + TEXT
    assert [span.text for span in doc.spans["facts"]] == [
        TEXT[fact.start : fact.end] for fact in expected().facts
    ]


def test_a_report_survives_bytes_and_docbin(tmp_path: Path) -> None:
    from spacy.tokens import Doc, DocBin

    nlp = pipeline()
    doc = nlp(TEXT)
    check_spans(Doc(nlp.vocab).from_bytes(doc.to_bytes()), doc._.nianbao)
    DocBin(store_user_data=True, docs=[doc]).to_disk(tmp_path / "a.spacy")
    (again,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(spacy.blank("zh").vocab)
    assert again._.nianbao == doc._.nianbao
    check_spans(again, doc._.nianbao)


def test_a_pipeline_is_saved_and_loaded(tmp_path: Path) -> None:
    pipeline(words=True, strict=True).to_disk(tmp_path / "model")
    nlp = spacy.load(tmp_path / "model")
    assert isinstance(nlp.tokenizer, spacy_bridge.SegmenterTokenizer)
    assert nlp.get_pipe("nianbao").strict
    assert nlp(TEXT)._.nianbao.facts == expected().facts
    assert nlp.from_bytes(nlp.to_bytes()).pipe_names == ["nianbao"]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "",
        " ",
        "\n",
        "全年 收到  申请5件 ",
        "  全年\r\n\t收到　申请5件😀 𠮷\u2028A b  c\n\n ",
        "收到\x00\ufeff\u200b申请",
    ],
    ids=lambda text: repr(text[:8]),
)
def test_the_tokenizer_keeps_the_text(text: str) -> None:
    tokenizer = spacy.blank("zh", config={"nlp": {"tokenizer": WORDS}}).tokenizer
    assert tokenizer(text).text == text
    assert [doc.text for doc in tokenizer.pipe([text, text])] == [text, text]
    again = pickle.loads(pickle.dumps(tokenizer))
    assert [token.text for token in again(text)] == [token.text for token in tokenizer(text)]


def test_tokens_are_the_segmenter_s_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from nlp import segmentation

    def stub(name: str) -> Any:
        assert name == "of/a/model"
        return lambda text: [(0, 2), (3, 5), (7, 8), (9, 10)]

    monkeypatch.setattr(segmentation, "segmenter", stub)
    tokenizer = spacy_bridge.segmenter_tokenizer("of/a/model")(spacy.blank("zh"))
    doc = tokenizer("全年 收到  5\n件")
    assert [(token.text, token.whitespace_) for token in doc] == [
        ("全年", " "),
        ("收到", " "),
        (" ", ""),
        ("5", ""),
        ("\n", ""),
        ("件", ""),
    ]


# DocBin

ONE = AnnotatedText(
    "r.1",
    *parse(" 收到 [[request.received=5 @2016|\r\n申请5件 ]]，[[plan:staff|加强😀]]。"),
    by="x",
)


def test_spans_of_a_docbin_can_be_read_with_spacy_alone(tmp_path: Path) -> None:
    from spacy.tokens import DocBin

    spacy_bridge.to_docbin([ONE], tmp_path / "a.spacy")
    (doc,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(spacy.blank("zh").vocab)
    assert doc.text == ONE.text
    assert [(span.label_, span.text) for span in doc.spans["facts"]] == [
        ("request.received", "\r\n申请5件 ")
    ]
    assert [(span.label_, span.text) for span in doc.spans["items"]] == [("plan", "加强😀")]


def test_spans_changed_in_spacy(tmp_path: Path) -> None:
    from spacy.tokens import DocBin, Span

    path = tmp_path / "a.spacy"
    spacy_bridge.to_docbin([ONE], path)
    (doc,) = DocBin().from_disk(path).get_docs(spacy.blank("zh").vocab)
    fact, plan = ONE.marks
    doc.spans["facts"] = [
        Span(doc, fact.start + 2, fact.end, label="request.received"),
        Span(doc, fact.start + 4, fact.end, label="other"),
    ]
    DocBin(store_user_data=True, docs=[doc]).to_disk(path)
    (again,) = spacy_bridge.from_docbin(path)
    assert again.marks == (
        Mark(fact.start + 2, fact.end, "fact", ("request.received",), 5, 2016),
        Mark(fact.start + 4, fact.end, "fact", ("other",), 5),
        plan,
    )


@pytest.mark.parametrize("content", [b"", b"x", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_what_is_no_docbin_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.spacy"
    path.write_bytes(content)
    with pytest.raises(InputError, match="不是 DocBin"):
        spacy_bridge.from_docbin(path)


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="不合法"):
        spacy_bridge.to_docbin([AnnotatedText("a", "\ud800")], tmp_path / "a.spacy")


def test_without_spacy_one_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    for use in (
        spacy_bridge.ReportReader,
        spacy_bridge.segmenter_tokenizer,
        spacy_bridge.set_extensions,
        lambda: spacy_bridge.to_docbin([], tmp_path / "a.spacy"),
        lambda: spacy_bridge.from_docbin(tmp_path / "a.spacy"),
    ):
        with pytest.raises(InstallationError, match=r"spacy") as caught:
            use()
        assert "nianbao-nlp[spacy]" in str(caught.value)
