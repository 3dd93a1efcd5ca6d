"""Text in columns of a terminal: widths, padding and shortening that leave figures whole.

A Chinese character fills two columns; `wcwidth` knows which characters do. A quote is made
printable for one line here, and shortened between its figures, never inside one.
"""

from __future__ import annotations

import re
import unicodedata

from wcwidth import wcswidth, wcwidth

from nlp.records import Number

ELLIPSIS = "…"
# 约5万余人次, １２．5％, 三百二十余件: a number with what belongs to it stays in one piece
_FIGURE = re.compile(
    r"[近约超逾]?[0-9０-９〇零一二三四五六七八九十百千万亿两]"
    r"(?:[0-9０-９〇零一二三四五六七八九十百千万亿两余多成%％]|[,.，．](?=[0-9０-９]))*"
    r"(?:人次|万元|[条件次篇期人个项元份起场])?"
)
_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_WRAP_IN_CHINESE = re.compile(rf"(?<={_CJK})\s*[\r\n]\s*|\s*[\r\n]\s*(?={_CJK})")
_LEAST_REST = 5
_NEVER_FIRST = "，。；：、！？）》”"


def width_of(text: str) -> int:
    """Columns that the text fills."""
    columns = wcswidth(text)
    return columns if columns >= 0 else sum(max(wcwidth(char), 0) for char in text)


def number(value: Number) -> str:
    """A number without a trailing .0 and without the noise of binary fractions."""
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def one_line(text: str) -> str:
    """The words of a quote on one line: wraps inside Chinese closed up, other white space one
    blank, and no character that a terminal would obey instead of print."""
    closed = _WRAP_IN_CHINESE.sub("", text.strip())
    spaced = " ".join(closed.split())
    return "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf"))


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """The text filled up with blanks to `columns`; `right` puts the blanks before it."""
    blanks = " " * max(0, columns - width_of(text))
    return blanks + text if right else text + blanks


def shorten(text: str, columns: int) -> str:
    """The text within `columns`, with … where words were left out.

    The longest stretches without a figure give way first, in their middle. A text that has more
    figures than room loses whole figures from its middle.
    """
    if len(text) > 8 * columns:  # what is shown comes from both ends; the rest only costs time
        text = f"{text[: 4 * columns]}…{text[-4 * columns :]}"
    pieces = _pieces(text)
    while (excess := sum(width_of(piece) for piece in pieces) - columns) > 0:
        words = max(range(0, len(pieces), 2), key=lambda place: width_of(pieces[place]))
        if width_of(pieces[words]) <= _LEAST_REST:
            return _ends(pieces, columns)
        pieces[words] = _thin(pieces[words], max(_LEAST_REST, width_of(pieces[words]) - excess))
    return "".join(pieces)


def wrap(parts: list[str], columns: int, *, joint: str, indent: str = "") -> list[str]:
    """Parts joined into lines no wider than `columns` (a part is never broken); lines after the
    first begin with `indent`."""
    lines: list[str] = []
    line = ""
    for place, part in enumerate(parts):
        piece = part + (joint if place < len(parts) - 1 else "")
        if line.strip() and width_of((line + piece).rstrip()) > columns:
            lines.append(line.rstrip())
            line = indent
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def fold(text: str, columns: int) -> list[str]:
    """All of the text in lines no wider than `columns`, broken anywhere but inside a figure."""
    lines = [""]
    for place, piece in enumerate(_pieces(text)):
        for part in [piece] if place % 2 else piece:
            if lines[-1] and width_of(lines[-1] + part) > columns and part not in _NEVER_FIRST:
                lines.append("")
            lines[-1] += part
    return [line.strip() for line in lines]


def _pieces(text: str) -> list[str]:
    """Words and figures in turn; words at the even places, possibly empty."""
    pieces: list[str] = []
    at = 0
    for figure in _FIGURE.finditer(text):
        pieces += [text[at : figure.start()], figure.group()]
        at = figure.end()
    return [*pieces, text[at:]]


def _thin(words: str, columns: int) -> str:
    room = columns - width_of(ELLIPSIS)
    head = _cut(words, (room + 1) // 2)
    tail = _cut(words[::-1], room - width_of(head))[::-1]
    return head + ELLIPSIS + tail


def _ends(pieces: list[str], columns: int) -> str:
    """As many whole pieces from both ends as there is room for, the end first: evidence mostly
    ends in its figure."""
    left, right = 0, len(pieces)
    room = columns - width_of(ELLIPSIS)
    from_end = True
    while left < right:
        place = right - 1 if from_end else left
        room -= width_of(pieces[place])
        if room < 0:
            break
        left, right = (left, place) if from_end else (left + 1, right)
        from_end = not from_end
    return "".join(pieces[:left]) + ELLIPSIS + "".join(pieces[right:])


def _cut(text: str, columns: int) -> str:
    used = 0
    for place, char in enumerate(text):
        used += max(wcwidth(char), 0)
        if used > columns:
            return text[:place]
    return text
