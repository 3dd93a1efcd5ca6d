"""The annotation page without a browser: the log, the queue, what is learned from, who is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from loading import ROOT
from nlp.annotate import items, reading_view
from nlp.annotate.agreement import agreements, disputed, kappa, settled
from nlp.annotate.decisions import AnnotatorNameError, Decision, Log, Touched, dumps, loads
from nlp.annotate.doubts import clashes, doubts
from nlp.annotate.export import export, write
from nlp.annotate.library import Library
from nlp.annotate.progress import estimate, progress, wilson
from nlp.annotate.queue import EVERY, in_order, in_random_share, lot, next_task
from nlp.annotate.requests import RequestError
from nlp.annotate.retraining import Retraining
from nlp.annotate.server import create_app
from nlp.annotate.session import Session, Shown
from nlp.annotate.sources import report_paths
from nlp.annotate.tasks import FactLabel, ItemLabel
from nlp.annotations import read
from nlp.classifier.learn import examples_of, tasks
from nlp.classifier.reader import open_reader
from nlp.errors import InputError
from nlp.metrics import OTHER

REPORTS = ROOT / "corpora" / "reports"
COUNTY = REPORTS / "2021-tabs-county.txt"
TOKEN, PORT = "secret", 4321
HEAD = "某县2022年政府信息公开工作年度报告\n一、总体情况\n"


def session_for(folder: Path, *paths: Path, by: str = "甲") -> Session:
    library = Library(list(paths), open_reader())
    library.read_all()
    return Session(library, Log(folder / "decisions", by), "0001")


@pytest.fixture(scope="module")
def county_library() -> Library:
    library = Library([COUNTY], open_reader())
    library.read_all()
    return library


@pytest.fixture
def session(county_library: Library, tmp_path: Path) -> Session:
    return Session(county_library, Log(tmp_path / "decisions", "甲"), "0001")


def colleague(session: Session, by: str = "乙") -> Session:
    return Session(session.library, Log(session.log.folder, by), "0001")


def written(folder: Path, body: str, name: str = "report.txt") -> Path:
    path = folder / name
    path.write_text(HEAD + body, "utf-8")
    return path


def task_at(session: Session, words: str) -> Shown:
    """The figure task whose words these are."""
    for entry, task in session.library.tasks():
        opened = session.library.open(entry)
        assert opened is not None
        if not task.is_item and opened.result.document.text[task.start : task.end] == words:
            return session.show(task.name)
    raise AssertionError(words)


# The log


def test_a_decision_is_read_again(tmp_path: Path) -> None:
    one = Decision(
        "decide", "甲", "2025-03-01T08:00:00Z", "县.txt", "0001", "border",
        (FactLabel(OTHER, 3.5, None),), ("other", 0.5),
        (Touched("a:f1-2", (FactLabel("fund.amount", 3.5, 2022, "某局", "part"),), True),
         Touched("a:i3-9", (ItemLabel("plan", None, 3, 9),), False)),
    )  # fmt: skip
    assert loads(dumps(one)) == one
    undo = Decision("undo", "甲", "2025-03-01T08:00:00Z")
    assert loads(dumps(undo)) == undo


def test_undo_has_no_end_and_survives(session: Session) -> None:
    names = []
    for _ in range(5):
        shown = session.next()
        assert shown is not None
        names.append(shown.task.name)
        session.decide_fact(shown, {}) if not shown.task.is_item else session.decide_item(shown, {})
    again = Session(session.library, Log(session.log.folder, "甲"), "0001")
    for name in reversed(names):
        assert again.undo() == name
        shown = again.next()
        assert shown is not None and shown.task.name == name
    assert again.undo() is None
    assert not list(again.own.settled())
    assert len(session.log.path.read_text("utf-8").splitlines()) == 10


def test_a_half_written_line_is_passed_over(session: Session) -> None:
    shown = session.next()
    assert shown is not None
    session.skip(shown)
    whole = session.log.path.read_bytes()
    session.log.path.write_bytes(whole + whole[:40])
    log = Log(session.log.folder, "甲")
    assert log.own.is_skipped(shown.task.name)
    log.append(Decision("undo", "甲"))
    assert log.own.broken == 1
    assert not Log(session.log.folder, "甲").own.held
    assert session.log.path.read_bytes().startswith(whole + whole[:40])  # nothing is removed


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".", "a" * 33, "-x", "甲\n"])
def test_names_that_are_no_files(tmp_path: Path, name: str) -> None:
    with pytest.raises(AnnotatorNameError):
        Log(tmp_path, name)


def test_two_processes_append_to_one_folder(session: Session) -> None:
    other = colleague(session)
    shown = session.next()
    assert shown is not None
    session.skip(shown)
    other.log.catch_up()
    assert other.log.others["甲"].is_skipped(shown.task.name)
    assert not other.own.is_skipped(shown.task.name)


def test_a_log_that_was_put_back_is_read_anew(session: Session) -> None:
    other = colleague(session)
    for _, task in session.library.tasks()[:3]:
        session.skip(session.show(task.name))
    other.log.catch_up()
    lines = session.log.path.read_bytes().splitlines(keepends=True)
    session.log.path.write_bytes(lines[0])
    other.log.catch_up()
    assert len(other.log.others["甲"].held) == 1


# The queue


def test_every_fifth_is_drawn_and_the_rest_come_by_reason(session: Session) -> None:
    reasons = []
    for _ in range(15):
        shown = session.next()
        assert shown is not None
        reasons.append((shown.task.reason, shown.task.name))
        session.skip(shown)
    drawn = [name for reason, name in reasons if reason == "random"]
    assert [at for at, (reason, _) in enumerate(reasons) if reason == "random"] == [4, 9, 14]
    assert [lot(name) for name in drawn] == sorted(lot(name) for name in drawn)
    assert all(in_random_share(name) for name in drawn)
    ranks = [
        ("disagree", "border", "differs", "rest").index(r) for r, _ in reasons if r != "random"
    ]
    assert ranks == sorted(ranks)
    assert not any(in_random_share(n) for r, n in reasons if r != "random" and ":f" in n)


def test_what_nobody_decided_comes_before_what_a_colleague_did(session: Session) -> None:
    other = colleague(session)
    first = session.next()
    assert first is not None
    session.decide_fact(first, {})
    other.log.catch_up()
    theirs = other.next()
    assert theirs is not None and theirs.task.name != first.task.name


def test_skipped_ones_come_last(session: Session) -> None:
    tasks = session.library.tasks()[:3]
    order = in_order(tasks)
    for _, task in tasks[:2]:
        session.skip(session.show(task.name))
    third = next_task(order, session.log)
    assert third is not None and third.name == tasks[2][1].name
    session.decide_fact(session.show(third.name), {})
    last = next_task(order, session.log)
    assert last is not None and last.name in {task.name for _, task in tasks[:2]}


# Figures


def test_a_metric_is_corrected_in_its_own_unit(tmp_path: Path) -> None:
    session = session_for(
        tmp_path, written(tmp_path, "全年公开政府信息17.46万条，投入经费62000元。")
    )
    shown = task_at(session, "62000元")
    session.decide_fact(shown, {"metrics": ["fund.amount"], "year": "2021", "subject": " 某局 "})
    (label,) = session.show(shown.task.name).labels
    assert label == FactLabel("fund.amount", 6.2, 2021, "某局", "total")
    session.decide_fact(shown, {"metrics": ["fund.amount", "procurement.amount"]})
    assert len(session.show(shown.task.name).labels) == 2


@pytest.mark.parametrize(
    "payload",
    [
        {"metrics": ["no.such"]}, {"metrics": []}, {"metrics": "fund.amount"}, {"year": "22"},
        {"metrics": [OTHER, "fund.amount"]}, {"year": "二〇"}, {"basis": "all"}, {"metrics": [[]]},
        {"subject": "局" * 61}, {"metrics": [{"a": 1}]},
    ],
)  # fmt: skip
def test_fields_that_are_refused(session: Session, payload: dict[str, Any]) -> None:
    shown = task_at(session, "136件")
    with pytest.raises(RequestError):
        session.decide_fact(shown, payload)
    assert not session.log.path.exists()


def test_what_is_asked_shows_rules_classifier_and_table(session: Session) -> None:
    task = task_at(session, "136件").task
    assert task.rules[0].metric == task.ranked[0][0] == "request.received"
    assert task.table is not None
    assert (task.table.value, task.table.verdict) == (163, "mismatch")
    assert session.library.entries[0].tasks[task.key].reason == "differs"


# Items


def problem(session: Session, kind: str = "problem") -> Shown:
    name = next(
        task.name
        for _, task in session.library.tasks()
        if task.is_item and isinstance(task.guess[0], ItemLabel) and task.guess[0].kind == kind
    )
    return session.show(name)


def words_of(shown: Shown) -> str:
    label = shown.labels[0]
    assert isinstance(label, ItemLabel)
    return shown.text[label.start : label.end]


def test_borders_move_by_clauses(session: Session) -> None:
    shown = problem(session)
    whole = words_of(shown)
    assert whole == "部分部门政策解读仍以文字摘要为主，生动性、针对性不强"
    session.edit_item(shown, {"edit": "end", "steps": -1})
    shown = session.show(shown.task.name)
    assert (words_of(shown), shown.done) == ("部分部门政策解读仍以文字摘要为主", False)
    current = session.next()
    assert current is not None and current.task.name == shown.task.name  # it is still asked
    with pytest.raises(RequestError, match="不能再移"):  # nothing would be left
        session.edit_item(shown, {"edit": "start", "steps": 1})


def test_a_closing_mark_stays_inside_and_a_comma_outside() -> None:
    text = "一是不快，不深；二是不广。三是不全。"
    label = ItemLabel("problem", None, 2, 4)
    ends = []
    while (moved := items.moved(text, label, "end", 1)) is not None:
        label = moved
        ends.append(text[label.start : label.end])
    assert ends == ["不快，不深", "不快，不深；二是不广。", "不快，不深；二是不广。三是不全。"]


def test_split_merge_and_undo(session: Session) -> None:
    shown = problem(session)
    name, whole = shown.task.name, words_of(shown)
    session.edit_item(shown, {"edit": "split", "place": 1})
    assert words_of(session.show(name)) == "部分部门政策解读仍以文字摘要为主"
    session.decide_item(session.show(name), {})
    second = session.next()
    assert second is not None and words_of(second) == "生动性、针对性不强"
    session.undo()
    session.undo()
    assert words_of(session.show(name)) == whole
    session.edit_item(session.show(name), {"edit": "merge"})
    merged = words_of(session.show(name))
    assert merged.startswith(whole) and "研判不准" in merged
    assert next(n for n, _ in session.item_labels(shown.opened)) == name
    assert len(session.item_labels(shown.opened)) == 5
    session.undo()
    assert len(session.item_labels(shown.opened)) == 6


@pytest.mark.parametrize(
    "payload",
    [
        {"edit": "end", "steps": 5}, {"edit": "end"}, {"edit": "split", "place": 99}, {"edit": "fly"},
        {"edit": "split"}, {"edit": "kind", "kind": "joke"}, {"edit": "topic", "topic": "no"}, {},
        {"edit": "topic", "topic": []},
    ],
)  # fmt: skip
def test_edits_that_are_refused(session: Session, payload: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        session.edit_item(problem(session), payload)
    assert not session.log.path.exists()


# What is learned from


def test_a_part_of_a_sentence_teaches_no_other(tmp_path: Path) -> None:
    path = written(tmp_path, "夜读会办了12期，收了34份纸条。\n")
    session = session_for(tmp_path, path)
    session.decide_fact(task_at(session, "12期"), {"metrics": ["training.sessions"]})
    (text,) = export(session.log).texts
    marks = {text.text[m.start : m.end]: m for m in text.marks}
    assert marks["12期"].metrics == ("training.sessions",) and not marks["12期"].optional
    assert marks["34份"].optional
    learned = learnt(session)
    assert learned == [("12期", "training.sessions")]
    session.decide_fact(task_at(session, "34份"), {"metrics": [OTHER]})
    assert learnt(session) == [("12期", "training.sessions"), ("34份", OTHER)]
    session.undo()
    session.undo()
    session.decide_fact(task_at(session, "34份"), {"metrics": [OTHER]})
    assert learnt(session) == []
    assert export(session.log).partial == 1


def learnt(session: Session) -> list[tuple[str, str]]:
    """What the figure model would learn from the decisions, by the very steps of training."""
    write(session.log, session.log.folder.parent)
    texts = {one.id: one for one in read(session.log.folder.parent / "decided.jsonl")}
    examples = examples_of(texts.values(), open_reader().segment)
    figures = [one for one in examples.figures if not one.optional]
    assert tasks(examples)["figure"].labels == [one.metric for one in figures]
    return [(texts[one.text_id].text[one.start : one.end], one.metric) for one in figures]


def test_all_decisions_of_a_report_reach_training_as_they_were(session: Session) -> None:
    """Every figure of a report accepted: the examples have the labels that were accepted."""
    wanted = []
    for _, task in session.library.tasks():
        shown = session.show(task.name)
        if task.is_item:
            session.decide_item(shown, {})
            continue
        session.decide_fact(shown, {})
        if task.unit:
            label = "+".join(sorted({g.metric for g in task.guess if isinstance(g, FactLabel)}))
            wanted.append((shown.text[task.start : task.end], label))
    assert export(session.log).partial == 0
    assert sorted(learnt(session)) == sorted(wanted)
    exported = export(session.log)
    kinds = [m.kind for one in exported.texts for m in one.marks if m.kind != "fact"]
    assert sorted(kinds) == ["plan"] * 3 + ["problem"] * 3
    first = (session.log.folder.parent / "decided.jsonl").read_bytes()
    write(session.log, session.log.folder.parent)
    assert (session.log.folder.parent / "decided.jsonl").read_bytes() == first


def test_a_denial_is_learned(tmp_path: Path) -> None:
    path = written(tmp_path, "全年未发生行政复议、行政诉讼。\n")
    session = session_for(tmp_path, path)
    (task,) = [task for _, task in session.library.tasks() if not task.is_item]
    assert {g.metric for g in task.guess if isinstance(g, FactLabel)} == {
        "review.total", "litigation.total",
    }  # fmt: skip
    session.decide_fact(session.show(task.name), {})
    examples = examples_of(export(session.log).texts, open_reader().segment)
    assert examples.figures == ()
    assert [one.metric for one in examples.denials if one.denied] == [
        "review.total", "litigation.total",
    ]  # fmt: skip


def test_the_section_of_a_sentence_goes_with_it(session: Session) -> None:
    task = task_at(session, "136件").task
    assert (task.context.heading, task.context.year) == ("依申请公开", 2024)


# Several annotators


def test_disputes_are_settled_in_their_queue(session: Session) -> None:
    other = colleague(session)
    name = task_at(session, "136件").task.name
    session.decide_fact(session.show(name), {})
    other.decide_fact(other.show(name), {"metrics": ["reply.total"]})
    session.log.catch_up()
    assert disputed(session.log) == [name]
    assert learnt(session) == []
    assert export(session.log).disputed == 1
    shown = session.next("disputes")
    assert shown is not None and shown.task.name == name
    session.decide_fact(shown, {"metrics": ["reply.total"]})
    assert disputed(session.log) == []
    assert session.next("disputes") is None
    assert [one.by for one in settled(session.log)] == [("乙", "甲")]


def test_agreement_is_counted_on_what_both_decided(session: Session) -> None:
    other = colleague(session)
    for place, (_, task) in enumerate(session.library.tasks()[:10]):
        if task.is_item:
            continue
        session.decide_fact(session.show(task.name), {})
        other.decide_fact(other.show(task.name), {"metrics": [OTHER]} if place < 2 else {})
    session.log.catch_up()
    (found,) = agreements(session.log)
    assert (found.first, found.second, found.tasks) == ("乙", "甲", 10)
    assert found.same >= 8
    assert found.kappa is not None and 0 < found.kappa < 1


def test_kappa_is_undefined_where_it_says_nothing() -> None:
    assert kappa([("a", "a"), ("a", "a")]) is None
    assert kappa([("a", "b")]) is None
    assert kappa([("a", "a"), ("b", "b")]) == 1.0
    assert kappa([("a", "b"), ("b", "a")]) == -1.0
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == pytest.approx(0.0)


# Progress


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (81, 263, 0.2553, 0.3662)],
)
def test_wilson(right: int, of: int, low: float, high: float) -> None:
    """The last two numbers: Newcombe 1998, table I."""
    found = wilson(right, of)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_the_estimate_comes_from_the_random_share_alone(session: Session) -> None:
    figures = [task for _, task in session.library.tasks() if not task.is_item]
    drawn = sorted((t.name for t in figures if in_random_share(t.name)), key=lot)

    def counted(model: str = "0001") -> int:
        found = estimate(figures, session.log, model)
        return found.precision.of + found.other.of

    for task in [task for task in figures if task.name not in drawn][:10]:
        session.decide_fact(session.show(task.name), {"metrics": ["fund.amount"]})
    assert counted() == 0
    # Decided out of turn, in the reading view: counts when all before it have been answered.
    session.decide_fact(session.show(drawn[1]), {"metrics": ["fund.amount"]})
    session.decide_fact(session.show(drawn[4]), {"metrics": ["fund.amount"]})
    assert counted() == 0
    session.decide_fact(session.show(drawn[0], "random"), {})
    assert counted() == 2
    session.skip(session.show(drawn[2], "random"))
    session.decide_fact(session.show(drawn[3], "random"), {})
    assert counted() == 4
    found = estimate(figures, session.log, "0001")
    assert (found.precision.right + found.other.right, found.skipped) == (2, 1)
    assert counted("0002") == 0


def test_what_is_undone_stays_in_the_random_share(session: Session) -> None:
    for _ in range(5):
        shown = session.next()
        assert shown is not None
        session.skip(shown)
    assert shown.task.reason == "random"
    session.undo()
    again = session.next()
    assert again is not None
    assert (again.task.name, again.task.reason) == (shown.task.name, "random")


def test_counts_of_progress(session: Session) -> None:
    shown = task_at(session, "136件")
    session.decide_fact(shown, {"metrics": ["reply.total"]})
    found = progress([t for _, t in session.library.tasks()], session.log, "0001")
    assert (found.done, found.left) == (1, len(session.library.tasks()) - 1)
    row = next(row for row in found.metrics if row.metric == "request.received")
    assert (row.done, row.kept) == (1, 0)
    assert row.total >= 2


def test_decisions_worth_a_second_look(tmp_path: Path) -> None:
    body = "全年举办政务公开业务培训班3期。\n另外，全年举办政务公开业务培训班4期。\n"
    session = session_for(tmp_path, written(tmp_path, body))
    session.decide_fact(task_at(session, "3期"), {})
    session.decide_fact(task_at(session, "4期"), {"metrics": [OTHER]})
    (doubt,) = doubts(session.log)
    assert (doubt.decided, doubt.predicted) == (OTHER, "training.sessions")
    (clash,) = clashes(session.log)
    assert {label.label for label in clash.labels} == {OTHER, "training.sessions"}


# Selections


def test_selected_words_are_found_in_code_points(tmp_path: Path) -> None:
    line = "𠮷县😀共办夜读会12期\u3000，收条34份。"
    session = session_for(tmp_path, written(tmp_path, line + "\r\n"))
    entry = session.library.entries[0]
    opened = session.library.open(entry)
    assert opened is not None
    text = opened.result.document.text
    start = text.index("𠮷县")
    place = reading_view.selected(
        opened, f"l{start}", line[: line.index("办夜")], "办夜读会12期\u3000"
    )
    assert text[slice(*place)] == "办夜读会12期"
    name = reading_view.task_of_selection(opened, *place)
    assert name == task_at(session, "12期").task.name
    with pytest.raises(RequestError, match="2个数字"):
        reading_view.task_of_selection(opened, start, start + len(line))
    place = reading_view.selected(opened, f"l{start}", "", "𠮷县😀共")
    name = reading_view.task_of_selection(opened, *place)
    assert name.endswith(f":m{start}-{start + 4}")
    session.decide_fact(session.show(name), {"metrics": ["training.sessions"]})
    assert session.own.is_done(name)


@pytest.mark.parametrize(
    ("line", "before", "words"),
    [("l0", "x", "某县"), ("l1", "", "某县"), ("l999999", "", "某"), ("x", "", "某"), ("l0", "", " "),
     ("l0", "某", "某"), ("l-1", "", "某县"), ("l" + "9" * 30, "", "某"), ("l²", "", "某")],
)  # fmt: skip
def test_a_selection_that_is_not_in_the_report(
    tmp_path: Path, line: str, before: str, words: str
) -> None:
    session = session_for(tmp_path, written(tmp_path, "培训3期。"))
    opened = session.library.open(session.library.entries[0])
    assert opened is not None
    with pytest.raises(RequestError):
        reading_view.selected(opened, line, before, words)


# The server


class Client(FlaskClient):
    """A client that asks under the name that the server answers to."""

    def open(self, *args: Any, **words: Any) -> TestResponse:
        return super().open(*args, **({"base_url": f"http://127.0.0.1:{PORT}/"} | words))


@pytest.fixture
def client(session: Session, tmp_path: Path) -> FlaskClient:
    return client_for(session, tmp_path)


def client_for(session: Session, folder: Path) -> FlaskClient:
    retraining = Retraining(folder, folder / "models", folder / "splits.json", list)
    app = create_app(session, retraining, lambda version: None, token=TOKEN, port=PORT)
    client = Client(app)
    client.set_cookie(f"nianbao-{PORT}", TOKEN, domain="127.0.0.1")
    return client


def post(client: FlaskClient, address: str, payload: Any, **headers: str) -> TestResponse:
    sent = json.dumps(payload)  # half a surrogate pair arrives as a browser would send it
    return client.post(
        address, data=sent, content_type="application/json", headers={"X-Token": TOKEN} | headers
    )


def test_the_address_gives_a_cookie_and_hides_the_token(client: FlaskClient) -> None:
    client.delete_cookie(f"nianbao-{PORT}", domain="127.0.0.1")
    assert client.get("/").status_code == 403
    assert client.get("/?token=wrong").status_code == 403
    answer = client.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1"]
)
def test_another_host_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", base_url=f"http://{host}/").status_code == 403
    answer = client.post(
        "/act", json={"act": "undo"}, headers={"X-Token": TOKEN}, base_url=f"http://{host}/"
    )
    assert answer.status_code == 403


def test_an_act_needs_the_token_in_its_header(client: FlaskClient, session: Session) -> None:
    shown = session.next()
    assert shown is not None
    payload = {"act": "decide", "task": shown.task.name}
    for address in ("/act", "/select", "/report/act", "/training/act"):
        assert client.post(address, json=payload).status_code == 403
        assert post(client, address, payload, **{"X-Token": "wrong"}).status_code == 403
        form = client.post(address, data=payload, headers={"X-Token": TOKEN})
        assert form.status_code == 403
    assert not session.log.path.exists()
    assert post(client, "/act", payload).status_code == 200
    assert session.own.is_done(shown.task.name)


def test_nothing_is_loaded_from_elsewhere(client: FlaskClient) -> None:
    for address in ("/", "/reports", "/report/1", "/progress", "/training"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert "http://" not in answer.text.replace("http://www.w3.org", "")
        assert "https://" not in answer.text
        assert " style=" not in answer.text and " onclick=" not in answer.text
    for name in ("annotate.js", "annotate.css"):
        content = client.get(f"/static/{name}").text
        assert "http" not in content and "@import" not in content


@pytest.mark.parametrize(
    ("address", "payload"),
    [
        ("/act", []), ("/act", {}), ("/act", {"act": "decide"}), ("/act", {"act": "fly"}),
        ("/act", {"act": "decide", "task": "nobody:f1-2"}),
        ("/act", {"act": "decide", "task": 5}), ("/act", {"act": "decide", "task": "x"}),
        ("/act", {"act": "decide", "task": "NAME:f999999-1000000"}),
        ("/act", {"act": "decide", "task": "NAME:m0-999999"}),
        ("/act", {"act": "decide", "task": "NAME:m9-3"}),
        ("/act", {"act": "decide", "task": "NAME:i1-9999999"}),
        ("/act", {"act": "decide", "task": "NAME:f²-3"}),
        ("/act", {"act": "decide", "task": "NAME:f1-" + "9" * 5_000}),
        ("/act", {"act": "decide", "task": "NAME:m0-9", "subject": "\ud800"}),
        ("/act", {"act": "decide", "task": "NAME:"}),
        ("/act", {"act": "decide", "task": "NAME:m0-9", "reason": "mood"}),
        ("/act", {"act": "decide", "task": "NAME:m0-9", "reason": []}),
        ("/select", {"report": 9, "line": "l0", "before": "", "words": "a"}),
        ("/select", {"report": "1", "line": "l0", "before": "", "words": "a"}),
        ("/select", {"report": 1, "line": "l0", "before": "", "words": "\ud800"}),
        ("/select", {"report": 1, "line": 5, "before": "", "words": "a"}), ("/select", "x"),
        ("/report/act", {"act": "edit", "task": "NAME:f1-2"}), ("/report/act", [1]),
        ("/training/act", {"do": "publish"}), ("/training/act", {"do": "dance"}), ("/training/act", 3),
    ],
)  # fmt: skip
def test_requests_that_make_no_sense(
    client: FlaskClient, session: Session, address: str, payload: Any
) -> None:
    name = session.library.entries[0].name
    sent = json.loads(json.dumps(payload).replace("NAME", name))
    answer = post(client, address, sent)
    assert answer.status_code == 400
    assert answer.json is not None and answer.json["problem"]
    assert not session.log.path.exists()


def test_too_large_a_request(client: FlaskClient) -> None:
    answer = post(client, "/act", {"act": "x" * (1 << 20)})
    assert answer.status_code == 413


def test_pages_that_are_not_there(client: FlaskClient) -> None:
    assert client.get("/report/2").status_code == 404
    assert client.get("/nothing").status_code == 404
    assert client.get("/static/../server.py").status_code == 404
    assert client.get("/report/1?part=99").status_code == 200


def test_an_act_answers_with_the_next_card(client: FlaskClient, session: Session) -> None:
    shown = session.next()
    assert shown is not None
    answer = post(client, "/act", {"act": "decide", "task": shown.task.name, "reason": "border"})
    assert answer.json is not None
    assert shown.task.name not in answer.json["card"]
    assert 'id="done">1<' in answer.json["head"]
    assert session.own.held[-1].reason == "border"


def test_the_reading_view_answers_with_the_lines_that_change(
    client: FlaskClient, session: Session
) -> None:
    shown = task_at(session, "136件")
    payload = {"act": "decide", "task": shown.task.name, "metrics": ["reply.total"]}
    answer = post(client, "/report/act", payload)
    assert answer.json is not None
    ((line, html),) = answer.json["lines"].items()
    assert 'class="fact done"' in html and "答复" in html
    assert line in client.get("/report/1").text
    answer = post(client, "/report/act", {"act": "undo"})
    assert answer.json is not None and 'class="fact differs"' in answer.json["lines"][line]


# Hostile reports

HOSTILE = (
    "<script>alert(1)</script>举办培训班3期，“引号\"与'单引号'”，😀{{ 7*7 }}</p><img src=x onerror=alert(1)>"
    '\x07\x0b，收到申请5件。\n五、存在的问题\n一是<b onmouseover=alert(1)>公开不够</b>；二是"><i>人员不足</i>。\n'
)


def test_a_report_is_text_and_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path, HOSTILE, "<b>&'\".txt")
    session = session_for(tmp_path, path)
    client = client_for(session, tmp_path)
    pages = [client.get(address).text for address in ("/", "/reports", "/report/1", "/progress")]
    for _, task in session.library.tasks():
        shown = session.show(task.name)
        answer = post(client, "/select", {"task": task.name})
        assert answer.json is not None
        pages.append(answer.json["card"])
        payload = {"act": "decide", "task": task.name, "reason": "rest"}
        payload |= {} if shown.task.is_item else {"subject": "<u>局</u>"}
        answer = post(client, "/report/act", payload)
        assert answer.json is not None
        pages += [answer.json["card"], *answer.json["lines"].values()]
    pages += [client.get(address).text for address in ("/report/1", "/progress")]
    for page in pages:
        for tag in (
            "<script>alert",
            "<img",
            "<b ",
            "<b>&",
            "<u>",
            "<i>",
            "onmouseover=alert(1)>公",
        ):
            assert tag not in page.replace("<b id=", "")
        assert "49" not in page or "{{ 7*7 }}" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[2]
    assert "\x07" not in pages[2] and "\x0b" not in pages[2]


def test_five_megabytes_come_in_parts(tmp_path: Path) -> None:
    filler = "办事指南已经更新并对外公布各项流程说明请查阅栏目内容" * 40 + "。"
    body = "全年举办培训班3期。\n" + (filler + "\n") * 1_650
    path = written(tmp_path, body)
    assert path.stat().st_size > 5_000_000
    session = session_for(tmp_path, path)
    opened = session.library.open(session.library.entries[0])
    assert opened is not None, session.library.entries[0].error
    lines = reading_view.lines_of(opened.result.document.text)
    parts = reading_view.parts_of(lines)
    assert len(parts) > 50
    assert all(sum(line.end - line.start for line in part) < 33_000 for part in parts)
    client = client_for(session, tmp_path)
    assert len(client.get("/report/1?part=30").data) < 200_000


def test_a_folder_with_files_that_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "below").mkdir(parents=True)
    written(folder / "below", "培训3期。", "good.txt")
    written(folder, "培训3期。", "twin.txt")
    (folder / "binary.txt").write_bytes(b"%PDF-1.7 \x00\xff")
    (folder / "empty.txt").touch()
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.txt").touch()
    paths = report_paths([str(folder), str(folder / "twin.txt")])
    names = ["below/good.txt", "binary.txt", "empty.txt", "gone.txt", "twin.txt"]
    assert [str(path.relative_to(folder)) for path in paths] == names
    session = session_for(tmp_path, *paths)
    problems = {entry.path.name: entry.error for entry in session.library.entries if entry.error}
    assert {*problems} == {"binary.txt", "empty.txt", "gone.txt"}
    assert [entry.twin for entry in session.library.entries if entry.twin]
    client = client_for(session, tmp_path)
    assert "文件是空的" in client.get("/reports").text
    empty = next(e.number for e in session.library.entries if e.path.name == "empty.txt")
    assert client.get(f"/report/{empty}").status_code == 422
    assert client.get("/").status_code == 200


def test_no_report_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有可标注的报告"):
        report_paths([str(tmp_path)])
    with pytest.raises(InputError, match="文件不存在"):
        report_paths([str(tmp_path / "none")])


def test_a_report_that_changes_while_it_is_open(tmp_path: Path) -> None:
    path = written(tmp_path, "全年举办培训班3期。")
    session = session_for(tmp_path, path)
    shown = task_at(session, "3期")
    session.decide_fact(shown, {})
    written(tmp_path, "全年举办培训班13期。")
    again = session_for(tmp_path, path)
    assert not again.own.is_done(task_at(again, "13期").task.name)
    assert len(export(again.log).texts) == 1  # what was learned of the old words stays


def test_a_batch_result_names_the_reports(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = written(tmp_path, "培训3期。")
    with duckdb.connect(str(tmp_path / "results.duckdb")) as connection:
        connection.execute("CREATE TABLE reports(path VARCHAR)")
        connection.execute("INSERT INTO reports VALUES (?)", [str(path)])
    assert report_paths([str(tmp_path / "results.duckdb")]) == [path]
    assert report_paths([str(tmp_path)]) == [path]
    with duckdb.connect(str(tmp_path / "other.duckdb")) as connection:
        connection.execute("CREATE TABLE sheep(path VARCHAR)")
    with pytest.raises(InputError, match="不是批量结果"):
        report_paths([str(tmp_path / "other.duckdb")])


def test_every_drawn_share_is_near_a_fifth() -> None:
    drawn = sum(in_random_share(f"report:f{n}-{n + 2}") for n in range(5_000))
    assert abs(drawn / 5_000 - 1 / EVERY) < 0.02
    assert replace(FactLabel(OTHER, 1, None), year=2020).year == 2020
