"""What is said between the reports of one agency, and what is left unsaid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nlp.between.parts import compare_parts
from nlp.between.records import Comparison, YearlyReport
from nlp.between.timeline import compare_years
from nlp.records import Check
from reports_made import COUNTY, fact, item, report


def said(*reports: YearlyReport, rule: str = "") -> list[tuple[str, str]]:
    """Rule and verdict of every comparison (of one rule)."""
    return [(one.rule, one.verdict) for one in compare_years(reports) if rule in one.rule]


def only(*reports: YearlyReport, rule: str) -> Comparison:
    (found,) = [one for one in compare_years(reports) if one.rule == rule]
    return found


def carrying(year: int, carried_in: Any = 0, carried_out: Any = 0, **other: Any) -> YearlyReport:
    cells = {"request.carried_in/total": carried_in, "request.carried_out/total": carried_out}
    return report(year, cells=cells, **other)


# Carried over


def test_what_is_carried_out_comes_in() -> None:
    found = only(carrying(2022, carried_out=6), carrying(2023, carried_in=6), rule="years.carried")
    assert (found.verdict, found.stated, found.computed) == ("holds", 6, 6)


def test_a_broken_carry_over_is_found_with_both_sides() -> None:
    found = only(carrying(2022, carried_out=6), carrying(2023, carried_in=4), rule="years.carried")
    assert found.verdict == "violated"
    assert (found.stated, found.computed, found.year, found.other_year) == (4, 6, 2023, 2022)
    assert (found.evidence, found.other_evidence) == (("c0",), ("c1",))
    assert "2023年度上年结转4件，2022年度结转下年度6件" in found.message


def test_last_years_carried_in_is_recognised() -> None:
    before, now = carrying(2022, carried_in=4, carried_out=6), carrying(2023, carried_in=4)
    assert "可能沿用了旧数" in only(before, now, rule="years.carried").message


def test_a_request_put_down_to_another_kind_of_applicant_is_only_noted() -> None:
    def by_column(year: int, row: str, person: int, company: int) -> YearlyReport:
        columns = {"total": 6, "natural_person": person, "company": company}
        return report(year, cells={f"request.{row}/{name}": n for name, n in columns.items()})

    reports = by_column(2022, "carried_out", 5, 1), by_column(2023, "carried_in", 6, 0)
    assert said(*reports) == [("years.carried.applicants", "note"), ("years.carried", "holds")]


@pytest.mark.parametrize(
    ("before", "now", "verdicts"),
    [
        (carrying(2022, carried_out=6), carrying(2023, carried_in=None), ["unverifiable"]),
        (carrying(2022, carried_out=None), carrying(2023, carried_in=3), ["unverifiable"]),
        (carrying(2022, carried_out=None), carrying(2023, carried_in=0), []),
        (carrying(2022, carried_out=6), report(2023), []),
        (carrying(2021, carried_out=6), carrying(2023, carried_in=4), []),
        # the reform of 2018 and 2019, and the table's first year
        (carrying(2018, carried_out=6), carrying(2019, carried_in=4), ["unverifiable"]),
        (carrying(2018, carried_out=6), carrying(2019, carried_in=6), ["holds"]),
        (carrying(2019, carried_out=6), carrying(2020, carried_in=4), ["violated"]),
    ],
)
def test_where_nothing_can_be_said_of_carried_over(
    before: YearlyReport, now: YearlyReport, verdicts: list[str]
) -> None:
    assert [verdict for _, verdict in said(before, now, rule="years.carried")] == verdicts


def test_prose_speaks_where_there_is_no_table() -> None:
    before = report(2016, template=None, facts=(fact("request.carried_out", 3, 2016),))
    now = report(2017, template=None, facts=(fact("request.carried_in", 2, 2017),))
    assert said(before, now) == [("years.carried", "violated")]
    doubtful = replace(now.facts[0], method="classifier", confidence=0.8)
    assert said(before, replace(now, facts=(doubtful,))) == [("years.carried", "unverifiable")]
    bureau = replace(now.facts[0], subject="县财政局")
    assert said(before, replace(now, facts=(bureau,))) == []


def test_periods_that_do_not_adjoin_prove_nothing() -> None:
    before = carrying(2022, carried_out=6, period=("2022-01-01", "2022-10-31"))
    now = carrying(2023, carried_in=4, period=("2023-01-01", "2023-12-31"))
    assert said(before, now, rule="years.carried") == [("years.carried", "unverifiable")]


# Several reports of one year


def versions(second: dict[str, Any], **other: Any) -> tuple[YearlyReport, YearlyReport]:
    same = {"request.received/total": 30, "reply.total/total": 24, "review.total": 5}
    first = report(2022, key="a", cells={**same, "request.carried_out/total": 6}, **other)
    return first, report(2022, key="b", cells={**same, **second})


def test_a_corrected_republication_settles_it() -> None:
    reports = versions({"request.carried_out/total": 4})
    found = compare_years([*reports, carrying(2023, carried_in=4)])
    assert [(one.rule, one.verdict) for one in found] == [
        ("years.versions", "note"),
        ("years.carried", "holds"),
    ]
    assert "1项指标不同：结转下年度申请数" in found[0].message


def test_the_same_report_in_two_files_is_no_correction() -> None:
    assert said(*versions({"request.carried_out/total": 6})) == []


def test_a_year_that_was_guessed_proves_nothing() -> None:
    now = carrying(2023, carried_in=4)
    untitled = replace(now, report=replace(now.report, title=None))
    assert said(carrying(2022, carried_out=6), untitled) == [("years.carried", "unverifiable")]


def test_neither_version_fits() -> None:
    reports = versions({"request.carried_out/total": 5})
    assert said(*reports, carrying(2023, carried_in=4), rule="carried") == [
        ("years.carried", "violated")
    ]


def test_a_correction_that_breaks_what_held_is_found() -> None:
    before = carrying(2021, carried_out=6)
    old = carrying(2022, carried_in=6, key="a", published="2023-01-10")
    new = carrying(2022, carried_in=5, key="b", published="2023-03-10")
    same = report(1, cells={f"review.{row}": 9 for row in ("total", "upheld", "other")}).cells
    old, new = (replace(one, cells=(*one.cells, *same)) for one in (old, new))
    assert said(before, old, new, rule="carried") == [("years.carried", "violated")]
    undated = replace(old, report=replace(old.report, published=None))
    assert said(before, undated, new, rule="carried") == [("years.carried", "holds")]


def test_two_bodies_of_one_name_are_not_judged() -> None:
    other = {"request.received/total": 900, "reply.total/total": 700, "review.total": 50}
    reports = versions({**other, "request.carried_out/total": 5})
    assert said(*reports, carrying(2023, carried_in=4)) == [
        ("years.same_name", "note"),
        ("years.carried", "unverifiable"),
    ]


def test_quarterly_reports_stand_back() -> None:
    quarter = carrying(2022, carried_out=1, key="q", period=("2022-01-01", "2022-03-31"))
    whole = carrying(2022, carried_out=4, period=("2022-01-01", "2022-12-31"))
    assert said(quarter, whole, carrying(2023, carried_in=4)) == [("years.carried", "holds")]


def test_a_missing_year_is_named() -> None:
    found = only(carrying(2019), carrying(2022, carried_in=4), rule="years.missing")
    assert "缺2020至2021年度的报告" in found.message


def test_the_order_of_reports_makes_no_difference() -> None:
    reports = [*versions({"request.carried_out/total": 5}), carrying(2023, 4, 2), carrying(2024, 2)]
    assert compare_years(reports) == compare_years(reversed(reports))


# Restated


def restating(value: float, *, year: int = 2023, text: str = "", **other: Any) -> YearlyReport:
    told = fact("request.received", value, year - 1, text=text, **other)
    return report(year, facts=(told,))


RECEIVED_136 = report(2022, cells={"request.received/total": 136, "request.carried_in/total": 4})


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (restating(136), "holds"),
        (restating(140), "holds"),  # 新收加上年结转
        (restating(150), "violated"),
        (restating(150, low=130, high=150, qualifier="近"), "holds"),
        (restating(150, text="按调整后的口径150件"), "unverifiable"),
        (restating(150, text="2022年上半年收到150件"), "unverifiable"),
        (restating(150, method="classifier", confidence=0.7), "unverifiable"),
    ],
)
def test_last_years_figure_as_restated(now: YearlyReport, verdict: str) -> None:
    assert said(RECEIVED_136, now) == [("years.restated", verdict)]


@pytest.mark.parametrize(
    "now",
    [restating(150, subject="县财政局"), restating(150, basis="part"), restating(150, year=2022)],
)
def test_figures_of_others_are_not_restated(now: YearlyReport) -> None:
    assert said(RECEIVED_136, replace(now, report=replace(now.report, year=2023))) == []


def test_the_prose_of_last_year_bears_out_what_its_table_does_not() -> None:
    prose = replace(RECEIVED_136, facts=(fact("request.received", 150, 2022),))
    assert said(prose, restating(150)) == [("years.restated", "holds")]


@pytest.mark.parametrize(
    ("metric", "forms", "verdict"),
    [
        ("disclosure.total", (None, None), "violated"),
        ("website.visits", (None, None), "unverifiable"),  # of which sites, nobody knows
        ("normative_document.made", ("2019", "2021"), "unverifiable"),
        ("request.received", ("2019", "2021"), "violated"),
    ],
)
def test_what_changes_its_meaning(metric: str, forms: tuple[Any, Any], verdict: str) -> None:
    before = report(2020, facts=(fact(metric, 50, 2020),), template=forms[0])
    now = report(2021, facts=(fact(metric, 60, 2020),), template=forms[1])
    assert said(before, now) == [("years.restated", verdict)]


def test_two_statements_of_last_year_leave_it_open() -> None:
    told = (fact("training.sessions", 2, 2022), fact("training.sessions", 3, 2022))
    now = report(2023, facts=(fact("training.sessions", 5, 2022),))
    assert said(report(2022, facts=told), now) == [("years.restated", "unverifiable")]


def test_figures_of_years_further_back() -> None:
    now = report(2024, facts=(fact("request.received", 150, 2022),))
    assert ("years.restated", "violated") in said(RECEIVED_136, report(2023), now)


# In force


@pytest.mark.parametrize(("in_force", "verdict"), [(41, "holds"), (44, "unverifiable")])
def test_in_force_is_last_years_with_made_less_repealed(in_force: int, verdict: str) -> None:
    kind = "normative_document"
    before = report(2022, cells={f"{kind}.in_force": 38})
    cells = {f"{kind}.in_force": in_force, f"{kind}.made": 5, f"{kind}.repealed": 2}
    found = only(before, report(2023, cells=cells), rule="years.in_force")
    assert (found.verdict, found.stated, found.computed) == (verdict, in_force, 41)
    blank = report(2023, cells={**cells, f"{kind}.repealed": None})
    assert said(before, blank) == []


def test_items_of_the_form_of_2019() -> None:
    before = report(2019, cells={"licence.previous": 42, "licence.change": -3}, template="2019")
    now = report(2020, cells={"licence.previous": 40}, template="2019")
    assert said(before, now) == [("years.listed_items", "unverifiable")]


# Copied


def mismatching(stated: int, table: int) -> YearlyReport:
    told = fact("training.participants", stated, 2023, text=f"培训{stated}人次")
    check = Check(
        "k1", told.metric, "mismatch", (told.id,), ("c0",), stated, table, stated - table, ""
    )
    return report(2023, cells={"training.participants": table}, facts=(told,), checks=(check,))


def test_last_years_figure_left_in_the_prose() -> None:
    before = report(2022, cells={"training.participants": 186})
    found = only(before, mismatching(186, 231), rule="years.stale")
    assert (found.verdict, found.stated) == ("violated", 186)
    assert "“培训186人次”与本年表格231不符，却与2022年度报告" in found.message
    assert said(before, mismatching(187, 231)) == []


def test_a_figure_told_of_last_year_is_not_left_over() -> None:
    before, now = report(2022, cells={"training.participants": 186}), mismatching(186, 231)
    sentences = {now.facts[0].id: "2022年全年培训186人次"}
    assert said(before, replace(now, sentences=sentences)) == []


def test_last_years_period_left_standing() -> None:
    period = ("2022-01-01", "2022-12-31")
    before, now = carrying(2022, carried_out=1, period=period), carrying(2023, 1, period=period)
    assert said(before, now) == [("years.stale_period", "violated"), ("years.carried", "holds")]


def test_sentences_with_last_years_figures() -> None:
    def told(year: int, *figures: tuple[str, int]) -> YearlyReport:
        facts = tuple(fact(metric, value, year) for metric, value in figures)
        words = f"{year}年全县组织业务培训并开展督查通报等各项工作"
        return report(year, facts=facts, sentences={one.id: words for one in facts})

    sessions, staff = ("training.participants", 150), ("staff.total", 42)
    assert said(told(2022, sessions), told(2023, sessions)) == [("years.copied_sentence", "note")]
    assert said(told(2022, staff), told(2023, staff)) == []  # staff may well stay the same
    few = ("training.sessions", 2)
    assert said(told(2022, few), told(2023, few)) == []


def test_the_whole_table_of_last_year() -> None:
    rows = {f"request.{row}/total": 25 + n for n, row in enumerate(("received", "closed"))}
    rows |= {f"reply.{row}/total": n for n, row in enumerate("abcdef", start=3)}
    assert said(report(2022, cells=rows), report(2023, cells=rows)) == [("years.copied_table", "note")]  # fmt: skip
    changed = rows | {"reply.a/total": 9}
    assert said(report(2022, cells=rows), report(2023, cells=changed)) == []


# Plans and problems

PROBLEM = "部分部门政策解读仍以文字摘要为主，生动性不强"


def test_problems_that_come_back() -> None:
    reports = [report(year, items=(item("problem", PROBLEM),)) for year in (2021, 2022, 2023)]
    found = [one for one in compare_years(reports) if one.rule == "years.repeated_problem"]
    assert [one.message for one in found] == [
        "这条问题与2021年度报告逐字相同",
        "这条问题与2022年度报告逐字相同，自2021年度起连续3年出现",
    ]
    assert found[0].words == PROBLEM


def test_a_word_changed_is_almost_the_same_problem() -> None:
    before = report(2022, items=(item("problem", PROBLEM),))
    now = report(2023, items=(item("problem", PROBLEM.replace("部分", "少数")),))
    assert "几乎相同" in only(before, now, rule="years.repeated_problem").message
    other = report(2023, items=(item("problem", "经办人员更替较快，业务衔接不够顺畅"),))
    assert said(before, other) == []


def test_plans_beside_problems_and_measures_on_the_same_topic() -> None:
    plan = item("plan", "提升解读质量，同步制作图解", "interpretation")
    problem = item("problem", PROBLEM, "interpretation")
    remedy = item("remedy", "已制作图解12件", "interpretation")
    elsewhere = item("problem", "人员兼职多", "staff")
    before = report(2022, items=(plan,))
    found = only(before, report(2023, items=(problem, remedy, elsewhere)), rule="years.plan")
    assert (found.verdict, found.words, found.other_words) == (
        "note", f"已制作图解12件；{PROBLEM}", plan.text,
    )  # fmt: skip
    assert said(before, report(2023, items=(elsewhere,))) == []


@pytest.mark.parametrize(("result", "ending"), [(46, "已达到"), (30, "请核对是否完成")])
def test_figures_promised(result: int, ending: str) -> None:
    promised = fact("response.interpretations", 40, 2023, text="解读产品40件以上", basis="target")
    before = report(2022, facts=(promised,))
    now = report(2023, facts=(fact("response.interpretations", result, 2023),))
    found = only(before, now, rule="years.target")
    assert (found.verdict, found.computed, found.stated) == ("note", 40, result)
    assert found.message.endswith(ending)


# Parents and parts


def test_parts_beside_the_whole() -> None:
    whole = report(2023, cells={"request.received/total": 40})
    parts = [
        report(2023, agency=f"青屿县{name}", key=name, cells={"request.received/total": n})
        for name, n in (("财政局", 12), ("教育局", 50))
    ]
    found = compare_parts(whole, parts)
    assert [(one.rule, one.scope, one.verdict) for one in found] == [
        ("parts.exceeds", "parts", "note"),
        ("parts.sum", "parts", "note"),
    ]
    assert (found[1].stated, found[1].computed, found[1].agency) == (40, 62, COUNTY)
    assert found[0].other_agency == "青屿县教育局"
    assert compare_parts(whole, [report(2023)]) == ()
