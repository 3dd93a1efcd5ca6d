"""Table of chapter two (第二十条): blocks with their own columns, rows of one to three numbers."""

from __future__ import annotations

from nlp.records import ReadingWarning
from nlp.structure.clusters import Cluster, Page, Reading, header_start
from nlp.structure.labels import Hit, templates
from nlp.structure.rows import Found, after_label, take, usual_breaks

_MONEY = {"admin_fee.amount": "万元", "procurement.amount": "元"}
_OF_ITEMS = ("previous", "change", "count")
_REGULATIONS = ("regulation", "normative_document")


class _Block:
    """The columns last seen, and to which template they belong."""

    def __init__(self) -> None:
        self.columns: list[Hit] = []
        self.closed = False

    def add(self, hit: Hit) -> None:
        if self.closed:
            self.columns, self.closed = [], False
        self.columns.append(hit)

    def codes(self) -> list[str]:
        return [hit.rows["chapter_two"].metric for hit in self.columns]


def read_chapter_two(page: Page, cluster: Cluster) -> tuple[Reading, str] | None:
    """Read a cluster of chapter-two labels, with its template; None where there is no table."""
    hits = cluster.hits
    kinds = [hit.rows["chapter_two"].kind for hit in hits]
    first = next((i for i, kind in enumerate(kinds) if kind != "row"), None)
    if first is None or not _has_frame(hits):
        return None
    hits = hits[first:]
    cluster = Cluster(hits, cluster.following, cluster.floor)
    template = _template(hits)
    reading = Reading([], header_start(page, hits[0]), hits[0].end, "chapter_two", [])
    rows = _rows(page, cluster, template)
    usual = usual_breaks([found for _, _, found in rows if found.values])
    for hit, metrics, found in rows:
        _take_row(page.view, reading, usual, hit, metrics, found)
    if not reading.values and not reading.warnings:
        return None
    for hit in hits:  # captions of blocks without values, directly after the last one
        if hit.rows["chapter_two"].kind != "row" and hit.start - reading.end < 60:
            reading.end = max(reading.end, hit.end)
    return reading, template


def _has_frame(hits: list[Hit]) -> bool:
    """Prose names columns and rows too (现行有效规范性文件38件): a table has captions or headers."""
    captions = sum(hit.rows["chapter_two"].kind == "caption" for hit in hits)
    columns = {h.rows["chapter_two"].metric for h in hits if h.rows["chapter_two"].kind == "column"}
    rows = {h.rows["chapter_two"].metric for h in hits if h.rows["chapter_two"].kind == "row"}
    return bool(rows) and (captions >= 1 or len(columns) >= 2)


def _template(hits: list[Hit]) -> str:
    votes = {"2019": 0, "2021": 0}
    for hit in hits:
        row = hit.rows["chapter_two"]
        if row.kind == "column":
            votes[row.template] += 1
        elif row.metric in ("other_service", "procurement"):
            votes["2019"] += 1
    return "2021" if votes["2021"] > votes["2019"] else "2019"


def _rows(page: Page, cluster: Cluster, template: str) -> list[tuple[Hit, list[str], Found]]:
    rows = []
    block = _Block()
    for number, hit in enumerate(cluster.hits):
        row = hit.rows["chapter_two"]
        if row.kind == "column":
            block.add(hit)
        if row.kind != "row":
            continue
        block.closed = True
        following = cluster.next_start(number)
        found = after_label(page.view, hit.start, hit.end, following)
        codes = _columns(row.metric, block.codes(), template)
        if codes[-1:] == ("amount",) and not found.unit:
            found.unit = _stated_unit(page.view, block)
        rows.append((hit, [f"{row.metric}.{code}" for code in codes], found))
    return rows


def _columns(code: str, printed: list[str], template: str) -> tuple[str, ...]:
    """The columns of a row: as printed where that is a full set, else those of the template."""
    known = templates().chapter_two
    for name in (template, "2021", "2019"):
        usual = known[name].get(code, ())
        if usual and set(printed) == set(usual) and len(printed) == len(usual):
            return tuple(printed)
    usual = known[template].get(code) or known["2019"].get(code, ())
    other = known["2019" if template == "2021" else "2021"].get(code, ())
    # A block that keeps the columns of the other template (2019 shape years later).
    if other and len(set(printed) & set(other)) > len(set(printed) & set(usual)):
        return other
    return usual


def _stated_unit(view: str, block: _Block) -> str:
    """本年收费金额（单位：万元）: the unit stands in the header of the column."""
    if not block.columns:
        return ""
    end = block.columns[-1].end
    note = "".join(view[end : end + 20].split())[:10]
    for unit in ("亿元", "万元", "元"):
        if note.startswith(("（", "(")) and unit in note.split("）")[0].split(")")[0]:
            return unit
    return ""


def _take_row(
    view: str, reading: Reading, usual: int, hit: Hit, metrics: list[str], found: Found
) -> None:
    label = "".join(view[hit.start : hit.end].split())
    if not metrics or (not found.values and not found.limit):
        return
    if not found.values and len(metrics) > 1:
        return
    if take(view, found, len(metrics), usual) and found.cells:
        for metric, value in zip(metrics, found.cells, strict=True):
            target = _MONEY.get(metric) or ("项" if metric.endswith(_OF_ITEMS) else "件")
            stated = found.unit if metric in _MONEY else ""
            reading.values.append((metric, None, value, stated or target, target, label))
        reading.end = max(reading.end, hit.end, found.cells[-1].end)
    elif found.values:
        message = f"“{label}”应有{len(metrics)}个数，数字连写或不全，无法拆分"
        end = found.values[-1].end
        reading.warnings.append(ReadingWarning("ambiguous_digits", message, hit.start, end))
        reading.end = max(reading.end, end)
