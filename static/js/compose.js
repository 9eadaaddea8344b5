/* The composer: the sheet follows what is typed; phrases and pictures are put in at the caret. Without it "Xem thử" does the same. */
"use strict";
(() => {
  const form = document.getElementById("compose");
  const side = document.querySelector(".compose__preview");
  if (!form || !side) return;

  // --- The sheet: asked for when the typing rests; only the newest answer counts.
  let timer = 0, running = null;
  const look = async () => {
    running?.abort();
    running = new AbortController();
    side.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new FormData(form),
        signal: running.signal,
        headers: { "HX-Request": "true" },
      });
      if (answer.ok && !answer.redirected) side.innerHTML = await answer.text(); // our own page's part
    } catch (error) {
      if (error.name === "AbortError") return;
    }
    side.removeAttribute("aria-busy");
  };
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(look, pause); };
  form.addEventListener("input", () => later(1200));
  form.addEventListener("change", () => later(300));
  later(200);

  // --- What is typed is kept on the server: a failure is said beside the buttons, and nothing jumps.
  const note = document.getElementById("typed-note");
  const mine = ({ detail, target }) => note && target.closest?.("#typed-keeper, #compose") && detail.pathInfo?.requestPath.includes("/typed/");
  const forget = () => {
    try { sessionStorage.removeItem(`kept:${document.body.dataset.user ?? ""}:${form.dataset.keep}`); } catch { /* nothing was kept */ }
  };
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!mine(event) || !event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault(); // the session has ended: whoever types is not taken away from it
    note.textContent = note.dataset.ended;
  });
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(failure, (event) => {
      if (!mine(event) || event.detail.xhr.status === 409) return;
      event.stopPropagation();
      note.textContent = note.dataset.away;
    });
  }
  // What the server has, this tab need not keep: it would come back older than what is kept there.
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (mine(event) && event.detail.xhr.status === 200) forget();
  });
  for (const drop of document.querySelectorAll("form[data-unkeep]")) drop.addEventListener("submit", forget);

  // --- Phrases and pictures go where the caret was.
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-insert]");
    const field = button && document.getElementById(button.dataset.into);
    if (!field) return;
    const alone = button.dataset.insert.startsWith("[");
    const before = field.value.slice(0, field.selectionStart);
    const words = (alone && before && !before.endsWith("\n") ? "\n" : "") + button.dataset.insert + (alone ? "\n" : "");
    field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
