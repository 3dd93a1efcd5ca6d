"""Charts as SVG to stand inside a page, drawn by matplotlib.

Words stay words, so that the browser's fonts show Chinese, and colours are the page's variables, so
that they follow its light or dark scheme. Every chart is narrow enough for a telephone.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nlp.evaluate.answers import BOTH, CLASSIFIER, SCOPES, SYSTEMS
from nlp.evaluate.calibration import Reliability
from nlp.evaluate.confusion import Confusion
from nlp.evaluate.learning_curve import Point
from nlp.output.columns import width_of
from nlp.scoring import Counts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colours that stand for a variable of the page: matplotlib knows no variables.
_COLOURS = {
    "ink": "#010101",
    "faint": "#020202",
    "rules": "#030303",
    "classifier": "#040404",
    "both": "#050505",
    "paper": "#060606",
}
_WIDTH = 4.6  # inches of 72 points
_SIZE, _SMALL = 10, 8.5  # points: of words, of values beside their marks
_MOST_METRICS = 30
_MOST_CONFUSED = 10
_XML = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)
_NAMESPACE = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')


def systems(scopes: Mapping[str, Mapping[str, Counts]], names: Mapping[str, str]) -> str:
    """Bars of precision, recall and F1 of each system, for all texts, reports and sentences."""
    shown = [(scope, measure) for scope in SCOPES for measure in ("precision", "recall", "f1")]

    def draw(axes: Axes) -> None:
        for place, system in enumerate(SYSTEMS):
            at = [row + 0.6 * (row // 3) + 0.27 * (place - 1) for row in range(len(shown))]
            values = [getattr(scopes[scope][system], measure) for scope, measure in shown]
            axes.barh(at, values, height=0.25, color=_COLOURS[system])
            for height, value in zip(at, values, strict=True):
                axes.text(value + 0.01, height, f"{100 * value:.0f}", va="center", size=_SMALL)
        ticks = [row + 0.6 * (row // 3) for row in range(len(shown))]
        axes.set_yticks(ticks, [f"{names[scope]} {names[measure]}" for scope, measure in shown])
        axes.invert_yaxis()
        axes.set_xlim(0, 1.1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
        axes.grid(axis="x")

    labels = [f"{names[scope]} {names[measure]}" for scope, measure in shown]
    return _svg("systems", 5.0, draw, left=_room(labels))


def metric_dots(metrics: Mapping[str, Mapping[str, Counts]], name: Callable[[str], str]) -> str:
    """F1 of each system, a row for each metric."""
    shown = [(code, c) for code, c in metrics.items() if c[BOTH].needed][:_MOST_METRICS]
    labels = [f"{_short(name(code))} {counts[BOTH].needed}" for code, counts in shown]

    def draw(axes: Axes) -> None:
        rows = range(len(shown))
        for row, (_, counts) in zip(rows, shown, strict=True):
            values = [counts[system].f1 for system in SYSTEMS]
            axes.plot([min(values), max(values)], [row, row], color=_COLOURS["faint"], zorder=1)
        for system, mark in zip(SYSTEMS, "sDo", strict=True):
            values = [counts[system].f1 for _, counts in shown]
            axes.scatter(values, list(rows), color=_COLOURS[system], marker=mark, s=22, zorder=2)
        axes.set_yticks(list(rows), labels)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xlim(-0.03, 1.03)
        axes.grid(axis="x")

    return _svg("metrics", 0.7 + 0.22 * len(shown), draw, left=_room(labels))


def learning_curve(points: Sequence[Point]) -> str:
    """F1 on the test side over the number of training texts."""

    def draw(axes: Axes) -> None:
        texts = [point.texts for point in points]
        for system, mark in ((CLASSIFIER, "D"), (BOTH, "o")):
            values = [point.counts[system].f1 for point in points]
            axes.plot(texts, values, color=_COLOURS[system], marker=mark, markersize=5)
            for x, y in zip(texts, values, strict=True):
                axes.annotate(f"{100 * y:.1f}", (x, y), (0, 7), textcoords="offset points",
                              ha="center", size=_SMALL)  # fmt: skip
        values = [point.counts[system].f1 for point in points for system in (CLASSIFIER, BOTH)]
        axes.set_ylim(max(0, min(values) - 0.08), min(1, max(values) + 0.08))
        axes.set_xlim(0, max(texts) * 1.06)
        axes.set_xticks(texts, [str(n) for n in texts])
        axes.grid()

    return _svg("curve", 3.2, draw, left=0.45)


def reliability(models: Mapping[str, Reliability]) -> str:
    """The share of right answers over the stated probability, with how many there are."""
    colours = dict(zip(models, (_COLOURS["classifier"], _COLOURS["rules"]), strict=False))

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=_COLOURS["faint"], linestyle="--")
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
                              textcoords="offset points", size=_SMALL)  # fmt: skip
        axes.set_xlim(-0.02, 1.15)
        axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
        axes.set_ylim(-0.02, 1.04)
        axes.grid()

    return _svg("reliability", 4.0, draw, left=0.45)


def confusion(pairs: Sequence[Confusion], name: Callable[[str], str]) -> str:
    """How often what is marked (rows) was read as what (columns, by the numbers of `columns_of`)."""
    rows, columns = confused_codes(pairs)
    counts = {(one.true, one.predicted): one.count for one in pairs}
    most = max(counts.values(), default=1)
    labels = [_short(name(code)) for code in rows]

    def draw(axes: Axes) -> None:
        from matplotlib.patches import Rectangle

        for y, true in enumerate(rows):
            for x, said in enumerate(columns):
                count = counts.get((true, said), 0)
                alpha = 0.06 if count == 0 else 0.2 + 0.4 * count / most
                corner = (x - 0.46, y - 0.46)
                axes.add_patch(
                    Rectangle(corner, 0.92, 0.92, color=_COLOURS["both"], alpha=alpha, linewidth=0)
                )
                if count:
                    axes.text(x, y, str(count), ha="center", va="center", size=_SMALL)
        axes.set_xticks(range(len(columns)), [_numbered(place) for place in range(len(columns))])
        axes.set_yticks(range(len(rows)), labels)
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.xaxis.tick_top()

    return _svg("confusion", 0.6 + 0.28 * len(rows), draw, left=_room(labels), top=0.3)


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


def _short(name: str, columns: int = 26) -> str:
    """A name that leaves room for the chart."""
    while width_of(name) > columns:
        name = name.removesuffix("…")[:-1] + "…"
    return name


def _room(labels: Iterable[str]) -> float:
    """Inches that the widest label takes: half the size for each column of a terminal."""
    return 0.15 + max(map(width_of, labels), default=4) * _SIZE * 0.52 / 72


def _svg(
    name: str, height: float, draw: Callable[[Axes], None], *, left: float, top: float = 0.1
) -> str:
    """A chart of a fixed width with room for its labels, as an element of a page."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.size": _SIZE,
        "text.color": _COLOURS["ink"],
        "axes.edgecolor": _COLOURS["faint"],
        "axes.labelcolor": _COLOURS["ink"],
        "xtick.color": _COLOURS["faint"],
        "ytick.color": _COLOURS["faint"],
        "xtick.labelcolor": _COLOURS["ink"],
        "ytick.labelcolor": _COLOURS["ink"],
        "grid.color": _COLOURS["faint"],
        "grid.alpha": 0.4,
        "grid.linewidth": 0.5,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own fonts lack Chinese; the browser's do not
        figure = Figure(figsize=(_WIDTH, height))
        box = (left / _WIDTH, 0.28 / height, 1 - (left + 0.12) / _WIDTH, 1 - (0.28 + top) / height)
        axes = figure.add_axes(box)
        draw(axes)
        written = io.StringIO()
        figure.savefig(written, format="svg", transparent=True)
    return for_page(written.getvalue(), name)


def for_page(svg: str, name: str) -> str:
    """The svg element alone: no namespaces, ids of its own, variables for colours."""
    svg = _NAMESPACE.sub("", _XML.sub("", svg)).strip()
    svg = re.sub(r'(<svg\b[^>]*?)\s(?:width|height)="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg\b[^>]*?)\s(?:width|height)="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = svg.replace("url(#", f"url(#{name}-").replace('href="#', f'href="#{name}-')
    for variable, colour in _COLOURS.items():
        svg = svg.replace(colour, f"var(--{variable})")
    return svg.replace("<svg", f'<svg role="img" class="{name}"', 1)
