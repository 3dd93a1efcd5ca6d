"""Findings as they are recorded, of tables and of prose."""

from __future__ import annotations

from nlp.records import Finding, FindingVerdict, Number, Scope

_ENDINGS = {"holds": "相符", "violated": "不符", "unverifiable": "无法核实"}


def add_finding(
    found: list[Finding], scope: Scope, rule: str, verdict: FindingVerdict, stated: Number,
    computed: Number, evidence: tuple[str, ...], message: str,
) -> None:  # fmt: skip
    """Number a tested relation and append it to `found`; the message ends with the verdict."""
    words = f"{message}，{_ENDINGS[verdict]}"
    number = f"v{len(found) + 1}"
    found.append(Finding(number, rule, scope, verdict, stated, computed, evidence, words))
