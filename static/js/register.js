/* A forbidden document was typed: the copy that this tab keeps of entries goes too. */
"use strict";
if (document.querySelector("[data-forget-entries]")) {
  try {
    for (const name of Object.keys(sessionStorage)) if (/^kept:[^:]*:(register|refuse)-/.test(name)) sessionStorage.removeItem(name);
  } catch { /* nothing was kept */ }
}
