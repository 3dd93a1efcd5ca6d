"""Every rule: its examples match it with the figure in braces, its rejects do not."""

import pytest

from nlp.metrics import load as load_metrics
from nlp.readings import sentence_readings
from nlp.records import Passage
from nlp.rules.load import Rule, rules

RULES = rules()


def _plain(example: str) -> tuple[str, int, int]:
    start = example.index("{")
    end = example.index("}") - 1
    return example.replace("{", "").replace("}", ""), start, end


def _matches(rule: Rule, text: str) -> list[tuple[int, int]]:
    """Spans of the figures (or words) that the rule reads in the text, topic included."""
    passage = Passage(text, tuple(range(len(text))), "overview", "", "")
    return [span for one, span in sentence_readings(passage) if one.rule.id == rule.id]


def test_ids_are_unique_and_metrics_known() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    known = load_metrics().keys() | {"disclosure.*", "disclosure.channel"}
    assert {rule.metric for rule in RULES} <= known


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_examples_match(rule: Rule) -> None:
    for example in rule.examples:
        if rule.value is not None:
            assert _matches(rule, example), example
            continue
        text, start, end = _plain(example)
        spans = _matches(rule, text)
        assert any(s < end and start < e for s, e in spans), (example, spans)


@pytest.mark.parametrize("rule", [pytest.param(r, id=r.id) for r in RULES if r.rejects])
def test_rejects_do_not_match(rule: Rule) -> None:
    for reject in rule.rejects:
        assert not _matches(rule, reject), reject


def test_every_rule_has_an_example() -> None:
    """Rules of a heading have theirs in wordings/requests.tsv, since a sentence cannot show them."""
    bare = [rule.id for rule in RULES if not rule.examples]
    assert all(id_.endswith(".under_heading") for id_ in bare)


@pytest.mark.parametrize(
    "filler", ["公开", "解读，", "申请、", "3件", "（其中", "未", "政府网站发布信息"]
)
def test_no_rule_is_slow_on_long_text(filler: str) -> None:
    """A bound on work, not a timing: the engine gives up on a rule after half a second and says
    so, and a text of 50,000 characters must not bring any rule there."""
    from nlp.rules.match import match
    from nlp.rules.views import mask

    text = filler * (50_000 // len(filler))
    from nlp.numbers import find_figures

    _, slow = match(mask(text, 0, len(text), find_figures(text)))
    assert slow == []
