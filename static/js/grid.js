/* The distribution grid: counts what is ticked, ticks what is typed into. Every row works without it. */
"use strict";
(() => {
  const form = () => document.getElementById("grid");
  const ticks = () => [...(form()?.querySelectorAll("[name=tick]") ?? [])];
  const count = () => {
    const all = ticks();
    const n = all.filter((tick) => tick.checked).length;
    for (const place of form()?.querySelectorAll("[data-ticked]") ?? []) {
      if (n || place.tagName === "STRONG") place.textContent = place.dataset.ticked.replace("{n}", n);
    }
    const every = form()?.querySelector("[data-all]");
    if (every) {
      every.hidden = false;
      every.checked = n === all.length;
      every.indeterminate = n > 0 && n < all.length;
    }
  };
  document.addEventListener("change", ({ target }) => {
    if (!form()?.contains(target)) return;
    if (target.matches("[data-all]")) for (const tick of ticks()) tick.checked = target.checked;
    else if (target.matches(".grid__row .input") && target.value) {
      const tick = target.closest("tr").querySelector("[name=tick]");
      if (tick) tick.checked = true;
    }
    count();
  });
  // One panel at the foot at a time.
  document.addEventListener("toggle", ({ target }) => {
    if (!target.open || !target.closest?.(".grid__ways")) return;
    for (const other of document.querySelectorAll(".grid__ways details[open]")) if (other !== target) other.open = false;
  }, true);
  document.addEventListener("htmx:afterSettle", count);
  count();
})();
