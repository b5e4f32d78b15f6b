// Page of a form that was kept until after log-in: submit it at once. Without this script a button does it.
"use strict";

document.querySelector("[data-submit-at-once]").requestSubmit();
