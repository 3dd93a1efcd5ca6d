"""Model folders of the reader: written whole or not at all, verified before use, never unpickled.

models/reader/0001/manifest.json    format, hashes of the other files, of data and splits, scores
                   weights.npz      for each model: shape, and the weights that are not zero
                   vocabulary.json  for each model: labels, features, scale
                   card.md
"""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from nlp.classifier.predict import LinearModel
from nlp.models_folder import (
    FORMAT,
    broken,
    current_version,
    models_folder,
    publish,
    read_manifest,
    verified,
    write_text,
    write_version,
)
from nlp.models_folder import READER as NAME

__all__ = [
    "FORMAT",
    "NAME",
    "Models",
    "broken",
    "current_version",
    "load",
    "models_folder",
    "packed",
    "publish",
    "read_manifest",
    "save",
]
_FILES = ("weights.npz", "vocabulary.json", "card.md")
Models = dict[str, LinearModel]


@cache
def load(version: Path | None = None) -> Models:
    """The models of a version (by default the one in use), by name.

    Raises `InstallationError` where a file is missing, its bytes are not those of the manifest,
    or the format is not `FORMAT`.
    """
    version = version or current_version()
    manifest = read_manifest(version)
    contents = {name: verified(version / name, manifest) for name in _FILES}
    try:
        words = json.loads(contents["vocabulary.json"])
        with np.load(io.BytesIO(contents["weights.npz"]), allow_pickle=False) as arrays:
            return {name: _unpack(name, words[name], arrays) for name in words}
    except (ValueError, KeyError, IndexError, OSError, TypeError, BadZipFile) as error:
        raise broken(version, f"模型内容有误（{error}）") from error


def _unpack(name: str, words: dict[str, Any], arrays: Any) -> LinearModel:
    shape = (len(words["features"]) + 1, len(words["labels"]))
    weights = np.zeros(shape, dtype=np.float32)
    ends, columns = arrays[f"{name}.ends"], arrays[f"{name}.columns"]
    rows = np.repeat(np.arange(shape[0]), np.diff(ends))
    weights[rows, columns] = arrays[f"{name}.values"]
    vocabulary = {feature: row for row, feature in enumerate(words["features"])}
    return LinearModel(
        vocabulary,
        tuple(words["labels"]),
        weights,
        float(words["scale"]),
        dict(words["needed"]),
    )


def packed(models: Models) -> dict[str, Any]:
    """The arrays of `weights.npz`: per model the row ends, columns and values that are not zero."""
    arrays: dict[str, Any] = {}
    for name, model in models.items():
        rows, columns = np.nonzero(model.weights)
        counts = np.bincount(rows, minlength=len(model.weights))
        arrays[f"{name}.ends"] = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        arrays[f"{name}.columns"] = columns.astype(np.uint16)
        arrays[f"{name}.values"] = model.weights[rows, columns]
    return arrays


def save(models: Models, facts: dict[str, Any], card: str, folder: Path | None = None) -> Path:
    """Write a new version beside the others and return its folder; it is not yet in use.

    `facts` goes into the manifest. The folder appears under its name only when it is complete.
    """

    def fill(draft: Path) -> None:
        np.savez_compressed(draft / "weights.npz", **packed(models))
        words = {
            name: {
                "labels": list(model.labels),
                "scale": model.scale,
                "needed": dict(sorted(model.needed.items())),
                "features": sorted(model.vocabulary, key=model.vocabulary.__getitem__),
            }
            for name, model in models.items()
        }
        write_text(draft / "vocabulary.json", json.dumps(words, ensure_ascii=False))
        write_text(draft / "card.md", card)

    return write_version(NAME, fill, facts, folder)
