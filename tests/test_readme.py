"""What the READMEs show is what the commands print."""

import dataclasses
import doctest
import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from nlp.rules.load import Rule

ROOT = Path(__file__).resolve().parent.parent


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"script_{name}", ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


readme = script("readme")
BOTH = pytest.mark.parametrize("path", readme.READMES, ids=lambda path: path.name)


@pytest.fixture(scope="module")
def printed() -> str:
    return str(readme.demo())


@BOTH
def test_the_screen_is_what_the_demo_prints(path: Path, printed: str) -> None:
    shown = readme.shown(path.read_text("utf-8"))
    assert shown == printed, "python3 scripts/dev.py readme renews it"


@BOTH
def test_the_library_example_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    outcome = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert outcome.attempted > 0
    assert outcome.failed == 0


@BOTH
def test_the_rule_has_the_fields_that_rules_have(path: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    assert block is not None
    (rule,) = tomllib.loads(block.group(1))["rule"]
    assert rule.keys() <= {field.name for field in dataclasses.fields(Rule)}


@BOTH
def test_named_files_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    named = set(re.findall(r"`((?:nlp|scripts|tests|corpora|\.ci)/[\w./-]*)`", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_demo_of_the_readmes_is_the_demo_of_the_command() -> None:
    assert script("dev").DEMO == ["-m", "nlp.extract", readme.REPORT]
