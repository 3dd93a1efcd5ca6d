"""Relations within the statistics tables: totals and parts, columns, carry-over.

Strong relations are tested and reported as `holds` or `violated`; what honest reports break
(channel sums, sessions without participants) is at most `unverifiable`. A blank among the
parts means that nothing can be said unless the filled ones alone exceed the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nlp.checks import PARTS
from nlp.facts import Read
from nlp.findings import add_finding
from nlp.metrics import name
from nlp.narrative import narrative_findings
from nlp.numerals import tidy
from nlp.records import Cell, Fact, Finding, FindingVerdict, Number, Report

APPLICANTS = (
    "natural_person",
    "company",
    "research_institute",
    "social_organisation",
    "legal_service",
    "other",
)
_REASONS_2014 = (
    "state_secret",
    "trade_secret",
    "privacy",
    "security",
    "not_government_information",
    "other_law",
)
_REPLIES_2014 = (
    "already_public",
    "granted",
    "partly_granted",
    "refused",
    "not_this_agency",
    "not_exist",
    "amend",
    "redirected",
)
_CHANNELS = ("in_person", "fax", "online", "letter", "other")
# total, parts, whether a case may be pending outside the parts
_SUMS_2014: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("request.received", tuple(f"request.received_{c}" for c in _CHANNELS), False),
    ("request.closed", ("request.closed_on_time", "request.closed_extended"), False),
    ("reply.total", tuple(f"reply.{r}" for r in _REPLIES_2014), False),
    ("reply.refused", tuple(f"reply.refused.{r}" for r in _REASONS_2014), False),
    ("review.total", ("review.upheld", "review.corrected", "review.other"), True),
    ("litigation.total", ("litigation.upheld", "litigation.corrected", "litigation.other"), True),
    ("complaint.total", ("complaint.upheld", "complaint.corrected", "complaint.other"), True),
    ("staff.total", ("staff.full_time", "staff.part_time"), False),
    ("archive.total", ("archive.paper", "archive.electronic"), False),
)
_SUMS_LOCAL: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("staff.total", ("staff.full_time", "staff.part_time"), False),
)
_WITHIN_2014 = (
    ("response.press_conferences_led", "response.press_conferences"),
    ("response.interviews_led", "response.interviews"),
    ("disclosure.normative_documents", "disclosure.total"),
)
_GROUPS = ("review", "litigation_direct", "litigation_after_review")
_RESULTS = ("upheld", "corrected", "other", "pending")
_OPTIONAL = {"request.received_other", "reply.other"}


def tested_relations(
    facts: tuple[Fact, ...], reads: tuple[Read, ...], cells: tuple[Cell, ...], report: Report
) -> tuple[Finding, ...]:
    """One finding for each relation that the report's table or prose allows to test."""
    table = _Grid(cells)
    found: list[Finding] = []
    if report.template in ("2019", "2021"):
        _applicants(table, found)
        for group in _GROUPS:
            _sum(
                table,
                found,
                f"table.{group}.results",
                (f"{group}.total", None),
                [(f"{group}.{r}", None) for r in _RESULTS],
            )
    elif report.template is not None:
        # A local form may have channels that no metric names, so its sum may fall short.
        received = (*_SUMS_2014[0][:2], True)
        local = (received, _local_replies(table), *_SUMS_LOCAL)
        sums = _SUMS_2014 if report.template == "2014" else local
        for total, parts, pending in sums:
            keys = [
                (part, None) for part in parts if part not in _OPTIONAL or (part, None) in table
            ]
            _sum(table, found, f"table.{total}.parts", (total, None), keys, pending=pending)
        for part, whole in _WITHIN_2014:
            _within(table, found, part, whole)
        _training(table, found)
    narrative_findings(facts, reads, cells, report, found)
    return tuple(found)


def _local_replies(table: _Grid) -> tuple[str, tuple[str, ...], bool]:
    """The replies that a local form sums. 信息不存在 and the like stand beside the refusals, or are
    the reasons for them: whichever makes the total."""
    total = "reply.total"
    few = tuple(f"reply.{r}" for r in ("granted", "partly_granted", "refused", "other"))
    own = (m for m, _ in table if m.startswith("reply.") and m.count(".") == 1)
    every = tuple(m for m in own if m != total)
    computed = sum(table.value((metric, None)) or 0 for metric in every)
    stated = table.value((total, None))
    return (total, every, False) if computed == stated else (total, few, computed < (stated or 0))


class _Grid:
    """Cells by metric and applicant, the first of each."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells: dict[tuple[str, str | None], Cell] = {}
        for cell in cells:
            self._cells.setdefault((cell.metric, cell.applicant), cell)

    def __contains__(self, key: tuple[str, str | None]) -> bool:
        return key in self._cells

    def __iter__(self) -> Iterator[tuple[str, str | None]]:
        return iter(self._cells)

    def get(self, key: tuple[str, str | None]) -> Cell | None:
        return self._cells.get(key)

    def value(self, key: tuple[str, str | None]) -> Number | None:
        cell = self._cells.get(key)
        return cell.value if cell else None


def _applicants(table: _Grid, found: list[Finding]) -> None:
    rows = dict.fromkeys(metric for metric, applicant in table._cells if applicant)
    for metric in rows:
        _sum(
            table,
            found,
            f"table.{metric}.applicants",
            (metric, "total"),
            [(metric, a) for a in APPLICANTS],
        )
    others = ("reply.other",) if ("reply.other", "total") in table else PARTS["reply.other"]
    parts = (
        "reply.granted", "reply.partly_granted", *PARTS["reply.refused"], *PARTS["reply.unavailable"],
        *PARTS["reply.unprocessed"], *others,
    )  # fmt: skip
    for column in (*APPLICANTS, "total"):
        _sum(
            table,
            found,
            f"table.reply.total.{column}",
            ("reply.total", column),
            [(p, column) for p in parts],
        )
        _balance(table, found, column)


def _balance(table: _Grid, found: list[Finding], column: str) -> None:
    """一 + 二 = 三（总计） + 四."""
    keys = [
        (m, column)
        for m in ("request.received", "request.carried_in", "reply.total", "request.carried_out")
    ]
    values = [table.value(key) for key in keys]
    if any(value is None for value in values):
        return
    new, carried_in, replied, carried_out = (value or 0 for value in values)
    add_finding(
        found, "table", f"table.balance.{column}", "holds" if new + carried_in == replied + carried_out else "violated",
        new + carried_in, replied + carried_out, _ids(table, keys),
        f"{_column(column)}列：新收{new:,}加上年结转{carried_in:,}为{new + carried_in:,}，"
        f"办理结果总计{replied:,}加结转下年{carried_out:,}为{replied + carried_out:,}",
    )  # fmt: skip


def _sum(
    table: _Grid, found: list[Finding], rule: str, whole: tuple[str, str | None],
    parts: Sequence[tuple[str, str | None]], *, pending: bool = False,
) -> None:  # fmt: skip
    total = table.value(whole)
    values = [table.value(part) for part in parts]
    filled = [value for value in values if value is not None]
    if total is None or not filled or (len(filled) == 1 and len(parts) > 1):
        return
    computed = tidy(sum(filled))
    blank = len(filled) < len(values)
    verdict: FindingVerdict = "holds"
    if abs(total - computed) > 1e-6 * max(1.0, abs(total)):
        verdict = "unverifiable" if computed < total and (blank or pending) else "violated"
    words = f"{name(whole[0], 'zh')}" + (f"（{_column(whole[1])}）" if whole[1] else "")
    add_finding(
        found,
        "table",
        rule,
        verdict,
        total,
        computed,
        _ids(table, [whole, *parts]),
        f"{words}：总数{total:,}，各分项合计{computed:,}",
    )


def _within(table: _Grid, found: list[Finding], part: str, whole: str) -> None:
    small, large = table.value((part, None)), table.value((whole, None))
    if small is None or large is None:
        return
    ids = _ids(table, [(part, None), (whole, None)])
    words = f"{name(part, 'zh')}{small:,}，{name(whole, 'zh')}{large:,}"
    add_finding(
        found,
        "table",
        f"table.{part}.within",
        "violated" if small > large else "holds",
        small,
        large,
        ids,
        words,
    )


def _training(table: _Grid, found: list[Finding]) -> None:
    """Participants without a session: possible (sent to others' courses), so only a remark."""
    sessions, people = (
        table.value(("training.sessions", None)),
        table.value(("training.participants", None)),
    )
    if sessions is not None and people is not None and bool(sessions) != bool(people):
        ids = _ids(table, [("training.sessions", None), ("training.participants", None)])
        words = f"举办培训班{sessions:,}次，接受培训人员{people:,}人次，请核对"
        add_finding(
            found, "table", "table.training.both", "unverifiable", sessions, people, ids, words
        )


def _column(applicant: str | None) -> str:
    return {
        "natural_person": "自然人", "company": "商业企业", "research_institute": "科研机构",
        "social_organisation": "社会公益组织", "legal_service": "法律服务机构", "other": "其他", "total": "总计",
    }.get(applicant or "", "")  # fmt: skip


def _ids(table: _Grid, keys: Iterable[tuple[str, str | None]]) -> tuple[str, ...]:
    return tuple(cell.id for key in keys if (cell := table.get(key)))
