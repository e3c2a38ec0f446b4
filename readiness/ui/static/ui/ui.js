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

  // What was wrong with a field is no longer said of it once it is another, or was saved: at the field, and in the summary
  // above. Who knows of a part that it is right now says so with the event.
  const right = (place) => {
    for (const error of place.querySelectorAll(".field__error")) {
      for (const one of document.querySelectorAll(`[aria-describedby~="${CSS.escape(error.id)}"]`)) {
        const others = one.getAttribute("aria-describedby").split(" ").filter((id) => id && id !== error.id);
        if (others.length) one.setAttribute("aria-describedby", others.join(" "));
        else one.removeAttribute("aria-describedby");
      }
      error.remove();
    }
    for (const one of place.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
  };
  document.addEventListener("ui:right", ({ target }) => right(target));
  document.addEventListener("input", ({ target }) => {
    const place = target.closest(".field, .radio-cards");
    if (!place?.querySelector(".field__error")) return;
    right(place);
    for (const link of document.querySelectorAll(".form-errors__list a")) {
      if (![target.id, place.id].includes(link.hash.slice(1))) continue;
      const summary = link.closest(".form-errors");
      link.closest("li").remove();
      if (!summary.querySelector("li")) summary.remove();
    }
  });

  // What is shown once is taken along with a press. Where the browser keeps no clipboard for us (without https), it is
  // marked, for the keyboard to take.
  const taken = async (source) => {
    try { await navigator.clipboard.writeText(source.innerText.trim()); return true; } catch { /* the old way, then */ }
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  };
  for (const one of document.querySelectorAll("[data-copy]")) {
    const told = one.querySelector("[role=status]");
    one.hidden = false;
    one.querySelector("button").addEventListener("click", async () => {
      told.textContent = "";
      told.textContent = await taken(document.getElementById(one.dataset.copy)) ? one.dataset.copied : one.dataset.selected;
    });
  }

  // A toast leaves after it was read.
  const settle = () => {
    for (const toast of document.querySelectorAll("#toasts .toast:not([data-timed])")) {
      toast.dataset.timed = "";
      setTimeout(() => toast.remove(), 7000);
    }
  };
  document.addEventListener("htmx:oobAfterSwap", settle);
})();
