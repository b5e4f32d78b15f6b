// Offers passkeys where the browser knows them, and says so on the page where it gave none.
"use strict";

(() => {
  if (window.PublicKeyCredential) {
    for (const part of document.querySelectorAll("[data-needs-keys]")) part.hidden = false;
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.querySelector("[data-key-refused]").hidden = false;
  });
})();
