"""Gates: words without which a pattern cannot match; what is skipped for want of them never matches."""

import pytest

from loading import ROOT
from nlp.context.enumerations import enumerations
from nlp.context.sentence import sentences_of
from nlp.numbers import find_figures
from nlp.reading import read_path
from nlp.rules.gates import Part, gates_of, useful
from nlp.rules.load import rules
from nlp.structure.prose import read_prose
from nlp.structure.tables import read_tables


def _macro(name: str) -> Part:
    return gates_of({"verb": "(?:收到|受理)", "gap": "[^，]{0,9}?"}[name], _macro)


@pytest.mark.parametrize(
    ("pattern", "gates"),
    [
        ("申请", [{"申请"}]),
        ("收到(?:了)?申请", [{"收到申请", "收到了申请"}]),
        ("{verb}{gap}申请", [{"收到", "受理"}, {"申请"}]),
        ("(?:举办|开展)*培训", [{"培训"}]),
        ("(?:举办)+?培训", [{"举办"}, {"培训"}]),
        ("(?:举办){2,}培训", [{"举办"}, {"培训"}]),
        ("培训班?+", [{"培训", "培训班"}]),
        ("[专兼]职", [{"专职", "兼职"}]),
        ("[一-三]次", [{"次"}]),
        ("[^，]次", [{"次"}]),
        (r"20\d\d年", [{"20"}, {"年"}]),
        (r"\ue000件", [{"\ue000件"}]),
        ("(?<!未)公开(?=信息)。", [{"公开。"}]),
        ("公开{gap}信息|发布", [{"公开", "发布"}]),
        ("公开|{gap}", []),
        ("(?>公开)信息", []),  # not understood: nothing is asked
        ("(?P<one>公开)(?P=one)", []),
        ("公开)", []),
        ("*公开", []),
    ],
)
def test_what_a_pattern_asks_for(pattern: str, gates: list[set[str]]) -> None:
    assert [set(gate) for gate in gates_of(pattern, _macro).gates] == gates


def test_gates_that_tell_no_more_than_the_needs_are_dropped() -> None:
    asked = [frozenset(gate) for gate in ({"申请", "申请件"}, {"收到", "接"}, {"\ue000"}, {"人"})]
    assert useful(asked, ("申请表",), "\ue000") == (("人",), ("接", "收到"))


def test_what_is_skipped_would_not_have_matched() -> None:
    texts = set()
    for path in sorted((ROOT / "corpora" / "reports").glob("*.txt"))[:6]:
        document = read_path(path)
        for passage in read_prose(document, read_tables(document).regions)[1]:
            figures = find_figures(passage.text)
            found = sentences_of(passage, figures, enumerations(passage.text, figures))
            texts |= {sentence.view.text for sentence in found}
    skipped = matched = 0
    for rule in rules():
        for text in texts:
            if not any(need in text for need in rule.needs):
                continue
            if rule.may_match(text):
                matched += bool(rule.compiled.search(text))
            else:
                skipped += 1
                assert not rule.compiled.search(text), (rule.id, text)
    assert skipped > matched > 0
