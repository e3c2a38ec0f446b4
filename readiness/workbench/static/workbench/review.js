/* Comfort only: what is typed into a decision is kept in this browser until it is recorded, also when the session is lost;
   and of the rows for conditions only as many are open as are needed. */
(() => {
  "use strict";
  const form = document.getElementById("decision-form");
  if (!form) return;
  const PREFIX = "fivegates.draft.", OWN = `${PREFIX}${form.dataset.person}.decision.`, KEPT = 30 * 86400000, PAUSE = 400;
  const key = OWN + form.dataset.submission;
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
  const fields = () => [...form.elements].filter((one) => one.name && !["hidden", "submit", "button", "fieldset"].includes(one.type));

  const keep = () => {
    const values = {};
    for (const one of fields()) if (one.value && (one.type !== "radio" || one.checked)) values[one.name] = one.value;
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), values })); } catch { /* full or forbidden: the page itself still has it */ }
  };

  // What was recorded, or given up, long ago: nobody comes back for it.
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(OWN) && Date.now() - ((read(name) || {}).at || 0) > KEPT) localStorage.removeItem(name);
    }
  } catch { /* nothing was kept */ }

  // The server's own answer to what was sent is newer than anything here.
  const draft = "fresh" in form.dataset ? read(key) : null;
  let restored = false;
  for (const one of draft ? fields() : []) {
    if (!(one.name in draft.values) || one.disabled) continue;
    if (one.type === "radio") one.checked = one.value === draft.values[one.name];
    else if (!one.value) one.value = draft.values[one.name];
    else continue;
    restored = true;
    const folded = one.closest("details");
    if (folded && one.value) folded.open = true;
  }
  if (restored) document.getElementById("decision-restored").textContent = form.dataset.restored;

  // Of the rows for conditions one stands open, and a press opens the next; the server adds one where all are open.
  const spare = [...form.querySelectorAll(".decision__row")].slice(1)
    .filter((row) => !row.querySelector(".field__error") && [...row.querySelectorAll("input, textarea")].every((one) => !one.value));
  for (const row of spare) row.hidden = true;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[name=another]");
    if (!button || button.form !== form || !spare.length) return;
    event.preventDefault();
    const row = spare.shift();
    row.hidden = false;
    if (form.contains(button)) row.querySelector("textarea").focus();
  });

  let pause = 0;
  const later = (event) => {
    if (event.target.form !== form) return;
    clearTimeout(pause);
    pause = setTimeout(keep, PAUSE);
  };
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  form.addEventListener("submit", keep);
})();
