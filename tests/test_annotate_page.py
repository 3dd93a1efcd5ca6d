"""The annotation page in a browser, as a person uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotating import CHROMIUM_ARGS, Served, chromium, served, shown
from loading import ROOT
from nlp.annotate.tasks import said

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
    if at.process is not None:
        page.goto(at.base + "reports")
        while page.get_by_text("还没有读").count():
            page.reload()
    if path or at.process is not None:
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


def test_a_metric_is_found_by_typing(page: Page, tmp_path: Path) -> None:
    with shown(tmp_path, COUNTY) as at:
        opened(page, at)
        name, year = task(page), page.locator("[name=year]").input_value()
        page.keyboard.press("/")
        page.keyboard.type("培训班次")
        assert page.locator("#search-list [aria-selected=true]").inner_text().startswith("举办培训")
        press(page, "Enter")
        assert not page.locator("#search").is_visible()
        (label,) = at.replay().stacks[name][-1][1].labels
        assert getattr(label, "metric", "") == "training.sessions"
        press(page, "u")
        press(page, "x")
        assert said_of(at, name) == "other"
        press(page, "u")
        page.keyboard.press("y")
        page.keyboard.press("Control+a")
        page.keyboard.type("2019")
        page.keyboard.press("Tab")
        page.keyboard.type("县财政局")
        press(page, "Enter")
        (label,) = at.replay().stacks[name][-1][1].labels
        assert (getattr(label, "year", 0), getattr(label, "subject", "")) == (2019, "县财政局")
        press(page, "u")
        assert page.locator("[name=year]").input_value() == year


def said_of(at: Served, name: str) -> str:
    return said(at.replay().stacks[name][-1][1].labels)


def test_shortcuts_pause_while_an_input_method_composes(page: Page, tmp_path: Path) -> None:
    with shown(tmp_path, COUNTY) as at:
        opened(page, at)
        name = task(page)
        for more in ("isComposing: true", "keyCode: 229", "ctrlKey: true", "repeat: true"):
            page.evaluate(
                "document.body.dispatchEvent(new KeyboardEvent('keydown', "
                f"{{key: 'Enter', bubbles: true, {more}}}))"
            )
        page.keyboard.press("?")
        assert page.locator("#help").is_visible()
        page.keyboard.press("x")  # keys belong to the open dialog
        page.keyboard.press("Escape")
        page.wait_for_timeout(100)
        assert task(page) == name
        assert not at.log.exists()


def test_a_hundred_decisions_take_a_hundred_keys(page: Page, tmp_path: Path) -> None:
    with shown(tmp_path, *sorted((ROOT / "corpora" / "reports").glob("2*.txt"))) as at:
        opened(page, at)
        for number in range(100):
            press(page, "Enter" if number % 2 else " ")
        assert done(page) == 100
        replay = at.replay()
        assert len(replay.held) == 100
        assert sum(one.reason == "random" for one in replay.held) == 20
        for one in replay.held:
            assert one.touched[0].labels == one.guess


def test_every_key_is_also_a_button(page: Page, tmp_path: Path) -> None:
    with shown(tmp_path, COUNTY) as at:
        opened(page, at)
        name = task(page)
        page.get_by_role("button", name="不属于任何指标").click()
        page.locator("#done").get_by_text("1", exact=True).wait_for()
        assert said_of(at, name) == "other"
        page.get_by_role("button", name="撤销上一步").click()
        page.locator("#done").get_by_text("0", exact=True).wait_for()
        page.get_by_role("button", name="快捷键").click()
        explained = set(page.locator("#help dt kbd").all_inner_texts())
        page.get_by_role("button", name="知道了").click()
        seen = set(page.locator("main kbd").all_inner_texts())
        page.goto(f"{at.base}report/1")
        page.locator("#text .item").first.click()
        page.locator("#card fieldset").first.wait_for()
        seen |= set(page.locator("#card kbd").all_inner_texts())
        select(page, "总体情况")
        seen |= set(page.locator("#selection kbd").all_inner_texts())
        assert explained - {"空格", "Shift"} <= seen | {"←", "→", "9", "+"}


def test_a_missed_figure_becomes_a_fact(page: Page, tmp_path: Path) -> None:
    report = tmp_path / "r.txt"
    report.write_text(
        "某县2022年政府信息公开工作年度报告\n一、总体情况\n𠮷县😀的夜读会全年办了12期，座无虚席。\n",
        "utf-8",
    )
    with shown(tmp_path / "a", report) as at:
        opened(page, at, "report/1")
        assert page.locator("#text .fact").count() == 0
        select(page, "办了12期")
        page.keyboard.press("m")
        page.locator("#card article").wait_for()
        page.keyboard.press("/")
        page.keyboard.type("training.sessions")
        press(page, "Enter")
        page.locator("#text .fact.done").wait_for()
        assert page.locator("#text .fact.done").inner_text() == "12期"
        (held,) = at.replay().held
        assert said(held.touched[0].labels) == "training.sessions @2022"
        context = held.touched[0].context
        assert context is not None and context.text[context.at : context.end] == "12期"
        page.reload()
        assert page.locator("#text .fact.done").inner_text() == "12期"
        select(page, "夜读会")  # no figure: marked by hand
        page.keyboard.press("m")
        page.locator("#card [data-key='/']").wait_for()
        press(page, "u")
        assert page.locator("#text .fact").count() == 0


def select(page: Page, words: str) -> None:
    """Select words as a mouse would, wherever marks begin and end."""
    page.evaluate(
        """words => {
          const walker = document.createTreeWalker(document.querySelector('#text'), NodeFilter.SHOW_TEXT);
          const nodes = []; let text = '';
          for (let node; (node = walker.nextNode());) { nodes.push([text.length, node]); text += node.data; }
          const at = text.indexOf(words), end = at + words.length;
          const place = (offset) => {
            const [start, node] = nodes.filter(([first]) => first <= offset).pop();
            return [node, offset - start];
          };
          const range = document.createRange();
          range.setStart(...place(at));
          const [node, offset] = place(end - 1);
          range.setEnd(node, offset + 1);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        words,
    )
    page.locator("#selection:not([hidden])").wait_for()


def test_the_border_of_an_item_is_mended(page: Page, tmp_path: Path) -> None:
    with shown(tmp_path, COUNTY) as at:
        opened(page, at, "report/1")
        item = page.locator("#text .item").first
        whole = item.inner_text()
        item.click()
        page.locator("#card .item").first.wait_for()
        name = task(page)
        press(page, "ArrowLeft")
        shorter = page.locator("#text .item").first.inner_text()
        assert whole.startswith(shorter) and shorter != whole
        press(page, "ArrowRight")
        assert page.locator("#text .item").first.inner_text() == whole
        press(page, "m")
        assert "研判不准" in page.locator("#card blockquote .item").inner_text()
        press(page, "u")
        page.keyboard.press("d")
        press(page, "Enter")  # the first place to cut is in focus
        assert page.locator("#text [data-opens]").count() == 7
        press(page, "2")
        assert page.locator("#card .metric").inner_text() == "计划"
        press(page, "Enter")
        current = at.replay().current(name)
        assert current is not None and current[1].done and said(current[1].labels) == "plan"
        while at.replay().held:  # the key works with the card closed, too
            press(page, "u")
        assert page.locator("#text [data-opens]").count() == 6
        assert page.locator("#text .item").first.inner_text() == whole


def test_differences_lead_to_the_figure(page: Page, tmp_path: Path) -> None:
    with shown(tmp_path, COUNTY) as at:
        opened(page, at, "report/1")
        page.locator(".differences a").first.click()
        page.locator("#card .verdict.mismatch").wait_for()
        assert page.locator("#text .shown").inner_text() == "136件"
        assert "163" in page.locator("#card .facts").inner_text()


def test_two_annotators_see_where_they_differ(page: Page, tmp_path: Path) -> None:
    with shown(tmp_path, COUNTY, by="甲") as first, shown(tmp_path, COUNTY, by="乙") as second:
        opened(page, first, "report/1?task=f547-551")
        page.locator("#card article").wait_for()
        press(page, "Enter")
        opened(page, second, "report/1?task=f547-551")
        page.locator("#card article").wait_for()
        press(page, "x")
        page.goto(f"{second.base}progress")
        assert page.locator("#agreement tbody tr").inner_text().split() == ["乙、甲", "1", "0", "—"]
        page.get_by_role("link", name="1 处不一致").click()
        assert "收到申请数" in page.locator(".others").inner_text()
        press(page, "1")
        assert page.locator("#card .empty, #card.empty, article.empty").count() == 1
        page.goto(f"{first.base}progress")
        assert page.get_by_role("link", name="不一致").count() == 0


def test_pages_fit_and_can_be_read(browser: Browser, tmp_path: Path) -> None:
    """Nothing reaches beyond the screen, every field has a name, and all text stands out from its
    ground by the 4.5 that WCAG asks for."""
    with shown(tmp_path, COUNTY) as at:
        for width, scheme in ((1280, "dark"), (1280, "light"), (400, "dark"), (400, "light")):
            context = browser.new_context(
                viewport={"width": width, "height": 800},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page = context.new_page()
            page.goto(at.address)
            press(page, "Enter")
            for path in (
                "",
                "reports",
                "report/1",
                "report/1?task=f547-551",
                "progress",
                "training",
            ):
                page.goto(at.base + path)
                if "task" in path:
                    page.locator("#card article").wait_for()
                where = (path, width, scheme)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, where
                assert page.evaluate(UNNAMED) == [], where
                assert page.evaluate(FAINT) == [], where
            context.close()


UNNAMED = """() => [...document.querySelectorAll('input, select, progress')]
  .filter((field) => !field.labels.length && !field.getAttribute('aria-label')).map((field) => field.outerHTML)"""
FAINT = """() => {
  const numbers = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const part = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const found = numbers(getComputedStyle(element).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.offsetParent || element.disabled || element.closest(':disabled')) continue;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${element.outerHTML.slice(0, 120)}`);
  }
  return faint;
}"""
