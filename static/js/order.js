// Lines of an ordering question can be dragged where there is a mouse; dragging fills in the numbers, which anybody can
// also choose by hand.
"use strict";

(() => {
  const number = (list) => {
    [...list.children].forEach((row, index) => {
      row.querySelector("select").value = String(index + 1);
    });
  };

  const enable = (list) => {
    if (list.dataset.ready) return;
    list.dataset.ready = "yes";
    let dragged = null;
    for (const row of list.children) {
      row.draggable = true;
      row.addEventListener("dragstart", (event) => {
        dragged = row;
        row.classList.add("is-dragged");
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
      });
      row.addEventListener("dragend", () => {
        row.classList.remove("is-dragged");
        dragged = null;
      });
      row.addEventListener("dragover", (event) => {
        if (!dragged) return;
        event.preventDefault();
        if (dragged === row) return;
        const box = row.getBoundingClientRect();
        const isBelow = event.clientY > box.top + box.height / 2;
        row[isBelow ? "after" : "before"](dragged);
      });
      row.addEventListener("drop", (event) => {
        event.preventDefault();
        number(list);
      });
    }
  };

  const enableAll = () => document.querySelectorAll("[data-order-by-drag]").forEach(enable);
  document.addEventListener("DOMContentLoaded", enableAll);
  document.addEventListener("htmx:load", enableAll);
})();
