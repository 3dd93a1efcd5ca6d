"""Pairs of a word that denies and a metric named near it: which there are, what is seen of them, what
is learned from marks, and what the shipped model makes of them."""

import tomllib
from typing import Any

import pytest

from loading import ROOT
from nlp.annotations import AnnotatedText
from nlp.classifier.denials import Denial, Named, named_metrics
from nlp.classifier.examples import DenialExample, denial_examples
from nlp.classifier.features import SentenceWords, anchors
from nlp.classifier.reader import open_reader
from nlp.context.enumerations import enumerations
from nlp.context.sentence import Sentence, sentences_of
from nlp.markup import parse
from nlp.metrics import load as load_metrics
from nlp.numbers import find_figures
from nlp.records import Passage, Role
from nlp.segmentation import segmenter

REVIEW, SUIT, COMPLAINT, RECEIVED = (
    "review.total", "litigation.total", "complaint.total", "request.received",
)  # fmt: skip


def sentence_of(
    words: str, *, place: int = -1, heading: str = "", role: Role = "overview"
) -> Sentence:
    """A sentence (by default the last that states something) of a passage."""
    passage = Passage(words, tuple(range(len(words))), role, "", heading)
    figures = find_figures(words)
    return sentences_of(passage, figures, enumerations(words, figures))[place]


def pairs(words: str, metric: str, *, denial: int = 0, **of: Any) -> set[str]:
    """The features of a denial (by number) and a metric of the last sentence of some words."""
    sentence = sentence_of(words, **of)
    named = named_metrics(sentence)
    one = [anchor for anchor in anchors(sentence) if anchor.index is None][denial]
    asked = next(name for name in named if name.metric == metric)
    return {*Denial(SentenceWords(sentence, segmenter()), one, named, "2014").features(asked)}


def test_the_words_name_metrics_that_there_are() -> None:
    tables = tomllib.loads((ROOT / "nlp/classifier/denied.toml").read_text("utf-8"))
    for topic, table in tables.items():
        for metric, words in table.items():
            assert metric == "topic" or (
                metric in load_metrics() and metric.startswith(f"{topic}.")
            )
            assert words
            assert len({*words}) == len(words)
            assert all(words)


@pytest.mark.parametrize(
    ("words", "heading", "has", "has_not"),
    [
        ("未发生行政复议。", "", {REVIEW}, {SUIT, RECEIVED}),
        ("复议、诉讼均未发生。", "", {REVIEW, SUIT}, {COMPLAINT}),
        ("无举报。", "四、行政复议、行政诉讼", {COMPLAINT}, {REVIEW, SUIT}),
        # without a name of its own a sentence looks back, and up to the heading
        ("本年度未发生。", "四、行政复议、行政诉讼", {REVIEW, SUIT}, {COMPLAINT}),
        ("行政复议方面另行说明。本年度未发生。", "", {REVIEW}, {SUIT}),
        # an outcome needs its matter: 维持 of nothing is none
        ("没有维持现状。", "", set(), {"review.upheld", "litigation.upheld"}),
        ("行政复议没有维持的。", "", {"review.upheld"}, {"litigation.upheld"}),
        ("没有任何此类情况。", "", set(), {REVIEW, SUIT, COMPLAINT, RECEIVED}),
    ],
)
def test_the_metrics_named_near_a_denial(
    words: str, heading: str, has: set[str], has_not: set[str]
) -> None:
    found = {one.metric for one in named_metrics(sentence_of(words, heading=heading))}
    assert has <= found
    assert not has_not & found


def test_where_a_metric_is_named() -> None:
    inside = named_metrics(sentence_of("复议、诉讼均未发生。", heading="行政复议情况"))
    assert Named(REVIEW, ((0, 2),), in_heading=True) in inside
    assert Named(SUIT, ((3, 5),), in_heading=False) in inside
    before = named_metrics(sentence_of("行政复议另述。本年度未发生。"))
    assert Named(REVIEW, ((2, 4),), in_heading=False) in before


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("收到申请12件，未发生行政复议。", "收到申请98件，未发生行政复议。"),
        ("未发生行政复议，办结8件。", "未发生行政复议，办结6件。"),
        ("未发生行政复议，办结1,286件。", "未发生行政复议，办结98件。"),
    ],
)
def test_figures_are_masked(left: str, right: str) -> None:
    assert pairs(left, REVIEW) == pairs(right, REVIEW)


def test_order_marks_and_figures_between() -> None:
    behind = pairs("未发生行政复议。", REVIEW)
    assert {"A0" not in behind, "B0" in behind, "Amid=发生行政" in behind} == {True}
    before = pairs("行政复议、诉讼均未发生。", REVIEW)
    assert {"A0", "Bmk=、", "Bnf=0", "Bnm=1"} <= before
    apart = pairs("行政复议2件，诉讼无。", REVIEW)
    assert {"Bmk=，", "Bnf=1", "Bfig="} <= apart
    assert {"Bmk=", "Bnf=0", "Bfig=none"} <= pairs("行政复议2件，诉讼无。", SUIT)


def test_another_denial_between() -> None:
    words = "没有行政复议，也没有行政诉讼。"
    assert "Ann=1" in pairs(words, SUIT)
    assert "Ann=0" in pairs(words, SUIT, denial=1)
    assert "Bnn=0" in pairs(words, REVIEW, denial=1)


def test_the_heading_and_what_stands_before() -> None:
    assert {"head", "head out"} <= pairs("本年度未发生。", REVIEW, heading="四、行政复议")
    assert {"head", "head in"} <= pairs("未发生行政复议。", REVIEW, heading="四、行政复议")
    assert {"earlier", "earlier out"} <= pairs("行政复议另述。本年度未发生。", REVIEW)
    assert not {"head", "earlier"} & pairs("未发生行政复议。", REVIEW)


# From marks to examples


def examples(words: str, **fields: Any) -> dict[tuple[str, int], bool]:
    """Whether each metric (of a few) is denied by the word at each place."""
    text, marks = parse(words)
    found: list[DenialExample] = [
        *denial_examples(AnnotatedText("x", text, marks, **fields), segmenter())
    ]
    asked = (REVIEW, SUIT, COMPLAINT, RECEIVED, "fee.charged")
    return {(one.metric, one.start): one.denied for one in found if one.metric in asked}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "[[review.total=0; litigation.total=0|未发生行政复议、行政诉讼]]。",
            {(REVIEW, 0): True, (SUIT, 0): True},
        ),
        ("[[review.total=2|复议2件]]，[[litigation.total=0|诉讼无]]。", {(REVIEW, 7): False, (SUIT, 7): True}),
        ("没有[[review.total=0|行政复议]]。", {(REVIEW, 0): True}),  # the denial before the mark
        ("[[review.total=0|行政复议]]未发生。", {(REVIEW, 4): True}),  # or behind it
        # what another word of the sentence denies is open: 也没有诉讼 says nothing against 没有复议
        (
            "[[review.total=0|没有复议]]，[[litigation.total=0|没有诉讼]]。",
            {(REVIEW, 0): True, (SUIT, 5): True},
        ),
        # nor is anything learned of what readers could dispute, or of what nobody decided
        ("[[review.total=0 ?|未见复议]]，无投诉。", {(COMPLAINT, 0): False, (COMPLAINT, 5): False}),
        ("[[other=0 ?|未见复议]]。", {}),
        ("未经审查的申请不予受理。", {(RECEIVED, 0): False, (RECEIVED, 7): False}),
        ("[[review.upheld=2|复议均被维持]]，未收费。", {(REVIEW, 7): False, ("fee.charged", 7): False}),
    ],
)  # fmt: skip
def test_labels_of_pairs(words: str, found: dict[tuple[str, int], bool]) -> None:
    assert examples(words) == found


# What the shipped model says, on wordings of its own


@pytest.mark.parametrize(
    ("words", "denied", "not_denied"),
    [
        ("全年未发生因政府信息公开引起的行政复议和行政诉讼。", {REVIEW, SUIT}, set()),
        ("行政复议、行政诉讼均未发生。", {REVIEW, SUIT}, set()),
        ("行政复议2件，没有行政诉讼。", {SUIT}, {REVIEW}),
        ("无复议、诉讼、投诉。", {REVIEW, SUIT, COMPLAINT}, set()),
        ("未经审查的信息一律不得发布，申请人对此没有异议。", set(), {RECEIVED, REVIEW}),
        ("收到申请5件，未收取任何费用。", {"fee.charged"}, {RECEIVED}),
        ("本年度没有收到信息公开申请。", {RECEIVED}, set()),
    ],
)
def test_the_shipped_model_tells_scope(words: str, denied: set[str], not_denied: set[str]) -> None:
    (opinions,) = open_reader().opinions([sentence_of(words)], "2014")
    best: dict[str, float] = {}
    for one in opinions.denials:
        best[one.said.label] = max(best.get(one.said.label, 0.0), one.said.probability)
    assert all(best[metric] > 0.5 for metric in denied)
    assert all(best.get(metric, 0.0) < 0.5 for metric in not_denied)
