"""Count what the corpora hold, against what they are meant to hold.

    python scripts/corpus.py              the counts; exit 1 where one falls short
    python scripts/corpus.py --metrics    also the distinct wordings of every metric

A wording is the clause up to the marked figure. Wordings are distinct when they still differ after
figures, quoted names and the names of places and bodies are masked (nlp/classifier/wordings.py).
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

from nlp.annotations import AnnotatedText, read
from nlp.classifier.examples import is_report
from nlp.classifier.wordings import wordings
from nlp.metrics import OTHER
from nlp.structure.sentences import sentences

ROOT = Path(__file__).resolve().parent.parent
CORPORA = ROOT / "corpora"
REPORTS, DISCREPANT, CLEAN = 60, 20, 20
SENTENCES, WORDINGS, OTHERS, CLAUSES = 4_000, 25, 1_200, 1_500


def reports() -> list[dict[str, object]]:
    """What is known of every complete report, bundled or marked."""
    bundled = tomllib.loads((CORPORA / "reports.toml").read_text("utf-8"))["report"]
    found = [
        {
            "family": one["family"],
            "level": one["level"],
            "layout": one["layout"],
            "year": one["year"],
            "clean": one["clean"],
        }
        for one in bundled
    ]
    for path in sorted((CORPORA / "marked").glob("*.toml")):
        one = tomllib.loads(path.read_text("utf-8"))
        wrong = any("mismatch" in verdicts for verdicts in one.get("checks", {}).values())
        found.append(
            {
                "family": one.get("template", "none"),
                "level": one["level"],
                "layout": one["layout"],
                "year": one["year"],
                "clean": not (wrong or one.get("findings") or one.get("discrepancies")),
            }
        )
    return found


def marked_sentences(texts: tuple[AnnotatedText, ...]) -> tuple[int, int]:
    """Lone texts with figures, and the sentences of reports that have a marked figure."""
    lone = sum(
        not is_report(one) and any(mark.kind == "fact" for mark in one.marks) for one in texts
    )
    inside = 0
    for one in filter(is_report, texts):
        for line in re.finditer(r"[^\n]+", one.text):
            for start, end in sentences(line.group()):
                first, last = line.start() + start, line.start() + end
                inside += any(
                    mark.kind == "fact" and first <= mark.start < last for mark in one.marks
                )
    return lone, inside


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--metrics", action="store_true", help="every metric, rarest first")
    args = parser.parse_args()
    known = reports()
    clean = sum(bool(one["clean"]) for one in known)
    lines = [
        ("complete reports", len(known), REPORTS),
        ("  with recorded discrepancies", len(known) - clean, DISCREPANT),
        ("  clean", clean, CLEAN),
    ]
    texts = read(ROOT / "annotations" / "corpus.jsonl")
    lone, inside = marked_sentences(texts)
    distinct: dict[str, set[str]] = defaultdict(set)
    for one in texts:
        for metric, words in wordings(one):
            distinct[metric].add(words)
    others = sum(mark.metrics[:1] == (OTHER,) for one in texts for mark in one.marks)
    clauses = Counter(mark.kind for one in texts for mark in one.marks if mark.kind != "fact")
    distinct.pop(OTHER, None)
    rarest = min(distinct, key=lambda metric: len(distinct[metric]))
    lines += [
        ("marked sentences and short paragraphs", lone, SENTENCES),
        ("  and marked sentences in reports", inside, 0),
        (f"distinct wordings of the rarest metric ({rarest})", len(distinct[rarest]), WORDINGS),
        ("figures of no metric", others, OTHERS),
        ("clauses: problem, plan, remedy, neither", sum(clauses.values()), CLAUSES),
    ]
    for what, count, wanted in lines:
        print(f"{what:60}{count:7,}" + (f"   (at least {wanted:,})" if wanted else ""))
    print("clauses by kind: " + ", ".join(f"{kind} {n}" for kind, n in clauses.most_common()))
    for field in ("family", "level", "layout"):
        counted = Counter(str(one[field]) for one in known)
        print(f"{field}: " + ", ".join(f"{name} {n}" for name, n in sorted(counted.items())))
    years = sorted({int(str(one["year"])) for one in known})
    print(f"years: {', '.join(map(str, years))}")
    print(f"metrics with marked figures: {len(distinct)}")
    if args.metrics:
        for metric in sorted(distinct, key=lambda one: len(distinct[one])):
            print(f"  {metric:45}{len(distinct[metric]):5}")
    return int(any(count < wanted for _, count, wanted in lines))


if __name__ == "__main__":
    sys.exit(main())
