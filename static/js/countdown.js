// Pages of an attempt with a deadline: count down, in step with the server after sleep, in a hidden tab and when the clock
// of the system changes; and submit the page at the deadline. The server enforces it; without this script the page states it.
"use strict";

(() => {
  const JUMP = 1500; // milliseconds by which the two clocks of the browser may differ
  const AGAIN = 2000; // milliseconds between two questions to the server

  const digits = (seconds) => {
    const pad = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
    return hours ? `${hours}:${rest}` : rest;
  };

  const start = (element) => {
    const shown = element.querySelector(".countdown");
    let end, offset, askedAt;
    let over = false;
    let leaving = false;

    const set = (seconds) => {
      end = performance.now() + seconds * 1000;
      offset = Date.now() - performance.now();
    };
    const left = () => (end - performance.now()) / 1000;

    const show = () => {
      const seconds = Math.max(0, Math.ceil(left()));
      const minutes = Math.ceil(seconds / 60);
      const words = minutes === 1 ? element.dataset.one : element.dataset.many?.replace("#", minutes);
      const target = shown ?? element;
      const text = shown ? digits(seconds) : words;
      if (target.textContent !== text) target.textContent = text;
    };

    // Ask the server for the time left; resolve to whether it answered.
    const synchronize = async () => {
      if (askedAt && performance.now() - askedAt < AGAIN) return false;
      askedAt = performance.now();
      try {
        const response = await fetch(element.dataset.time, { headers: { Accept: "application/json" } });
        if (!response.ok) return false;
        takeIn(await response.json());
        return true;
      } catch {
        return false;
      }
    };
    const takeIn = (answer) => {
      if (typeof answer.seconds_left === "number") set(answer.seconds_left);
      if (!answer.is_open && element.isConnected) leave();
    };

    // The clock in the header of other pages just goes. The result shows what was too late as well, so save it first.
    const leave = async () => {
      if (leaving) return;
      leaving = true;
      if (!element.dataset.whenOver) {
        element.remove();
        return;
      }
      for (let tries = 0; tries < 10 && !(await window.quizsite.saveEverything()); tries += 1) {
        await new Promise((resolve) => window.setTimeout(resolve, 200));
      }
      window.location.assign(element.dataset.whenOver);
    };

    const submit = async () => {
      over = true;
      const form = element.dataset.whenOver && document.getElementById("turn");
      const button = form?.querySelector('button[value="over"]');
      if (!button) leave();
      else if (await window.quizsite.saveEverything()) form.requestSubmit(button);
      else over = false; // such as offline: it is tried again with the next tick
    };

    const tick = async () => {
      if (!element.isConnected) return;
      if (Math.abs(Date.now() - performance.now() - offset) > JUMP && (await synchronize())) show();
      show();
      if (left() <= 0 && !over && (await synchronize()) && left() <= 0) await submit();
      window.setTimeout(tick, 250);
    };

    set(Number(element.dataset.secondsLeft));
    if (shown) shown.hidden = false;
    tick();
    const again = () => {
      if (element.isConnected && !document.hidden) synchronize();
    };
    document.addEventListener("visibilitychange", again);
    window.addEventListener("focus", again);
    window.addEventListener("online", again);
    document.addEventListener("attempt:time", ({ detail }) => element.isConnected && takeIn(detail));
  };

  const startAll = () => {
    for (const element of document.querySelectorAll("[data-seconds-left]:not([data-started])")) {
      element.dataset.started = "";
      start(element);
    }
  };
  document.addEventListener("DOMContentLoaded", startAll);
  document.addEventListener("htmx:load", startAll);
})();
