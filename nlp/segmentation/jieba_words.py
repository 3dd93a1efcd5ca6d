"""jieba with a dictionary of its own: the common words of jieba's, and the terms of the genre.

jieba's global dictionary takes most of a second to build, and its cache file in the temporary
folder is shared by everything on the machine. Words that jieba has counted less than 20 times do
not occur in administrative prose, so they are left out, and the hidden Markov model with them: it
guesses at names, in which no figure's meaning lies.

The cutting itself is done by rjieba, jieba's port to Rust, where the machine has it: the same words
(tests compare them) in a tenth of the time.
"""

from __future__ import annotations

import logging
import re
import sys
from functools import cache
from importlib import resources
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from itertools import accumulate
from pathlib import Path
from types import ModuleType
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
    frequencies = dictionary()
    return fast(frequencies) or plain(frequencies)


def dictionary() -> dict[str, int]:
    """How often each word is to be expected: jieba's common words, and ours."""
    frequencies = _common_words(_jieba_folder() / "dict.txt")
    frequencies.update(dict.fromkeys(terms(), _TERM_FREQUENCY))
    return frequencies


def fast(frequencies: dict[str, int]) -> Segmenter | None:
    """Cuts with rjieba; None where it is not installed."""
    rjieba = _rjieba()
    if rjieba is None:
        return None
    tokenizer = rjieba.Jieba.empty()
    for word, frequency in frequencies.items():
        tokenizer.add_word(word, frequency, "")
    tokenize = tokenizer.tokenize

    def words(text: str) -> list[tuple[int, int]]:
        pieces = tokenize(text, "default", False)
        return [(start, end) for piece, start, end in pieces if not piece.isspace()]

    return words


def plain(frequencies: dict[str, int]) -> Segmenter:
    """Cuts with jieba itself."""
    tokenizer = _jieba().Tokenizer()
    # jieba finds the ways through a sentence by prefixes, which must be in the dictionary too.
    prefixes = {word[:length] for word in frequencies for length in range(1, len(word))}
    tokenizer.FREQ = dict.fromkeys(prefixes, 0) | frequencies
    tokenizer.total = sum(frequencies.values())
    tokenizer.initialized = True
    cut = tokenizer.cut

    def words(text: str) -> list[tuple[int, int]]:
        # jieba returns every character, so that lengths alone tell where a word stands.
        ends = list(accumulate(map(len, pieces := list(cut(text, HMM=False)))))
        return [
            (end - len(piece), end)
            for piece, end in zip(pieces, ends, strict=True)
            if not piece.isspace()
        ]

    return words


def _common_words(path: Path) -> dict[str, int]:
    text = path.read_bytes().decode("utf-8")  # read_text would look for other line ends
    return {word: int(count) for word, count in _COMMON.findall("\n" + text)}


def _jieba_folder() -> Path:
    """Where jieba's dictionary lies; finding the package does not import it."""
    found = find_spec("jieba")
    if found is None or found.origin is None:
        raise missing("jieba", "all")
    return Path(found.origin).parent


def _rjieba() -> ModuleType | None:
    """rjieba's compiled part, without the package around it, which loads a second dictionary."""
    package = find_spec("rjieba")
    for folder in (package.submodule_search_locations or ()) if package else ():
        for path in sorted(Path(folder).glob("rjieba.*")):
            if path.name.endswith(tuple(EXTENSION_SUFFIXES)):
                spec = spec_from_file_location("rjieba.rjieba", path)
                assert spec is not None and spec.loader is not None
                module = module_from_spec(spec)
                spec.loader.exec_module(module)
                return module
    return None


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
