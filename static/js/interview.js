// Question page of an interview: countdowns for thinking and answering. Without this script the page states the times in
// words.
"use strict";

(() => {
  const memory = {
    read: (key) => {
      try {
        return JSON.parse(sessionStorage.getItem(key));
      } catch {
        return null;
      }
    },
    write: (key, value) => {
      try {
        if (value === null) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, JSON.stringify(value));
      } catch {
        // Without storage a reload starts the countdown anew; everything else works.
      }
    },
  };

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  // The time to think ends when it is over or when the candidate begins to answer; a reload keeps both times.
  const countPace = (element) => {
    const key = `pace ${element.dataset.pace}`;
    const words = element.querySelector("[data-phase]");
    const countdown = element.querySelector(".countdown");
    const begun = memory.read(key) ?? { at: Date.now(), answeringAt: null };
    const think = Number(element.dataset.think) * 1000;
    const answer = Number(element.dataset.answer) * 1000;
    memory.write(key, begun);

    const beginToAnswer = () => {
      if (begun.answeringAt || Date.now() >= begun.at + think) return;
      begun.answeringAt = Date.now();
      memory.write(key, begun);
      tick();
    };
    const tick = () => {
      const answering = begun.answeringAt ?? begun.at + think;
      const now = Date.now();
      const phase = now < answering ? "thinking" : now < answering + answer ? "answering" : "over";
      if (words.dataset.now !== phase) {
        words.dataset.now = phase;
        words.textContent = words.dataset[phase];
      }
      countdown.hidden = phase === "over";
      countdown.textContent = clock(Math.ceil(((phase === "thinking" ? answering : answering + answer) - now) / 1000));
    };
    tick();
    window.setInterval(tick, 250);
    document.getElementById("turn").addEventListener("input", beginToAnswer);
    document.addEventListener("recorder:begun", beginToAnswer);
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-pace]").forEach(countPace));
})();
