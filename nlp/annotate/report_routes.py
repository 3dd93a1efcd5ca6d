"""The addresses of the reading view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nlp.annotate import reading_view, views
from nlp.annotate.acts import asked, perform
from nlp.annotate.library import Opened
from nlp.annotate.requests import RequestError

if TYPE_CHECKING:
    from flask import Flask

    from nlp.annotate.session import Session


def register(app: Flask, session: Session) -> None:
    from flask import render_template

    _report(app, session)
    _select(app, session)
    _report_act(app, session)

    @app.get("/reports")
    def reports() -> Any:
        own = session.own
        done = {
            entry.number: sum(1 for task in entry.tasks.values() if own.is_done(task.name))
            for entry in session.library.entries
        }
        return render_template(
            "reports.html", entries=session.library.entries, done=done, head=views.head(session)
        )


def _report(app: Flask, session: Session) -> None:
    from flask import abort, render_template, request

    @app.get("/report/<int:number>")
    def report(number: int) -> Any:
        entry = session.library.entry(number) or abort(404)
        opened = session.library.open(entry)
        if opened is None:
            problem = entry.error or f"与 {entry.twin} 内容相同"
            return render_template("error.html", problem=problem), 422
        parts = reading_view.parts_of(reading_view.lines_of(opened.result.document.text))
        part = min(max(1, request.args.get("part", 1, type=int)), len(parts))
        return render_template(
            "report.html",
            entry=entry,
            report=opened.result.report,
            lines=reading_view.marked(parts[part - 1], session, opened),
            part=part,
            parts=len(parts),
            differences=reading_view.differences(opened, parts),
            head=views.head(session),
        )


def _select(app: Flask, session: Session) -> None:
    from flask import jsonify, render_template, request

    @app.post("/select")
    def select() -> Any:
        """The card of a figure or item of the reading view: one that was clicked, or words that
        were selected."""
        payload = request.get_json()
        if not isinstance(payload, dict):
            raise RequestError("请求无法识别")
        shown = asked(session, payload) if "task" in payload else _of_words(session, payload)
        card = views.card(session, shown)
        return jsonify(card=render_template("card.html", card=card, queue="report"))


def _of_words(session: Session, payload: dict[str, Any]) -> Any:
    number, line, before, words = (payload.get(k) for k in ("report", "line", "before", "words"))
    entry = session.library.entry(number) if isinstance(number, int) else None
    opened = session.library.open(entry) if entry else None
    if opened is None or not all(isinstance(one, str) for one in (line, before, words)):
        raise RequestError("请求没有写明是哪一处")
    start, end = reading_view.selected(opened, str(line), str(before), str(words))
    if payload.get("as") == "item":
        return session.add_item(opened, start, end)
    return session.show(reading_view.task_of_selection(opened, start, end))


def _report_act(app: Flask, session: Session) -> None:
    from flask import jsonify, render_template, request

    @app.post("/report/act")
    def report_act() -> Any:
        """An act in the reading view: the lines that it changes, and the card as it is then."""
        payload = request.get_json()
        if not isinstance(payload, dict):
            raise RequestError("请求无法识别")
        undone = session.own.held[-1].task if session.own.held else ""
        name = undone if payload.get("act") == "undo" else str(payload.get("task", ""))
        before = session.show(name) if name else None
        said = perform(session, payload)
        after = session.show(name) if before and _is_there(session, name) else None
        changed: dict[str, str] = {}
        if before is not None:
            first, last = reading_view.extent(
                (*before.labels, *(after.labels if after else ())), before.task
            )
            changed = _lines(session, before.opened, first, last)
        card = views.card(session, after) if after else None
        return jsonify(
            card=render_template("card.html", card=card, queue="report"),
            head=render_template("head.html", head=views.head(session)),
            lines=changed,
            said=said,
        )

    def _lines(session: Session, opened: Opened, first: int, last: int) -> dict[str, str]:
        lines = [
            line
            for line in reading_view.lines_of(opened.result.document.text)
            if line.start < last and line.end > first
        ]
        return {
            line.id: render_template("line.html", line=line)
            for line in reading_view.marked(lines, session, opened)
        }


def _is_there(session: Session, name: str) -> bool:
    try:
        session.show(name)
    except RequestError:
        return False
    return True
