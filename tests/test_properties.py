"""What must hold of any text: lengths, offsets, order, and that nothing raises."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from loading import REPORTS, script
from nlp.errors import InputError
from nlp.numbers import find_figures, value_of
from nlp.output import terminal
from nlp.output.json import dumps
from nlp.pipeline import analyse, analyse_text
from nlp.reading import fold, read_bytes
from nlp.records import ReportResult

fuzz = script("fuzz")
MODEST = settings(max_examples=150, deadline=None)
FEW = settings(max_examples=60, deadline=None)
PARTS = (
    "1 12 2018 3.5 1,234 １２ 一 二十 三百 两 零 万 亿 千 余 多 近 约 超过 以上 件 条 次 年 月 日 元"
    " % ％ 成 百分之 第 ， 、 。 （ ） “ ” 《 》 - — : 公开 收到 分别为 http:// @ . APP"
)
PIECES = (*PARTS.split(), " ")
WORDS = (
    "政府信息公开",
    "年度报告，",
    "主动公开12条。",
    "收到申请3件；",
    "\n",
    "一、总体情况",
    "办理",
)
report_like = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def in_han(number: int) -> str:
    """12345 as 一万二千三百四十五."""
    digits = "零一二三四五六七八九"
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return in_han(number // 10_000) + "万" + gap + (in_han(rest) if rest else "")
    text = ""
    for weight, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // weight % 10
        if digit:
            text += digits[digit] + name
        elif text and number % weight and not text.endswith("零"):
            text += "零"
    return text or "零"


@MODEST
@given(st.text())
def test_fold_keeps_the_length_and_is_idempotent(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@MODEST
@given(
    st.lists(st.sampled_from(WORDS), min_size=8, max_size=30).map("".join).filter(str.strip),
    st.sampled_from(
        ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
    ),
)
def test_every_encoding_gives_the_text_back(text: str, encoding: str) -> None:
    assert read_bytes(text.encode(encoding), path="x").text == text


@MODEST
@given(st.one_of(st.text(), report_like, report_like.map(fold)))
def test_figures_are_ordered_disjoint_and_inside(text: str) -> None:
    end = 0
    for figure in find_figures(text):
        assert end <= figure.start < figure.end <= len(text)
        assert figure.start < figure.unit_start <= figure.end
        assert figure.low <= figure.value <= figure.high
        assert not figure.exact or figure.low == figure.high
        end = figure.end


@MODEST
@given(st.integers(0, 999_999_999))
def test_arabic_numerals_come_back(number: int) -> None:
    for printed in (f"公开{number}条", f"公开{number:,}条", f"公开{number:,}条".replace(",", "，")):
        (figure,) = find_figures(printed)
        assert (figure.value, figure.low, figure.high, figure.unit) == (
            number,
            number,
            number,
            "条",
        )
    assert value_of(str(number)) == value_of(f"{number:,}") == number


@MODEST
@given(st.integers(2, 9_999_999))
def test_han_numerals_come_back(number: int) -> None:
    printed = in_han(number)
    assert value_of(printed) == number
    (figure,) = find_figures(f"公开{printed}条")
    assert figure.value == number
    assert figure.low <= number <= figure.high


@MODEST
@given(st.text())
def test_value_of_never_raises(text: str) -> None:
    value_of(text)


# The whole pipeline

HEADINGS = (
    "某县2019年政府信息公开工作年度报告",
    "一、总体情况",
    "（二）依申请公开",
    "1．主动公开。",
    "三、存在的问题",
    "存在的主要问题及改进情况",
    "五、2020年工作打算",
    "附件：统计表",
    "二、主动公开政府信息情况",
)
SENTENCES = (
    "全年收到政府信息公开申请{}件，其中自然人{}件、法人{}件。",
    "主动公开政府信息{}条，较上年增长{}%；",
    "未收到行政复议、行政诉讼。",
    "县财政局公开财政信息{}条（其中预决算{}条",
    "举办培训班{}期，培训{}人次，",
    "微博、微信分别发布信息{}条、{}条。",
    "经费投入{}万元",
    "收到人大建议{}件、政协提案{}件，办结率{}%，",
    "一是公开内容不够全面；二是时效性有待提高。",
    "下一步，计划举办培训{}次。",
    "公开总数{}条，占{}%；",
    "2018年同期为{}条，",
    "“{}”",
    "）。",
    "《政府信息公开条例》",
)
ROWS = (
    "（一）主动公开政府信息数\t条\t{}",
    "一、本年新收政府信息公开申请数量|{}|{}|{}|{}|{}|{}|{}",
    "（一）予以公开 {} {} 0 0 0 0 {}",
    "其中：网上公开数 {}",
    "行政规范性文件\n{}\n{}\n{}",
    "{} {} {} {} {} {} {} {} {}",
    "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计",
    "|{}|-|/|无|",
    "十、政府信息公开收费 {}元",
)
FIGURES = ("0", "3", "27", "1,234", "17.46万", "三百二十", "近50", "20余", "２", "-", "4" * 40)
WHOLE = tuple(read_bytes(path.read_bytes(), path=path.name).text for path in REPORTS)


@st.composite
def stretches(draw: st.DrawFn) -> str:
    """Some lines of a bundled report, with some of its figures changed."""
    lines = draw(st.sampled_from(WHOLE)).splitlines()
    start = draw(st.integers(0, len(lines) - 1))
    text = "\n".join(lines[start : start + draw(st.sampled_from((1, 5, 20, 80)))])
    old, new = draw(st.sampled_from(("0", "1", "12", "3", "-"))), draw(st.sampled_from(FIGURES))
    return text.replace(old, new, draw(st.sampled_from((0, 1, 5))))


@st.composite
def phrases(draw: st.DrawFn) -> str:
    piece = draw(st.sampled_from((*HEADINGS, *SENTENCES, *SENTENCES, *ROWS)))
    return piece.format(*(draw(st.sampled_from(FIGURES)) for _ in range(piece.count("{}"))))


@st.composite
def reports(draw: st.DrawFn) -> str:
    """Pieces of the genre in any order, joined in any way; mostly under the title of a report."""
    pieces = draw(st.lists(st.one_of(phrases(), phrases(), stretches()), min_size=1, max_size=15))
    joint = draw(st.sampled_from(("\n", "\n", "\r\n", "", " ")))
    title = draw(st.sampled_from((HEADINGS[0] + "\n", HEADINGS[0] + "\n", "")))
    return title + joint.join(pieces)


def read_or_refused(text: str) -> ReportResult | None:
    try:
        return analyse_text(text)
    except InputError:
        return None


@settings(max_examples=120, deadline=None)
@given(reports())
@example("某县2019年政府信息公开工作年度报告\n" + "（" * 400)
@example("某县2019年政府信息公开工作年度报告\n培训" + "\r" * 30 + "3期")
def test_any_report_is_read_with_its_evidence(text: str) -> None:
    result = read_or_refused(text)
    if result is not None:
        assert fuzz.broken_promises(result) == []
        terminal.render(result, lang="en", why=True, width=40, colour=True)


@FEW
@given(
    st.one_of(
        st.text(max_size=200),
        reports().flatmap(lambda text: st.permutations(text[:80]).map("".join)),
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    result = read_or_refused(f"政府信息公开{text}")
    if result is not None:
        assert fuzz.broken_promises(result) == []


@FEW
@given(reports())
def test_the_same_bytes_give_the_same_json(text: str) -> None:
    def printed() -> str:
        return dumps(analyse(read_bytes(text.encode(), path="x")), include_text=True, why=True)

    try:
        first = printed()
    except InputError:
        return
    assert printed() == first
    assert json.loads(first)["schema"] == "1.0"


@FEW
@given(reports())
def test_no_table_value_is_invented(text: str) -> None:
    """A cell is worth what is printed, and nothing printed is nothing."""
    result = read_or_refused(text)
    for cell in result.cells if result else ():
        if not cell.raw.strip():
            assert cell.value is None
        elif cell.value is not None:
            assert any(character.isdecimal() for character in cell.raw)
