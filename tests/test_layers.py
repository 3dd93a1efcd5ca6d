"""Data flows one way: a module imports only what stands above it in this list."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "nlp"
LAYERS = (
    "records", "errors", "models_folder", "metrics", "markup", "annotations", "reading", "numerals",
    "not_counts", "numbers", "exchange",
    "structure", "segmentation", "rules", "context", "identity", "classifier", "readings", "stated", "facts",
    "items", "checks", "findings",
    "narrative", "arithmetic", "pipeline", "scoring", "bootstrap", "output", "between",
    "suspicious", "comparison", "training",
)  # fmt: skip
# Commands and bridges stand below all of them, and below each other they may not lean.
COMMANDS = ("spacy_bridge", "extract", "batch", "annotate", "train", "evaluate")
HEAVY = {
    "spacy": ("rules/match.py", "spacy_bridge.py"),
    "sklearn": ("classifier/fit.py", "evaluate/", "annotate/"),
    "scipy": ("classifier/fit.py", "evaluate/"),
    "matplotlib": ("output/", "evaluate/", "batch/summary/"),
    "jinja2": ("output/",),
    "flask": ("annotate/",),
    "werkzeug": ("annotate/",),
    "waitress": ("annotate/",),
    "jieba": ("segmentation/",),
    "duckdb": ("batch/", "annotate/"),
    "pyarrow": ("batch/",),
    "joblib": ("batch/engines.py", "classifier/fit.py"),
    "distributed": ("batch/engines.py",),
    "rich": ("batch/progress.py",),
    "xlsxwriter": ("batch/workbook.py",),
    "spacy_pkuseg": ("segmentation/",),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def layer_of(name: str) -> str:
    """The first part below `nlp`: `structure` for nlp/structure/tables.py."""
    return name.removeprefix("nlp.").split("/")[0].split(".")[0]


def imported(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """Every module that is imported anywhere, by its full name, with the statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "nlp":
            yield from ((f"nlp.{alias.name}", node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that this test can read them"
            yield node.module or "", node


def lines_in_functions(tree: ast.AST) -> set[int]:
    """Lines that do not run on import: those below `if TYPE_CHECKING:` do not either."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, functions)
        or (
            isinstance(node, ast.If)
            and ast.unparse(node.test) == "TYPE_CHECKING"
            and not node.orelse
        )
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_upward(path: Path) -> None:
    own = layer_of(name_of(path))
    tree = ast.parse(path.read_text("utf-8"))
    if own == "__init__":
        assert not any(name.startswith("nlp") for name, _ in imported(tree))
        return
    assert own in LAYERS + COMMANDS, f"{own} has no place in the list: give it one"
    above = LAYERS if own in COMMANDS else LAYERS[: LAYERS.index(own)]
    if path.name == "__main__.py":  # a command too, which may reach for the bridge
        above = (*LAYERS, "spacy_bridge")
    for name, statement in imported(tree):
        if name.startswith("nlp."):
            layer = layer_of(name)
            known = layer in LAYERS + COMMANDS
            assert not known or layer == own or layer in above, (
                f"{name_of(path)}:{statement.lineno} imports {name} from below"
            )


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_heavy_libraries_are_imported_where_they_are_needed(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    inside = lines_in_functions(tree)
    for name, statement in imported(tree):
        library = name.split(".")[0]
        if library in HEAVY:
            where = f"{name_of(path)}:{statement.lineno} imports {library}"
            assert name_of(path).startswith(HEAVY[library]), where
            assert statement.lineno in inside, f"{where} outside a function"


def test_the_rule_sees_an_import_from_below(tmp_path: Path) -> None:
    tree = ast.parse("def f():\n    from nlp import pipeline\n    import jieba\n")
    assert [name for name, _ in imported(tree)] == ["nlp.pipeline", "jieba"]
    assert LAYERS.index(layer_of("nlp.pipeline")) > LAYERS.index(layer_of("structure/tables.py"))
