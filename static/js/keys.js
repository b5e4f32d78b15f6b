// Keyboard shortcuts of the question page. They are off while the user types, and can be turned off in the preferences.
"use strict";

(() => {
  const main = () => document.getElementById("main");
  const click = (selector) => {
    const found = main().querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  };

  const showKeys = () => {
    const dialog = document.querySelector("dialog.keys");
    if (!dialog.open) dialog.showModal();
  };

  const actions = {
    n: () => click('button[name="go"][value="next"]'),
    p: () => click('button[name="go"][value="previous"]'),
    f: () => click('input[name="flagged"]'),
    g: () => click('input[name="confidence"][value="guess"]'),
    u: () => click('input[name="confidence"][value="unsure"]'),
    s: () => click('input[name="confidence"][value="sure"]'),
    "/": () => {
      const field = main().querySelector('input[type="search"]');
      (field ?? document.querySelector("[data-search]")).select();
      return true;
    },
    "?": () => {
      showKeys();
      return true;
    },
  };

  const option = (number) => {
    const found = main().querySelectorAll(".options input")[number - 1];
    if (!found) return false;
    found.click();
    found.focus();
    return true;
  };

  // The arrow keys move between the lines of a listing; Tab visits each of them.
  const moveInListing = (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.target.matches(".code-lines input")) return;
    const boxes = [...event.target.closest(".code-lines").querySelectorAll("input")];
    boxes[boxes.indexOf(event.target) + step]?.focus();
    event.preventDefault();
  };

  const isTyping = (target) =>
    target.isContentEditable || target.matches('textarea, select, input:not([type="radio"]):not([type="checkbox"])');

  const onKey = (event) => {
    // Ctrl+Enter is the primary button while the user types.
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form?.id === "turn") {
      if (!event.repeat && click("#turn .btn-primary")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    moveInListing(event);
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.repeat) {
      // A key that is held acts once: the next page would take what was meant for this one.
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    let done = false;
    if (event.key === "Enter") {
      const busy = event.target.closest("a, button, summary, pre");
      done = !busy && event.target.closest("form") === null && click("#turn .btn-primary");
    } else if (document.documentElement.dataset.keys === "on") {
      done = /^[1-9]$/.test(event.key) ? option(Number(event.key)) : (actions[event.key.toLowerCase()]?.() ?? false);
    }
    if (done) event.preventDefault();
  };

  document.addEventListener("keydown", onKey);
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-show-keys]");
    button.hidden = false;
    button.addEventListener("click", showKeys);
  });
})();
