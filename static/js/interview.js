// Question page of an interview: countdowns for thinking and answering, a draft that survives a reload, and a save just
// before the deadline. The server enforces the deadline; without this script the page states the times in words.
"use strict";

(() => {
  const SAVED_BEFORE_END = 3; // seconds before the deadline at which an unsaved answer is submitted

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
        // Without storage no draft survives a reload; everything else works.
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

  const filledIn = (form) => {
    const data = new FormData(form);
    for (const name of ["csrfmiddlewaretoken", "shown_at", "seen"]) data.delete(name);
    return JSON.stringify([...data]);
  };

  // Keep a draft in this tab until the server has the same text.
  const keepDraft = (form) => {
    const key = `draft ${form.getAttribute("action")}`;
    const areas = [...form.querySelectorAll("textarea")];
    const seen = form.elements.seen.value;
    const put = (fields) => areas.forEach((area) => (area.value = fields[area.name] ?? area.value));
    const draft = memory.read(key);
    const differs = areas.some((area) => draft && area.name in draft.fields && draft.fields[area.name].trim() !== area.value.trim());
    if (!differs) {
      if (!("typed" in form.dataset)) memory.write(key, null);
    } else if (draft.seen === seen) {
      put(draft.fields);
    } else {
      const notice = document.querySelector("[data-unsaved]");
      notice.hidden = false;
      notice.querySelector("[data-put-back]").addEventListener("click", () => {
        put(draft.fields);
        form.querySelectorAll("details").forEach((details) => (details.open = true));
        notice.hidden = true;
        areas[areas.length - 1].focus();
      });
    }
    form.addEventListener("input", () => {
      memory.write(key, { seen, fields: Object.fromEntries(areas.map((area) => [area.name, area.value])) });
    });
  };

  const countInterview = (element, isUnsaved, save) => {
    const end = performance.now() + Number(element.dataset.seconds) * 1000;
    let sent = false;
    const tick = () => {
      const left = (end - performance.now()) / 1000;
      const minutes = Math.max(0, Math.ceil(left / 60));
      const words = minutes === 1 ? element.dataset.one : element.dataset.many.replace("#", minutes);
      if (element.textContent !== words) element.textContent = words;
      if (left <= -1) {
        if (!sent) window.location.assign(element.dataset.whenOver); // if sent, the response leads to the result
        return;
      }
      if (left <= SAVED_BEFORE_END && !sent && isUnsaved()) {
        sent = true;
        save();
      }
      window.setTimeout(tick, 250);
    };
    tick();
  };

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("turn");
    const pristine = form.cloneNode(true);
    pristine.reset(); // to the saved values, in case something was typed before this script ran
    const saved = filledIn(pristine);
    const isUnsaved = () => "typed" in form.dataset || filledIn(form) !== saved;
    keepDraft(form);
    countInterview(document.querySelector("[data-seconds]"), isUnsaved, () => form.requestSubmit());
    document.querySelectorAll("[data-pace]").forEach(countPace);
  });
})();
