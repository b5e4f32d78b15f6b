// Question page of a quiz: countdown to the deadline, which the server enforces; a warning when an answer could not be
// sent; and focus and announcements for screen readers after htmx swaps the page.
"use strict";

(() => {
  const format = (seconds) => {
    const pad = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
    return hours ? `${hours}:${rest}` : rest;
  };

  const start = (element) => {
    const end = performance.now() + Number(element.dataset.secondsLeft) * 1000;
    const countdown = element.querySelector(".countdown");
    countdown.hidden = false;
    const tick = () => {
      if (!element.isConnected) return;
      const left = Math.ceil((end - performance.now()) / 1000);
      countdown.textContent = format(Math.max(0, left));
      if (left <= -1) window.location.assign(element.dataset.whenOver);
      else window.setTimeout(tick, 250);
    };
    tick();
  };

  const startAll = () => {
    for (const element of document.querySelectorAll("[data-seconds-left]:not([data-started])")) {
      element.dataset.started = "";
      start(element);
    }
  };

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
  document.addEventListener("DOMContentLoaded", startAll);
  document.addEventListener("htmx:load", startAll);
})();
