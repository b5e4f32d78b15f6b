// Once an account is deleted, so are the recordings of mock interviews, which only this browser has.
"use strict";

window.indexedDB.deleteDatabase("quizsite-recordings").addEventListener("success", () => {
  document.querySelector("[data-forgotten]").hidden = false;
});
