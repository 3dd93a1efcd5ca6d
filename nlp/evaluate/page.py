"""One self-contained page: charts, then every table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from nlp.evaluate import charts
from nlp.evaluate.answers import BOTH, CLASSIFIER, SYSTEMS
from nlp.evaluate.screen import numeric
from nlp.evaluate.tables import heading, metric_name, tables
from nlp.evaluate.wording import words
from nlp.metrics import Lang

_TEMPLATE = "page.html"
_MOST = 200


@dataclass(frozen=True, slots=True)
class Series:
    """What a colour of a chart stands for."""

    colour: str
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its caption; `notes` explain its columns."""

    title: str
    svg: str
    legend: tuple[Series, ...] = ()
    notes: tuple[str, ...] = ()


def require() -> None:
    """Raises `ImportError` where a library of the page is missing."""
    import jinja2
    import matplotlib as mpl

    assert jinja2
    assert mpl


def render(head: Mapping[str, Any], results: Mapping[str, Any], lang: Lang) -> str:
    """The page as HTML."""
    from jinja2 import Environment

    say = words(lang)
    source = resources.files("nlp.evaluate").joinpath(_TEMPLATE).read_text("utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        source
    )
    return template.render(
        lang="en" if lang == "en" else "zh-CN",
        say=say,
        heading=heading(head, lang),
        charts=charts_of(results, lang),
        sections=[
            (say[name], tables(name, result, lang, _MOST)) for name, result in results.items()
        ],
        numeric=lambda rows, place: numeric(row[place] for row in rows),
    )


def charts_of(results: Mapping[str, Any], lang: Lang) -> list[Chart]:
    """The charts of the sections that were run."""
    say = words(lang)
    legend = tuple(Series(system, say[system]) for system in SYSTEMS)
    made: list[Chart] = []

    def name(code: str) -> str:
        return metric_name(code, lang, say["unread"])

    if "facts" in results:
        facts = results["facts"]
        made.append(Chart(say["chart_systems"], charts.systems(facts.scopes, say), legend))
        made.append(Chart(say["chart_metrics"], charts.metric_dots(facts.metrics, name), legend))
    if results.get("learning_curve"):
        svg = charts.learning_curve(results["learning_curve"])
        trained = tuple(one for one in legend if one.colour in (CLASSIFIER, BOTH))
        made.append(Chart(say["chart_curve"], svg, trained))
    if "calibration" in results:
        colours = {"figure": "classifier", "kind": "rules"}
        series = tuple(Series(colours[one], say[f"{one}_series"]) for one in results["calibration"])
        svg = charts.reliability(results["calibration"])
        made.append(Chart(say["chart_reliability"], svg, series))
    if "confusion" in results and results["confusion"].between:
        pairs = results["confusion"].between
        columns = tuple(charts.columns_of(pairs, name))
        made.append(Chart(say["chart_confusion"], charts.confusion(pairs, name), (), columns))
    return made
