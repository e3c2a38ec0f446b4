/* Comfort only: every page works without this file. */
(() => {
  "use strict";
  const root = document.documentElement;

  // Light or dark at once, without leaving a half-filled form. The cookie is what the server reads.
  const choose = (theme) => {
    const age = theme ? 31536000 : 0;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-switch] button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-switch]") || !event.submitter) return;
    event.preventDefault();
    choose(event.submitter.value);
  });

  // On a narrow screen a row of tabs or steps is longer than the window: the one that is open is brought into sight.
  for (const open of document.querySelectorAll(":is(.tabs, .track) [aria-current]")) {
    const row = open.closest(".tabs, .track");
    const [at, whole] = [open.getBoundingClientRect(), row.getBoundingClientRect()];
    if (row.scrollWidth > row.clientWidth) row.scrollBy({ left: (at.left + at.right - whole.left - whole.right) / 2, behavior: "instant" });
  }

  // Menus close when one looks elsewhere.
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });

  const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of openMenus()) { menu.open = false; menu.querySelector("summary").focus(); }
      return;
    }
    if (isTyping(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "/") {
      const search = document.querySelector("main [data-search]") || document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "?") {
      const help = document.querySelector("[data-keyboard-help]");
      if (help) { help.open = !help.open; help.querySelector("summary").focus(); }
    }
  });

  // What a page kept in this browser for somebody leaves with them.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("[data-signs-out]")) return;
    try { Object.keys(localStorage).filter((key) => key.startsWith("fivegates.draft.")).forEach((key) => localStorage.removeItem(key)); } catch { /* nothing was kept */ }
  });

  // When a fragment that held the focus was replaced, the focus goes to what took its place: the same id (htmx does that),
  // the same name and value, the same address; else to the heading of what came, so that one reads on from there.
  let held = null;
  const marks = ["name", "value", "href", "hx-get", "hx-post"];
  document.addEventListener("htmx:beforeSwap", () => {
    const one = document.activeElement;
    held = one && one !== document.body ? { one, region: one.closest("[id]:not(body)")?.parentElement?.closest("[id]") } : null;
  });
  const successor = (one, part) => {
    const same = marks.filter((mark) => one.hasAttribute(mark)).map((mark) => `[${mark}="${CSS.escape(one.getAttribute(mark))}"]`);
    const again = same.length ? document.querySelector(one.localName + same.join("")) : null;
    if (again) return again;
    const start = part.matches("h1, h2, h3") ? part : part.querySelector("h1, h2, h3, h4, legend, caption, summary") || part;
    if (!start.matches("summary")) start.setAttribute("tabindex", "-1");
    return start;
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!held || held.one.isConnected || (document.activeElement && document.activeElement !== document.body)) return;
    const part = event.detail.elt?.isConnected ? event.detail.elt : held.region;
    if (part?.isConnected) successor(held.one, part).focus();
    held = null;
  });

  // A toast leaves after it was read.
  const settle = () => {
    for (const toast of document.querySelectorAll("#toasts .toast:not([data-timed])")) {
      toast.dataset.timed = "";
      setTimeout(() => toast.remove(), 7000);
    }
  };
  document.addEventListener("htmx:oobAfterSwap", settle);
})();
