"""spacy_pkuseg with a model of our own, trained by scripts/train_segmenter.py.

models/pkuseg/0001/manifest.json     format, hashes of the other files, of the sentences, scores
                   features.msgpack  the library's: words and features seen in training
                   weights.npz       the library's: weights of a linear-chain CRF
                   card.md

Nothing here is unpickled: the library falls back on features.pkl where features.msgpack is missing,
and its own word list is a pickle; the first is verified to be there, the second is switched off.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from nlp.errors import InstallationError
from nlp.models_folder import broken, current_version, read_manifest, verified
from nlp.segmentation import Segmenter, missing
from nlp.segmentation.align import align

NAME = "pkuseg"
_FILES = ("features.msgpack", "weights.npz")


def shipped_model() -> Path:
    """The version in use. Raises `InstallationError` where none is named."""
    return current_version(NAME)


@cache
def load(folder: str | Path) -> Segmenter:
    """A segmenter with the model of a folder.

    Raises `InstallationError` where spacy_pkuseg or a file is missing, bytes are not those of the
    manifest, or the format is a foreign one.
    """
    library = _library()
    cut = _verified_model(library, Path(folder).resolve()).cut

    def words(text: str) -> list[tuple[int, int]]:
        return align(text, cut(text))

    return words


def _verified_model(library: Any, folder: Path) -> Any:
    manifest = read_manifest(folder, NAME)
    for name in _FILES:
        verified(folder / name, manifest, NAME)
    try:
        # A full path is never the name of a model that the library would download.
        model = library.pkuseg(model_name=str(folder), user_dict=None)
        _check(model)
    except InstallationError:
        raise
    except Exception as error:  # msgpack, zip and numpy each have their own
        raise broken(folder, f"模型内容有误（{type(error).__name__}）", NAME) from error
    return model


def _check(model: Any) -> None:
    """The library reads weights without looking at the bounds: features must fit them."""
    weights, features = model.model, model.feature_extractor.feature_to_idx
    size = weights.n_tag * (weights.n_feature + weights.n_tag)
    if weights.w.dtype != float or weights.w.shape != (size,):
        raise ValueError("weights")
    if sorted(model.idx_to_tag) != list(range(weights.n_tag)):
        raise ValueError("tags")
    if not all(0 <= index < weights.n_feature for index in features.values()):
        raise ValueError("features")


def _library() -> Any:
    try:
        import spacy_pkuseg
    except ImportError as error:
        raise missing("spacy_pkuseg", NAME) from error
    return spacy_pkuseg
