/* A dashboard that is left open keeps itself up to date, quietly. Without this file there is a link to read it anew. */
(() => {
  "use strict";
  const bar = document.querySelector("[data-live]");
  if (!bar) return;
  const region = () => document.getElementById("figures");
  const said = bar.querySelector("[data-live-said]");
  const EVERY = 60000;
  let tag = "", last = Date.now(), asking = false, over = false, lost = false;
  // The parts as they came, each as text: only what differs is replaced.
  let known = [...(region()?.children || [])].map((one) => one.outerHTML);

  const say = (words) => { if (said.textContent !== words) said.textContent = words; };
  const timed = (time) => {
    for (const one of document.querySelectorAll("[data-as-of]")) {
      const words = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
      while (words.nextNode()) {
        const text = words.currentNode.data.replace(/\d{1,2}:\d{2}/, time);
        if (text !== words.currentNode.data) words.currentNode.data = text;
      }
    }
  };

  // What somebody is about to do here must not be taken from under their hands.
  const busy = () => {
    const here = region();
    if (!here) return false;
    const active = document.activeElement;
    if (active && here.contains(active) && active.matches("input, textarea, select, [contenteditable]")) return true;
    const typed = (field) => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
      : field.options ? [...field.options].some((option) => option.selected !== option.defaultSelected && field.options.length > 1 && [...field.options].some((one) => one.defaultSelected))
        : field.value !== field.defaultValue;
    if ([...here.querySelectorAll("input:not([type=hidden]), textarea, select")].some(typed)) return true;
    const chosen = document.getSelection();
    return Boolean(chosen && !chosen.isCollapsed && here.contains(chosen.anchorNode));
  };

  // How something is found again in what took its place: its own mark, and which of those that look alike it is.
  const mark = (one) => [one.localName, one.id, one.getAttribute("href"), one.localName === "summary" ? one.textContent.trim() : ""].join("|");
  const find = (within, wanted, place) => [...within.querySelectorAll(wanted.split("|")[0])].filter((one) => mark(one) === wanted)[place];
  const placed = (within, one) => [mark(one), [...within.querySelectorAll(one.localName)].filter((other) => mark(other) === mark(one)).indexOf(one)];

  const replace = (here, old, fresh) => {
    const active = old.contains(document.activeElement) ? placed(here, document.activeElement) : null;
    const open = [...old.querySelectorAll("details[open] > summary")].map((one) => placed(old, one));
    const scrolled = [...old.querySelectorAll("*")].filter((one) => one.scrollLeft || one.scrollTop)
      .map((one) => [one.localName + (one.className ? `.${CSS.escape(one.classList[0])}` : ""), one]);
    const places = scrolled.map(([path, one]) => [path, [...old.querySelectorAll(path)].indexOf(one), one.scrollLeft, one.scrollTop]);
    old.replaceWith(fresh);
    for (const [wanted, place] of open) { const one = find(fresh, wanted, place); if (one) one.parentElement.open = true; }
    for (const [path, place, left, top] of places) { const one = fresh.querySelectorAll(path)[place]; if (one) { one.scrollLeft = left; one.scrollTop = top; } }
    if (active) find(here, ...active)?.focus({ preventScroll: true });
    if (window.htmx) window.htmx.process(fresh);
  };

  const show = (page) => {
    const fresh = page.getElementById("figures"), here = region();
    if (!fresh || !here) return false;
    const came = [...fresh.children], stand = [...here.children], texts = came.map((one) => one.outerHTML);
    const speaks = document.getElementById("basis"), of = page.getElementById("basis");
    if (speaks && of) speaks.replaceChildren(...[...of.childNodes].map((one) => document.importNode(one, true)));
    let changed = false;
    if (came.length !== stand.length) {
      const all = here.cloneNode(false);
      all.append(...came.map((one) => document.importNode(one, true)));
      const above = window.scrollY;
      replace(document, here, all);
      window.scrollTo(window.scrollX, above);
      changed = true;
    } else {
      came.forEach((one, place) => {
        if (known[place] === texts[place]) return;
        replace(here, stand[place], document.importNode(one, true));
        changed = true;
      });
    }
    known = texts;
    return changed;
  };

  const unreachable = () => { lost = true; bar.dataset.lost = ""; say(bar.dataset.saysLost); };
  const ended = () => { over = true; bar.dataset.lost = ""; say(bar.dataset.saysSignedOut); };

  const ask = async () => {
    if (over || asking || document.visibilityState !== "visible" || busy()) return;
    asking = true;
    last = Date.now();
    try {
      const headers = { "Fivegates-Live": "1", ...(tag ? { "If-None-Match": tag } : {}) };
      const answer = await fetch(location.href, { headers, cache: "no-store", credentials: "same-origin" });
      const time = answer.headers.get("Fivegates-As-Of");
      if (answer.redirected || answer.status === 401 || answer.status === 403) { ended(); return; }
      if (!time || (!answer.ok && answer.status !== 304)) { unreachable(); return; }
      const page = answer.status === 304 ? null : new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page && busy()) return; // somebody began meanwhile: the next time
      const changed = page !== null && show(page);
      tag = answer.headers.get("ETag") || "";
      delete bar.dataset.lost;
      timed(time);
      if (changed) say(bar.dataset.saysUpdated.replace("{time}", time)); else if (lost) say("");
      lost = false;
    } catch { unreachable(); } finally { asking = false; }
  };

  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", () => { if (Date.now() - last >= EVERY) ask(); });
})();
