/* Comfort only: offers people while somebody types @ in a comment. Without it one types the whole username. */
(() => {
  "use strict";
  const WORD = /(?:^|[^\w.@+\-/=&?#:])@([A-Za-z0-9_.@+-]{0,60})$/;
  const PAUSE = 150;
  const announcer = document.createElement("p");
  announcer.className = "visually-hidden";
  announcer.setAttribute("role", "status");
  let open = null; // {field, list, people, at, start}
  let waiting = 0;
  let asked = 0;

  const close = () => {
    asked += 1;
    if (!open) return;
    const { field, list } = open;
    open = null;
    list.remove();
    field.removeAttribute("aria-controls");
    field.removeAttribute("aria-activedescendant");
    announcer.textContent = "";
  };

  const written = (field) => {
    if (field.selectionStart !== field.selectionEnd) return null;
    const found = WORD.exec(field.value.slice(0, field.selectionStart));
    return found ? found[1] : null;
  };

  const mark = (at) => {
    const { field, list, people } = open;
    open.at = (at + people.length) % people.length;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === open.at)));
    const chosen = list.children[open.at];
    field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  };

  const take = () => {
    const { field, people, at, word } = open;
    const end = field.selectionStart;
    const name = `${people[at].username} `;
    field.setRangeText(name, end - word.length, end, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const option = (field, person, number) => {
    const row = document.createElement("li");
    row.id = `${field.id}-offered-${number}`;
    row.className = "mentions__one";
    row.setAttribute("role", "option");
    const name = document.createElement("bdi");
    name.textContent = person.name;
    const rest = document.createElement("span");
    rest.className = "faint small";
    rest.textContent = person.unit ? `@${person.username} · ${person.unit}` : `@${person.username}`;
    row.append(name, rest);
    row.addEventListener("mousedown", (event) => { event.preventDefault(); open.at = number; take(); });
    return row;
  };

  const show = (field, word, people) => {
    close();
    if (!people.length) return;
    const list = document.createElement("ul");
    list.className = "mentions";
    list.id = `${field.id}-offered`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.mentionsLabel);
    list.append(...people.map((person, number) => option(field, person, number)));
    field.insertAdjacentElement("afterend", list);
    open = { field, list, people, word, at: 0 };
    field.setAttribute("aria-controls", list.id);
    announcer.textContent = field.dataset.mentionsOffered.replace("%n", String(people.length));
    mark(0);
  };

  const offer = async (field) => {
    const word = written(field);
    if (word === null) { close(); return; }
    asked += 1;
    const mine = asked;
    try {
      const url = `${field.dataset.mentions}?q=${encodeURIComponent(word)}`;
      const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const { people } = await answer.json();
      if (mine === asked && document.activeElement === field && written(field) === word) show(field, word, people);
    } catch { /* the connection is gone: one types the name */ }
  };

  const concerns = (event) => event.target instanceof HTMLTextAreaElement && event.target.dataset.mentions;

  document.addEventListener("input", (event) => {
    if (!concerns(event)) return;
    clearTimeout(waiting);
    if (written(event.target) === null) { close(); return; }
    waiting = setTimeout(() => offer(event.target), PAUSE);
  });
  document.addEventListener("focusin", (event) => {
    if (!concerns(event) || announcer.isConnected) return;
    document.body.append(announcer);
  });
  document.addEventListener("focusout", (event) => {
    if (open && event.target === open.field) close();
  });
  document.addEventListener("keydown", (event) => {
    if (!open || event.target !== open.field || event.isComposing) return;
    const keys = {
      ArrowDown: () => mark(open.at + 1),
      ArrowUp: () => mark(open.at - 1),
      Enter: take,
      Tab: take,
      Escape: close,
    };
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, true);
})();
