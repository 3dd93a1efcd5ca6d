"""Compile what the authors marked in corpora/ into annotations/corpus.jsonl.

python scripts/compile_annotations.py            append what is new or changed
python scripts/compile_annotations.py --check    exit 1 where something would be appended
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from nlp.annotations import AnnotatedText, append, read
from nlp.exchange.marked import load
from nlp.markup import parse

ROOT = Path(__file__).resolve().parent.parent
CORPORA = ROOT / "corpora"
TARGET = ROOT / "annotations" / "corpus.jsonl"


def compiled(corpora: Path = CORPORA) -> Iterator[AnnotatedText]:
    """Every marked report, sentence and clause. An id is the file's name with, for a line, a hash
    of its words, so that moving a line changes nothing."""
    for path in sorted((corpora / "marked").glob("*.marked.txt")):
        name = path.name.removesuffix(".marked.txt")
        beside = tomllib.loads(path.with_name(f"{name}.toml").read_text("utf-8"))
        text, marks = parse(path.read_bytes().decode("utf-8"))
        yield AnnotatedText(
            f"marked.{name}", text, marks, beside["year"], beside["agency"][0], None, "corpus"
        )
    for folder in ("sentences", "clauses"):
        for path in sorted((corpora / folder).glob("*.txt")):
            yield from load(path.read_text("utf-8"), path.stem, "corpus")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    known = {one.id: one for one in read(TARGET)} if TARGET.exists() else {}
    new = [one for one in compiled() if known.get(one.id) != one]
    print(f"{len(new)} new or changed, {len(known)} known", file=sys.stderr)
    if args.check:
        return 1 if new else 0
    append(TARGET, new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
