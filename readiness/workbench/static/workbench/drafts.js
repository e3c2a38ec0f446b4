/* Comfort only: what is typed on the checklist is kept in this browser until the server has it, and sent again by itself.
   A form says with data-draft under which name its text is kept, and with data-resend that it may be sent unasked. */
(() => {
  "use strict";
  const page = document.getElementById("checklist");
  const words = document.getElementById("draft-words").dataset;
  const PREFIX = "fivegates.draft.";
  const OWN = `${PREFIX}${page.dataset.person}.`;
  const PAUSE = 1500, RETRY = 15000, SHOWN_AFTER = 400;
  const waiting = new Set(); // forms that the server did not get
  const held = new WeakSet(); // forms that it refused: only a person sends them again
  const sent = new WeakMap(), pauses = new WeakMap(), shown = new WeakMap();
  let leaving = false;

  // --- This browser's memory; it may be full or forbidden ---
  const keyOf = (form) => `${OWN}${page.dataset.initiative}.${form.dataset.draft}`;
  const store = (form, draft) => {
    try { localStorage.setItem(keyOf(form), JSON.stringify(draft)); return true; } catch { return false; }
  };
  const stored = (form) => {
    try { return JSON.parse(localStorage.getItem(keyOf(form))); } catch { return null; }
  };
  const forget = (form) => { try { localStorage.removeItem(keyOf(form)); } catch { /* nothing was kept */ } };
  const forgetAll = (which) => {
    try { Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && which(key)).forEach((key) => localStorage.removeItem(key)); } catch { /* nothing was kept */ }
  };

  // --- What stands in a form ---
  const forms = () => [...page.querySelectorAll("form[data-draft]")];
  const formOf = (element) => element && element.closest && element.closest("form[data-draft]");
  const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "file", "submit", "button"].includes(one.type));
  const valuesOf = (form) => {
    const values = {};
    for (const one of fields(form)) if (one.type !== "radio" || one.checked) values[one.name] = one.value;
    return values;
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const fill = (form, values) => {
    for (const one of fields(form)) {
      if (!(one.name in values)) continue;
      if (one.type === "radio") one.checked = one.value === values[one.name]; else one.value = values[one.name];
    }
  };
  const settle = (form, values) => { // what the server has is from now on what the form began with
    for (const one of fields(form)) {
      if (one.type === "radio") one.defaultChecked = one.value === values[one.name];
      else if (one.name in values) one.defaultValue = values[one.name];
    }
  };
  const changed = (form) => fields(form).some((one) => (one.type === "radio" ? one.checked !== one.defaultChecked : one.value !== one.defaultValue));
  const keep = (form) => {
    if (leaving) return true;
    if (!changed(form)) { forget(form); return true; }
    const version = form.elements.version;
    return store(form, { values: valuesOf(form), version: version ? version.value : "" });
  };

  // --- What is said at the item ---
  const cardOf = (form) => form.closest("article");
  const say = (form, text, tone, { quiet = false, link = "" } = {}) => {
    const told = document.getElementById(`${cardOf(form).id}-told`);
    if (!told || told.querySelector("[data-conflict]")) return;
    const line = document.createElement("p");
    line.className = "told";
    line.dataset.tone = tone;
    if (quiet) line.setAttribute("aria-hidden", "true");
    line.append(text);
    if (link) {
      const way = document.createElement("a");
      way.href = `${link}?next=${encodeURIComponent(location.pathname)}%23${cardOf(form).id}`;
      way.append(link && words.signIn);
      line.append(" ", way);
    }
    told.replaceChildren(line);
  };
  const sayLost = (form, text, link = "") => say(form, keep(form) ? text : words.pageOnly, "warning", { link });

  // --- Sending ---
  const send = (form) => window.htmx.trigger(form, "save");
  const pathOf = (address) => new URL(address, location.href).pathname;
  // The page once more: whether we are let in, as whom, and with which token a form is sent from now on.
  const letIn = async () => {
    let answer;
    try { answer = await fetch(location.pathname, { credentials: "same-origin" }); } catch { return words.offline; }
    if (answer.redirected && pathOf(answer.url) !== location.pathname) return words.signedOut;
    if (!answer.ok) return words.notTaken;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const there = fresh.getElementById("checklist"), token = fresh.querySelector("[name=csrfmiddlewaretoken]");
    if (!there || there.dataset.person !== page.dataset.person) return words.other;
    if (token) {
      for (const one of document.querySelectorAll("[name=csrfmiddlewaretoken]")) one.value = token.value;
      document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token.value }));
    }
    return "";
  };
  let asking = false;
  const sendWaiting = async () => {
    if (asking || !waiting.size || leaving) return;
    asking = true;
    const why = await letIn();
    asking = false;
    for (const form of [...waiting]) {
      if (!form.isConnected) waiting.delete(form);
      else if (!why) { waiting.delete(form); send(form); }
      else sayLost(form, why, why === words.signedOut ? page.dataset.signIn : "");
    }
  };

  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    held.delete(form);
    keep(form);
    clearTimeout(pauses.get(form));
    if (form.matches("[data-resend]") && event.target.matches("textarea")) pauses.set(form, setTimeout(() => { if (changed(form)) send(form); }, PAUSE));
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches("form[data-draft]")) return;
    // A button of a conflict counts where it was pressed, not where it merely has the focus.
    const cause = event.detail.triggeringEvent, pressed = (cause && cause.submitter && cause.submitter.name) || "";
    for (const name of ["over", "theirs"]) if (pressed !== name) delete event.detail.parameters[name];
    clearTimeout(pauses.get(form));
    sent.set(form, { values: valuesOf(form), theirs: pressed === "theirs" });
    if (form.matches("[data-resend]")) shown.set(form, setTimeout(() => say(form, words.saving, "muted", { quiet: true }), SHOWN_AFTER));
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt, { xhr } = event.detail;
    if (!form.matches("form[data-draft]")) return;
    clearTimeout(shown.get(form));
    const arrived = xhr.responseURL !== "" && pathOf(xhr.responseURL) === pathOf(form.action);
    if (arrived && xhr.status === 200) taken(form);
    else if (arrived && [409, 422].includes(xhr.status)) { held.add(form); keep(form); }
    else lost(form, xhr, arrived);
  });

  const taken = (form) => {
    const { values, theirs } = sent.get(form);
    waiting.delete(form);
    if (!form.isConnected || theirs) return forget(form);
    settle(form, values);
    return keep(form); // of what was typed meanwhile; nothing where there is none
  };

  const lost = (form, xhr, arrived) => {
    keep(form);
    if (!form.matches("[data-resend]")) return xhr.status ? letIn() : undefined; // its own module says so; with a fresh token
    waiting.add(form);
    if (xhr.status === 0) return sayLost(form, words.offline);
    if (!arrived || xhr.status === 403) return sendWaiting(); // signed out, or in again with another token: ask which
    return sayLost(form, words.notTaken);
  };

  addEventListener("online", sendWaiting);
  addEventListener("focus", sendWaiting);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sendWaiting(); });
  setInterval(sendWaiting, RETRY);

  // --- Coming and going ---
  addEventListener("DOMContentLoaded", () => {
    forgetAll((key) => !key.startsWith(OWN)); // whoever else worked here: it is not for this person's eyes
    for (const form of forms()) {
      const draft = stored(form);
      if (!draft) continue;
      if (same(draft.values, valuesOf(form))) { forget(form); continue; }
      fill(form, draft.values);
      if (!form.matches("[data-resend]")) { say(form, words.restoredForm, "warning"); continue; }
      if (form.elements.version) form.elements.version.value = draft.version;
      say(form, words.restored, "warning");
      waiting.add(form);
    }
    sendWaiting();
  });
  addEventListener("pagehide", () => {
    if (leaving) return;
    for (const form of forms()) {
      if (form.matches("[data-resend]") && !held.has(form) && changed(form)) fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, headers: { "HX-Request": "true" } }).catch(() => {});
    }
  });

  // Who signs out takes everything along; what was just typed is sent first.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-signs-out]") || leaving) return;
    const open = forms().filter((form) => form.matches("[data-resend]") && !held.has(form) && changed(form));
    const out = () => { leaving = true; forgetAll(() => true); event.target.submit(); };
    if (!open.length) { leaving = true; forgetAll(() => true); return; }
    event.preventDefault();
    const left = new Set(open);
    document.addEventListener("htmx:afterRequest", ({ detail }) => { left.delete(detail.elt); if (!left.size) out(); });
    open.forEach(send);
    setTimeout(out, 3000);
  });
})();
