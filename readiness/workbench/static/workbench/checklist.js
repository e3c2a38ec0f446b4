/* Comfort only: the keys of the checklist, and the focus kept after a part of it was replaced. */
(() => {
  "use strict";
  const page = document.getElementById("checklist");
  const dialog = document.getElementById("checklist-keys"), opener = document.getElementById("checklist-keys-open");
  const choice = document.getElementById("checklist-keys-on");
  const OFF = "fivegates.keys";
  const WRITTEN_IN = "textarea, select, input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=file]), [contenteditable]";

  // --- Whether the keys are wanted: this browser remembers ---
  const remembered = () => { try { return localStorage.getItem(OFF) !== "off"; } catch { return true; } };
  const want = (on) => {
    choice.checked = on;
    page.toggleAttribute("data-keys", on);
    try { if (on) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "off"); } catch { /* for this page only */ }
  };
  opener.hidden = false;
  want(remembered());
  choice.addEventListener("change", () => want(choice.checked));
  const help = () => { if (!dialog.open) dialog.showModal(); };
  opener.addEventListener("click", help);
  document.getElementById("checklist-keys-close").addEventListener("click", () => dialog.close());

  // --- Where one is: the card with the focus, else the one that was last gone to, else the first in sight ---
  const cards = [...page.querySelectorAll("article.item")];
  let last = null;
  document.addEventListener("focusin", (event) => { last = event.target.closest("article.item") || last; });
  const inSight = () => cards.find((card) => card.getBoundingClientRect().bottom > innerHeight / 3);
  const here = () => document.activeElement.closest("article.item") || last;
  const go = (card) => {
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  };
  const step = (by) => {
    const at = cards.indexOf(here());
    const to = at < 0 ? inSight() || cards[0] : cards[at + by];
    if (to) go(to);
    else if (by > 0) { const next = document.getElementById("checklist-next"); if (next) { last = null; next.focus(); } }
  };
  const answer = (position) => {
    const card = here() || inSight();
    const radio = card && card.querySelectorAll(".item__choices input[type=radio]")[position];
    if (!radio) return;
    if (here() !== card) go(card);
    if (!radio.checked) { radio.checked = true; radio.dispatchEvent(new Event("input", { bubbles: true })); radio.dispatchEvent(new Event("change", { bubbles: true })); }
  };
  const reach = (selector) => {
    const card = here() || inSight(), field = card && [...card.querySelectorAll(selector)].find((one) => one.checkVisibility());
    if (field) { field.focus(); field.scrollIntoView({ block: "nearest" }); }
  };
  const ACTS = {
    j: () => step(1), k: () => step(-1), 1: () => answer(0), 2: () => answer(1), 3: () => answer(2), "?": help,
    n: () => reach("textarea[name=note]"), e: () => reach(".evidence-form :is(input:not([type=hidden], [type=radio]), textarea)"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const card = event.target.closest("article.item");
    if (event.target.matches(WRITTEN_IN)) { if (event.key === "Escape" && card && page.hasAttribute("data-keys")) card.focus({ preventScroll: true }); return; }
    if (!page.hasAttribute("data-keys") || !Object.hasOwn(ACTS, event.key)) return;
    event.preventDefault();
    ACTS[event.key]();
  });

  // What had the focus may have been replaced: it stays at the item.
  const stay = () => { if (document.activeElement === document.body && last && last.isConnected) last.focus({ preventScroll: true }); };
  for (const moment of ["htmx:afterSettle", "htmx:afterRequest"]) document.addEventListener(moment, stay);
})();
