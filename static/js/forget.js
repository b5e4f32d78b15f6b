// Page after the deletion of personal data: delete what only this browser has of interviews; page.js deletes the drafts.
"use strict";

try {
  window.sessionStorage.clear();
} catch {
  // Storage is blocked, so there is nothing to clear.
}
window.indexedDB.deleteDatabase("interviews").addEventListener("success", () => {
  document.querySelector("[data-forgotten]").hidden = false;
});
