"""From a decision on the page to another answer of `nlp.extract`: retrained, compared, published."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from annotating import CHROMIUM_ARGS, chromium, served
from nlp import extract, train
from nlp.annotate.decisions import Log
from nlp.annotate.requests import RequestError
from nlp.annotate.retraining import Retraining
from nlp.annotations import append, read
from nlp.comparison import Comparison
from nlp.errors import ReportError
from nlp.models_folder import current_version
from test_train import TEST, TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WORDING = "夜读会办了{n}期，座无虚席。"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with annotations, splits and a model that has never met the wording."""
    folder = tmp_path_factory.mktemp("retrain")
    append(folder / "annotations" / "made.jsonl", TEXTS)
    (folder / "splits.json").write_text(json.dumps({"agencies": {}, "texts": TEST}), "utf-8")
    (folder / "report.txt").write_text(
        "某县2022年政府信息公开工作年度报告\n一、总体情况\n"
        + "".join(WORDING.format(n=n) + "\n" for n in range(11, 19)),
        "utf-8",
    )
    with redirect_stdout(io.StringIO()):
        status = train.main(
            ["--annotations", str(folder / "annotations" / "made.jsonl"), "--fresh", "--jobs", "1",
             "--splits", str(folder / "splits.json"), "--models", str(folder / "models")]
        )  # fmt: skip
    assert status == 0
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGS))
        yield browser
        browser.close()


def extracted(folder: Path) -> list[tuple[str, float]]:
    """What the command says of the report with the model in use."""
    out = io.StringIO()
    version = current_version(folder=folder / "models")
    with redirect_stdout(out):
        status = extract.main(
            [str(folder / "report.txt"), "--format", "json", "--model", str(version)]
        )
    assert status == 0
    return [(fact["metric"], fact["value"]) for fact in json.loads(out.getvalue())["facts"]]


def test_a_decision_changes_the_answer(browser: Browser, trained: Path) -> None:
    assert {metric for metric, _ in extracted(trained)} == {"other"}
    more = ["--models", str(trained / "models"), "--splits", str(trained / "splits.json")]
    annotations = trained / "annotations"
    with served(annotations, trained / "report.txt", more=more) as at:
        page = browser.new_page()
        page.goto(at.address)
        for number in range(1, 8):  # one of the eight is left for the model alone
            page.locator("#card article[data-task]").wait_for()
            page.keyboard.press("/")
            page.keyboard.type("举办培训班次")
            page.keyboard.press("Enter")
            page.locator("#done").get_by_text(str(number), exact=True).wait_for()
        page.goto(at.base + "training")
        page.get_by_role("button", name="开始训练").click()
        page.get_by_role("button", name="启用新模型").wait_for(timeout=90_000)
        assert current_version(folder=trained / "models").name == "0001"  # not before confirmation
        changes = page.locator(".changes").first.inner_text()
        assert changes.count("新读作") == 8 and "夜读会办了18期" in changes
        page.get_by_role("button", name="启用新模型").click()
        page.get_by_text("已启用").wait_for()
        page.goto(at.base)
        page.locator("#card article[data-task]").wait_for()
        assert page.locator("#card .metric").inner_text() == "举办培训班次数"
        page.goto(at.base + "progress")
        assert "模型 0002" in page.locator("main").inner_text()
    assert extracted(trained) == [("training.sessions", n) for n in range(11, 19)]
    texts = read(annotations / "decided.jsonl")
    assert len(texts) == 7
    # 座无虚席 denies something, and nobody said what: it teaches nothing.
    taught = [mark for one in texts for mark in one.marks if not mark.optional]
    assert [mark.metrics for mark in taught] == [("training.sessions",)] * 7


def retraining_in(folder: Path) -> Retraining:
    return Retraining(folder, folder / "models", folder / "splits.json", list)


def test_what_cannot_be_published(tmp_path: Path) -> None:
    job = retraining_in(tmp_path)
    with pytest.raises(RequestError):
        job.publish()
    write_outcome(job.report, version="0002")
    assert job.status().outcome is None  # no such version
    version = tmp_path / "models" / "reader" / "0002"
    version.mkdir(parents=True)
    for gate in ({"against": "0001", "worse": False}, {"against": None, "worse": True}, None):
        manifest: dict[str, Any] = {"format": 1, "gate": gate}
        (version / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        assert job.status().state == "done"
        with pytest.raises(ReportError):
            job.publish()
    assert not (tmp_path / "models" / "current.toml").exists()


def write_outcome(path: Path, **more: Any) -> None:
    counts = (1, 0, 1)
    comparison = Comparison("0001", 1, 1, counts, counts, counts, counts, (0, 0, 0), {}, False)
    record = {name: getattr(comparison, name) for name in comparison.__slots__}
    path.write_text(json.dumps(record | more), "utf-8")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "0001"}', "\x00"])
def test_an_outcome_of_another_make(tmp_path: Path, content: str) -> None:
    job = retraining_in(tmp_path)
    job.report.write_text(content, "utf-8")
    assert job.status().state == "idle"


def test_a_training_that_fails_says_why(tmp_path: Path) -> None:
    append(tmp_path / "few.jsonl", TEXTS[:2])
    job = Retraining(
        tmp_path, tmp_path / "models", tmp_path / "splits.json", lambda: [tmp_path / "few.jsonl"]
    )
    job.start([])
    job.wait(60)
    status = job.status()
    assert status.state == "failed"
    assert "splits.json" in status.problem


def test_a_training_can_be_cancelled(tmp_path: Path) -> None:
    job = retraining_in(tmp_path)
    job.start([])
    with pytest.raises(RequestError, match="已经在训练"):
        job.start([])
    job.cancel()
    job.wait(60)
    assert job.status().state == "cancelled"
    assert not (tmp_path / "models").exists()


def test_a_log_alone_gives_the_examples(trained: Path) -> None:
    """`--export` needs neither report nor model."""
    from nlp.annotate.__main__ import main

    folder = trained / "again"
    log = Log(folder / "decisions", "test")
    source = trained / "annotations" / "decisions" / "test.jsonl"
    if not source.exists():
        pytest.skip("the browser made no decisions")
    log.path.write_bytes(source.read_bytes())
    assert main(["--export", "--annotations", str(folder), "--name", "other"]) == 0
    decided = (trained / "annotations" / "decided.jsonl").read_bytes()
    assert (folder / "decided.jsonl").read_bytes() == decided
