"""One self-contained page: charts, then every table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from nlp.metrics import Lang
from nlp.output.tabular import Table, numeric

_TEMPLATE = "page.html"


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


def render(
    *, title: str, heading: str, made: str, charts: Sequence[Chart],
    sections: Sequence[tuple[str, Sequence[Table]]], lang: Lang,
) -> str:  # fmt: skip
    """The page as HTML: sections with their titles and tables; `made` tells by what it was made."""
    from jinja2 import Environment

    source = resources.files("nlp.output").joinpath(_TEMPLATE).read_text("utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        source
    )
    return template.render(
        lang="en" if lang == "en" else "zh-CN",
        title=title,
        heading=heading,
        made=made,
        charts=charts,
        sections=sections,
        numeric=lambda rows, place: numeric(row[place] for row in rows),
    )
