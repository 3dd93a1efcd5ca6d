"""Put what the demo prints into both READMEs, between their demo marks.

python3 scripts/dev.py readme
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
REPORT = "corpora/reports/2021-tabs-county.txt"
_BLOCK = re.compile(r"<!-- demo -->\n```text\n(.*?)```\n<!-- /demo -->", re.DOTALL)


def demo() -> str:
    """What the demo prints, run in this process from the repository's folder."""
    from nlp.extract import main

    printed = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(printed):
        status = main([REPORT])
    if status != 0:
        raise SystemExit(status)
    return printed.getvalue()


def shown(readme: str) -> str:
    """What a README says the demo prints."""
    block = _BLOCK.search(readme)
    if block is None:
        raise ValueError("no block between <!-- demo --> and <!-- /demo -->")
    return block.group(1)


def replaced(readme: str, printed: str) -> str:
    """The README with the block renewed."""
    shown(readme)
    return _BLOCK.sub(lambda _: f"<!-- demo -->\n```text\n{printed}```\n<!-- /demo -->", readme)


if __name__ == "__main__":
    sys.path.insert(0, os.fspath(ROOT))
    for path in READMES:
        path.write_text(replaced(path.read_text("utf-8"), demo()), "utf-8")
