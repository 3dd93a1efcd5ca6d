"""The annotation page in a browser, as a person uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotating import CHROMIUM_ARGS, Served, chromium, served
from loading import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

COUNTY = ROOT / "corpora" / "reports" / "2021-tabs-county.txt"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may ask nobody but this computer, and on which no script may fail."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on(
        "request",
        lambda asked: failures.append(asked.url) if "//127.0.0.1:" not in asked.url else None,
    )
    page.set_default_timeout(10_000)
    yield page
    context.close()
    assert failures == []


def task(page: Page) -> str:
    return page.locator("#card article").get_attribute("data-task") or ""


def press(page: Page, key: str) -> None:
    """Press a key and wait for the answer of the server."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press(key)
    page.locator("body:not([aria-busy])").wait_for()


def done(page: Page) -> int:
    return int(page.locator("#done").inner_text())


def opened(page: Page, at: Served, path: str = "") -> None:
    page.goto(at.address)
    page.goto(at.base + "reports")
    while page.get_by_text("还没有读").count():
        page.reload()
    page.goto(at.base + path)


def test_accept_undo_reload_and_a_killed_server(page: Page, tmp_path: Path) -> None:
    with served(tmp_path, COUNTY) as at:
        opened(page, at)
        assert "token" not in page.url
        first = task(page)
        press(page, "Enter")
        second = task(page)
        press(page, "Enter")
        assert len({first, second, task(page)}) == 3
        assert done(page) == 2
        press(page, "u")
        assert (task(page), done(page)) == (second, 1)
        page.reload()
        assert (task(page), done(page)) == (second, 1)
        press(page, "u")
        assert (task(page), done(page)) == (first, 0)
        press(page, "Enter")
        at.kill()
        assert [one.task for one in at.replay().held] == [first]
    with served(tmp_path, COUNTY) as at:
        opened(page, at)
        assert (task(page), done(page)) == (second, 1)
        press(page, "u")
        assert (task(page), done(page)) == (first, 0)
