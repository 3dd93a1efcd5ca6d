"""Start the page: log, library, server; and leave cleanly."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import secrets
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nlp.annotate import export
from nlp.annotate.decisions import Log
from nlp.annotate.library import Library
from nlp.annotate.retraining import Retraining
from nlp.annotate.server import create_app
from nlp.annotate.session import Session
from nlp.annotate.sources import report_paths
from nlp.classifier.reader import open_reader
from nlp.errors import WRONG_USAGE, InstallationError, ReportError
from nlp.models_folder import current_version
from nlp.output import console

DECISIONS = "decisions"
_HOST = "127.0.0.1"
_THREADS = 4


class PortError(ReportError):
    """A port that cannot be listened on (exit status 2)."""

    status = WRONG_USAGE


def serve(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    create_server = _waitress()
    paths = report_paths(args.reports)
    log = _log(args)
    version = current_version(folder=args.models)
    session = Session(Library(paths, open_reader(version)), log, version.name)
    retraining = Retraining(
        log.folder, args.models, args.splits, lambda: _training_files(log, args.annotations)
    )
    token = secrets.token_urlsafe(24)
    with _listening(args.port) as (sock, port), Reading(session) as reading:
        app = create_app(session, retraining, reading.anew, token=token, port=port)
        server = create_server(app, sockets=[sock], threads=_THREADS, ident=None)
        print(f"http://{_HOST}:{port}/?token={token}", flush=True)
        console.complain(
            f"{len(paths)}份报告；标注人 {log.by}，决定写入 {log.path}；按 Ctrl-C 结束"
        )
        signal.signal(signal.SIGTERM, _interrupt)
        server.run()
    retraining.cancel()
    _tell_exported(export.write(log, args.annotations), args.annotations)
    return 0


def export_only(args: argparse.Namespace) -> int:
    """Make the training examples, and nothing else."""
    _tell_exported(export.write(_log(args), args.annotations), args.annotations)
    return 0


def _log(args: argparse.Namespace) -> Log:
    log = Log(args.annotations / DECISIONS, args.name or _login())
    if broken := sum(replay.broken for replay in log.all.values()):
        console.complain(f"记录中有{broken}行残缺（写到一半时断电或被中止），已略过")
    return log


def _training_files(log: Log, annotations: Path) -> list[Path]:
    """The annotation files, with the decisions as they are now."""
    export.write(log, annotations)
    return sorted(annotations.glob("*.jsonl"))


def _tell_exported(found: export.Exported, folder: Path) -> None:
    if found.texts:
        console.complain(
            f"{found.sentences}句、{found.items}个条目写入 {folder / export.FILE}；"
            "训练：python -m nlp.train"
        )


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _waitress() -> Any:
    try:
        import flask
        import waitress
    except ImportError as error:
        raise InstallationError(
            "dependency",
            f"缺少组件：{error.name}",
            advice="请运行 pip install 'nianbao-nlp[annotate]'",
        ) from error
    assert flask
    return waitress.create_server


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for the user id, as in some containers
        return "annotator"


@contextlib.contextmanager
def _listening(port: int) -> Iterator[tuple[socket.socket, int]]:
    """A socket on this computer alone; the system chooses a free port where `port` is 0."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((_HOST, port))
        except (OSError, OverflowError) as error:
            problem = f"不能使用端口 {port}（{getattr(error, 'strerror', None) or error}）"
            raise PortError("port", problem, advice="请换一个 --port，或不写") from error
        yield sock, sock.getsockname()[1]


class Reading:
    """The reports being read in the background, from the start and after a change of model."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stop = threading.Event()

    def __enter__(self) -> Reading:
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def anew(self, version: Path) -> None:
        """Read everything with another version."""
        reader = open_reader(version)
        with self._session.lock:
            self._session.library.use(reader)
            self._session.model = version.name
        self._begin()

    def _begin(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            self._session.library.read_all(stop=self._stop)
        except ReportError as error:  # rules or model are broken: the page says so, too
            console.complain(error)
