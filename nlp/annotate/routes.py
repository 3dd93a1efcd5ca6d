"""The addresses of the page, each a thin layer over the session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nlp import metrics
from nlp.annotate import views
from nlp.annotate.acts import perform
from nlp.annotate.requests import RequestError

if TYPE_CHECKING:
    from flask import Flask

    from nlp.annotate.session import Session

QUEUES = ("all", "disputes", "sentences")


def register(app: Flask, session: Session) -> None:
    _queue(app, session)
    _acts(app, session)


def _queue(app: Flask, session: Session) -> None:
    from flask import jsonify, render_template, request

    @app.get("/")
    def queue() -> Any:
        name = _queue_of(request.args)
        shown = session.next(name)
        card = views.card(session, shown) if shown else None
        return render_template("queue.html", card=card, queue=name, head=views.head(session))

    @app.get("/metrics.json")
    def all_metrics() -> Any:
        return jsonify(
            [
                {"code": one.code, "zh": one.zh, "en": one.en, "unit": one.unit}
                for one in metrics.load().values()
            ]
        )


def _acts(app: Flask, session: Session) -> None:
    from flask import jsonify, render_template, request

    @app.post("/act")
    def act() -> Any:
        payload = request.get_json()
        if not isinstance(payload, dict):
            raise RequestError("请求无法识别")
        said = perform(session, payload)
        head = views.head(session)
        shown = session.next(_queue_of(payload))
        card = views.card(session, shown) if shown else None
        return jsonify(
            card=render_template("card.html", card=card, queue=_queue_of(payload), head=head),
            head=render_template("head.html", head=head),
            said=said,
        )


def _queue_of(fields: Any) -> str:
    name = fields.get("queue", "all")
    return name if name in QUEUES else "all"
