/* The tray and the registering form: files sent one by one, keys of drafts and templates, the number in two fields. */
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);

  // --- The tray: each file goes by itself, with its progress; a bad one does not stop the others.
  const arrive = one("#arrive");
  const send = (files, rows) => new Promise((done) => {
    const data = new FormData(arrive);
    data.delete("files");
    for (const file of files) data.append("files", file);
    const request = new XMLHttpRequest();
    request.open("POST", arrive.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", ({ loaded }) => {
      let sent = loaded; // of several files in one request, the first ones have gone first
      files.forEach((file, place) => {
        const bar = one("progress", rows[place]);
        if (bar) bar.value = Math.max(0, Math.min(1, sent / Math.max(1, file.size)));
        sent -= file.size;
      });
    });
    const end = (words) => {
      const whole = request.status === 200 && !request.responseURL.includes("/login/");
      rows.forEach((row, place) => {
        one("progress", row)?.remove();
        const answer = document.createElement("span");
        if (whole && place === 0) answer.innerHTML = request.responseText; // our own page's part
        else if (!whole) { answer.className = "drop__no"; answer.dataset.failed = ""; answer.textContent = words; }
        row.append(answer);
      });
      done(whole && !one("[data-failed]", rows[0]));
    };
    for (const kind of ["load", "error", "abort", "timeout"]) {
      request.addEventListener(kind, () => end(request.getResponseHeader("HX-Redirect") ? arrive.dataset.endedWords : arrive.dataset.limitWords));
    }
    request.send(data);
  });
  const row = (file) => {
    const item = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `${arrive.dataset.sendingWords} ${file.name}`);
    item.append(name, bar);
    return item;
  };
  arrive?.addEventListener("submit", async (event) => {
    const input = one("input[type=file]", arrive);
    if (!input.files.length || !window.htmx) return; // the page itself says what is missing
    event.preventDefault();
    const files = [...input.files];
    const list = one(".drop__files", arrive);
    const rows = files.map(row);
    list.hidden = false;
    list.replaceChildren(...rows);
    one(".drop__list", arrive).textContent = "";
    const together = new FormData(arrive).get("as") === "one";
    if (together) await send(files, rows);
    else for (let place = 0; place < files.length; place += 1) await send([files[place]], [rows[place]]);
    input.value = "";
    delete arrive.dataset.sending;
    const button = one("button[aria-busy=true]", arrive);
    if (button) {
      button.removeAttribute("aria-busy");
      button.textContent = button.dataset.words;
    }
    window.htmx.ajax("GET", location.pathname, { target: "#waiting", select: "#waiting", swap: "outerHTML" });
    looks = 0;
    setTimeout(look, 2000);
  });
  // What is being inspected gets its preview as soon as it has one; not under somebody's ticks.
  let looks = 0;
  const look = () => {
    looks += 1;
    if (!one("#waiting [data-inspecting]") || looks > 20) return;
    if (!one("#waiting :is(:checked, :focus)")) window.htmx.ajax("GET", location.pathname, { target: "#waiting", select: "#waiting", swap: "outerHTML" });
    setTimeout(look, 3000);
  };
  if (arrive) setTimeout(look, 3000);
  const pressed = arrive && one(".arrive__foot button", arrive);
  if (pressed) pressed.dataset.words = pressed.textContent;

  // --- The registering form.
  const form = one("#entry");
  if (!form) return;
  const note = one("#draft-note");
  const keptName = `kept:${document.body.dataset.user ?? ""}:${form.dataset.keep}`;
  const forget = () => { try { sessionStorage.removeItem(keptName); } catch { /* nothing was kept */ } };
  one("#discard")?.addEventListener("submit", forget);

  // A draft is saved in the background: a failure is said beside the buttons, and nothing jumps.
  const mine = (event) => event.target.closest?.("#draft-saver, #entry, #draft-note") && event.detail.pathInfo?.requestPath.includes("/draft/");
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!mine(event) || !event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault(); // the session has ended: whoever types is not taken away from it
    note.textContent = note.dataset.ended;
  });
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(failure, (event) => {
      if (!mine(event)) return;
      event.stopPropagation();
      note.textContent = note.dataset.away;
    });
  }
  // What the server has, this tab need not keep: it would come back older than the draft.
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (mine(event) && event.detail.xhr.status === 200) forget();
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const key = event.key.toLowerCase();
    if (key === "s") {
      event.preventDefault();
      one("[data-draft-key]").click();
    } else if (key === "d") {
      event.preventDefault();
      const hidden = document.createElement("input");
      const button = one("#sender button[value=template]");
      if (button && !button.closest("noscript")) { button.click(); return; }
      if (!one("[name=organ_name]", form).value.trim()) { one("[name=organ_name]", form).focus(); return; }
      Object.assign(hidden, { type: "hidden", name: "then", value: "template" });
      form.append(hidden); // the offer has not come yet: the server knows
      form.requestSubmit();
    }
  });

  // "4127/UBND-HTKT", typed or pasted as one, goes into its two fields.
  const number = one("[name=code_number]", form), notation = one("[name=code_notation]", form);
  number?.addEventListener("input", () => {
    const slash = number.value.indexOf("/");
    if (slash < 1) return;
    const behind = number.value.slice(slash + 1).trim();
    if (behind && notation.value.trim() && notation.value.trim() !== behind) return; // nothing is typed over
    number.value = number.value.slice(0, slash).trim();
    if (behind) notation.value = behind;
    notation.focus();
    notation.select();
    for (const field of [number, notation]) field.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
