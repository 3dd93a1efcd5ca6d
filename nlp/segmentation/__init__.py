"""Words of a text, as half-open spans: jieba with the genre's terms, or our own pkuseg model.

Only this package imports jieba and spacy_pkuseg, and only when a segmenter is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from nlp.errors import InstallationError

Span = tuple[int, int]
Segmenter = Callable[[str], list[Span]]

NAMES = ("jieba", "pkuseg")


@cache
def segmenter(name: str = "jieba") -> Segmenter:
    """A function from text to the spans of its words, in order, together covering every character
    that is no white space.

    `name` is one of `NAMES`, or the path of a folder with a pkuseg model. Raises
    `InstallationError` where the library or the model is missing.
    """
    if name == "jieba":
        from nlp.segmentation.jieba_words import load

        return load()
    from nlp.segmentation.pkuseg_words import load as load_pkuseg
    from nlp.segmentation.pkuseg_words import shipped_model

    return load_pkuseg(shipped_model() if name == "pkuseg" else name)


def missing(library: str, extra: str) -> InstallationError:
    """The error for a library that is not installed."""
    return InstallationError(
        "segmenter", f"未安装 {library}", advice=f"请运行 pip install 'nianbao-nlp[{extra}]'"
    )
