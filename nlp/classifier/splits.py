"""Which annotated texts are for training and which for testing: `corpora/splits.json`, frozen.

    {"agencies": {"某市人民政府": "train"}, "texts": {"requests.3fa9c1d2": "test"}}

Reports go by agency, so that none is on both sides; lone sentences by their own id. What the file
does not name, such as the decisions of a user, is for training.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from nlp.annotations import AnnotatedText
from nlp.errors import InputError

Side = Literal["train", "test"]


def read_splits(path: str | Path) -> dict[str, dict[str, Side]]:
    """Raises `InputError` where the file cannot be read or names another side."""
    try:
        splits: dict[str, dict[str, Side]] = json.loads(Path(path).read_text("utf-8"))
        sides = {side for part in ("agencies", "texts") for side in splits[part].values()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise InputError(
            "splits", f"无法读取（{type(error).__name__}）", where=str(path)
        ) from error
    if sides - {"train", "test"}:
        raise InputError("splits", "只能是 train 或 test", where=str(path))
    return splits


def side(one: AnnotatedText, splits: dict[str, dict[str, Side]]) -> Side:
    """The side of a text."""
    if one.agency is not None:
        return splits["agencies"].get(one.agency, "train")
    return splits["texts"].get(one.id, "train")


def on_side(
    texts: Iterable[AnnotatedText], splits: dict[str, dict[str, Side]], wanted: Side
) -> tuple[AnnotatedText, ...]:
    """The texts of one side, in their order."""
    return tuple(one for one in texts if side(one, splits) == wanted)
