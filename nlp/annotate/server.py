"""The page's server: on this computer only, for whoever has the address with its token.

Nothing is answered under a foreign Host name (a page elsewhere cannot reach it by rebinding a name),
nothing without the token, and no act without the token in a header of its own. The page may load
nothing but what comes from here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from nlp.annotate import progress_routes, report_routes, routes, words
from nlp.annotate.requests import RequestError
from nlp.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask, Response

    from nlp.annotate.retraining import Retraining
    from nlp.annotate.session import Session

_MOST_BYTES = 1 << 20
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def create_app(
    session: Session,
    retraining: Retraining,
    published: Callable[[Path], None],
    *,
    token: str,
    port: int,
) -> Flask:
    """The application. It answers under `127.0.0.1:port` and `localhost:port` alone; `published` is
    called with the folder of a version that was put to use."""
    from flask import Flask

    app = Flask("nlp.annotate", root_path=_here())
    app.config.update(MAX_CONTENT_LENGTH=_MOST_BYTES)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(words=words, token=token)
    _guard(app, token, port)
    _answer_errors(app)
    routes.register(app, session)
    report_routes.register(app, session)
    progress_routes.register(app, session, retraining, published)
    return app


def _here() -> str:
    from pathlib import Path

    return str(Path(__file__).resolve().parent)


def _guard(app: Flask, token: str, port: int) -> None:
    """Who may ask."""
    from flask import abort, redirect, request

    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    cookie = f"nianbao-{port}"

    def same(given: str | None) -> bool:
        return secrets.compare_digest((given or "").encode(), token.encode())

    @app.before_request
    def admit() -> Any:
        if request.host not in hosts:
            abort(403, "只能以本机地址打开")
        if request.method == "POST":
            if not same(request.headers.get("X-Token")) or not request.is_json:
                abort(403, "请求没有令牌")
            return None
        if same(request.args.get("token")):
            answer = redirect(request.path, code=303)
            answer.set_cookie(cookie, token, httponly=True, samesite="Strict")
            return answer
        if not same(request.cookies.get(cookie)):
            abort(403, "请用终端里打印的完整地址打开（含 token）")
        return None

    @app.after_request
    def harden(answer: Response) -> Response:
        for name, value in _HEADERS.items():
            answer.headers[name] = value
        return answer


def _answer_errors(app: Flask) -> None:
    """Every error in the person's words: as JSON to the script, as a page to the browser."""
    from flask import jsonify, render_template, request
    from werkzeug.exceptions import HTTPException

    def answer(problem: str, status: int) -> Any:
        if request.method == "POST":
            return jsonify(problem=problem), status
        return render_template("error.html", problem=problem), status

    @app.errorhandler(RequestError)
    def refuse(error: RequestError) -> Any:
        return answer(str(error), 400)

    @app.errorhandler(ReportError)
    def complain(error: ReportError) -> Any:
        return answer(str(error), 500)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        known = {400: "请求无法识别", 404: "没有这一页", 405: "不能这样请求", 413: "请求过大"}
        code = error.code or 500
        return answer(known.get(code, error.description or "程序内部错误"), code)
