"""What must hold of any text: lengths, offsets, order, and that nothing raises."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.numbers import find_figures, value_of
from nlp.reading import fold, read_bytes

MODEST = settings(max_examples=150, deadline=None)
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
