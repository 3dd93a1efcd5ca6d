"""A button's request, and the act of the session that it stands for."""

from __future__ import annotations

from typing import Any

from nlp.annotate.requests import RequestError
from nlp.annotate.session import Session, Shown
from nlp.annotate.words import REASONS


def perform(session: Session, payload: dict[str, Any]) -> str:
    """Do what a button asks; what was done, in a few words. Raises `RequestError`."""
    name = payload.get("act")
    if name == "undo":
        task = session.undo()
        return "已撤销" if task else "没有可撤销的"
    with session.lock:
        shown = asked(session, payload)
        if name == "skip":
            session.skip(shown)
            return "已跳过"
        if name == "decide" and shown.task.is_item:
            session.decide_item(shown, payload)
        elif name == "decide":
            session.decide_fact(shown, payload)
        elif name == "edit" and shown.task.is_item:
            session.edit_item(shown, payload)
        else:
            raise RequestError(f"没有这种操作：{name}")
    return "已记下"


def asked(session: Session, payload: dict[str, Any]) -> Shown:
    """The task that a request is about, for the reason for which it was shown."""
    task, reason = payload.get("task"), payload.get("reason", "chosen")
    if not isinstance(task, str) or reason not in list(REASONS):
        raise RequestError("请求没有写明是哪一处")
    return session.show(task, reason)
