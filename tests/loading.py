"""What several tests load: scripts, which are no package, and the results of bundled reports."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from nlp.pipeline import read_report
from nlp.records import ReportResult

ROOT = Path(__file__).resolve().parent.parent
REPORTS = sorted((ROOT / "corpora" / "reports").glob("*.txt"))
SHARED = ROOT.parent / "shared"


@cache
def script(name: str) -> ModuleType:
    return module_at(ROOT / "scripts" / f"{name}.py")


def module_at(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"script_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@cache
def bundled(name: str) -> ReportResult:
    """What the extractor says of a report of corpora/reports, worked out once for all tests."""
    return read_report(ROOT / "corpora" / "reports" / name)
