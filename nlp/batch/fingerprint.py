"""What a result depends on besides the report: code, rules, model and segmenter, as digests.

Two runs of one fingerprint give the same rows, so what one has read the other need not read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from nlp import __version__

NO_MODEL = "none"
_PACKAGE = Path(__file__).resolve().parent.parent
# What stands beside reading and cannot change what is read; of nlp/batch only rows.py can.
_BESIDE = frozenset({
    "annotate", "batch", "between", "evaluate", "exchange", "models", "output",
    "extract.py", "train.py", "training.py", "comparison.py", "suspicious.py", "spacy_bridge.py",
    "scoring.py", "bootstrap.py",
})  # fmt: skip
_ROWS = "batch/rows.py"
# rjieba is none of them: it cuts as jieba does, and some machines have none.
_LIBRARIES = ("regex", "OpenCC", "jieba", "numpy")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Digests of what reads; `version` is the digest of all of them."""

    package: str
    code: str
    rules: str
    model: str
    segmenter: str

    @property
    def version(self) -> str:
        return _digest([json.dumps(asdict(self), sort_keys=True).encode()])


@cache
def fingerprint(model: str | None = None, segmenter: str = "jieba") -> Fingerprint:
    """The fingerprint of this installation with a model (a folder, "none", or None for the one in
    use). Raises `InstallationError` where the model has no readable manifest."""
    files = sorted(_files())
    libraries = [f"{name} {metadata.version(name)}".encode() for name in _LIBRARIES]
    code = [path for path in files if path.suffix == ".py"]
    data = [path for path in files if path.suffix != ".py"]
    return Fingerprint(
        package=__version__,
        code=_digest([*_contents(code), *libraries]),
        rules=_digest(_contents(data)),
        model=_model(model),
        segmenter=_segmenter(segmenter),
    )


def _files() -> Iterator[Path]:
    for path in _PACKAGE.rglob("*"):
        parts = path.relative_to(_PACKAGE).parts
        beside = parts[0] in _BESIDE and "/".join(parts) != _ROWS
        if not beside and "__pycache__" not in parts and path.is_file():
            yield path


def _contents(paths: list[Path]) -> list[bytes]:
    return [
        part
        for path in paths
        for part in (path.relative_to(_PACKAGE).as_posix().encode(), path.read_bytes())
    ]


def _model(model: str | None) -> str:
    if model == NO_MODEL:
        return NO_MODEL
    from nlp.models_folder import current_version, read_manifest

    folder = Path(model) if model else current_version()
    manifest = read_manifest(folder)  # which names the digests of the model's other files
    return f"{folder.name} {_digest([json.dumps(manifest, sort_keys=True).encode()])}"


def _segmenter(name: str) -> str:
    folder = Path(name)
    if not folder.is_dir():
        return name
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return f"{folder.name} {_digest([path.read_bytes() for path in files])}"


def _digest(parts: list[bytes]) -> str:
    """16 hexadecimal digits of the digest of parts, each with its length."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()[:16]
