// Once somebody's data is deleted, so is what only this browser has of it: recordings of interviews, drafts of answers.
"use strict";

try {
  window.sessionStorage.clear();
} catch {
  // There is none to clear where storage is blocked.
}
window.indexedDB.deleteDatabase("interviews").addEventListener("success", () => {
  document.querySelector("[data-forgotten]").hidden = false;
});
