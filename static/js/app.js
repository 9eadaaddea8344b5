/* What the pages do beyond plain HTML. All of it is help: every page works without this file. */
"use strict";
(() => {
  const body = document.body;
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) => element && element.getClientRects().length > 0;
  const slip = (id) => document.getElementById(id)?.content.firstElementChild.cloneNode(true);

  // --- Verbs are sent once: the pressed button turns and keeps its width.
  const labels = new WeakMap();
  const release = (form) => {
    delete form.dataset.sending;
    for (const button of all("[aria-busy=true]", form)) {
      button.removeAttribute("aria-busy");
      button.style.minWidth = "";
      if (labels.has(button)) button.replaceChildren(...labels.get(button));
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-download")) return;
    if (form.dataset.sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sending = "1";
    const button = event.submitter;
    if (button?.classList.contains("button")) {
      button.style.minWidth = `${button.offsetWidth}px`;
      labels.set(button, [...button.childNodes]);
      button.setAttribute("aria-busy", "true");
      button.replaceChildren(button.dataset.busy || body.dataset.busy || "");
    }
    setTimeout(() => release(form), 30000); // an answer that never came must not lock the form
  }, true);
  addEventListener("pageshow", (event) => event.persisted && all("form").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form) release(form);
  });
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, () => {
      one("#messages")?.replaceChildren(slip("not-sent") ?? "");
      scrollTo(0, 0);
    });
  }

  // --- Fields: counters, dates, passwords, files. Delegated, so that swapped parts have them too.
  document.addEventListener("input", ({ target }) => {
    const counter = target.id && one(`[data-count="${CSS.escape(target.id)}"]`);
    if (!counter) return;
    const limit = Number(counter.textContent.split("/")[1]);
    counter.textContent = `${[...target.value].length} / ${limit}`;
    counter.classList.toggle("field__count--over", [...target.value].length > limit);
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("[data-date]")) {
      const parts = target.value.trim().match(/^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})$/) ?? target.value.trim().match(/^(\d\d)(\d\d)(\d{4}|\d\d)$/);
      if (parts) target.value = [parts[1].padStart(2, "0"), parts[2].padStart(2, "0"), parts[3].padStart(4, "20")].join("/");
    }
    if (target.type === "file") {
      const list = target.closest(".drop") && one(".drop__list", target.closest(".drop"));
      if (list) list.textContent = [...target.files].map((file) => file.name).join(", ");
    }
  });
  all("[data-reveal]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-reveal]");
    if (button) {
      const field = document.getElementById(button.dataset.reveal);
      const open = field.type === "password";
      field.type = open ? "text" : "password";
      button.setAttribute("aria-pressed", String(open));
      button.textContent = open ? body.dataset.hide : body.dataset.show;
    }
    for (const menu of all("details[data-menu][open]")) if (!menu.contains(target)) menu.open = false;
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const zone = event.target.closest?.(".drop");
      if (!zone || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.classList.toggle("drop--over", kind === "dragenter" || kind === "dragover");
      const input = one("input[type=file]", zone);
      if (kind !== "drop" || !input) return;
      const files = new DataTransfer();
      [...event.dataTransfer.files].slice(0, input.multiple ? Infinity : 1).forEach((file) => files.items.add(file));
      input.files = files.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // --- What was typed outlives an expired session: kept in this tab, for this person, until it is sent.
  const PREFIX = "kept:";
  const skip = new Set(["password", "file", "hidden", "submit", "button", "reset"]);
  const keptName = (form) => `${PREFIX}${body.dataset.user ?? ""}:${form.dataset.keep}`;
  const read = (name) => { try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; } };
  const write = (name, value) => {
    try { sessionStorage.setItem(name, JSON.stringify(value)); } catch { /* full or forbidden: nothing is kept */ }
  };
  const keptNames = () => { try { return Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX)); } catch { return []; } };
  const fields = (form) => [...form.elements].filter((field) => field.name && !skip.has(field.type) && !field.readOnly && !field.disabled && !field.closest("[data-unkept]"));
  const ticks = (field) => field.type === "checkbox" || field.type === "radio";
  const keep = (form) => {
    const values = fields(form).map((field) => [field.name, ticks(field) ? field.value : null,
      ticks(field) ? field.checked : field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value]);
    write(keptName(form), { values, sent: false });
    const note = one("[data-kept-at]", form);
    if (note) note.textContent = `${note.dataset.keptAt} ${new Date().toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit" })}`;
  };
  const bringBack = (form, values) => {
    for (const [name, value, state] of values) {
      const field = fields(form).find((other) => other.name === name && (value === null || other.value === value));
      if (!field) continue;
      if (ticks(field)) field.checked = state;
      else if (field.multiple) for (const option of field.options) option.selected = state.includes(option.value);
      else field.value = state;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  // A sign-in or error page means that what was sent did not arrive.
  if (one("[data-unsent]")) for (const name of keptNames()) write(name, { ...read(name), sent: false });
  else if (body.dataset.user) {
    for (const name of keptNames()) if (!name.startsWith(`${PREFIX}${body.dataset.user}:`)) sessionStorage.removeItem(name);
  }
  for (const form of all("form[data-keep]")) {
    const kept = read(keptName(form));
    if (kept?.sent) sessionStorage.removeItem(keptName(form));
    else if (kept && !one(".field--error, .verdict--refused", form)) {
      bringBack(form, kept.values);
      const notice = slip("kept-back");
      one("[data-drop-kept]", notice).addEventListener("click", () => {
        sessionStorage.removeItem(keptName(form));
        form.reset();
        notice.remove();
      });
      form.prepend(notice);
    }
    let timer;
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 400, form); });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      keep(form);
      write(keptName(form), { ...read(keptName(form)), sent: true });
    });
  }
  for (const form of all("form[data-forget-all]")) {
    form.addEventListener("submit", () => keptNames().forEach((name) => sessionStorage.removeItem(name)));
  }

  // --- Keys. A key presses what the page shows with data-key; single letters rest while somebody types.
  const press = (name) => {
    const target = all("[data-key]").find((element) => element.dataset.key === name && shown(element));
    target?.click();
    return Boolean(target);
  };
  const step = (by) => {
    const links = all("[data-row]").filter(shown).map((row) => one("[data-row-link], a", row));
    const here = links.findIndex((link) => link?.closest("[data-row]").contains(document.activeElement));
    links[Math.max(0, Math.min(links.length - 1, here + by))]?.focus();
    return links.length > 0;
  };
  let lastField;
  document.addEventListener("focusin", ({ target }) => { if (target.matches("main :is(input, select, textarea)")) lastField = target; });
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const typing = target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    let done = false;
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const form = target.closest("form") ?? one("form[data-keep]");
      if (key === "Enter" && form?.method === "post") {
        form.requestSubmit(one("[data-key='Ctrl+Enter'], .button--primary:not([type=button])", form));
        done = true;
      } else if (key === "s" && form?.dataset.keep) { keep(form); done = true; }
    } else if (event.altKey) return;
    else if (key === "Escape") {
      const menu = one("details[data-menu][open]");
      if (menu) { menu.open = false; one("summary", menu).focus(); done = true; }
      else if (typing) target.blur();
      else done = press("Escape");
    } else if (key === "F2" && one("[data-stage]")) {
      (target.closest("[data-stage]") ? lastField ?? one("main form :is(input, select, textarea):not([type=hidden])") : one("[data-stage]"))?.focus();
      done = true;
    } else if (key.startsWith("Page")) done = !typing && press(key);
    else if (typing || body.dataset.keys === "off") return;
    else if (key === "/") { one("[data-find]")?.focus(); done = true; }
    else if (key === "Enter") done = target === body && press("Enter");
    else if (key.length === 1) done = press(key.toUpperCase()) || (/^[jk]$/i.test(key) && step(key.toLowerCase() === "j" ? 1 : -1));
    if (done) event.preventDefault();
  });

  // --- The current tab is in sight where the tabs run off sideways.
  for (const tab of all(".tabs [aria-current]")) {
    const row = tab.closest(".tabs");
    row.scrollLeft += tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
  }

  // --- A refusal or a wrong field is where the eye and the keyboard should be.
  const lead = (root) => one("[data-focus], .field--error :is(input, select, textarea)", root)?.focus();
  lead(document);
  document.addEventListener("htmx:afterSwap", (event) => lead(event.detail.elt));
})();
