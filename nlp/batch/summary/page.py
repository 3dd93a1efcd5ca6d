"""A summary as one self-contained page."""

from __future__ import annotations

from nlp.batch.summary.charts import charts_of
from nlp.batch.summary.tables import heading, sections
from nlp.batch.summary.tallies import Summary
from nlp.batch.summary.wording import words
from nlp.metrics import Lang
from nlp.output import page


def render(summary: Summary, lang: Lang, *, most: int) -> str:
    """The page as HTML; of each table the first `most` rows."""
    say = words(lang)
    return page.render(
        title=say["title"],
        heading=heading(summary, lang),
        made=say["made"],
        charts=charts_of(summary, lang),
        sections=sections(summary, lang, most),
        lang=lang,
    )
