"""Compile marked-up reports to plain text and gold answers that the scorer reads.

    python scripts/make_gold.py SOURCE_DIR OUT_DIR

SOURCE_DIR holds NAME.marked.txt (see nlp/markup.py) and NAME.toml:

    agency = ["某市人民政府", "某市"]        # spellings accepted
    year = 2022
    template = "2021"                        # or leave out where there is no table
    [cells]                                  # a number, or seven for a row of the applicants' table
    "regulation.made" = 0                    # a blank cell is written "blank"
    "request.received" = [3, 0, 0, 0, 0, 0, 3]
    [checks]
    "request.received" = ["match"]
    [[findings]]
    scope = "narrative"
    stated = 10
    computed = 9
    note = "why"                             # optional = true where it need not be found

Writes OUT_DIR/reports/NAME.txt and OUT_DIR/gold/NAME.json.
"""

import argparse
import json
import pathlib
import tomllib
from typing import Any

from nlp.markup import parse

APPLICANTS = (
    "natural_person", "company", "research_institute", "social_organisation", "legal_service", "other", "total",
)  # fmt: skip


def compile_gold(
    marked: str, facts_beside: dict[str, Any], name: str
) -> tuple[str, dict[str, Any]]:
    text, marks = parse(marked)
    year = facts_beside["year"]
    facts, items = [], []
    ordinals: dict[str, int] = {}
    for mark in marks:
        place: dict[str, Any] = {"start": mark.start, "end": mark.end}
        if mark.kind != "fact":
            ordinals[mark.kind] = ordinals.get(mark.kind, 0) + 1
            words = text[mark.start : mark.end]
            items.append(place | {"kind": mark.kind, "ordinal": ordinals[mark.kind], "text": words})
        elif mark.metrics[0] != "other":
            facts.append(
                place
                | {
                    "metric": mark.metrics[0],
                    "accept": list(mark.metrics[1:]),
                    "value": mark.value,
                    "quote": text[mark.start : mark.end],
                    "year": mark.year or year,
                    "subject": mark.subject,
                    "basis": mark.basis,
                    "optional": mark.optional or mark.basis != "total",
                }
            )
    gold = {
        "name": f"{name}.txt",
        "agency": facts_beside["agency"],
        "year": year,
        "template": facts_beside.get("template"),
        "facts": facts,
        "items": items,
        "cells": list(_cells(facts_beside.get("cells", {}))),
        "checks": [{"metric": m, "verdicts": v} for m, v in facts_beside.get("checks", {}).items()],
        "findings": facts_beside.get("findings", []),
    }
    return text, gold


def _cells(table: dict[str, Any]) -> Any:
    for metric, values in table.items():
        row = zip(APPLICANTS, values, strict=True) if isinstance(values, list) else [(None, values)]
        for applicant, value in row:
            yield {
                "metric": metric,
                "applicant": applicant,
                "value": None if value == "blank" else value,
            }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    args = parser.parse_args()
    for folder in ("reports", "gold"):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
    for path in sorted(args.source.glob("*.marked.txt")):
        name = path.name.removesuffix(".marked.txt")
        beside = tomllib.loads((args.source / f"{name}.toml").read_text("utf-8"))
        text, gold = compile_gold(path.read_bytes().decode("utf-8"), beside, name)
        (args.out / "reports" / f"{name}.txt").write_bytes(text.encode("utf-8"))
        answer = json.dumps(gold, ensure_ascii=False, indent=1)
        (args.out / "gold" / f"{name}.json").write_text(answer + "\n", "utf-8")
        print(
            f"{name}: {len(gold['facts'])} facts, {len(gold['items'])} items, {len(gold['cells'])} cells"
        )


if __name__ == "__main__":
    main()
