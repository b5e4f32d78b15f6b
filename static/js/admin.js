// Edit pages of the admin: live preview of Markdown, rows moved by drag and drop or with Alt and an arrow key, and
// Ctrl+S to save and continue editing.
"use strict";

{
    const PAUSE = 300; // milliseconds without a keystroke before the preview is updated

    async function render(area, pane) {
        const body = new URLSearchParams({ text: area.value });
        const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
        try {
            const response = await fetch(area.dataset.renderedBy, { method: "POST", body, headers: { "X-CSRFToken": token } });
            if (response.ok) pane.innerHTML = (await response.json()).html; // sanitized by the server
        } catch {
            pane.textContent = "";
        }
    }

    function paneOf(area) {
        if (!area.rendered) {
            area.rendered = document.createElement("div");
            area.rendered.className = "rendered";
            area.rendered.setAttribute("aria-live", "off");
            (area.closest(".flex-container") ?? area).after(area.rendered);
        }
        return area.rendered;
    }

    document.addEventListener("focusin", ({ target }) => {
        if (target.dataset?.renderedBy && !target.rendered && target.value) render(target, paneOf(target));
    });
    document.addEventListener("input", ({ target }) => {
        if (!target.dataset?.renderedBy) return;
        clearTimeout(target.pause);
        target.pause = setTimeout(() => render(target, paneOf(target)), PAUSE);
    });

    const rowsOf = (row) =>
        [...row.parentElement.querySelectorAll(":scope > .inline-related, :scope > .form-row")].filter(
            (one) => one.querySelector("[name$=-position]") && !one.classList.contains("empty-form"),
        );
    const rowOf = (element) => {
        const row = element.closest?.(".inline-related.dynamic-choices, .inline-related[id], tr.form-row");
        return row?.querySelector("[name$=-position]") ? row : null;
    };

    // An empty extra row gets no position, or Django would validate it as a new row.
    const isUsed = (row) =>
        row.querySelector("[name$=-id]")?.value || [...row.querySelectorAll("textarea")].some((area) => area.value.trim());

    function renumber(row) {
        rowsOf(row).filter(isUsed).forEach((one, place) => {
            one.querySelector("[name$=-position]").value = place + 1;
        });
    }

    function move(row, before) {
        row.parentElement.insertBefore(row, before);
        renumber(row);
    }

    document.addEventListener("keydown", (event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === "s") {
            const save = document.querySelector("input[name=_continue]");
            if (save) {
                event.preventDefault();
                save.click();
            }
            return;
        }
        const row = event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key) ? rowOf(event.target) : null;
        if (!row) return;
        event.preventDefault();
        const rows = rowsOf(row);
        const place = rows.indexOf(row);
        if (event.key === "ArrowUp" && place > 0) move(row, rows[place - 1]);
        if (event.key === "ArrowDown" && place < rows.length - 1) move(row, rows[place + 1].nextSibling);
        event.target.focus();
    });

    let moving = null;
    document.addEventListener("dragstart", ({ target }) => {
        moving = target.classList?.contains("move-row") ? rowOf(target) : null;
        moving?.classList.add("is-moving");
    });
    document.addEventListener("dragover", (event) => {
        const over = moving && rowOf(event.target);
        if (!over || over === moving || over.parentElement !== moving.parentElement) return;
        event.preventDefault();
        const { top, height } = over.getBoundingClientRect();
        move(moving, event.clientY < top + height / 2 ? over : over.nextSibling);
    });
    document.addEventListener("dragend", () => {
        moving?.classList.remove("is-moving");
        moving = null;
    });

    function addHandles() {
        for (const heading of document.querySelectorAll(".inline-related:not(.empty-form) > h3, .inline-related:not(.empty-form) > fieldset > h3")) {
            const row = rowOf(heading);
            if (!row || heading.querySelector(".move-row")) continue;
            const handle = document.createElement("span");
            handle.className = "move-row";
            handle.draggable = true;
            handle.title = "Drag, or press Alt and an arrow in one of its fields";
            handle.textContent = "⠿";
            heading.append(handle);
        }
    }
    document.addEventListener("DOMContentLoaded", addHandles); // Django loads scripts in the head
    document.addEventListener("formset:added", addHandles);
}
