// Small conveniences of every page: the browser's time zone is told to the server, and code can be copied.
"use strict";

(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const forgets = document.querySelector("[data-forget]"); // a page after which nothing is to be left
  if (zone && !forgets && !/(^|; )zone=/.test(document.cookie)) {
    document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
  }

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

  const offerAll = () => document.querySelectorAll(".code-block").forEach(offerCopy);
  document.addEventListener("DOMContentLoaded", offerAll);
  document.addEventListener("htmx:load", offerAll);
})();
