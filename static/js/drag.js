// Ordering and matching questions by mouse, touch and pen. Dragging sets the selects, which also work without it; lines
// have a handle that moves them by the arrow keys as well.
"use strict";

(() => {
  const THRESHOLD = 5; // pixels that a pointer moves before a press becomes a drag
  const EDGE = 60; // pixels from the top and bottom of the window within which a drag scrolls the page
  const STEP = 12; // pixels that it scrolls

  const textOf = (element) => element.textContent.trim().replace(/\s+/g, " ");
  const tellOfChange = (select) => select.dispatchEvent(new Event("change", { bubbles: true }));
  const holds = (element, { clientX: x, clientY: y }) => {
    const box = element.getBoundingClientRect();
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  };

  const scrollAtEdge = ({ clientY }) => {
    if (clientY < EDGE) window.scrollBy(0, -STEP);
    else if (clientY > window.innerHeight - EDGE) window.scrollBy(0, STEP);
  };

  // Call `begin`, `move`, and `drop` or `cancel` as the pointer that pressed `grip` moves; Escape cancels.
  const onDrag = (grip, { mayBegin = () => true, begin, move, drop, cancel }) => {
    grip.addEventListener("pointerdown", (down) => {
      if (down.button !== 0 || !down.isPrimary || !mayBegin(down)) return;
      let dragging = false;
      const onMove = (event) => {
        if (event.pointerId !== down.pointerId) return;
        if (!dragging) {
          if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < THRESHOLD) return;
          dragging = true;
          begin();
        }
        event.preventDefault();
        scrollAtEdge(event);
        move(event, down);
      };
      const end = (event) => {
        if (event.type === "keydown" ? event.key !== "Escape" : event.pointerId !== down.pointerId) return;
        for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name, listener);
        if (dragging) (event.type === "pointerup" ? drop : cancel)(event);
      };
      const listeners = { pointermove: onMove, pointerup: end, pointercancel: end, keydown: end };
      for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener);
    });
    grip.addEventListener("dragstart", (event) => event.preventDefault());
  };

  const enableOrder = (list) => {
    const rows = () => [...list.children];
    const selectOf = (row) => row.querySelector("select");

    // Show the lines in the order of their numbers, if each has its own.
    const arrange = () => {
      const numbered = rows().map((row) => [Number(selectOf(row).value), row]);
      const isWhole = new Set(numbered.map(([number]) => number)).size === numbered.length;
      if (!isWhole || numbered.some(([number]) => !number)) return;
      numbered.sort(([one], [other]) => one - other);
      if (numbered.some(([, row], index) => row !== list.children[index])) list.append(...numbered.map(([, row]) => row));
    };

    const number = () => {
      rows().forEach((row, index) => {
        selectOf(row).value = String(index + 1);
      });
      tellOfChange(list.querySelector("select"));
    };

    const announce = (row) => {
      const place = list.dataset.place.replace("#", rows().indexOf(row) + 1).replace("@", list.children.length);
      document.getElementById("told").textContent = `${textOf(row.querySelector("label"))}: ${place}`;
    };

    const addHandle = (row) => {
      const handle = document.createElement("button");
      handle.type = "button";
      handle.className = "handle";
      handle.title = list.dataset.hint;
      handle.setAttribute("aria-label", `${list.dataset.move}: ${textOf(row.querySelector("label"))}`);
      row.prepend(handle);
      handle.addEventListener("keydown", (event) => {
        if (!["ArrowUp", "ArrowDown"].includes(event.key)) return;
        event.preventDefault();
        const next = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
        if (next) row[event.key === "ArrowUp" ? "after" : "before"](next); // the neighbour moves, so the handle keeps the focus
        number();
        announce(row);
      });
    };

    const enableDrag = (row) => {
      let before = [];
      onDrag(row, {
        // A finger that moves elsewhere on the line scrolls the page.
        mayBegin: ({ target, pointerType }) =>
          !target.closest("select") && (pointerType === "mouse" || target.closest(".handle")),
        begin: () => {
          before = rows();
          row.classList.add("is-dragged");
        },
        move: ({ clientY }) => {
          for (const other of rows()) {
            const box = other.getBoundingClientRect();
            if (other === row || clientY < box.top || clientY > box.bottom) continue;
            other[clientY > box.top + box.height / 2 ? "after" : "before"](row);
          }
        },
        drop: () => {
          row.classList.remove("is-dragged");
          number();
          announce(row);
        },
        cancel: () => {
          row.classList.remove("is-dragged");
          list.append(...before);
        },
      });
    };

    arrange();
    for (const row of rows()) {
      addHandle(row);
      enableDrag(row);
    }
  };

  const enableMatching = (list) => {
    const bank = document.createElement("ul");
    bank.className = "chips";
    bank.setAttribute("aria-hidden", "true"); // keyboards and screen readers use the selects
    const selects = [...list.querySelectorAll("select")];
    const mark = (target) => {
      for (const row of list.children) row.classList.toggle("is-target", row === target);
    };

    const enableDrag = (chip) => {
      const stop = () => {
        chip.classList.remove("is-dragged");
        chip.style.translate = "";
        mark();
      };
      const targetOf = (event) => [...list.children].find((row) => holds(row, event));
      let scrolled = 0;
      onDrag(chip, {
        begin: () => {
          chip.classList.add("is-dragged");
          scrolled = window.scrollY;
        },
        move: (event, down) => {
          const across = event.clientX - down.clientX;
          const along = event.clientY - down.clientY + window.scrollY - scrolled;
          chip.style.translate = `${across}px ${along}px`;
          mark(targetOf(event));
        },
        drop: (event) => {
          const select = targetOf(event)?.querySelector("select");
          stop();
          if (!select) return;
          select.value = chip.dataset.value;
          tellOfChange(select);
        },
        cancel: stop,
      });
    };

    for (const option of selects[0].options) {
      if (!option.value) continue;
      const chip = document.createElement("li");
      chip.textContent = option.text;
      chip.dataset.value = option.value;
      enableDrag(chip);
      bank.append(chip);
    }
    const markUsed = () => {
      const used = new Set(selects.map((select) => select.value));
      for (const chip of bank.children) chip.classList.toggle("is-used", used.has(chip.dataset.value));
    };
    list.addEventListener("change", markUsed);
    list.before(bank);
    markUsed();
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
