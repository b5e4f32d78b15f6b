// Every page: keep the cookie with the browser's time zone up to date, add copy buttons to code, and keep the `next`
// fields of the footer in line with the page that htmx shows. A log-out and the deletion of one's data remove the copies of
// drafts that autosave.js keeps in this browser.
"use strict";

(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const forgets = document.querySelector("[data-forget]"); // a page that must leave nothing in the browser
  if (zone && !forgets && !document.cookie.split("; ").includes(`zone=${zone}`)) {
    const secure = window.location.protocol === "https:" ? "; secure" : "";
    document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
  }

  const forgetDrafts = () => {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("draft ")) localStorage.removeItem(key);
    } catch {
      // Storage is blocked, so there is nothing to remove.
    }
  };
  if (forgets) forgetDrafts();
  document.addEventListener("submit", ({ target }) => {
    if (target.getAttribute("action")?.endsWith("/logout/")) forgetDrafts();
  });

  const offerCopy = (block) => {
    const button = block.querySelector("[data-copy]");
    if (!button || button.dataset.ready || !navigator.clipboard) return;
    button.dataset.ready = "yes";
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("code").textContent);
      button.textContent = button.dataset.copied;
      window.setTimeout(() => (button.textContent = label), 2000);
    });
  };

  const updateFooter = () => {
    const here = window.location.pathname + window.location.search;
    for (const field of document.querySelectorAll('.site-footer input[name="next"]')) field.value = here;
  };

  // A menu closes with Escape, and with a click beside it unless something in it is open, such as a note.
  const closeMenus = (event) => {
    if (event.key && event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(":is(.account-menu, .more)[open]")) {
      if (event.type === "click" && (menu.contains(event.target) || menu.querySelector("[open]"))) continue;
      menu.open = false;
      if (event.key) menu.querySelector("summary").focus();
    }
  };
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);

  // A link to something in closed details opens them, in browsers that do not do this by themselves.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(window.location.hash.slice(1));
    const closed = target?.closest("details:not([open])");
    if (!closed) return;
    closed.open = true;
    target.scrollIntoView();
  });

  const offerAll = () => document.querySelectorAll(".code-block").forEach(offerCopy);
  document.addEventListener("DOMContentLoaded", offerAll);
  document.addEventListener("DOMContentLoaded", () => {
    for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
  });
  document.addEventListener("htmx:load", offerAll);
  document.addEventListener("htmx:pushedIntoHistory", updateFooter);
})();
