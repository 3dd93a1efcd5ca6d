"""Numerals to values: Arabic and Chinese, with the worth of the last printed digit."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.records import Number

HAN = "零〇○一二三四五六七八九十百千两万亿"
LONGEST = 12  # digits; more than that is an identifier
SCALES = {"千": 10**3, "万": 10**4, "亿": 10**8, "百万": 10**6, "千万": 10**7, "万亿": 10**12}
_DIGITS = dict(
    zip("零〇○一二三四五六七八九两", (0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2), strict=True)
)
_SECTION = re.compile(
    r"(?:([一二两三四五六七八九])千)?(零)?(?:([一二两三四五六七八九])百)?(零)?(?:([一二三四五六七八九]?)十)?(零)?([一二两三四五六七八九])?"
)


class Reading(NamedTuple):
    """A numeral: its value, the worth of its last printed and its last non-zero digit."""

    value: Number
    grain: Number
    step: Number
    scaled: bool


def arabic_reading(whole: str, fraction: str, factor: int) -> Reading:
    digits = whole + fraction[1:]
    grain = factor / 10 ** len(fraction[1:])
    zeros = len(digits) - len(digits.rstrip("0")) if digits.strip("0") else 0
    value = float(whole + fraction) * factor if fraction else int(whole) * factor
    return Reading(value, grain, grain * 10**zeros, factor > 1)


def compound_reading(value: float, factor: int, rest: str) -> Reading | None:
    """1亿2345万, 5万2千, 1万2345: None where the second part does not fit the first."""
    scale = SCALES.get(rest[-1], 1)
    amount = int(rest.rstrip("万千")) * scale
    if amount >= factor or (scale == 1 and len(rest) < 4):
        return None
    return Reading(value + amount, scale, scale, scale > 1)


def decimal_reading(text: str) -> Reading | None:
    """九十五点六, 百, 95.6."""
    if text[0].isdigit() and text.isascii():
        whole, point, fraction = text.partition(".")
        return arabic_reading(whole, point + fraction, 1) if len(whole) <= LONGEST else None
    whole, _, fraction = text.partition("点")
    base = Reading(100, 1, 1, False) if whole == "百" else han_reading(whole)
    digits = "".join(str(_DIGITS[c]) for c in fraction if c in _DIGITS)
    if base is None or len(digits) != len(fraction):
        return None
    if not digits:
        return base
    grain = 10 ** -len(digits)
    return Reading(base.value + int(digits) * grain, grain, grain, False)


def han_reading(core: str) -> Reading | None:
    """三百二十, 五万二千, 二○一三; None for 三四, 一百五 and whatever else has two readings."""
    if all(character in _DIGITS for character in core):
        if len(core) == 1 or (
            3 <= len(core) <= LONGEST and (len(core) > 3 or set(core) & set("零〇○"))
        ):
            value = int("".join(str(_DIGITS[character]) for character in core))
            return Reading(value, 1, 1, False)
        return None
    total, factor, rest = 0, 1, core.replace("〇", "零").replace("○", "零")
    upper, mark, lower = rest.rpartition("亿")
    parts = [(upper, 10**8)] if mark else []
    upper, mark, lower = lower.rpartition("万")
    parts += [(upper, 10**4)] if mark else []
    parts += [(lower, 1)] if lower else []
    step = 1
    for index, (part, factor) in enumerate(parts):
        section = _section(part, index > 0)
        if section is None:
            return None
        total += section[0] * factor
        step = section[1] * factor
    grain = step if lower else factor
    return Reading(total, grain, step, factor > 1 or (len(parts) > 1 and grain > 1))


def _section(text: str, is_lower: bool) -> tuple[int, int] | None:
    """Value below 10,000 and the worth of its last digit."""
    found = _SECTION.fullmatch(text)
    if not found or not text.strip("零"):
        return None
    thousands, zero1, hundreds, zero2, tens, zero3, ones = found.groups()
    ten = 1 if tens == "" else _DIGITS[tens] if tens else 0
    above = bool(thousands or hundreds or is_lower)
    if ones and tens is None and above and not (zero1 or zero2 or zero3):
        return None  # 一百五 is 150 in speech and nothing in writing
    weights = ((thousands, 1000), (hundreds, 100), (ten, 10), (ones, 1))
    value = sum((_DIGITS[d] if isinstance(d, str) else d) * w for d, w in weights if d)
    return value, next(weight for digit, weight in reversed(weights) if digit)


def tidy(number: Number) -> Number:
    """12.37万 is 123700 and not 123699.99999999999."""
    if isinstance(number, int):
        return number
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded
