"""Freeze which texts are for testing: corpora/splits.json.

    python scripts/make_splits.py            side the texts that have none yet
    python scripts/make_splits.py --check    exit 1 where a text has none, or twins stand on two sides

Reports are sided by agency. A lone sentence has no agency; sentences and clauses that are the same
once figures and names are masked count as one, and one in six of them is for testing. What has
a side keeps it for good: delete nothing from the file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path

from nlp.annotations import AnnotatedText, read
from nlp.classifier.wordings import masked

ROOT = Path(__file__).resolve().parent.parent
ANNOTATIONS = ROOT / "annotations" / "corpus.jsonl"
SPLITS = ROOT / "corpora" / "splits.json"
_TEST_IN = 6
_RULES_OWN = "wordings."  # the rules were made from these: no fair test


def sided(
    texts: tuple[AnnotatedText, ...], known: dict[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    """The side of every agency and of every lone text, known ones first."""
    agencies = dict(known.get("agencies", {}))
    lone = dict(known.get("texts", {}))
    twins: dict[str, list[str]] = defaultdict(list)
    for one in texts:
        if one.agency:
            agencies.setdefault(one.agency, "train")
        else:
            twins[masked(one.text)].append(one.id)
    for words, ids in twins.items():
        own = any(id_.startswith(_RULES_OWN) for id_ in ids)
        drawn = (
            not own and int(hashlib.sha256(words.encode("utf-8")).hexdigest(), 16) % _TEST_IN == 0
        )
        side = next((lone[i] for i in ids if i in lone), "test" if drawn else "train")
        for id_ in ids:
            lone.setdefault(id_, side)
    return {"agencies": agencies, "texts": lone}


def twins_apart(texts: tuple[AnnotatedText, ...], splits: dict[str, dict[str, str]]) -> list[str]:
    """Masked texts of which one copy is for training and one for testing."""
    sides: dict[str, set[str]] = defaultdict(set)
    for one in texts:
        if not one.agency:
            sides[masked(one.text)].add(splits["texts"].get(one.id, "none"))
    return [words for words, found in sides.items() if len(found) > 1]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument(
        "--test", nargs="*", default=[], metavar="AGENCY", help="new agencies to test on"
    )
    args = parser.parse_args()
    known = json.loads(SPLITS.read_text("utf-8")) if SPLITS.exists() else {}
    texts = read(ANNOTATIONS)
    for agency in args.test:
        known.setdefault("agencies", {}).setdefault(agency, "test")
    splits = sided(texts, known)
    apart = twins_apart(texts, splits)
    for words in apart:
        print(f"on both sides: {words[:60]}", file=sys.stderr)
    if args.check:
        return 1 if apart or splits != known else 0
    SPLITS.write_text(
        json.dumps(splits, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8"
    )
    for part, sides in splits.items():
        print(
            f"{part}: {sum(side == 'test' for side in sides.values())} of {len(sides)} for testing"
        )
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
