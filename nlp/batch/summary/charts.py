"""The charts of a summary, drawn by matplotlib as elements of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nlp.batch.summary.tables import FORMS
from nlp.batch.summary.tallies import Summary, Times
from nlp.batch.summary.wording import words
from nlp.metrics import Lang, name
from nlp.output import wording
from nlp.output.page import Chart, Series
from nlp.output.svg import COLOURS, SMALL, drawn, room, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_METRICS, _MOST_DIFFERING, _MOST_TOPICS = 30, 15, 15
_FORM_COLOURS = {"2014": "orange", "2019": "blue", "2021": "green", "local": "ink", None: "faint"}
_MOST_TOTALS = 12  # bars that have room for a number above them
_DIGIT = 0.035  # of the width, for each character behind a bar
_COLUMN = 0.02  # seconds that a bar of the histogram covers


def charts_of(summary: Summary, lang: Lang) -> list[Chart]:
    """The charts of what there is to show."""
    say = words(lang)
    made: list[Chart] = []
    if summary.years:
        forms = [form for form in FORMS if any(one == form for _, one, _ in summary.years)]
        legend = tuple(Series(_FORM_COLOURS[form], wording.template(form, lang)) for form in forms)
        made.append(Chart(say["chart_years"], _years(summary, forms, say["unknown"]), legend))
    if any(one.mismatch for one in summary.agreement):
        made.append(_agreement(summary, lang))
    if any(one.problems for one in summary.topics):
        made.append(Chart(say["chart_topics"], _topics(summary, lang)))
    if summary.coverage:
        made.append(_coverage(summary, lang))
    if summary.times:
        made.append(Chart(say["chart_times"], _times(summary.times)))
    return made


def _years(summary: Summary, forms: Sequence[str | None], unknown: str) -> str:
    years = sorted({year for year, _, _ in summary.years if year is not None})
    labels = [*years, *[None] * any(year is None for year, _, _ in summary.years)]
    counts = {(year, form): n for year, form, n in summary.years}

    def draw(axes: Axes) -> None:
        below = [0] * len(labels)
        for form in forms:
            values = [counts.get((year, form), 0) for year in labels]
            colour = COLOURS[_FORM_COLOURS[form]]
            axes.bar(range(len(labels)), values, bottom=below, width=0.7, color=colour)
            below = [a + b for a, b in zip(below, values, strict=True)]
        for place, total in enumerate(below if len(below) <= _MOST_TOTALS else ()):
            axes.text(place, total, f"{total:,}", ha="center", va="bottom", size=SMALL)
        ticks = [str(year) if year else unknown for year in labels]
        axes.set_xticks(range(len(labels)), ticks, rotation=90 if len(labels) > 8 else 0)
        axes.set_ylim(0, max(below) * 1.12)
        if len(below) <= _MOST_TOTALS:
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)

    return drawn("years", 2.8, draw, left=0.12 if len(labels) <= _MOST_TOTALS else 0.5, bottom=0.5)


def _stacked(
    name_: str, labels: Sequence[str], layers: Sequence[tuple[str, Sequence[int]]], ends: Sequence[str]
) -> str:  # fmt: skip
    """Horizontal bars in layers, each with the words of `ends` behind it."""

    def draw(axes: Axes) -> None:
        before = [0] * len(labels)
        for colour, values in layers:
            axes.barh(range(len(labels)), values, left=before, height=0.66, color=COLOURS[colour])
            before = [a + b for a, b in zip(before, values, strict=True)]
        longest = max(before, default=1) or 1
        for place, (total, words_) in enumerate(zip(before, ends, strict=True)):
            axes.text(total + longest * 0.015, place, words_, va="center", size=SMALL)
        axes.set_yticks(range(len(labels)), labels)
        axes.set_ylim(len(labels) - 0.4, -0.6)
        axes.set_xlim(0, longest * (1.06 + _DIGIT * max(map(len, ends), default=0)))
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)

    return drawn(name_, 0.25 + 0.22 * len(labels), draw, left=room(labels), bottom=0.08)


def _coverage(summary: Summary, lang: Lang) -> Chart:
    say, shown = words(lang), summary.coverage[:_MOST_METRICS]
    layers = (
        ("green", [one.both for one in shown]),
        ("blue", [one.table for one in shown]),
        ("orange", [one.prose for one in shown]),
    )
    ends = [f"{one.both + one.table + one.prose:,}" for one in shown]
    svg = _stacked("coverage", [short(name(one.metric, lang)) for one in shown], layers, ends)
    legend = (
        Series("green", say["both"]),
        Series("blue", say["only_table"]),
        Series("orange", say["only_prose"]),
    )
    return Chart(say["chart_coverage"].format(n=len(shown)), svg, legend)


def _agreement(summary: Summary, lang: Lang) -> Chart:
    say = words(lang)
    shown = [one for one in summary.agreement if one.mismatch][:_MOST_DIFFERING]
    layers = (
        ("orange", [one.mismatch for one in shown]),
        ("blue", [one.approximate for one in shown]),
        ("green", [one.match for one in shown]),
    )
    ends = [f"{one.mismatch:,}/{one.match + one.approximate + one.mismatch:,}" for one in shown]
    svg = _stacked("agreement", [short(name(one.metric, lang)) for one in shown], layers, ends)
    legend = (
        Series("orange", say["mismatch"]),
        Series("blue", say["approximate"]),
        Series("green", say["match"]),
    )
    return Chart(say["chart_agreement"], svg, legend)


def _topics(summary: Summary, lang: Lang) -> str:
    say = words(lang)
    shown = [one for one in summary.topics if one.problems][:_MOST_TOPICS]
    labels = [wording.topic(one.topic, lang) if one.topic else say["no_topic"] for one in shown]
    counts = [one.problems for one in shown]
    return _stacked("topics", labels, (("green", counts),), [f"{n:,}" for n in counts])


def _times(times: Times) -> str:
    def draw(axes: Axes) -> None:
        ends, counts = zip(*times.histogram, strict=True)
        starts = [end - _COLUMN for end in ends]
        axes.bar(starts, counts, width=_COLUMN * 0.9, align="edge", color=COLOURS["blue"])
        axes.axvline(times.median, color=COLOURS["ink"], linewidth=0.8, linestyle="--")
        axes.set_xlim(0, max(0.1, *ends) + _COLUMN)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)

    return drawn("times", 2.0, draw, left=0.12)
