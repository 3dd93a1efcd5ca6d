"""The addresses of progress and retraining."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nlp.annotate import views
from nlp.annotate.agreement import agreements, disputed
from nlp.annotate.doubts import clashes, doubts
from nlp.annotate.export import export
from nlp.annotate.progress import progress
from nlp.annotate.requests import RequestError
from nlp.scoring import Counts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from nlp.annotate.retraining import Retraining
    from nlp.annotate.session import Session

_MOST = 50


def register(
    app: Flask, session: Session, retraining: Retraining, published: Callable[[Path], None]
) -> None:
    _progress(app, session)
    _training(app, session, retraining, published)


def _progress(app: Flask, session: Session) -> None:
    from flask import render_template

    @app.get("/progress")
    def show_progress() -> Any:
        with session.lock:
            session.log.catch_up()
            tasks = [task for _, task in session.library.tasks()]
            return render_template(
                "progress.html",
                progress=progress(tasks, session.log, session.model),
                model=session.model,
                agreements=agreements(session.log),
                disputes=len(disputed(session.log)),
                exported=export(session.log),
                doubts=doubts(session.log)[:_MOST],
                clashes=clashes(session.log)[:_MOST],
                place=lambda task: _place(session, task),
                head=views.head(session),
            )


def _place(session: Session, task: str) -> str:
    """The address of a task in the reading view; empty where its report is not at hand."""
    report, _, key = task.partition(":")
    entry = session.library.named(report)
    return f"/report/{entry.number}?task={key}" if entry else ""


def _training(
    app: Flask, session: Session, retraining: Retraining, published: Callable[[Path], None]
) -> None:
    from flask import jsonify, render_template, request

    def shown() -> dict[str, Any]:
        return {"status": retraining.status(), "model": session.model, "Counts": Counts}

    @app.get("/training")
    def training() -> Any:
        return render_template(
            "training.html", **shown(), exported=export(session.log), head=views.head(session)
        )

    @app.get("/training/status")
    def status() -> Any:
        return jsonify(html=render_template("training_status.html", **shown()))

    @app.post("/training/act")
    def training_act() -> Any:
        payload = request.get_json()
        name = payload.get("do") if isinstance(payload, dict) else None
        if name == "start":
            retraining.start(_reports(session))
        elif name == "cancel":
            retraining.cancel()
        elif name == "publish":
            published(retraining.publish())
        else:
            raise RequestError(f"没有这种操作：{name}")
        return jsonify(html=render_template("training_status.html", **shown()))


def _reports(session: Session) -> list[Path]:
    """The reports whose changed answers are worth seeing: first those in which something was decided."""
    decided = {name.partition(":")[0] for name in session.own.stacks}
    readable = [entry for entry in session.library.entries if entry.name]
    return [entry.path for entry in sorted(readable, key=lambda entry: entry.name not in decided)]
