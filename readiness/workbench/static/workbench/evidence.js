/* Comfort only: a title proposed for a link, a file dropped on its card and seen on its way, a picture and the list of
   other pieces in a dialog. Without this file every one of these is a page or a form of its own. */
(() => {
  "use strict";
  const MEGABYTE = 1024 * 1024;
  const UNDERSTOOD = [200, 409, 422];
  const byId = (id) => document.getElementById(id);
  const words = (name, values = {}) =>
    byId("evidence-words").dataset[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  const say = (text) => { byId("checklist-said").textContent = text; };
  const formIn = (element) => element.closest?.(".item")?.querySelector("form[data-evidence]");
  const kindOf = (form) => form.elements.kind.value;
  const sizeOf = (bytes) => bytes < MEGABYTE / 10
    ? `${Math.max(1, Math.round(bytes / 1024)).toLocaleString(document.documentElement.lang)} KB`
    : `${(bytes / MEGABYTE).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;

  // --- What went wrong, at the form ---
  const hush = (form) => form.querySelector("[data-refused]")?.remove();
  const refuse = (form, text) => {
    hush(form);
    const notice = byId("evidence-refused").content.cloneNode(true);
    notice.querySelector("p").textContent = text;
    form.querySelector(".evidence-form__line").after(notice);
  };

  // --- A title proposed: the same rule as readiness/workbench/checklists/titles.py ---
  const titleFrom = (address) => {
    let url;
    try { url = new URL(address.trim()); } catch { return ""; }
    if (!["http:", "https:"].includes(url.protocol)) return "";
    const host = url.hostname.replace(/^www\./, "");
    let last = url.pathname.split("/").filter(Boolean).pop() ?? "";
    try { last = decodeURIComponent(last); } catch { /* it stays as it is written */ }
    const said = last.replace(/\.[A-Za-z0-9]{1,5}$/, "").replace(/[-_+\s]+/g, " ").trim();
    if ((said.match(/\p{L}/gu) ?? []).length < 3) return `${host} ${said}`.trim();
    const [first, ...rest] = said;
    return first.toUpperCase() + rest.join("");
  };
  const proposed = new Map(); // by form: it outlives the form, which comes anew when the server refused it
  const propose = (form) => {
    const { title, url, file } = form.elements;
    if (title.value !== "" && title.value !== proposed.get(form.dataset.evidence)) return;
    title.value = kindOf(form) === "file" ? file.files[0]?.name ?? "" : titleFrom(url.value);
    proposed.set(form.dataset.evidence, title.value);
  };

  // --- A file: chosen, dropped or pasted ---
  const wrongWith = (input) => {
    const [file] = input.files;
    if (!file) return "";
    const limit = Number(input.dataset.maxBytes);
    const kinds = input.accept.split(",");
    const isOne = kinds.some((kind) => file.name.toLowerCase().endsWith(kind));
    const told = { name: file.name, size: sizeOf(file.size), limit: sizeOf(limit) };
    if (!isOne) return words("wrongType", { ...told, kinds: kinds.map((kind) => kind.slice(1).toUpperCase()).join(", ") });
    return file.size > limit ? words("tooLarge", told) : "";
  };
  const looked = (form) => {
    const { file } = form.elements;
    const wrong = wrongWith(file);
    file.toggleAttribute("aria-invalid", false);
    if (wrong) { file.setAttribute("aria-invalid", "true"); refuse(form, wrong); return false; }
    hush(form);
    return true;
  };
  const take = (form, files) => {
    const one = new DataTransfer();
    one.items.add(files[0]);
    form.elements.file.files = one.files;
    form.elements.kind.value = "file";
    form.elements.file.dispatchEvent(new Event("change", { bubbles: true }));
    byId(`${form.dataset.evidence}-evidence-add`).focus();
  };
  document.addEventListener("input", ({ target }) => {
    if (target.name === "url" && target.form?.dataset.evidence) propose(target.form);
  });
  document.addEventListener("change", ({ target }) => {
    const form = target.form;
    if (!form?.dataset?.evidence || !["kind", "file"].includes(target.name)) return;
    propose(form);
    if (target.name !== "file" || !target.files[0]) return;
    const [{ name, size }] = target.files;
    if (looked(form)) say(words("chosen", { name, size: sizeOf(size) }));
  });
  document.addEventListener("paste", (event) => {
    const form = event.target.closest?.("form[data-evidence]");
    if (form && event.clipboardData.files.length) { event.preventDefault(); take(form, event.clipboardData.files); }
  });

  const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (card) => {
    for (const other of document.querySelectorAll("[data-dropping]")) if (other !== card) delete other.dataset.dropping;
    if (card) { card.dataset.dropping = ""; formIn(card).dataset.drop = words("drop"); }
  };
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault(); // beside a card too: the browser would leave the page for the file
    const form = formIn(event.target);
    event.dataTransfer.dropEffect = form ? "copy" : "none";
    mark(form?.closest(".item"));
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(null); });
  document.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    mark(null);
    const form = formIn(event.target);
    if (form && event.dataTransfer.files.length) take(form, event.dataTransfer.files);
  });

  // --- On its way ---
  const under = new WeakMap(); // by form: its request, and what is shown of it
  const show = (form, xhr) => {
    const [{ name, size }] = form.elements.file.files;
    form.querySelector(".evidence-form__line").after(byId("evidence-sending").content.cloneNode(true));
    const box = form.querySelector(".sending");
    const bar = box.querySelector("progress");
    const line = box.querySelector(".sending__words");
    bar.setAttribute("aria-label", words("sending", { name }));
    line.textContent = words("sending", { name });
    say(words("sending", { name }));
    let quarter = 0;
    xhr.upload.addEventListener("progress", ({ loaded, total }) => {
      const share = total ? loaded / total : 0;
      const sent = words("sent", { sent: sizeOf(Math.min(size, Math.round(size * share))), size: sizeOf(size) });
      bar.value = Math.floor(share * 100);
      line.textContent = `${words("sending", { name })}: ${sent}`;
      if (Math.floor(share * 4) > quarter && share < 1) { quarter = Math.floor(share * 4); say(line.textContent); }
    });
    xhr.upload.addEventListener("load", () => {
      bar.removeAttribute("value"); // it has arrived; how long the rest takes nobody knows
      line.textContent = words("checking", { name });
    });
    return box;
  };
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.elt.dataset.evidence && detail.verb === "post" && kindOf(detail.elt) !== "file") detail.formData.delete("file");
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (form.dataset.evidence && form.matches("form") && kindOf(form) === "file" && !looked(form)) {
      event.preventDefault();
      form.elements.file.focus();
    }
  });
  document.addEventListener("htmx:beforeSend", ({ detail: { elt: form, xhr } }) => {
    if (!form.matches("form[data-evidence]")) return;
    hush(form);
    const box = kindOf(form) === "file" && form.elements.file.files[0] ? show(form, xhr) : null;
    under.set(form, { xhr, box, cancelled: false });
  });
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-cancel]")?.closest("form");
    if (!form || !under.has(form)) return;
    under.get(form).cancelled = true;
    under.get(form).xhr.abort();
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { elt: form, xhr } }) => {
    const sent = under.get(form);
    if (!sent) return;
    under.delete(form);
    if (!form.isConnected) return; // it was answered, and a fresh one is in its place
    const within = sent.box?.contains(document.activeElement);
    sent.box?.remove();
    if (within) byId(`${form.dataset.evidence}-evidence-add`).focus();
    const reached = xhr.responseURL !== "" && new URL(xhr.responseURL).pathname === new URL(form.action).pathname;
    if (reached && UNDERSTOOD.includes(xhr.status)) return;
    byId(`${form.dataset.evidence}-told`)?.replaceChildren();
    const name = form.elements.file.files[0]?.name ?? "";
    if (sent.cancelled) refuse(form, words("cancelled", { name }));
    else if (xhr.status === 0) refuse(form, words("lost"));
    else if (xhr.status === 507) refuse(form, words("full"));
    else refuse(form, words(reached || xhr.status >= 400 ? "failed" : "signedOut"));
    say("");
  });

  // --- The dialog: a picture, or what other items have ---
  const open = (title, picture) => {
    const dialog = byId("evidence-dialog");
    byId("evidence-dialog-title").textContent = title;
    dialog.classList.toggle("evidence-dialog--picture", picture);
    if (!dialog.open) dialog.showModal();
  };
  document.addEventListener("click", (event) => {
    const dialog = byId("evidence-dialog");
    if (!dialog) return;
    if (event.target === dialog || event.target.closest("[data-dialog-close]")) return dialog.close();
    const look = event.target.closest("[data-look]");
    if (!look || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const picture = new Image();
    picture.src = look.href;
    picture.alt = look.dataset.look;
    picture.className = "evidence-dialog__picture";
    byId("evidence-dialog-body").replaceChildren(picture);
    open(look.dataset.look, true);
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    const opener = detail.requestConfig?.elt;
    if (detail.target.id === "evidence-dialog-body" && opener?.dataset.dialog) open(opener.dataset.dialog, false);
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
    if (!elt.matches?.("[data-dialog-close-after]") || !UNDERSTOOD.includes(xhr.status)) return;
    const said = byId("checklist-said").textContent;
    byId("evidence-dialog").close();
    say(""); // said while the dialog was in front of it: said once more
    requestAnimationFrame(() => say(said));
  });
})();
