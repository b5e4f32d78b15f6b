// Counts the time left on the page (the server keeps the time; this only shows it, and opens the result when it is
// over), tells when an answer could not be sent, and keeps the focus where reading goes on.
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

  const tellLost = (lost) => {
    document.getElementById("connection-lost").hidden = !lost;
  };

  // A swap takes the button that was pressed away; reading then goes on at the new question instead of at the top.
  // What came of it is told to those who listen as well.
  const keepFocus = ({ target }) => {
    if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
    const told = target.matches("[data-told]") ? target : target.querySelector("[data-told]");
    document.getElementById("told").textContent = told?.dataset.told ?? "";
  };

  document.addEventListener("htmx:afterSettle", keepFocus);
  document.addEventListener("htmx:sendError", () => tellLost(true));
  document.addEventListener("htmx:beforeSwap", () => tellLost(false));
  document.addEventListener("htmx:responseError", () => tellLost(true)); // such as 503: the page stays
  document.addEventListener("DOMContentLoaded", startAll);
  document.addEventListener("htmx:load", startAll);
})();
