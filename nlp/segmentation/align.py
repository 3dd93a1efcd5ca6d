"""From the words that a segmenter returns back to places in the text: some drop white space,
some change nothing, none says where a word stood."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]


def align(text: str, words: Iterable[str]) -> list[Span]:
    """The spans of `words` in `text`, in order; white space in or between words is in no span.

    What no word covers (a segmenter may drop characters that it does not know) becomes spans of
    one character each, so that nothing of the text is lost.
    """
    spans: list[Span] = []
    at = 0
    for word in words:
        for piece in word.split():
            found = text.find(piece, at)
            if found < 0:
                continue
            spans += _single(text, at, found)
            spans.append((found, found + len(piece)))
            at = found + len(piece)
    return spans + _single(text, at, len(text))


def _single(text: str, start: int, end: int) -> list[Span]:
    return [(i, i + 1) for i in range(start, end) if not text[i].isspace()]
