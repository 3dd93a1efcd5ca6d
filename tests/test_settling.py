"""Rules against classifier: whose reading of a figure holds, with a stub for each of the two."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

import stubs
from nlp import facts as settling
from nlp.checks import compare
from nlp.classifier.features import anchors
from nlp.classifier.predict import Judgement
from nlp.classifier.reader import Denied, Opinions
from nlp.context.enumerations import enumerations
from nlp.context.sentence import Sentence, clause_of
from nlp.facts import read_facts
from nlp.metrics import OTHER
from nlp.numbers import find_figures
from nlp.readings import Chosen
from nlp.records import Cell, Fact, Passage, Report
from nlp.rules.load import Rule
from nlp.rules.match import Candidate

REPORT = Report(None, "某县人民政府", 2016, None, None, "2014")
LATER = replace(REPORT, year=2022, template="2021")
RECEIVED, CLOSED, REVIEW = "request.received", "request.closed", "review.total"
CERTAIN = 0.999999


NOTHING, OURS, WHOLE = Judgement(OTHER, 0.99), Judgement("own", 0.99), Judgement("total", 0.99)


@dataclass(frozen=True)
class Said:
    """What the stub classifier says of a figure or denial."""

    metric: Judgement = NOTHING
    needed: float | None = None
    basis: Judgement = WHOLE
    owner: Judgement = OURS


def said(label: str, probability: float, **more: Any) -> Said:
    return Said(Judgement(label, probability), **more)


@dataclass(frozen=True)
class StubReader:
    """Says of each figure or denial, named by its words, what it was given; else `other`."""

    of: dict[str, Said] = field(default_factory=dict)

    def opinions(self, sentences: Iterable[Sentence], family: str) -> list[Opinions]:
        return [self._of(one) for one in sentences]

    def _of(self, sentence: Sentence) -> Opinions:
        text = sentence.passage.text
        found = [(a, self.of.get(text[a.start : a.end], Said())) for a in anchors(sentence)]
        figures: dict[int, Any] = {a.index: said for a, said in found if a.index is not None}
        denials = tuple(
            Denied(anchor, Judgement(metric, said.metric.probability), said.needed)
            for anchor, said in found
            if anchor.index is None and said.metric.label != OTHER
            for metric in said.metric.label.split("+")
        )
        return Opinions(figures, denials)


@dataclass(frozen=True)
class Ruled:
    """What a stub rule reads."""

    metric: str
    rank: int = 0
    basis: Any = "total"
    words: str | None = None
    value: int | None = None

    def at(self, index: int | None, start: int, end: int) -> Candidate:
        rule = Rule(f"rule.{self.metric}", self.metric, (), "", None, (), None, self.value, self.basis,
                    False, False, self.rank, "", (), ())  # fmt: skip
        return Candidate(rule, index, start, end, self.words)


@dataclass(frozen=True)
class Rules:
    """What the stub rules read: by the words of a figure the readings that hold and the weaker ones
    beside them; zero statements by their words."""

    figures: dict[str, list[Ruled]] = field(default_factory=dict)
    rivals: dict[str, list[Ruled]] = field(default_factory=dict)
    zeros: dict[str, Ruled] = field(default_factory=dict)

    def choose(self, sentence: Sentence, *_: object) -> Chosen:
        text = sentence.passage.text

        def read(by_words: dict[str, list[Ruled]], index: int) -> list[Candidate]:
            figure = sentence.figures[index]
            spans = clause_of(sentence, index)
            return [
                one.at(index, *spans) for one in by_words.get(text[figure.start : figure.end], ())
            ]

        zeros = [
            replace(ruled, value=0).at(None, at, at + len(words))
            for words, ruled in self.zeros.items()
            if (at := text.find(words, sentence.start, sentence.end)) >= 0
        ]
        indices = sentence.view.figures
        return Chosen(
            tuple((index, read(self.figures, index)) for index in indices),
            tuple(zeros),
            {index: tuple(read(self.rivals, index)) for index in indices},
        )


@pytest.fixture
def settle(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The facts of some words, given what the rules and the classifier make of them."""

    def made(
        words: str,
        classifier: dict[str, Said] | None,
        rules: Rules | None = None,
        *,
        report: Report = REPORT,
        muted: frozenset[str] = frozenset(),
    ) -> tuple[Fact, ...]:
        monkeypatch.setattr(settling, "choose", (rules or Rules()).choose)
        passage = Passage(words, tuple(range(len(words))), "overview", "", "")
        reader: Any = StubReader(classifier) if classifier is not None else None
        return read_facts((passage,), report, words, reader, muted)[0]

    return made


@pytest.fixture
def five(settle: Any) -> Any:
    """The one fact of a sentence with one figure, 5件."""

    def made(
        classifier: Said | None, *ruled: Ruled, rivals: tuple[Ruled, ...] = (), **more: Any
    ) -> Fact:
        rules = Rules({"5件": [*ruled]}, {"5件": [*rivals]})
        of = {"5件": classifier} if classifier else None
        (fact,) = settle("全年收到申请5件。", of, rules, **more)
        return fact

    return made


def told(facts: tuple[Fact, ...]) -> list[tuple[str, float, str]]:
    return [(fact.metric, fact.value, fact.method) for fact in facts]


# No rule reads the figure


def test_a_sure_classifier_names_what_no_rule_reads(five: Any) -> None:
    fact = five(said(RECEIVED, 0.91))
    assert (fact.metric, fact.value, fact.unit) == (RECEIVED, 5, "件")
    assert (fact.method, fact.confidence) == ("classifier", 0.91)
    assert (fact.text, fact.start, fact.end) == ("全年收到申请5件", 0, 8)
    assert fact.why == (f"分类器 {RECEIVED} 0.91",)
    assert (fact.basis, fact.subject, fact.year, fact.what) == ("total", None, 2016, None)


@pytest.mark.parametrize(
    ("probability", "needed", "named"),
    [
        (0.8, None, True),
        (0.79, None, False),
        (0.4, 0.35, True),  # what training has measured for the label
        (0.85, 0.9, False),
        (0.9, 0.9, True),
    ],
)
def test_how_sure_it_must_be(
    five: Any, probability: float, needed: float | None, named: bool
) -> None:
    fact = five(said(RECEIVED, probability, needed=needed))
    if named:
        assert (fact.metric, fact.method) == (RECEIVED, "classifier")
    else:
        assert (fact.metric, fact.method, fact.confidence) == (OTHER, "both", 0.0)
        assert fact.text == "5件"
        assert fact.what == "全年收到申请"
        assert fact.why == (f"分类器 {RECEIVED} {probability:.2f}",)


@pytest.mark.parametrize(
    ("words", "figure", "metric", "named"),
    [
        ("占申请的5%。", "5%", RECEIVED, False),
        ("办理5天。", "5天", RECEIVED, False),
        ("收费5元。", "5元", RECEIVED, False),
        ("收费5元。", "5元", "fee.charged", True),
        ("培训5件。", "5件", "training.participants", False),
        ("满意5件。", "5件", "satisfaction.rate", False),
        ("满意5%。", "5%", "satisfaction.rate", True),
        ("收到并满意5件。", "5件", f"{RECEIVED}+satisfaction.rate", False),  # both or none
        ("收到并办结5件。", "5件", "no.such.metric", False),
    ],
)
def test_the_unit_must_be_able_to_count_the_metric(
    settle: Any, words: str, figure: str, metric: str, named: bool
) -> None:
    (fact,) = settle(words, {figure: said(metric, CERTAIN)})
    assert (fact.metric, fact.method) == ((metric, "classifier") if named else (OTHER, "both"))


def test_a_joint_label_is_two_facts(settle: Any) -> None:
    found = settle("收到并办结5件。", {"5件": said(f"{RECEIVED}+{CLOSED}", 0.9)})
    assert told(found) == [(RECEIVED, 5, "classifier"), (CLOSED, 5, "classifier")]
    assert len({fact.id for fact in found}) == 2


def test_metrics_are_called_as_in_the_tables_of_the_report(five: Any) -> None:
    assert five(said(CLOSED, 0.9)).metric == CLOSED
    assert five(said(CLOSED, 0.9), report=LATER).metric == "reply.total"


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (Judgement("part", 0.5), "part"),
        (Judgement("part", 0.49), "total"),
        (Judgement("to_date", 0.9), "to_date"),
    ],
)
def test_the_basis_is_the_classifier_s_where_it_is_sure(
    five: Any, basis: Judgement, expected: str
) -> None:
    assert five(said(RECEIVED, 0.9, basis=basis)).basis == expected


@pytest.mark.parametrize(("probability", "named"), [(0.79, True), (0.8, False), (0.99, False)])
def test_another_body_s_figure_that_nobody_can_name_is_other(
    five: Any, probability: float, named: bool
) -> None:
    fact = five(said(RECEIVED, CERTAIN, owner=Judgement("another", probability)))
    assert (fact.metric, fact.subject) == (RECEIVED if named else OTHER, None)


def test_without_a_classifier_an_unread_figure_is_other_by_the_rules(five: Any) -> None:
    fact = five(None)
    assert (fact.metric, fact.method, fact.confidence, fact.why) == (OTHER, "rule", 0.0, ())


# A rule reads it


@pytest.mark.parametrize(("probability", "confidence"), [(0.3, 0.95), (0.95, 0.95), (0.98, 0.98)])
def test_agreement(five: Any, probability: float, confidence: float) -> None:
    fact = five(said(RECEIVED, probability), Ruled(RECEIVED))
    assert (fact.metric, fact.method, fact.confidence) == (RECEIVED, "both", confidence)
    assert fact.why == (f"rule.{RECEIVED}", f"分类器 {RECEIVED} {probability:.2f}")


def test_agreement_in_the_words_of_the_family(five: Any) -> None:
    fact = five(said("reply.total", 0.9), Ruled(CLOSED), report=LATER)
    assert (fact.metric, fact.method) == ("reply.total", "both")


def test_agreement_on_one_of_two(settle: Any) -> None:
    rules = Rules({"5件": [Ruled(RECEIVED)]})
    (fact,) = settle("收到申请5件。", {"5件": said(f"{CLOSED}+{RECEIVED}", CERTAIN)}, rules)
    assert (fact.metric, fact.method) == (RECEIVED, "both")


@pytest.mark.parametrize(
    ("classifier", "rank", "confidence"),
    [
        (None, 0, 0.9),
        (None, 1, 0.92),
        (said(CLOSED, 0.3), 0, 0.9),
        (said(CLOSED, 0.3), 1, 0.92),
        (said(CLOSED, 0.5), 0, 0.8),
        (said(CLOSED, 0.89), 0, 0.8),
        (said(CLOSED, CERTAIN), 1, 0.8),
        # 0.9 overrules, but not with a metric that the unit cannot count or for another body
        (said("satisfaction.rate", 0.99), 0, 0.8),
        (said(CLOSED, 0.99, owner=Judgement("another", 0.9)), 0, 0.8),
        # what training has measured is for figures that no rule reads
        (said(CLOSED, 0.6, needed=0.35), 0, 0.8),
    ],
)
def test_the_rule_stands(five: Any, classifier: Said | None, rank: int, confidence: float) -> None:
    fact = five(classifier, Ruled(RECEIVED, rank))
    assert (fact.metric, fact.method, fact.confidence) == (RECEIVED, "rule", confidence)
    assert fact.why[0] == f"rule.{RECEIVED}"


@pytest.mark.parametrize("rank", [0, -1])
def test_a_weak_rule_is_overruled(five: Any, rank: int) -> None:
    fact = five(said(CLOSED, 0.99), Ruled(RECEIVED, rank))
    assert (fact.metric, fact.method, fact.confidence) == (CLOSED, "classifier", 0.99)
    assert fact.why == (f"分类器 {CLOSED} 0.99",)
    assert five(said(CLOSED, 0.9), Ruled(RECEIVED, rank)).metric == CLOSED
    assert five(said(CLOSED, 0.89), Ruled(RECEIVED, rank)).metric == RECEIVED


@pytest.mark.parametrize(
    "ruled",
    [Ruled(RECEIVED, rank=1), Ruled(RECEIVED, words="收到、办结5件")],
    ids=["strong", "member of a parallel list"],
)
@pytest.mark.parametrize(
    "probability",
    [
        0.99,
        CERTAIN,
        # a softmax in float32 is exactly one where the scores are far apart
        1.0,
    ],
)
def test_a_strong_rule_is_not_overruled(five: Any, ruled: Ruled, probability: float) -> None:
    fact = five(said(CLOSED, probability), ruled)
    assert (fact.metric, fact.method) == (RECEIVED, "rule")


@pytest.mark.parametrize("probability", [0.5, 0.99, CERTAIN, 1.0])
@pytest.mark.parametrize("rank", [0, 1])
def test_other_never_drops_a_rule_s_fact(five: Any, rank: int, probability: float) -> None:
    fact = five(said(OTHER, probability), Ruled(RECEIVED, rank))
    assert (fact.metric, fact.method, fact.confidence) == (RECEIVED, "rule", 0.8)


def test_a_rule_that_reads_other_gives_way(five: Any) -> None:
    """It says only that some words count nothing known."""
    assert five(said(RECEIVED, 0.85), Ruled(OTHER)).metric == RECEIVED
    assert five(said(RECEIVED, 0.75), Ruled(OTHER)).metric == OTHER
    assert five(said(RECEIVED, 0.75), Ruled(OTHER)).confidence == 0.0


# Two rules read it


@pytest.mark.parametrize(
    ("probability", "first", "second", "metric", "method"),
    [
        (0.9, 0, 0, CLOSED, "both"),
        (0.89, 0, 0, RECEIVED, "rule"),
        (0.9, 1, 1, CLOSED, "both"),
        (0.97, 1, 0, RECEIVED, "rule"),  # the weaker rank does not rise
        (0.89, 0, -1, RECEIVED, "rule"),
        (0.9, 0, -1, CLOSED, "classifier"),  # as any weak rule is overruled
    ],
)
def test_between_two_rules_the_classifier_decides(
    five: Any, probability: float, first: int, second: int, metric: str, method: str
) -> None:
    fact = five(
        said(CLOSED, probability),
        Ruled(RECEIVED, first),
        rivals=(Ruled(CLOSED, second, "to_date"),),
    )
    assert (fact.metric, fact.method) == (metric, method)
    if method == "both":
        assert fact.basis == "to_date"  # the reading of the rule, with all that it says
        assert fact.why[0] == f"rule.{CLOSED}"


def test_a_rival_of_a_third_metric_is_not_taken(five: Any) -> None:
    fact = five(said(CLOSED, 0.95), Ruled(RECEIVED, 1), rivals=(Ruled(REVIEW, 1),))
    assert (fact.metric, fact.method) == (RECEIVED, "rule")


# One total of a metric


@pytest.mark.parametrize(
    ("value", "metric", "basis"),
    [(40, RECEIVED, "part"), (136, RECEIVED, "total"), (200, OTHER, "total")],
)
def test_a_second_total_that_only_the_classifier_sees(
    settle: Any, value: int, metric: str, basis: str
) -> None:
    for words in (f"收到申请136件，网上{value}宗。", f"网上{value}宗，收到申请136件。"):
        rules = Rules({"136件": [Ruled(RECEIVED)]})
        found = {f.unit: f for f in settle(words, {f"{value}宗": said(RECEIVED, 0.9)}, rules)}
        assert (found["件"].metric, found["件"].basis) == (RECEIVED, "total")
        second = found["宗"]
        assert (second.metric, second.basis, second.value) == (metric, basis, value)
        assert second.method == "classifier"
        if metric == OTHER:
            assert (second.confidence, second.what) == (0.0, second.text)


def test_totals_that_do_not_compete(settle: Any) -> None:
    rules = Rules({"136件": [Ruled(RECEIVED)]})
    sure = said(RECEIVED, 0.9)

    def second(words: str, classifier: Said = sure) -> Fact:
        return next(f for f in settle(words, {"40宗": classifier}, rules) if f.unit == "宗")

    assert second("收到申请136件。2015年收到40宗。").year == 2015
    assert second("收到申请136件。2015年收到40宗。").basis == "total"
    assert second("收到申请136件。其中，县水利局收到40宗。").subject == "县水利局"
    assert second("收到申请136件。其中，县水利局收到40宗。").basis == "total"
    assert second("收到申请136件，办结40宗。", said(CLOSED, 0.9)).basis == "total"
    # Two that only the classifier sees do not judge each other.
    both = settle("收到136件，网上40宗。", {"136件": sure, "40宗": sure})
    assert [fact.basis for fact in both] == ["total", "total"]
    # Nor does the classifier judge what the rules read twice.
    twice = Rules({"136件": [Ruled(RECEIVED)], "40宗": [Ruled(RECEIVED)]})
    assert [f.basis for f in settle("收到136件，网上40宗。", {"40宗": sure}, twice)] == [
        "total"
    ] * 2


# Denials


@pytest.mark.parametrize(
    ("probability", "expected"), [(0.8, [(REVIEW, 0, "classifier")]), (0.79, [])]
)
def test_a_denial_that_only_the_classifier_sees(
    settle: Any, probability: float, expected: list[tuple[str, float, str]]
) -> None:
    found = settle("年内复议案卷一栏，未曾启用。", {"未": said(REVIEW, probability)})
    assert told(found) == expected
    for fact in found:
        assert (fact.text, fact.unit, fact.confidence) == ("未曾启用", "", probability)
        assert (fact.low, fact.high, fact.qualifier, fact.what) == (0, 0, None, None)


def test_a_denial_that_denies_nothing_known_is_no_fact(settle: Any) -> None:
    assert settle("工作未出差错。", {"未": said(OTHER, 0.99)}) == ()


def test_a_denial_of_two_things(settle: Any) -> None:
    both = said(f"litigation.total+{REVIEW}", 0.9)
    found = settle("未发生行政复议、行政诉讼。", {"未": both})
    assert told(found) == [("litigation.total", 0, "classifier"), (REVIEW, 0, "classifier")]


@pytest.mark.parametrize(
    ("classifier", "method", "confidence"),
    [
        (None, "rule", 0.9),
        (said(REVIEW, 0.3), "rule", 0.9),
        (said(REVIEW, 0.5), "both", 0.95),
        (said(REVIEW, 0.97), "both", 0.97),
        (said(f"litigation.pending+{REVIEW}", 0.6), "both", 0.95),
        (said(OTHER, 0.99), "rule", 0.9),
        (said(CLOSED, 0.5), "rule", 0.9),
    ],
)
def test_zero_statements_of_rules(
    settle: Any, classifier: Said | None, method: str, confidence: float
) -> None:
    rules = Rules(zeros={"未发生行政复议": Ruled(REVIEW)})
    found = settle("未发生行政复议。", {"未": classifier} if classifier else None, rules)
    assert told(found) == [(REVIEW, 0, method)]
    assert found[0].confidence == confidence
    assert found[0].why[0] == f"rule.{REVIEW}"


def test_a_zero_that_the_classifier_finds_impossible_falls(settle: Any) -> None:
    rules = Rules(zeros={"未发生行政复议": Ruled(REVIEW)})
    assert settle("未发生行政复议。", {"未": said(REVIEW, 0.09)}, rules) == ()
    assert told(settle("未发生行政复议。", {"未": said(REVIEW, 0.1)}, rules)) == [
        (REVIEW, 0, "rule")
    ]


def test_a_zero_statement_and_another_that_only_the_classifier_sees(settle: Any) -> None:
    rules = Rules(zeros={"未发生行政复议": Ruled(REVIEW)})
    found = settle("未发生行政复议，没有欠账。", {"没": said("litigation.total", 0.9)}, rules)
    assert told(found) == [(REVIEW, 0, "rule"), ("litigation.total", 0, "classifier")]
    again = settle("未发生行政复议，没有欠账。", {"没": said(REVIEW, 0.9)}, rules)
    assert told(again) == [(REVIEW, 0, "rule")]  # said already


def test_what_a_figure_states_is_not_denied_beside_it(settle: Any) -> None:
    rules = Rules({"5件": [Ruled(RECEIVED)]})
    found = settle("收到申请5件，没有遗漏。", {"没": said(RECEIVED, 0.99)}, rules)
    assert told(found) == [(RECEIVED, 5, "rule")]


def test_facts_stand_in_the_order_of_the_text(settle: Any) -> None:
    classifier = {
        "未": said(REVIEW, 0.9),
        "5件": said(RECEIVED, 0.9),
        "无": said("complaint.total", 0.9),
    }
    found = settle("未发生行政复议，收到申请5件，无投诉。", classifier)
    assert [fact.metric for fact in found] == [REVIEW, RECEIVED, "complaint.total"]
    assert [fact.id for fact in found] == ["f1", "f2", "f3"]


# Muted rules


def test_muted_rules_leave_the_figure_to_the_classifier(settle: Any) -> None:
    rules = Rules(
        {"5件": [Ruled(RECEIVED, 1)]}, {"5件": [Ruled(CLOSED, 1)]}, {"未复议": Ruled(REVIEW)}
    )
    words, muted = "收到申请5件，未复议。", frozenset({RECEIVED, CLOSED, REVIEW})
    assert told(settle(words, None, rules)) == [(RECEIVED, 5, "rule"), (REVIEW, 0, "rule")]
    assert told(settle(words, None, rules, muted=muted)) == [(OTHER, 5, "rule")]
    sure = {"5件": said(RECEIVED, 0.9), "未": said(REVIEW, 0.9)}
    assert told(settle(words, sure, rules, muted=muted)) == [
        (RECEIVED, 5, "classifier"), (REVIEW, 0, "classifier"),
    ]  # fmt: skip
    assert told(settle(words, {"5件": said(CLOSED, 0.91)}, rules, muted=frozenset({CLOSED})))[0] == (
        RECEIVED, 5, "rule",
    )  # fmt: skip


def test_what_is_muted_is_the_metric_of_the_family(five: Any) -> None:
    """A rule for requests closed reads replies in the reports of later years."""
    ruled = Ruled(CLOSED)
    assert five(None, ruled, report=LATER, muted=frozenset({CLOSED})).metric == "reply.total"
    assert five(None, ruled, report=LATER, muted=frozenset({"reply.total"})).metric == OTHER


# Against the tables


def cell(value: float, metric: str = RECEIVED) -> Cell:
    return replace(stubs.CELL, metric=metric, value=value, raw=str(value))


def stated(value: float, confidence: float, method: str = "classifier", **more: Any) -> Fact:
    fields = {"value": value, "low": value, "high": value, "year": REPORT.year}
    return replace(stubs.RECEIVED, confidence=confidence, method=method, **(fields | more))


@pytest.mark.parametrize(
    ("facts", "verdicts"),
    [
        ([stated(35, 0.96)], []),  # a mismatch on such a word would accuse somebody
        ([stated(35, 0.9699)], []),
        ([stated(35, 0.97)], ["mismatch"]),
        ([stated(35, 1.0)], ["mismatch"]),
        ([stated(33, 0.5)], ["match"]),  # for the table it may speak
        ([replace(stated(35, 0.5), low=30, high=40)], ["approximate"]),
        ([stated(35, 0.1, "rule")], ["mismatch"]),
        ([stated(35, 0.5, "both")], ["mismatch"]),
        ([stated(33, 0.9, "rule"), stated(35, 0.9, id="f9")], ["match"]),
        ([stated(33, 0.9, "rule"), stated(35, 0.98, id="f9")], ["mismatch"]),
        ([stated(35, 0.9), stated(34, 0.9, id="f9")], []),
        ([stated(35, 0.99, basis="part")], []),
        ([stated(35, 0.99, subject="县水利局")], []),
        ([stated(35, 0.99, year=2015)], []),
    ],
)
def test_what_only_the_classifier_reads_accuses_nobody_unless_it_is_sure(
    facts: list[Fact], verdicts: list[str]
) -> None:
    checks = compare(tuple(facts), (cell(33),), REPORT)
    assert [check.verdict for check in checks] == verdicts


def test_a_doubtful_figure_may_agree_with_any_reading_of_the_table() -> None:
    """新收 or 新收加上年结转: 38 of 33 and 5 carried in."""
    cells = (cell(33), replace(cell(5, "request.carried_in"), id="c2"))
    assert [check.verdict for check in compare((stated(38, 0.5),), cells, REPORT)] == ["match"]
    assert compare((stated(39, 0.5),), cells, REPORT) == ()


@pytest.mark.parametrize(
    ("stands_beside", "verdict"),
    [
        (3, "match"),
        (1, "match"),
        (200, "match"),
        (30, "mismatch"),
        (63, "mismatch"),
        (34, "mismatch"),
    ],
)
def test_what_counts_less_beside_what_agrees_accuses_nobody(
    stands_beside: int, verdict: str
) -> None:
    """全省613次 agrees; the office's own 36次 is no misprint of it, 631次 may be one."""
    facts = (stated(33, 0.9, "rule"), stated(stands_beside, 0.9, "rule", id="f9"))
    assert [check.verdict for check in compare(facts, (cell(33),), REPORT)] == [verdict]


def test_from_the_words_to_the_check(settle: Any) -> None:
    for probability, verdicts in ((0.96, []), (0.97, ["mismatch"])):
        facts = settle("全年收到申请5件。", {"5件": said(RECEIVED, probability)})
        assert [c.verdict for c in compare(facts, (cell(33),), REPORT)] == verdicts


@pytest.mark.parametrize(
    ("words", "metric"),
    [
        ("（一）行政复议。全年受理3件，均予维持。", OTHER),
        ("（二）举报投诉情况。2016年收到3件。", OTHER),
        ("没有发生行政诉讼。全年收到申请3件。", RECEIVED),  # which names what was received
        ("依申请公开情况。全年收到3件。", RECEIVED),
        ("行政复议1件。依申请公开情况良好。全年收到3件。", RECEIVED),  # what was said last
    ],
)
def test_under_disputes_the_classifier_counts_no_requests(
    settle: Any, words: str, metric: str
) -> None:
    found = settle(words, {"3件": said(RECEIVED, 0.97)})
    assert [fact.metric for fact in found if fact.value == 3] == [metric]


def test_the_stub_reads_what_the_reader_would() -> None:
    """The stub's opinions are of the same anchors as those of the trained reader."""
    from nlp.classifier.reader import open_reader
    from nlp.context.sentence import sentences_of

    words = "收到申请5件，未发生行政复议。"
    passage = Passage(words, tuple(range(len(words))), "overview", "", "")
    figures = find_figures(words)
    (sentence,) = sentences_of(passage, figures, enumerations(words, figures))
    (opinions,) = open_reader().opinions([sentence], "2014")
    stub = StubReader({"未": said(REVIEW, 0.9)}).opinions([sentence], "2014")[0]
    assert [*opinions.figures] == [*stub.figures]
    assert {one.anchor for one in opinions.denials} == {one.anchor for one in stub.denials}
    assert all({*vars(Said())} <= {*dir(one)} for one in opinions.figures.values())
