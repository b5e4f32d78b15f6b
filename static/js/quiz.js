// Question page of a quiz: a warning when an answer could not be sent; and focus and announcements for screen readers
// after htmx swaps the page.
"use strict";

(() => {
  const showConnectionLost = (lost) => {
    document.getElementById("connection-lost").hidden = !lost;
  };

  // A swap removes the focused button: move the focus to the new question, and announce the outcome to screen readers.
  const keepFocus = ({ target }) => {
    if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
    const told = target.matches("[data-told]") ? target : target.querySelector("[data-told]");
    document.getElementById("told").textContent = told?.dataset.told ?? "";
  };

  document.addEventListener("htmx:afterSettle", keepFocus);
  document.addEventListener("htmx:sendError", () => showConnectionLost(true));
  document.addEventListener("htmx:beforeSwap", () => showConnectionLost(false));
  document.addEventListener("htmx:responseError", () => showConnectionLost(true)); // such as 503, which htmx does not swap in
})();
