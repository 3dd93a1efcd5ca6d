"""Plant one error at a time into clean reports, and count which ones the pipeline finds.

    python scripts/plant_errors.py                        the clean reports of corpora/
    python scripts/plant_errors.py --verbose --seed 3 --per-kind 20 --json planted.json
    python scripts/plant_errors.py --reports FOLDER       every report in it is taken to be clean

An error is found when the pipeline reports a difference that it did not report of the clean text,
and the changed figure is part of the evidence. `exact` are figures printed to the last digit (those
that the table gives also too: the body's own, of the year, totals); `rounded` ones are printed with
a qualifier or in 万, and get errors too large for the wording to excuse.

Exit status 1 where fewer than 95 % of the exact errors of some kind are found, or where a clean
report of corpora/reports gives an alarm as it stands.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from nlp.markup import parse
from nlp.metrics import load as load_metrics
from nlp.numbers import convert, find_figures
from nlp.pipeline import analyse_text
from nlp.reading import fold, read_path
from nlp.records import Check, Fact, Figure, Finding, ReportResult

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = ROOT / "corpora" / "reports"
MARKED = ROOT / "corpora" / "marked"
NEEDED = 0.95
_FAR = 0.3  # how far off an error must be that no rounding excuses
_STYLES = ("0123456789", "０１２３４５６７８９", "一二三四五六七八九")
_NUMBER = re.compile(
    r"[0-9][0-9,，]*(?:\.[0-9]+)?[百千万亿]*|(?!百分之)[零一二两三四五六七八九十百千万亿]+"
)
_CHANNEL = re.compile(r"disclosure\.(?:gazette|website|weibo|wechat|other_channels)$")
# Sums that hold with cases pending outside the parts: a part too small breaks no rule of theirs.
_OPEN_SUMS = {f"table.{one}.total.parts" for one in ("review", "litigation", "complaint")}
# What a list says that leaves nothing out; one without it may name some classes only.
_COMPLETE = re.compile(
    r"其[他它余]|剩余|余下|另有?|分别|合计|共[有计]?|均|全部|两[项类]|[二三四五]类"
)
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clean:
    """A report without errors, and what the pipeline says of it."""

    name: str
    result: ReportResult
    is_bundled: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A number, with its scale, that an error can be planted in; `right` is what it must be."""

    start: int
    end: int
    metric: str
    exact: bool
    right: float
    whole: float  # what an error in a rounded figure is measured by
    words: Span
    falls_short: int = 0  # of an open list: 1 where a larger number leaves its parts short, else -1


@dataclass(frozen=True, slots=True)
class Plant:
    """One error: `printed` at `start:end` of the clean text becomes `planted`."""

    report: str
    kind: str
    metric: str
    exact: bool
    start: int
    end: int
    printed: str
    planted: str
    sentence: str

    def into(self, text: str) -> str:
        return text[: self.start] + self.planted + text[self.end :]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a plant: the differences reported at its place, and what was read there."""

    plant: Plant
    alarms: tuple[str, ...]
    seen: str

    @property
    def found(self) -> bool:
        return bool(self.alarms)


# The errors: a printed number (163, 1,204.5, 17.46万, 三十二) to another in the same style, or None

Edit = Callable[[str, random.Random, bool], str | None]


def swapped(printed: str, rng: random.Random, exact: bool) -> str | None:
    """Two neighbouring digits change places."""
    places = _digits(printed)
    pairs = [(a, b) for a, b in pairwise(places) if printed[a] != printed[b]]
    rng.shuffle(pairs)
    for a, b in pairs:
        made = _replaced(_replaced(printed, a, printed[b]), b, printed[a])
        if _is_written(made):
            return made
    return None


def changed(printed: str, rng: random.Random, exact: bool) -> str | None:
    """One digit becomes another."""
    ways = []
    for place in _digits(printed):
        style = next(style for style in _STYLES if printed[place] in style)
        digits = style[1:] if place == 0 and style != _STYLES[2] else style
        ways += [_replaced(printed, place, other) for other in digits if other != printed[place]]
    return rng.choice(ways) if ways else None


def stale(printed: str, rng: random.Random, exact: bool) -> str | None:
    """Last year's figure: 5 to 30 % off, a rounded one by more."""
    value = _plain(printed)
    if not value:
        return None
    low, high = (0.05, 0.3) if exact else (_FAR, 0.6)
    for _ in range(20):
        factor = 1 + rng.uniform(low, high) * rng.choice((1, -1))
        made = _rewritten(printed, value * factor)
        if low <= abs((_plain(made) or 0) / value - 1) <= high:
            return made
    return None


def moved(printed: str, rng: random.Random, exact: bool) -> str | None:
    """A percentage 1 to 9 points off; one that rests on rounded counts by more."""
    value = _plain(printed)
    if value is None:
        return None
    low, high = (1, 9) if exact else (10, 30)
    points = rng.uniform(low, high) if "." in printed else rng.randint(low, high)
    ways = [value + sign * points for sign in (1, -1)]
    # what was no more than 100 % stays so, and nothing sinks to zero
    fit = [way for way in ways if way > 0.05 and (value > 100 or way <= 100)]
    return _rewritten(printed, rng.choice(fit)) if fit else None


def slipped(printed: str, rng: random.Random, exact: bool) -> str | None:
    """万 is added, or left out."""
    if printed.endswith("万"):
        return printed[:-1]
    return None if printed[-1] in "百千亿" or printed in ("0", "零") else printed + "万"


def _digits(printed: str) -> list[int]:
    return [i for i, character in enumerate(printed) if any(character in s for s in _STYLES)]


def _replaced(text: str, place: int, character: str) -> str:
    return text[:place] + character + text[place + 1 :]


def _is_written(printed: str) -> bool:
    """Whether a number may be written so: 036 may not."""
    return not re.match(r"0[0-9,，]", fold(printed))


def _plain(printed: str) -> float | None:
    """The value of the Arabic digits, without their scale."""
    bare = re.sub(r"[,，\s百千万亿]", "", fold(printed))
    return float(bare) if re.fullmatch(r"\d+(?:\.\d+)?", bare) else None


def _rewritten(printed: str, value: float) -> str:
    """`value` with the decimals, separators and digits of `printed`, and its scale."""
    found = re.match(r"[\d,，.．\s]+", printed)
    number = found[0].rstrip() if found else printed
    _, point, fraction = fold(number).partition(".")
    separator = next((mark for mark in ",，" if mark in number), "")
    made = f"{value:,.{len(fraction)}f}".replace(",", separator)
    if number[0] in _STYLES[1]:
        made = made.translate(str.maketrans(_STYLES[0], _STYLES[1]))
    return made.replace(".", "．" if "．" in number else point or ".") + printed[len(number) :]


# Where errors go


def number_places(fact: Fact, result: ReportResult) -> list[tuple[Span, Figure]]:
    """Where the number of a fact stands, and its figure; several where the words leave it open."""
    text, folded = result.document.text, result.document.folded
    kept = [i for i in range(fact.start, fact.end) if not text[i].isspace()]
    words = "".join(folded[i] for i in kept)
    unit = load_metrics()[fact.metric].unit if fact.metric in load_metrics() else ""
    places = []
    for figure in find_figures(words):
        number = _NUMBER.search(words, figure.start, figure.end)
        if number and fact.value in (figure.value, convert(figure, unit).value):
            span = (kept[number.start()], kept[number.end() - 1] + 1)
            places.append((span, convert(figure, unit)))
    return places


def _spot(fact: Fact, result: ReportResult, **other: Any) -> Spot | None:
    """The place of a fact's number, where its words hold it only once."""
    places = number_places(fact, result)
    if len(places) != 1 or fact.value < 0:
        return None
    (start, end), _ = places[0]
    made = {"exact": is_exact(fact), "right": fact.value, "whole": abs(fact.value)} | other
    return Spot(start, end, fact.metric, words=fact.sentence, **made)


def is_exact(fact: Fact) -> bool:
    return fact.qualifier is None and fact.low == fact.high == fact.value


def checked_figures(result: ReportResult) -> Iterator[Spot]:
    """Figures of the prose that the table gives also, and agrees with."""
    facts = {fact.id: fact for fact in result.facts}
    for check in result.checks:
        if check.verdict == "mismatch":
            continue
        for fact in (facts[id_] for id_ in check.facts):
            right = fact.value if is_exact(fact) else check.table
            spot = _spot(fact, result, right=right, whole=abs(right))
            if spot:
                yield spot


def summed_cells(result: ReportResult) -> Iterator[Spot]:
    """Cells of sums that hold, without a blank among the parts."""
    cells = {cell.id: cell for cell in result.cells}
    is_local = result.report.template == "local"
    for finding in _holding(result, "table."):
        evidence = [cells[id_] for id_ in finding.evidence]
        is_open = finding.rule in _OPEN_SUMS or (is_local and "received" in finding.rule)
        if is_open or finding.rule.endswith(".within") or any(c.value is None for c in evidence):
            continue
        for cell in evidence:
            if cell.raw.strip() and cell.value is not None:
                name = f"{cell.metric}:{cell.applicant}" if cell.applicant else cell.metric
                size = abs(cell.value)
                yield Spot(cell.start, cell.end, name, True, cell.value, size, (cell.start, cell.end))  # fmt: skip


def listed_figures(result: ReportResult) -> Iterator[Spot]:
    """Totals of the prose with their parts, where these add up; channels may overlap, and do not
    count."""
    facts = {fact.id: fact for fact in result.facts}
    for rule in ("narrative.parts", "narrative.categories"):
        for finding in _holding(result, rule):
            total, *parts = [facts[id_] for id_ in finding.evidence]
            if total.value == 0 or sum(bool(_CHANNEL.match(part.metric)) for part in parts) > 1:
                continue
            exact = finding.stated == finding.computed and all(map(is_exact, (total, *parts)))
            listed = result.document.text[total.end : max(part.end for part in parts)]
            is_open = not _COMPLETE.search(listed)
            for fact in (total, *parts):
                short = (1 if fact is total else -1) if is_open else 0
                spot = _spot(fact, result, exact=exact, whole=abs(total.value))
                if spot:
                    yield dataclasses.replace(spot, falls_short=short)


def shares(result: ReportResult) -> Iterator[Spot]:
    return _rates(result, "narrative.share")


def growths(result: ReportResult) -> Iterator[Spot]:
    return _rates(result, "narrative.growth")


def _rates(result: ReportResult, rule: str) -> Iterator[Spot]:
    """Percentages that agree with the counts beside them; the percentage is the last evidence."""
    facts = {fact.id: fact for fact in result.facts}
    for finding in _holding(result, rule):
        evidence = [facts[id_] for id_ in finding.evidence]
        if evidence and evidence[-1].unit in ("%", "％"):
            spot = _spot(evidence[-1], result, exact=all(map(is_exact, evidence)), whole=1)
            if spot:
                yield spot


def _holding(result: ReportResult, rule: str) -> list[Finding]:
    return [f for f in result.findings if f.verdict == "holds" and f.rule.startswith(rule)]


KINDS: dict[str, tuple[Callable[[ReportResult], Iterator[Spot]], Edit]] = {
    "digit_swapped": (checked_figures, swapped),
    "digit_changed": (checked_figures, changed),
    "stale_last_year": (checked_figures, stale),
    "table_cell": (summed_cells, changed),
    "prose_sum": (listed_figures, changed),
    "open_sum": (listed_figures, changed),
    "share": (shares, moved),
    "growth": (growths, moved),
    "unit_slip": (checked_figures, slipped),
}


# Planting


def plants(clean: Clean, kind: str, most: int, seed: int) -> list[Plant]:
    """At most `most` exact errors of a kind and as many rounded ones, in places drawn at random;
    none where the clean report gives an alarm already."""
    spots_of, edit = KINDS[kind]
    rng = random.Random(f"{seed} {clean.name} {kind}")
    spots = list({(spot.start, spot.end): spot for spot in spots_of(clean.result)}.values())
    rng.shuffle(spots)
    known = {place for one in differences(clean.result) for place in places_of(one, clean.result)}
    made: dict[bool, list[Plant]] = {True: [], False: []}
    for spot in spots:
        side = made[spot.exact]
        if len(side) == most or any(a < spot.end and spot.start < b for a, b in known):
            continue
        if plant := _planted(clean, kind, spot, edit, rng):
            side.append(plant)
    return [*made[True], *made[False]]


def _planted(clean: Clean, kind: str, spot: Spot, edit: Edit, rng: random.Random) -> Plant | None:
    text = clean.result.document.text
    printed = text[spot.start : spot.end]
    for _ in range(10):
        planted = edit(printed, rng, spot.exact)
        if planted is None:
            return None
        if (
            planted != printed
            and _contradicts(clean.result, spot, planted)
            and (kind not in _SUMS or _leaves_short(spot, planted) == (kind == "open_sum"))
        ):
            words = _around(clean.result, spot)
            place = (spot.start, spot.end, printed, planted)
            return Plant(clean.name, kind, spot.metric, spot.exact, *place, words)
    return None


def _contradicts(result: ReportResult, spot: Spot, planted: str) -> bool:
    """Whether the planted number says what nobody could reconcile with the right one."""
    if spot.words == (spot.start, spot.end):
        return True  # a cell
    text = result.document.folded
    before = "".join(text[max(spot.words[0], spot.start - 6) : spot.start].split())
    after = text[spot.end : min(spot.words[1], spot.end + 6)]
    figures = find_figures(before + "".join((fold(planted) + after).split()))
    read = next((one for one in figures if one.start <= len(before) < one.end), None)
    if read is None:
        return True
    unit = load_metrics()[spot.metric].unit if spot.metric in load_metrics() else ""
    read = convert(read, unit)
    if spot.metric.startswith("request.received"):
        # 收到N件 may mean the new requests, or these and the carried-in ones together
        carried = {cell.value for cell in result.cells if cell.metric == "request.carried_in"}
        if abs(read.value - spot.right) in carried:
            return False
    if spot.exact:
        return read.value != spot.right
    is_far = abs(read.value - spot.right) >= _FAR * spot.whole
    return is_far and not read.low <= spot.right <= read.high


_SUMS = ("prose_sum", "open_sum")


def _leaves_short(spot: Spot, planted: str) -> bool:
    """Whether an open list (其中A…、B…) falls short of its total by this: honest lists do, too."""
    value = find_figures(fold(planted) + "件")
    return bool(value) and spot.falls_short * (value[0].value - spot.right) > 0


def _around(result: ReportResult, spot: Spot) -> str:
    """The sentence of a figure; the row of a cell."""
    text = result.document.text
    start, end = spot.words
    if (start, end) == (spot.start, spot.end):
        cell = next(cell for cell in result.cells if (cell.start, cell.end) == spot.words)
        return f"{cell.label} {cell.raw}"
    return "".join(text[start:end].split())


# Finding


def places_of(record: Check | Finding, result: ReportResult) -> frozenset[Span]:
    """Where the numbers and cells stand that a difference rests on."""
    named = record.evidence if isinstance(record, Finding) else (*record.facts, *record.cells)
    places: set[Span] = {(c.start, c.end) for c in result.cells if c.id in named}
    for fact in result.facts:
        if fact.id in named:
            found = [span for span, _ in number_places(fact, result)]
            places |= set(found or [(fact.start, fact.end)])
    return frozenset(places)


def differences(result: ReportResult) -> list[Check | Finding]:
    """Every mismatch and every violated relation."""
    mismatches = [check for check in result.checks if check.verdict == "mismatch"]
    return [*mismatches, *(one for one in result.findings if one.verdict == "violated")]


def _name(record: Check | Finding) -> str:
    return record.rule if isinstance(record, Finding) else f"check.{record.metric}"


def outcome(plant: Plant, clean: Clean) -> Outcome:
    """Run the pipeline on the spoilt text, and see what it says at the place."""
    result = analyse_text(plant.into(clean.result.document.text))
    before = {(_name(one), places_of(one, clean.result)) for one in differences(clean.result)}
    end = plant.start + len(plant.planted)
    shift = end - plant.end

    def original(place: Span) -> Span:
        start, stop = (offset - shift if offset >= end else offset for offset in place)
        return start, stop

    alarms = []
    for one in differences(result):
        places = places_of(one, result)
        is_here = any(a < end and plant.start < b for a, b in places)
        if is_here and (_name(one), frozenset(map(original, places))) not in before:
            alarms.append(_name(one))
    return Outcome(plant, tuple(alarms), _seen(result, plant.start, end))


def _seen(result: ReportResult, start: int, end: int) -> str:
    """What was read at a place, and the relations it took part in: why an error was missed."""
    facts = [
        fact
        for fact in result.facts
        if any(a < end and start < b for (a, b), _ in number_places(fact, result))
    ]
    cells = [cell for cell in result.cells if cell.start < end and start < cell.end]
    words = []
    for fact in facts:
        whose = [str(one) for one in (fact.year, fact.subject, fact.basis) if one is not None]
        words.append(f"{fact.metric}={fact.value} [{' '.join(whose)}]")
    words += [f"{cell.metric}:{cell.applicant or ''}={cell.value}" for cell in cells]
    ids = {fact.id for fact in facts} | {cell.id for cell in cells}
    words += [f"check {c.verdict} {c.table}" for c in result.checks if ids & {*c.facts, *c.cells}]
    words += [f"{f.rule} {f.verdict}" for f in result.findings if ids & {*f.evidence}]
    words += [
        f"warning {warning.code}"
        for warning in result.warnings
        if warning.start is not None and warning.start < end and start < (warning.end or 0)
    ]
    return "; ".join(words) or "not read"


# The reports


def clean_reports() -> Iterator[Clean]:
    """The bundled reports recorded as clean, and the clean marked ones with tables."""
    listed = tomllib.loads((ROOT / "corpora" / "reports.toml").read_text("utf-8"))["report"]
    for one in listed:
        if one["clean"]:
            yield Clean(one["file"], _analysed(BUNDLED / one["file"]), is_bundled=True)
    for path in sorted(MARKED.glob("*.marked.txt")):
        name = path.name.removesuffix(".marked.txt")
        answers = tomllib.loads((MARKED / f"{name}.toml").read_text("utf-8"))
        verdicts = {verdict for one in answers.get("checks", {}).values() for verdict in one}
        if answers.get("cells") and not answers.get("findings") and "mismatch" not in verdicts:
            yield Clean(name, _analysed(path))


def folder_reports(folders: Sequence[Path]) -> Iterator[Clean]:
    for path in sorted(path for folder in folders for path in folder.glob("*.txt")):
        yield Clean(path.name, _analysed(path))


def _analysed(path: Path) -> ReportResult:
    """As every spoilt text is: from a string, so that offsets agree."""
    if path.name.endswith(".marked.txt"):
        return analyse_text(parse(path.read_bytes().decode("utf-8"))[0])
    return analyse_text(read_path(path).text)


# What is printed


def tally(outcomes: Sequence[Outcome]) -> dict[str, dict[str, dict[str, float | None]]]:
    """Planted, found and recall, by kind and by how exactly the figure is printed."""
    planted = Counter((one.plant.kind, one.plant.exact) for one in outcomes)
    found = Counter((one.plant.kind, one.plant.exact) for one in outcomes if one.found)
    return {
        kind: {
            name: {
                "planted": planted[kind, exact],
                "found": found[kind, exact],
                "recall": found[kind, exact] / planted[kind, exact] if planted[kind, exact] else None,
            }
            for name, exact in (("exact", True), ("rounded", False))
        }
        for kind in KINDS
    }  # fmt: skip


def _table(counts: dict[str, dict[str, dict[str, float | None]]]) -> Iterator[str]:
    yield f"{'kind':17}{'exact':>6}{'found':>7}{'recall %':>10}{'rounded':>9}{'found':>7}{'recall %':>10}"
    for kind, sides in counts.items():
        line = f"{kind:17}"
        for side, width in (("exact", 6), ("rounded", 9)):
            one = sides[side]
            recall = "-" if one["recall"] is None else f"{100 * one['recall']:.1f}"
            line += f"{one['planted']:>{width}}{one['found']:>7}{recall:>10}"
        yield line


def _missed(outcomes: Sequence[Outcome], verbose: bool) -> Iterator[str]:
    missed = [one for one in outcomes if not one.found]
    yield f"\nmissed: {len(missed)}"
    for one in missed:
        plant = one.plant
        rounded = "" if plant.exact else " rounded"
        yield f"- {plant.kind}{rounded} {plant.report} {plant.metric} {plant.printed} → {plant.planted}"
        if verbose:
            yield f"    {plant.sentence}\n    {one.seen}"


def false_alarms(clean: Clean) -> list[str]:
    """What the pipeline holds against a report that is right."""
    return [f"{_name(one)} {one.message}" for one in differences(clean.result)]


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--per-kind", type=int, default=5, metavar="N", help="of each report: exact, and rounded"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every plant there")
    parser.add_argument("--verbose", action="store_true", help="the sentences of the missed ones")
    args = parser.parse_args(words)
    reports = list(folder_reports(args.reports) if args.reports else clean_reports())
    if not reports:
        parser.error("no reports")
    outcomes = [
        outcome(plant, clean)
        for clean in reports
        for kind in KINDS
        for plant in plants(clean, kind, args.per_kind, args.seed)
    ]
    alarms = {clean.name: said for clean in reports if (said := false_alarms(clean))}
    counts = tally(outcomes)
    print(f"{len(reports)} reports, {len(outcomes)} errors, seed {args.seed}\n")
    print("\n".join([*_table(counts), *_missed(outcomes, args.verbose)]))
    print(f"\nalarms on untouched reports: {sum(map(len, alarms.values()))}")
    print("".join(f"- {name} {one}\n" for name, said in alarms.items() for one in said), end="")
    if args.json:
        args.json.write_text(_as_json(counts, outcomes, alarms, args.seed), "utf-8")
    recalls = [sides["exact"]["recall"] for kind, sides in counts.items() if kind != "open_sum"]
    poor = any(recall is not None and recall < NEEDED for recall in recalls)
    return int(poor or any(clean.is_bundled and clean.name in alarms for clean in reports))


def _as_json(
    counts: dict[str, Any], outcomes: Sequence[Outcome], alarms: dict[str, list[str]], seed: int
) -> str:
    planted = [
        dataclasses.asdict(one.plant) | {"found": one.found, "alarms": one.alarms, "seen": one.seen}
        for one in outcomes
    ]
    answer = {"seed": seed, "kinds": counts, "plants": planted, "false_alarms": alarms}
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.path.insert(0, os.fspath(ROOT))
    sys.exit(main())
