// Keys press buttons, buttons send what they carry, the server answers with the next card.
// No offset is computed here: for selected words the server is told the line and the words before.
"use strict";
(() => {
  const token = document.querySelector("meta[name=token]").content;
  const body = document.body;
  const one = (selector, root = document) => root.querySelector(selector);
  const search = one("#search"), searchWords = one("#search-words"), searchList = one("#search-list");
  let busy = false, metrics = [], keeps = [], shownBefore = null;

  const say = (words, problem = false) => {
    const place = one("#said");
    place.textContent = words;
    place.className = problem ? "alarm" : "";
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { place.textContent = ""; }, problem ? 8000 : 1500);
  };

  async function post(address, payload) {
    if (busy) return null;
    busy = true;
    body.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Token": token },
        body: JSON.stringify(payload),
      });
      const result = await answer.json();
      if (!answer.ok) { say(result.problem, true); return null; }
      return result;
    } catch {
      say("连不上本机的标注程序，刚才这一步没有记下；请看终端是否还在运行", true);
      return null;
    } finally {
      busy = false;
      body.removeAttribute("aria-busy");
    }
  }

  const card = () => one("#card article[data-task]");

  // Only what the person changed is sent: the rest stays as the report has it.
  function changedFields(root) {
    const fields = {};
    for (const field of root.querySelectorAll("[name=year], [name=subject]"))
      if (field.value !== field.defaultValue) fields[field.name] = field.value;
    const basis = one("[name=basis]", root);
    if (basis && !basis.options[basis.selectedIndex].defaultSelected) fields.basis = basis.value;
    return fields;
  }

  async function act(payload) {
    const address = body.dataset.actUrl;
    if (!address) return;
    const at = card();
    const request = { ...payload, queue: body.dataset.queue || "all" };
    if (at) {
      request.task = at.dataset.task;
      request.reason = at.dataset.reason;
      if (payload.act === "decide") Object.assign(request, { ...changedFields(at), ...payload });
    }
    const result = await post(address, request);
    if (result) show(result, body.dataset.report && payload.act === "decide");
  }

  function show(result, close) {
    const place = one("#card");
    place.innerHTML = result.card;
    place.hidden = Boolean(close);
    if (result.head) one("#head").innerHTML = result.head;
    for (const [id, html] of Object.entries(result.lines || {})) {
      const line = document.getElementById(id);
      if (line) line.innerHTML = html;
    }
    if (result.said) say(result.said);
    mark();
    centre();
    if (close && shownBefore) {
      one(`#text [data-task="${CSS.escape(shownBefore)}"]`)?.focus();
    } else if (!body.dataset.report) {
      window.scrollTo(0, 0);
      one("#question")?.focus({ preventScroll: true });
    } else {
      one("#question")?.focus({ preventScroll: true });
    }
  }

  // The reading view

  async function open(payload) {
    const result = await post("/select", payload);
    if (!result) return;
    shownBefore = payload.task || null;
    show(result, false);
    if (shownBefore && matchMedia("(max-width: 62rem)").matches)
      one("#text .shown")?.scrollIntoView({ block: "start" }); // above the panel
    hideSelection();
    window.getSelection()?.removeAllRanges();
  }

  // A long quotation scrolls by itself to what is asked about.
  function centre() {
    const quote = one("#card blockquote");
    const part = quote && (one(".figure", quote) || one(".item", quote));
    if (part) quote.scrollTop += part.getBoundingClientRect().top - quote.getBoundingClientRect().top - 60;
  }

  function mark() {
    for (const old of document.querySelectorAll("#text .shown")) old.classList.remove("shown");
    const at = card();
    if (!at || one("#card").hidden) return;
    for (const span of document.querySelectorAll(`#text [data-task="${CSS.escape(at.dataset.task)}"]`))
      span.classList.add("shown");
  }

  function selection() {
    const chosen = window.getSelection();
    if (!chosen || chosen.isCollapsed || !one("#text")) return null;
    const range = chosen.getRangeAt(0);
    const lineOf = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("#text p");
    const line = lineOf(range.startContainer);
    if (!line) return null;
    const inside = range.cloneRange();
    if (lineOf(range.endContainer) !== line) inside.setEnd(line, line.childNodes.length);
    const before = document.createRange();
    before.setStart(line, 0);
    before.setEnd(inside.startContainer, inside.startOffset);
    return { report: Number(body.dataset.report), line: line.id, before: before.toString(), words: inside.toString() };
  }

  const hideSelection = () => { const bar = one("#selection"); if (bar) bar.hidden = true; };
  document.addEventListener("selectionchange", () => {
    const bar = one("#selection");
    if (bar) bar.hidden = !selection();
  });

  // Search

  // Opened at once, whatever has arrived: letters typed meanwhile must not be taken for shortcuts.
  function openSearch(button) {
    keeps = JSON.parse(button.dataset.with || "[]");
    searchWords.value = "";
    list();
    search.showModal();
    searchWords.focus();
  }
  if (body.dataset.actUrl)
    fetch("/metrics.json").then((answer) => answer.json()).then((all) => { metrics = all; list(); });

  // All typed characters in order, the closer together and the earlier the better.
  function distance(words, name) {
    let at = -1, gaps = 0;
    for (const letter of words) {
      const next = name.indexOf(letter, at + 1);
      if (next < 0) return Infinity;
      gaps += at < 0 ? next * 0.1 : next - at - 1;
      at = next;
    }
    return gaps + name.length * 0.01;
  }

  function list() {
    const words = searchWords.value.trim().toLowerCase().replace(/\s+/g, "");
    const ranked = metrics
      .map((metric) => [Math.min(...[metric.zh, metric.code, metric.en.toLowerCase().replace(/\s+/g, "")].map((name) => distance(words, name))), metric])
      .filter(([far]) => far < Infinity);
    if (words) ranked.sort((a, b) => a[0] - b[0]);
    searchList.replaceChildren(...ranked.map(([, metric], place) => {
      const row = document.createElement("li");
      row.role = "option";
      row.id = `metric-${place}`;
      row.dataset.code = metric.code;
      const code = document.createElement("small");
      code.textContent = `${metric.unit} ${metric.code}`;
      row.append(metric.zh, code);
      return row;
    }));
    choose(0);
  }

  function choose(place) {
    const rows = [...searchList.children];
    const at = Math.max(0, Math.min(place, rows.length - 1));
    rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
    searchWords.setAttribute("aria-activedescendant", rows[at] ? rows[at].id : "");
    rows[at]?.scrollIntoView({ block: "nearest" });
  }

  const chosenRow = () => one("[aria-selected=true]", searchList);

  function take(row) {
    if (!row) return;
    search.close();
    act({ act: "decide", metrics: [...keeps, row.dataset.code] });
  }

  searchWords.addEventListener("input", list);
  searchWords.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const rows = [...searchList.children];
    const at = rows.indexOf(chosenRow());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(at + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter") take(chosenRow());
    else return;
    event.preventDefault();
  });
  searchList.addEventListener("click", (event) => take(event.target.closest("li")));

  // Buttons

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act], [data-open], [data-close], [data-toggle], [data-select], [data-post], [data-show], #text [data-task]");
    if (!button || button.disabled) return;
    const { act: payload, open: dialog, close, toggle, select, task, show: link } = button.dataset;
    if (payload) act(JSON.parse(payload));
    else if (dialog === "search") openSearch(button);
    else if (dialog) document.getElementById(dialog).showModal();
    else if (close) { one("#card").hidden = true; mark(); if (shownBefore) one(`#text [data-task="${CSS.escape(shownBefore)}"]`)?.focus(); }
    else if (toggle) { const part = document.getElementById(toggle); part.hidden = !part.hidden; button.setAttribute("aria-expanded", String(!part.hidden)); if (!part.hidden) one("button", part)?.focus(); }
    else if (select) { const words = selection(); if (words) open({ ...words, as: select }); }
    else if (button.dataset.post) sendTraining(button);
    else if (link) { const at = one(`#text [data-task="${CSS.escape(link)}"]`); if (at) { event.preventDefault(); at.scrollIntoView({ block: "center" }); open({ task: link }); } }
    else if (task && window.getSelection().isCollapsed) open({ task });
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-topic]") && event.target.value)
      act({ act: "edit", edit: "topic", topic: event.target.value });
  });

  // Keys

  const named = (event) => (event.shiftKey && event.key.startsWith("Arrow") ? "Shift+" : "") + event.key;

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (one("dialog[open]")) return;
    if (target.matches("input, select, textarea")) {
      if (event.key === "Escape") { target.blur(); event.preventDefault(); }
      if (event.key === "Enter" && card() && target.closest("#card")) { event.preventDefault(); if (!event.repeat) one(".accept", card())?.click(); }
      return;
    }
    if ((event.key === "Enter" || event.key === " ") && target.matches("button, a, summary, [role=button]")) {
      if (target.matches("span[role=button]")) { event.preventDefault(); open({ task: target.dataset.task }); }
      return;
    }
    if (event.repeat && !event.key.startsWith("Arrow")) { if (event.key === " ") event.preventDefault(); return; }
    const key = event.key === " " ? "Enter" : named(event);
    const visible = (element) => element && !element.disabled && element.offsetParent !== null;
    const field = one(`[data-focus="${CSS.escape(key)}"]`);
    const buttons = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(visible);
    const button = buttons.find((element) => element.closest("#selection")) || buttons[0]; // selected words come first
    if (visible(field)) { event.preventDefault(); field.focus(); field.select?.(); }
    else if (button) { event.preventDefault(); button.click(); }
    else if (key === "?") { event.preventDefault(); one("#help").showModal(); }
    else if (key === "u" && body.dataset.actUrl) { event.preventDefault(); act({ act: "undo" }); }
  });

  // Retraining: asked again every second while it runs

  async function sendTraining(button) {
    const result = await post("/training/act", JSON.parse(button.dataset.post));
    if (result) { one("#training").innerHTML = result.html; watch(); }
  }

  async function watch() {
    if (!one("#training [data-running]")) return;
    clearTimeout(watch.timer);
    watch.timer = setTimeout(async () => {
      try {
        const result = await (await fetch("/training/status")).json();
        one("#training").innerHTML = result.html;
      } catch { say("连不上本机的标注程序", true); }
      watch();
    }, 1000);
  }
  watch();
  centre();

  if (one("#card [data-reading]")) setTimeout(() => location.reload(), 700);

  // A link from the queue names the place to show.
  const wanted = new URLSearchParams(location.search).get("task");
  if (wanted && one("#text")) {
    const at = one(`#text [data-task$=":${CSS.escape(wanted)}"]`);
    if (at) { at.scrollIntoView({ block: "center" }); open({ task: at.dataset.task }); }
  }
})();
