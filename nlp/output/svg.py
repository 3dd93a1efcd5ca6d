"""Drawings of matplotlib as SVG to stand inside a page.

Words stay words, so that the browser's fonts show Chinese, and colours are the page's variables, so
that they follow its light or dark scheme. Every drawing is narrow enough for a telephone.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from nlp.output.columns import width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colours that stand for a variable of the page: matplotlib knows no variables.
COLOURS = {
    "ink": "#010101",
    "faint": "#020202",
    "orange": "#030303",
    "blue": "#040404",
    "green": "#050505",
    "paper": "#060606",
}
WIDTH = 4.6  # inches of 72 points
SIZE, SMALL = 10, 8.5  # points: of words, of values beside their marks
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": SIZE,
    "text.color": COLOURS["ink"],
    "axes.edgecolor": COLOURS["faint"],
    "axes.labelcolor": COLOURS["ink"],
    "xtick.color": COLOURS["faint"],
    "ytick.color": COLOURS["faint"],
    "xtick.labelcolor": COLOURS["ink"],
    "ytick.labelcolor": COLOURS["ink"],
    "grid.color": COLOURS["faint"],
    "grid.alpha": 0.4,
    "grid.linewidth": 0.5,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_XML = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)
_NAMESPACE = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')


def drawn(
    name: str, height: float, draw: Callable[[Axes], None], *, left: float, top: float = 0.1,
    bottom: float = 0.28,
) -> str:  # fmt: skip
    """A chart of a fixed width with room for its labels, as an element of a page. The numbers are
    inches."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style = _STYLE | {"svg.hashsalt": name}
    with mpl.rc_context(style), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own fonts lack Chinese; the browser's do not
        figure = Figure(figsize=(WIDTH, height))
        box = (
            left / WIDTH,
            bottom / height,
            1 - (left + 0.12) / WIDTH,
            1 - (bottom + top) / height,
        )
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
    for variable, colour in COLOURS.items():
        svg = svg.replace(colour, f"var(--{variable})")
    return svg.replace("<svg", f'<svg role="img" class="{name}"', 1)


def short(name: str, columns: int = 26) -> str:
    """A name that leaves room for the chart."""
    while width_of(name) > columns:
        name = name.removesuffix("…")[:-1] + "…"
    return name


def room(labels: Iterable[str]) -> float:
    """Inches that the widest label takes: half the size for each column of a terminal."""
    return 0.15 + max(map(width_of, labels), default=4) * SIZE * 0.52 / 72
