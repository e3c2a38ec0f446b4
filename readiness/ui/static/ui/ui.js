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
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "?") {
      const help = document.querySelector("[data-keyboard-help]");
      if (help) { help.open = !help.open; help.querySelector("summary").focus(); }
    }
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
