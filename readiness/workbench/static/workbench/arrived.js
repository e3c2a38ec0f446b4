/* Comfort only: says so where a write at an item did not arrive (signed out meanwhile, the connection gone), and takes away
   what was said to be wrong once a section of the canvas was saved: its answer replaces no field. */
(() => {
  "use strict";
  const UNDERSTOOD = [200, 409, 422];
  const settle = (section) => {
    section.dispatchEvent(new Event("ui:right", { bubbles: true }));
    for (const picked of section.querySelectorAll(".combobox__offered input[type=radio]:checked")) {
      picked.closest(".combobox").querySelector("input[data-combobox]").value = picked.value;
      picked.closest(".combobox__offered").remove();
    }
    for (const said of section.querySelectorAll(".form-errors, .alert:not([id])")) said.remove();
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    const notice = form.dataset && form.dataset.saves && document.getElementById(`${form.dataset.saves}-lost`);
    if (!notice) return;
    const { xhr } = event.detail;
    const asked = new URL(form.action).pathname;
    const arrived = xhr.responseURL !== "" && new URL(xhr.responseURL).pathname === asked;
    notice.hidden = arrived && UNDERSTOOD.includes(xhr.status);
    if (!notice.hidden) document.getElementById(`${form.dataset.saves}-told`).replaceChildren();
    const section = form.closest(".canvas__section");
    if (section && arrived && xhr.status === 200) settle(section);
  });
})();
