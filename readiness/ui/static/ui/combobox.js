/* Comfort only: finds while one types into a field that chooses out of many. Without it one types the name whole, and the
   server asks who is meant where that is not clear. */
(() => {
  "use strict";
  const PAUSE = 200;
  const announcer = document.createElement("p");
  announcer.className = "visually-hidden";
  announcer.setAttribute("role", "status");
  document.body.append(announcer);
  let open = null; // {input, panel, options, at}
  let waiting = 0;
  let asked = 0;

  const isOne = (element) => element instanceof HTMLInputElement && element.hasAttribute("data-combobox");

  const dress = () => {
    for (const input of document.querySelectorAll("input[data-combobox]:not([role])")) {
      input.removeAttribute("list"); // the browser's own short list would lie over this one
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-expanded", "false");
      input.dataset.settled = input.value;
    }
  };

  const close = () => {
    clearTimeout(waiting);
    asked += 1;
    if (!open) return;
    const { input, panel } = open;
    open = null;
    panel.remove();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-controls");
    input.removeAttribute("aria-activedescendant");
    announcer.textContent = "";
  };

  const mark = (at) => {
    const { input, options } = open;
    if (!options.length) return;
    open.at = (at + options.length) % options.length;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === open.at)));
    input.setAttribute("aria-activedescendant", options[open.at].id);
    options[open.at].scrollIntoView({ block: "nearest" });
  };

  const gather = (input, option) => {
    const several = input.closest(".combobox-several");
    const list = several.querySelector(".combobox-several__chosen");
    const boxes = [...list.querySelectorAll("input")];
    let box = boxes.find((one) => one.value === option.dataset.key);
    if (!box) {
      const row = several.querySelector("template").content.cloneNode(true);
      box = row.querySelector("input");
      box.name = several.dataset.name;
      box.value = option.dataset.key;
      row.querySelector("bdi").textContent = option.querySelector("bdi").textContent;
      row.querySelector(".combobox__hint").textContent = option.querySelector(".combobox__hint").textContent;
      list.append(row);
    }
    box.checked = true;
  };

  const take = (option) => {
    const { input } = open;
    const adds = input.closest(".combobox-several");
    if (adds) gather(input, option);
    input.value = input.dataset.settled = adds ? "" : option.dataset.value;
    input.dir = "auto";
    close();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const show = (input, markup) => {
    close();
    const panel = new DOMParser().parseFromString(markup, "text/html").querySelector(".combobox__list");
    if (!panel) return;
    const options = [...panel.querySelectorAll('[role="option"]')];
    input.after(panel);
    open = { input, panel, options, at: -1 };
    options.forEach((option, number) => { option.id = `${input.id}-match-${number}`; });
    if (options.length) {
      const list = options[0].parentElement;
      list.id = `${input.id}-matches`;
      input.setAttribute("aria-controls", list.id);
      input.setAttribute("aria-expanded", "true");
    }
    panel.scrollIntoView({ block: "nearest" });
    announcer.textContent = panel.dataset.said;
  };

  // What stands there and was not touched asks for nobody in particular: then the likely ones are shown.
  const words = (input) => (input.value === input.dataset.settled ? "" : input.value.trim());

  const find = async (input, first = null) => {
    clearTimeout(waiting);
    asked += 1;
    const mine = asked;
    try {
      const url = new URL(input.dataset.combobox, location.href);
      url.searchParams.set("q", words(input));
      const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      const markup = answer.ok && !answer.redirected ? await answer.text() : "";
      if (markup && mine === asked && document.activeElement === input) {
        show(input, markup);
        if (first !== null && open) mark(first);
      }
    } catch { /* the connection is gone: one types the name */ }
  };

  // The one that is marked, or the only one there is.
  const meant = () => open.options[open.at] || (open.options.length === 1 ? open.options[0] : null);

  document.addEventListener("input", (event) => {
    if (!isOne(event.target) || !event.isTrusted) return;
    clearTimeout(waiting);
    if (!event.target.value) event.target.dataset.settled = "";
    waiting = setTimeout(() => find(event.target), PAUSE);
  });
  document.addEventListener("click", (event) => {
    const option = open && event.target.closest?.('[role="option"]');
    if (option && open.panel.contains(option)) { take(option); return; }
    if (!isOne(event.target) || event.target.disabled || open?.input === event.target) return;
    if (event.target.value === event.target.dataset.settled) event.target.select(); // what is typed takes its place
    find(event.target);
  });
  document.addEventListener("mousedown", (event) => {
    if (open && open.panel.contains(event.target)) event.preventDefault(); // the field keeps the focus
  });
  document.addEventListener("focusout", (event) => { if (isOne(event.target)) close(); });
  // Left half typed with one possible: it is taken, and half a name is not sent first.
  document.addEventListener("change", (event) => {
    if (!event.isTrusted || open?.input !== event.target) return;
    const option = words(open.input) ? meant() : null;
    if (!option) return;
    event.stopPropagation();
    take(option);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (!isOne(event.target) || event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const input = event.target;
    const isOpen = open?.input === input;
    const acts = {
      ArrowDown: () => (isOpen ? mark(open.at + 1) : find(input, 0)),
      ArrowUp: () => (isOpen ? mark(open.at < 0 ? -1 : open.at - 1) : find(input, -1)),
      Escape: isOpen && close,
      Enter: isOpen && (open.at >= 0 || words(input)) && meant() && (() => take(meant())),
    };
    if (event.key === "Tab" && isOpen && open.at >= 0) take(meant());
    const act = Object.hasOwn(acts, event.key) && acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, true);
  document.addEventListener("htmx:load", dress);
  dress();
})();
