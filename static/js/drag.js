// Drag and drop for ordering and matching questions. Dragging sets the selects, which also work without a mouse.
"use strict";

(() => {
  let dragged = null;
  const tellOfChange = (select) => select.dispatchEvent(new Event("change", { bubbles: true }));

  const makeDraggable = (element) => {
    element.draggable = true;
    element.addEventListener("dragstart", (event) => {
      dragged = element;
      element.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
    });
    element.addEventListener("dragend", () => {
      element.classList.remove("is-dragged");
      dragged = null;
    });
  };

  const takeDrops = (element, { accepts, over = () => {}, drop }) => {
    element.addEventListener("dragover", (event) => {
      if (!dragged || !accepts()) return;
      event.preventDefault();
      over(event);
    });
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      if (dragged && accepts()) drop();
    });
  };

  const enableOrder = (list) => {
    const number = () => {
      [...list.children].forEach((row, index) => {
        row.querySelector("select").value = String(index + 1);
      });
      tellOfChange(list.querySelector("select"));
    };
    for (const row of list.children) {
      makeDraggable(row);
      takeDrops(row, {
        accepts: () => dragged.parentElement === list,
        over: (event) => {
          if (dragged === row) return;
          const box = row.getBoundingClientRect();
          row[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
        },
        drop: number,
      });
    }
  };

  const enableMatching = (list) => {
    const bank = document.createElement("ul");
    bank.className = "chips";
    bank.setAttribute("aria-hidden", "true"); // screen readers use the selects
    for (const option of list.querySelector("select").options) {
      if (!option.value) continue;
      const chip = document.createElement("li");
      chip.textContent = option.text;
      chip.dataset.value = option.value;
      makeDraggable(chip);
      bank.append(chip);
    }
    for (const row of list.children) {
      takeDrops(row, {
        accepts: () => dragged.parentElement === bank,
        drop: () => {
          row.querySelector("select").value = dragged.dataset.value;
          tellOfChange(row.querySelector("select"));
        },
      });
    }
    list.before(bank);
  };

  const enableAll = () => {
    for (const list of document.querySelectorAll("[data-drag]:not([data-ready])")) {
      list.dataset.ready = "";
      if (list.dataset.drag === "order") enableOrder(list);
      else enableMatching(list);
    }
  };
  document.addEventListener("DOMContentLoaded", enableAll);
  document.addEventListener("htmx:load", enableAll);
})();
