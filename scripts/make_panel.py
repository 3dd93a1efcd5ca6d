"""Make a panel: ten consecutive reports of three agencies, whose figures fit from year to year.

    python scripts/make_panel.py OUT_DIR                    30 reports, as they should be
    python scripts/make_panel.py OUT_DIR --breaks --seed 3  with breaks planted, listed in breaks.json

Each report is one of corpora/reports in the form of its year, with the agency's name, the years and
the figures replaced: tables add up, what is carried out of one year is carried into the next, each
report repeats last year's requests. Sentences that no longer fit are left out. A break leaves each
report in order by itself, but for figures left over from last year, which contradict the table.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from nlp.arithmetic import APPLICANTS
from nlp.metrics import load
from nlp.numbers import find_figures
from nlp.pipeline import analyse_text, read_report
from nlp.reading import fold
from nlp.records import Cell, Fact, Number, ReportResult

REPORTS = Path(__file__).resolve().parent.parent / "corpora" / "reports"
YEARS = range(2015, 2025)
# For each agency: its name, and the report that its own are made of, by the form of the year.
AGENCIES = (
    ("云岭县人民政府", "2014-lines-county.txt", "2019-pdf-city.txt", "2021-tabs-county.txt"),
    (
        "海岳省卫生健康委员会",
        "2014-tabs-department.txt",
        "2019-markdown-department.txt",
        "2021-pdf-ministry.txt",
    ),
    (
        "柳堤镇人民政府",
        "none-plain-town.txt",
        "2019-markdown-department.txt",
        "2021-spaces-town.txt",
    ),
)
# Which years get which break: agency, year, rule; the last is soft, and only to be shown.
BREAKS = (
    (0, 2022, "years.carried"),
    (1, 2020, "years.carried"),
    (2, 2024, "years.carried"),
    (0, 2017, "years.restated"),
    (1, 2023, "years.restated"),
    (2, 2022, "years.restated"),
    (0, 2024, "years.stale"),
    (2, 2023, "years.stale_period"),
    (1, 2024, "years.in_force"),
)
_BALANCE = ("request.received", "request.carried_in", "reply.total", "request.carried_out")
_SUMS = (
    "reply.refused", "reply.total", "request.received", "request.closed", "review.total",
    "litigation.total", "complaint.total", "staff.total", "archive.total",
)  # fmt: skip
_WITHIN = ("response.press_conferences", "response.interviews", "disclosure.total")
_LISTS = ("licence", "other_service", "penalty", "coercion", "admin_fee")
_ROUNDS = 4
_GROUPS = ("review", "litigation_direct", "litigation_after_review")
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"(?<!\d)20\d\d(?=年|〕|-\d|\.\d)")
Values = dict[tuple[str, str | None], Number]


@dataclass(frozen=True, slots=True)
class Break:
    """A break as it was planted."""

    agency: str
    year: int
    rule: str


@dataclass
class Past:
    """What last year's report of an agency said."""

    carried_out: dict[str, Number] = field(default_factory=dict)
    in_force: dict[str, Number] = field(default_factory=dict)
    listed: dict[str, Number] = field(default_factory=dict)
    received: Number | None = None


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--breaks", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    planted = write_panel(args.folder, seed=args.seed, breaks=BREAKS if args.breaks else ())
    listed = [asdict(one) for one in planted]
    (args.folder / "breaks.json").write_text(
        json.dumps(listed, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    print(f"{len(AGENCIES) * len(YEARS)} reports, {len(planted)} breaks: {args.folder}")
    return 0


def write_panel(
    folder: Path,
    *,
    seed: int = 1,
    breaks: tuple[tuple[int, int, str], ...] = BREAKS,
    agencies: int = 3,
) -> list[Break]:
    """Write the reports, one folder for each of the first `agencies`. Returns the breaks planted."""
    for place, (agency, *bases) in enumerate(AGENCIES[:agencies]):
        rng = random.Random(f"{seed} {agency}")
        past = Past()
        (folder / agency).mkdir(parents=True, exist_ok=True)
        for year in YEARS:
            rules = {rule for at, when, rule in breaks if (at, when) == (place, year)}
            base = bases[0 if year < 2019 else 1 if year < 2021 else 2]
            text = report_text(base, agency, year, past, rng, rules)
            (folder / agency / f"{year}.txt").write_text(text, "utf-8")
    return [
        Break(AGENCIES[place][0], year, rule) for place, year, rule in breaks if place < agencies
    ]


@cache
def _read(base: str) -> ReportResult:
    return read_report(REPORTS / base)


def report_text(
    base: str, agency: str, year: int, past: Past, rng: random.Random, rules: set[str]
) -> str:
    """One report; `past` is what the year before said, and is brought up to this year."""
    result = _read(base)
    values = new_values(result, past, rng, rules)
    received = values.get(("request.received", "total"), values.get(("request.received", None)))
    edits = [_cell_edit(cell, values) for cell in result.cells]
    edits += [_fact_edit(fact, result, values, rng) for fact in result.facts]
    text = _edited(result.document.text, [edit for edit in edits if edit])
    shift = year - (result.report.year or year)
    text = _YEAR.sub(lambda printed: str(int(printed[0]) + shift), text)
    text = _renamed(text, result.report.agency or agency, agency)
    text = _without_errors(text, year)
    if received is None:  # a report without tables
        received = rng.randint(20, 60)
    told = past.received if past.received and "years.stale" in rules else received
    sentence = f"本年共收到政府信息公开申请{told}件。"
    if past.received is not None:
        repeated = past.received + (7 if "years.restated" in rules else 0)
        sentence += f"{year - 1}年共收到政府信息公开申请{repeated}件。"
    if "years.stale_period" in rules:
        text = re.sub(rf"{year}(年1月1日.{{1,6}}){year}(年12月31日)", rf"{year - 1}\g<1>{year - 1}\g<2>",
                      text, count=1)  # fmt: skip
    past.received = received
    return _put_into_overview(text, sentence)


def _renamed(text: str, old: str, new: str) -> str:
    text = text.replace(old, new)
    return text.replace(old.removesuffix("人民政府"), new.removesuffix("人民政府"))


def _without_errors(text: str, year: int) -> str:
    """Leave out sentences that the new figures contradict, or that speak of other years."""
    for _ in range(_ROUNDS):
        result = analyse_text(text)
        wrong = {id_ for one in result.checks if one.verdict == "mismatch" for id_ in one.facts}
        wrong |= {
            id_ for one in result.findings if one.verdict == "violated" for id_ in one.evidence
        }
        spans = {f.sentence for f in result.facts if f.id in wrong or _is_of_another_year(f, year)}
        if not spans:
            break
        text = _edited(text, [(start, end, "") for start, end in spans])
    return text


def _is_of_another_year(fact: Fact, year: int) -> bool:
    return fact.subject is None and fact.year != year and fact.basis == "total"


def new_values(result: ReportResult, past: Past, rng: random.Random, rules: set[str]) -> Values:
    """Every cell of the base with a value of its own, sums and what was carried over kept."""
    old: Values = {(c.metric, c.applicant): c.value for c in result.cells if c.value is not None}
    values: Values = {key: _varied(value, rng) for key, value in old.items()}
    if ("request.received", "total") in old:
        _applicants(values, past, rng, wrong=2 if "years.carried" in rules else 0)
        for group in _GROUPS:
            parts = [(f"{group}.{r}", None) for r in ("upheld", "corrected", "other", "pending")]
            values[f"{group}.total", None] = sum(values.get(part, 0) for part in parts)
    for total in _SUMS:
        parts = [key for key in values if key[1] is None and _parent(key[0]) == total]
        if len(parts) > 1 and (total, None) in values:
            values[total, None] = sum(values[key] for key in parts)
    for whole in _WITHIN:
        for key in [key for key in values if key[1] is None and _parent(key[0]) == whole]:
            values[key] = min(values[key], values.get((whole, None), values[key]))
    for kind in _LISTS:
        key = (f"{kind}.previous", None)
        if key in values:
            values[key] = past.listed.get(kind, values[key])
            past.listed[kind] = values[key] + values.get((f"{kind}.change", None), 0)
    for kind in ("regulation", "normative_document"):
        if (f"{kind}.in_force", None) in values and (f"{kind}.made", None) in values:
            _in_force(values, kind, past, wrong=3 if "years.in_force" in rules else 0)
    return values


def _parent(metric: str) -> str | None:
    known = load().get(metric)
    return known.parent if known else None


def _applicants(values: Values, past: Past, rng: random.Random, *, wrong: int) -> None:
    replies = {m for m, a in values if a and m.startswith("reply.") and m != "reply.total"}
    for column in APPLICANTS:
        replied = sum(values[m, column] for m in replies if (m, column) in values)
        carried_in = past.carried_out.get(column, 0)
        carried_out = rng.randint(1, 6) if column == "natural_person" else 0
        if column == "natural_person":
            extra = max(0, carried_in + wrong - replied)
            values["reply.granted", column] += extra
            replied += extra
            carried_in += wrong
        values["request.carried_in", column] = carried_in
        values["reply.total", column] = replied
        values["request.carried_out", column] = carried_out
        values["request.received", column] = replied + carried_out - carried_in
        past.carried_out[column] = carried_out
    for metric in {*replies, *_BALANCE}:
        values[metric, "total"] = sum(values.get((metric, column), 0) for column in APPLICANTS)


def _in_force(values: Values, kind: str, past: Past, *, wrong: int) -> None:
    made, repealed = values[f"{kind}.made", None], values.get((f"{kind}.repealed", None), 0)
    was = past.in_force.get(kind, values[f"{kind}.in_force", None] + repealed)
    repealed = min(repealed, was)
    values[f"{kind}.repealed", None] = repealed
    past.in_force[kind] = values[f"{kind}.in_force", None] = was + made - repealed + wrong


def _varied(value: Number, rng: random.Random) -> Number:
    if value <= 3:
        return rng.randint(0, int(value) + 1) if value > 0 else value
    return max(1, round(value * rng.uniform(0.7, 1.4)))


Edit = tuple[int, int, str]


def _cell_edit(cell: Cell, values: Values) -> Edit | None:
    value = values.get((cell.metric, cell.applicant))
    return (cell.start, cell.end, str(value)) if value is not None and cell.raw.strip() else None


def _fact_edit(fact: Fact, result: ReportResult, values: Values, rng: random.Random) -> Edit | None:
    """A figure printed in plain digits, as the table has it, or at least not as in the base."""
    text = fold(fact.text)
    found = [figure for figure in find_figures(text) if figure.value == fact.value]
    number = _NUMBER.search(text, found[0].start, found[0].end) if len(found) == 1 else None
    if number is None or number[0] != str(fact.value):
        return None
    own = fact.subject is None and fact.basis == "total" and fact.year == result.report.year
    key = (fact.metric, "total") if (fact.metric, "total") in values else (fact.metric, None)
    varied = _varied(fact.value, rng)
    value = values.get(key, varied) if own else varied
    return (fact.start + number.start(), fact.start + number.end(), str(value))


def _edited(text: str, edits: list[Edit]) -> str:
    for start, end, words in sorted(set(edits), reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _put_into_overview(text: str, sentence: str) -> str:
    """A paragraph after the first line that ends like running text."""
    at = next(line.end() for line in re.finditer(r"。[ \t]*(?:\r?\n|$)", text))
    return f"{text[:at]}{sentence}\n{text[at:]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
