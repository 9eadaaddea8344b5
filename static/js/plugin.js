/* Signing with the device of a person: speaks to the signing program on his machine (VGCA Sign Service). What counts is the file that the
   program sends to the server; what it says here is only shown. Without this file one signs elsewhere and sends the file. */
"use strict";
(() => {
  const OPENS_WITHIN = 8000, ARRIVES_WITHIN = 6000; // milliseconds
  const begun = new Set(); // errands that were begun on this page: they are completed when their file is here
  const part = (id) => document.querySelector(`[data-errand="${CSS.escape(id)}"]`);
  const wait = (pause) => new Promise((done) => setTimeout(done, pause));

  const say = (id, words, more = "") => {
    const line = part(id)?.querySelector("[data-errand-said]");
    if (!line) return;
    line.textContent = [part(id).dataset[`say${words}`] ?? "", more].filter(Boolean).join(" ");
    line.hidden = !line.textContent;
  };
  const refresh = (id) => {
    const state = part(id)?.querySelector("[data-errand-state]");
    if (state) window.htmx?.trigger(state, "refresh");
  };
  const show = (root) => {
    for (const line of root.querySelectorAll("[data-errand-plugin]")) line.hidden = false;
    for (const line of root.querySelectorAll("[data-errand-plain]")) line.hidden = true;
    for (const form of root.querySelectorAll("[data-errand-next]")) {
      const id = form.closest("[data-errand]").dataset.errand;
      if (begun.delete(id)) form.requestSubmit();
    }
  };

  // The program opens first: a machine without it needs no token.
  const connect = (address) => new Promise((opened, failed) => {
    let socket;
    try { socket = new WebSocket(address); } catch (error) { failed(error); return; }
    const timer = setTimeout(() => { failed(new Error("slow")); socket.close(); }, OPENS_WITHIN);
    socket.addEventListener("open", () => { clearTimeout(timer); opened(socket); });
    socket.addEventListener("close", () => { clearTimeout(timer); failed(new Error("closed")); });
  });
  const answer = (socket) => new Promise((given) => {
    socket.addEventListener("message", (event) => given(event.data));
    socket.addEventListener("close", () => given(null));
  });
  const ask = async (section) => {
    const token = section.querySelector("[name=csrfmiddlewaretoken]").value;
    const response = await fetch(section.dataset.tokenUrl, {
      method: "POST", headers: { "X-CSRFToken": token, "HX-Request": "true" }, credentials: "same-origin",
    });
    if (response.headers.get("HX-Redirect")) { location.assign(response.headers.get("HX-Redirect")); return null; }
    return { ok: response.ok, ...(await response.json()) };
  };
  const read = (text) => { try { return JSON.parse(text); } catch { return null; } };

  const sign = async (id) => {
    const section = part(id);
    let socket = null;
    try {
      say(id, "Connecting");
      // Every operation has an address of its own; that one is asked first costs no token.
      try { socket = await connect(`${section.dataset.plugin}/${section.dataset.operation}`); } catch { say(id, "Absent"); return; }
      const replied = answer(socket);
      let asked;
      try { asked = await ask(section); } catch { say(id, "Unsent"); return; }
      if (!asked) return;
      if (!asked.ok) { say(id, "", asked.message); refresh(id); return; }
      begun.add(id);
      socket.send(JSON.stringify(asked.request));
      say(id, "Waiting");
      refresh(id); // from now on the state is asked for by itself
      const reply = await replied;
      if (reply === null) { say(id, "Lost"); refresh(id); return; }
      const found = read(reply);
      if (found?.Status !== 0) {
        begun.delete(id);
        if (found?.Message) say(id, "Refused", found.Message); else say(id, "Cancelled");
        refresh(id);
        return;
      }
      say(id, "Arriving");
      refresh(id);
      await wait(ARRIVES_WITHIN);
      if (begun.has(id)) say(id, "Missing");
    } finally {
      socket?.close();
      part(id)?.querySelector("[data-errand-sign]")?.removeAttribute("aria-busy");
    }
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-errand-sign]");
    const id = button?.closest("[data-errand]").dataset.errand;
    if (!id || button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    sign(id);
  });
  // One of many: the page comes again for the next file, and the person has begun already.
  const goOn = () => document.querySelector("[data-errand-goes-on] [data-errand-sign]")?.click();
  document.addEventListener("htmx:load", (event) => show(event.detail.elt.parentElement ?? document));
  show(document);
  goOn();
})();
