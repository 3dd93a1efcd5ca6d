"""Charts of an evaluation, drawn by matplotlib as elements of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from nlp.evaluate.answers import BOTH, CLASSIFIER, RULES, SCOPES, SYSTEMS
from nlp.evaluate.calibration import Reliability
from nlp.evaluate.confusion import Confusion
from nlp.evaluate.learning_curve import Point
from nlp.output.svg import COLOURS, SMALL, drawn, room, short
from nlp.scoring import Counts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The colour of each system, on the page as well.
SYSTEM_COLOURS = {RULES: "orange", CLASSIFIER: "blue", BOTH: "green"}
_MOST_METRICS = 30
_MOST_CONFUSED = 10


def systems(scopes: Mapping[str, Mapping[str, Counts]], names: Mapping[str, str]) -> str:
    """Bars of precision, recall and F1 of each system, for all texts, reports and sentences."""
    shown = [(scope, measure) for scope in SCOPES for measure in ("precision", "recall", "f1")]

    def draw(axes: Axes) -> None:
        for place, system in enumerate(SYSTEMS):
            at = [row + 0.6 * (row // 3) + 0.27 * (place - 1) for row in range(len(shown))]
            values = [getattr(scopes[scope][system], measure) for scope, measure in shown]
            axes.barh(at, values, height=0.25, color=COLOURS[SYSTEM_COLOURS[system]])
            for height, value in zip(at, values, strict=True):
                axes.text(value + 0.01, height, f"{100 * value:.0f}", va="center", size=SMALL)
        ticks = [row + 0.6 * (row // 3) for row in range(len(shown))]
        axes.set_yticks(ticks, [f"{names[scope]} {names[measure]}" for scope, measure in shown])
        axes.invert_yaxis()
        axes.set_xlim(0, 1.1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
        axes.grid(axis="x")

    labels = [f"{names[scope]} {names[measure]}" for scope, measure in shown]
    return drawn("systems", 5.0, draw, left=room(labels))


def metric_dots(metrics: Mapping[str, Mapping[str, Counts]], name: Callable[[str], str]) -> str:
    """F1 of each system, a row for each metric."""
    shown = [(code, c) for code, c in metrics.items() if c[BOTH].needed][:_MOST_METRICS]
    labels = [f"{short(name(code))} {counts[BOTH].needed}" for code, counts in shown]

    def draw(axes: Axes) -> None:
        rows = range(len(shown))
        for row, (_, counts) in zip(rows, shown, strict=True):
            values = [counts[system].f1 for system in SYSTEMS]
            axes.plot([min(values), max(values)], [row, row], color=COLOURS["faint"], zorder=1)
        for system, mark in zip(SYSTEMS, "sDo", strict=True):
            values = [counts[system].f1 for _, counts in shown]
            axes.scatter(
                values,
                list(rows),
                color=COLOURS[SYSTEM_COLOURS[system]],
                marker=mark,
                s=22,
                zorder=2,
            )
        axes.set_yticks(list(rows), labels)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xlim(-0.03, 1.03)
        axes.grid(axis="x")

    return drawn("metrics", 0.7 + 0.22 * len(shown), draw, left=room(labels))


def learning_curve(points: Sequence[Point]) -> str:
    """F1 on the test side over the number of training texts."""

    def draw(axes: Axes) -> None:
        texts = [point.texts for point in points]
        for system, mark in ((CLASSIFIER, "D"), (BOTH, "o")):
            values = [point.counts[system].f1 for point in points]
            axes.plot(
                texts, values, color=COLOURS[SYSTEM_COLOURS[system]], marker=mark, markersize=5
            )
            for x, y in zip(texts, values, strict=True):
                axes.annotate(f"{100 * y:.1f}", (x, y), (0, 7), textcoords="offset points",
                              ha="center", size=SMALL)  # fmt: skip
        values = [point.counts[system].f1 for point in points for system in (CLASSIFIER, BOTH)]
        axes.set_ylim(max(0, min(values) - 0.08), min(1, max(values) + 0.08))
        axes.set_xlim(0, max(texts) * 1.06)
        axes.set_xticks(texts, [str(n) for n in texts])
        axes.grid()

    return drawn("curve", 3.2, draw, left=0.45)


def reliability(models: Mapping[str, Reliability]) -> str:
    """The share of right answers over the stated probability, with how many there are."""
    colours = dict(zip(models, (COLOURS["blue"], COLOURS["orange"]), strict=False))

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=COLOURS["faint"], linestyle="--")
        for name, model in models.items():
            bins = [one for one in model.bins if one.stated is not None and one.right is not None]
            axes.plot(
                [one.stated or 0 for one in bins],
                [one.right or 0 for one in bins],
                color=colours[name],
                marker="o" if name == "figure" else "s",
                markersize=5,
            )
            for one in bins if name == "figure" else []:
                axes.annotate(str(one.count), (one.stated or 0, one.right or 0), (6, -9),
                              textcoords="offset points", size=SMALL)  # fmt: skip
        axes.set_xlim(-0.02, 1.15)
        axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
        axes.set_ylim(-0.02, 1.04)
        axes.grid()

    return drawn("reliability", 4.0, draw, left=0.45)


def confusion(pairs: Sequence[Confusion], name: Callable[[str], str]) -> str:
    """How often what is marked (rows) was read as what (columns, by the numbers of `columns_of`)."""
    rows, columns = confused_codes(pairs)
    counts = {(one.true, one.predicted): one.count for one in pairs}
    most = max(counts.values(), default=1)
    labels = [short(name(code)) for code in rows]

    def draw(axes: Axes) -> None:
        from matplotlib.patches import Rectangle

        for y, true in enumerate(rows):
            for x, said in enumerate(columns):
                count = counts.get((true, said), 0)
                alpha = 0.06 if count == 0 else 0.2 + 0.4 * count / most
                corner = (x - 0.46, y - 0.46)
                axes.add_patch(
                    Rectangle(corner, 0.92, 0.92, color=COLOURS["green"], alpha=alpha, linewidth=0)
                )
                if count:
                    axes.text(x, y, str(count), ha="center", va="center", size=SMALL)
        axes.set_xticks(range(len(columns)), [_numbered(place) for place in range(len(columns))])
        axes.set_yticks(range(len(rows)), labels)
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.xaxis.tick_top()

    return drawn("confusion", 0.6 + 0.28 * len(rows), draw, left=room(labels), top=0.3)


def columns_of(pairs: Sequence[Confusion], name: Callable[[str], str]) -> list[str]:
    """The words for the columns of the heat map."""
    _, columns = confused_codes(pairs)
    return [f"{_numbered(place)} {name(code)}" for place, code in enumerate(columns)]


def confused_codes(pairs: Sequence[Confusion]) -> tuple[list[str], list[str]]:
    """Metrics marked and metrics read of the most frequent pairs, in their order."""
    rows = list(dict.fromkeys(one.true for one in pairs))[:_MOST_CONFUSED]
    inside = [one for one in pairs if one.true in rows]
    return rows, list(dict.fromkeys(one.predicted for one in inside))[:_MOST_CONFUSED]


def _numbered(place: int) -> str:
    return chr(ord("A") + place)
