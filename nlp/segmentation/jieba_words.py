"""jieba with a dictionary of its own: the common words of jieba's, and the terms of the genre.

jieba's global dictionary takes most of a second to build, and its cache file in the temporary
folder is shared by everything on the machine. Words that jieba has counted less than 20 times do
not occur in administrative prose, so they are left out, and the hidden Markov model with them: it
guesses at names, in which no figure's meaning lies.
"""

from __future__ import annotations

import logging
import re
import sys
from functools import cache
from importlib import resources
from itertools import accumulate
from pathlib import Path
from typing import Any

from nlp.segmentation import Segmenter, missing

# A line is "word count tag". One search in the whole file takes less than half the time that its
# 349 046 lines take one by one; that the word is possessive (++) saves going back in the lines left out.
_COMMON = re.compile(r"\n([^ ]++) ([0-9]{3,}|[2-9][0-9]) ")
_TERM_FREQUENCY = 20_000  # above any pair of words that could take a term's place


def terms() -> tuple[str, ...]:
    """The genre's terms, one a line in `terms.txt`; lines that start with # are remarks."""
    source = resources.files("nlp.segmentation").joinpath("terms.txt").read_text("utf-8")
    return tuple(line for line in source.split("\n") if line and not line.startswith("#"))


@cache
def load() -> Segmenter:
    cut = _tokenizer().cut

    def words(text: str) -> list[tuple[int, int]]:
        # jieba returns every character, so that lengths alone tell where a word stands.
        ends = list(accumulate(map(len, pieces := list(cut(text, HMM=False)))))
        return [
            (end - len(piece), end)
            for piece, end in zip(pieces, ends, strict=True)
            if not piece.isspace()
        ]

    return words


def _tokenizer() -> Any:
    jieba = _jieba()
    tokenizer = jieba.Tokenizer()
    frequencies = _common_words(Path(jieba.__file__).with_name("dict.txt"))
    frequencies.update(dict.fromkeys(terms(), _TERM_FREQUENCY))
    total = sum(frequencies.values())
    # jieba finds the ways through a sentence by prefixes, which must be in the dictionary too.
    prefixes = {word[:length] for word in frequencies for length in range(1, len(word))}
    tokenizer.FREQ = dict.fromkeys(prefixes, 0) | frequencies
    tokenizer.total = total
    tokenizer.initialized = True
    return tokenizer


def _common_words(path: Path) -> dict[str, int]:
    text = path.read_bytes().decode("utf-8")  # read_text would look for other line ends
    return {word: int(count) for word, count in _COMMON.findall("\n" + text)}


def _jieba() -> Any:
    """jieba imports pkg_resources where it can (a tenth of a second) and needs it nowhere."""
    hidden = "pkg_resources" not in sys.modules
    if hidden:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        import jieba
    except ImportError as error:
        raise missing("jieba", "all") from error
    finally:
        if hidden:
            del sys.modules["pkg_resources"]
    jieba.setLogLevel(logging.WARNING)
    return jieba
