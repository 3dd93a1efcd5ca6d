"""The folder `models/`: versions of each model, written whole or not at all, verified before use.

models/current.toml                 the version in use of each: reader = "0001"
models/reader/0001/manifest.json    format, sha256 of every other file, what the model came from
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nlp.errors import InstallationError

FORMAT = 2
READER = "reader"
_REBUILD = {READER: "python -m nlp.train", "pkuseg": "python scripts/train_segmenter.py"}


def models_folder() -> Path:
    """`models/` of the checkout, or the one that was installed with the package."""
    package = Path(__file__).resolve().parent
    beside = package.parent / "models"
    return beside if beside.is_dir() else package / "models"


def current_version(name: str = READER, folder: Path | None = None) -> Path:
    """The folder of the version in use of a model. Raises `InstallationError` where none is named."""
    folder = folder or models_folder()
    version = _named(folder, name).get(name)
    if version is None:
        raise broken(folder / "current.toml", f"未写明 {name} 的版本", name)
    return folder / name / version


def broken(where: Path, problem: str, name: str = READER) -> InstallationError:
    """The error for a model that cannot be used, with the command that makes it anew."""
    return InstallationError(
        "model", problem, where=str(where), advice=f"请运行 {_REBUILD[name]} 重建，或重新安装"
    )


def read_manifest(version: Path, name: str = READER) -> dict[str, Any]:
    """Raises `InstallationError` where it cannot be read or is of a foreign format."""
    path = version / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
        found = manifest["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise broken(path, f"无法读取（{type(error).__name__}）", name) from error
    if found != FORMAT:
        raise broken(path, f"模型格式为{found}，本程序只认{FORMAT}", name)
    return manifest


def verified(path: Path, manifest: dict[str, Any], name: str = READER) -> bytes:
    """The content of a file. Raises `InstallationError` where it is not what the manifest says."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise broken(path, "文件缺失或不可读", name) from error
    if hashlib.sha256(content).hexdigest() != manifest.get("files", {}).get(path.name):
        raise broken(path, "内容与 manifest.json 所记不符", name)
    return content


def write_version(
    name: str, fill: Callable[[Path], None], facts: dict[str, Any], folder: Path | None = None
) -> Path:
    """Write a new version beside the others and return its folder; it is not yet in use.

    `fill` writes the files into a draft, `facts` goes into the manifest. The folder appears under
    its name only when it is complete.
    """
    home = (folder or models_folder()) / name
    home.mkdir(parents=True, exist_ok=True)
    numbers = [int(p.name) for p in home.iterdir() if p.name.isdigit()]
    target = home / f"{max(numbers, default=0) + 1:04d}"
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=home))
    try:
        fill(draft)
        files = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(draft.iterdir())
        }
        manifest = {"format": FORMAT, "name": name, "version": target.name, "files": files} | facts
        write_text(
            draft / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        )
        draft.chmod(0o755)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return target


def publish(version: Path) -> None:
    """Make a version the one in use, in one step; what else `current.toml` names stays."""
    name, folder = version.parent.name, version.parent.parent
    named = _named(folder, name) if (folder / "current.toml").exists() else {}
    lines = [
        f'{key} = "{value}"\n' for key, value in sorted((named | {name: version.name}).items())
    ]
    draft = folder / ".current.toml"
    write_text(draft, "".join(lines))
    draft.replace(folder / "current.toml")


def write_text(path: Path, content: str) -> None:
    """Write a file with the same line ends everywhere, and on the disk before it is named."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _named(folder: Path, name: str) -> dict[str, str]:
    path = folder / "current.toml"
    try:
        return {key: str(value) for key, value in tomllib.loads(path.read_text("utf-8")).items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise broken(path, f"无法读取（{type(error).__name__}）", name) from error
