"""What is evaluated on: annotated texts with their sides, the reader, what is known of the reports."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from nlp.annotations import AnnotatedText, read
from nlp.classifier.learn import Examples, examples_of
from nlp.classifier.reader import Reader, open_reader
from nlp.classifier.splits import on_side, read_splits
from nlp.errors import InputError

Wanted = Literal["test", "train", "all"]
CHECKOUT = Path(__file__).resolve().parents[2]
CORPORA = CHECKOUT / "corpora"
_MARKED = "marked."


@dataclass(frozen=True)
class Material:
    """All texts, and those of each side; `side` are the texts that are judged."""

    texts: tuple[AnnotatedText, ...]
    side: tuple[AnnotatedText, ...]
    train: tuple[AnnotatedText, ...]
    test: tuple[AnnotatedText, ...]
    reader: Reader
    corpora: Path = CORPORA

    @cached_property
    def examples(self) -> Examples:
        """The examples of all texts."""
        return examples_of(self.texts, self.reader.segment)

    def examples_in(self, texts: Iterable[AnnotatedText]) -> Examples:
        """The examples of some of the texts."""
        ids = {one.id for one in texts}
        return Examples(
            tuple(one for one in self.examples.figures if one.text_id in ids),
            tuple(one for one in self.examples.denials if one.text_id in ids),
            tuple(one for one in self.examples.clauses if one.text_id in ids),
        )


def load(
    files: Sequence[Path], splits: Path, model: Path | None, wanted: Wanted = "test"
) -> Material:
    """Raises `InputError` where annotations or splits are missing or no text is on the side that
    is wanted, `InstallationError` where the model is."""
    texts = read_all(files)
    sides = read_splits(splits)
    train, test = on_side(texts, sides, "train"), on_side(texts, sides, "test")
    side = {"test": test, "train": train, "all": texts}[wanted]
    if not side:
        raise InputError("annotations", f"没有可评测的文本（--side {wanted}）", where=str(splits))
    return Material(texts, side, train, test, open_reader(model))


def default_annotations() -> list[Path]:
    """The annotation files of the checkout."""
    return sorted((CHECKOUT / "annotations").glob("*.jsonl"))


def read_all(files: Sequence[Path]) -> tuple[AnnotatedText, ...]:
    """The texts of several files; a later file's text takes the place of one with the same id."""
    if not files:
        where = str(CHECKOUT / "annotations")
        raise InputError(
            "annotations", "没有标注文件", where=where, advice="请用 --annotations 指定"
        )
    latest = {one.id: one for path in files for one in read(path)}
    return tuple(latest.values())


def described(texts: Iterable[AnnotatedText], folder: Path) -> dict[str, dict[str, Any]]:
    """What NAME.toml says of each text with the id marked.NAME."""
    known = {}
    for one in texts:
        path = folder / f"{one.id.removeprefix(_MARKED)}.toml"
        if one.id.startswith(_MARKED) and path.is_file():
            try:
                known[one.id] = tomllib.loads(path.read_text("utf-8"))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
                problem = f"无法读取（{type(error).__name__}）"
                raise InputError("corpora", problem, where=str(path)) from error
    return known
