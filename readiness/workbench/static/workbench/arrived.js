/* Comfort only: says so where a write at an item did not arrive (signed out meanwhile, the connection gone). */
(() => {
  "use strict";
  const UNDERSTOOD = [200, 409, 422];
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    const notice = form.dataset && form.dataset.saves && document.getElementById(`${form.dataset.saves}-lost`);
    if (!notice) return;
    const { xhr } = event.detail;
    const asked = new URL(form.action).pathname;
    const arrived = xhr.responseURL !== "" && new URL(xhr.responseURL).pathname === asked;
    notice.hidden = arrived && UNDERSTOOD.includes(xhr.status);
    if (!notice.hidden) document.getElementById(`${form.dataset.saves}-told`).replaceChildren();
  });
})();
