"""An evaluation as one self-contained page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nlp.evaluate import charts
from nlp.evaluate.answers import CLASSIFIER, SYSTEMS
from nlp.evaluate.tables import heading, metric_name, tables
from nlp.evaluate.wording import words
from nlp.metrics import Lang
from nlp.output import page
from nlp.output.page import Chart, Series

_MOST = 200


def render(head: Mapping[str, Any], results: Mapping[str, Any], lang: Lang) -> str:
    """The page as HTML."""
    say = words(lang)
    return page.render(
        title=say["title"],
        heading=heading(head, lang),
        made=say["made"],
        charts=charts_of(results, lang),
        sections=[
            (say[name], tables(name, result, lang, _MOST)) for name, result in results.items()
        ],
        lang=lang,
    )


def charts_of(results: Mapping[str, Any], lang: Lang) -> list[Chart]:
    """The charts of the sections that were run."""
    say = words(lang)
    legend = tuple(Series(charts.SYSTEM_COLOURS[system], say[system]) for system in SYSTEMS)
    made: list[Chart] = []

    def name(code: str) -> str:
        return metric_name(code, lang, say["unread"])

    if "facts" in results:
        facts = results["facts"]
        made.append(Chart(say["chart_systems"], charts.systems(facts.scopes, say), legend))
        made.append(Chart(say["chart_metrics"], charts.metric_dots(facts.metrics, name), legend))
    if results.get("learning_curve"):
        svg = charts.learning_curve(results["learning_curve"])
        trained = legend[SYSTEMS.index(CLASSIFIER) :]
        made.append(Chart(say["chart_curve"], svg, trained))
    if "calibration" in results:
        colours = {"figure": "blue", "kind": "orange"}
        series = tuple(Series(colours[one], say[f"{one}_series"]) for one in results["calibration"])
        svg = charts.reliability(results["calibration"])
        made.append(Chart(say["chart_reliability"], svg, series))
    if "confusion" in results and results["confusion"].between:
        pairs = results["confusion"].between
        columns = tuple(charts.columns_of(pairs, name))
        made.append(Chart(say["chart_confusion"], charts.confusion(pairs, name), (), columns))
    return made
