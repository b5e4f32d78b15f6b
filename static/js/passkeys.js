// Show the passkey controls if the browser supports passkeys, and an error message if it returned none.
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
