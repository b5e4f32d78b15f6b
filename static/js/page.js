// Small conveniences of every page: the browser's time zone is told to the server, code can be copied, and the footer
// leads back to the page that is shown, which may have been swapped in beneath it.
"use strict";

(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const forgets = document.querySelector("[data-forget]"); // a page after which nothing is to be left
  if (zone && !forgets && !/(^|; )zone=/.test(document.cookie)) {
    const secure = window.location.protocol === "https:" ? "; secure" : "";
    document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
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

  const tellFooter = () => {
    const here = window.location.pathname + window.location.search;
    for (const field of document.querySelectorAll('.site-footer input[name="next"]')) field.value = here;
  };

  const offerAll = () => document.querySelectorAll(".code-block").forEach(offerCopy);
  document.addEventListener("DOMContentLoaded", offerAll);
  document.addEventListener("htmx:load", offerAll);
  document.addEventListener("htmx:pushedIntoHistory", tellFooter);
})();
