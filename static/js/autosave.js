// Pages with answers or marks: send what is typed and ticked to the server while the candidate works, keep a copy in this
// browser until the server has it, and put the copy back after a reload. Without this script every button sends the page.
"use strict";

(() => {
  const PAUSE = 1000; // milliseconds without a change after which it is saved
  const LONGEST_WAIT = 4000; // milliseconds after which a change is saved while more are made
  const RETRIES = [2000, 4000, 8000, 15000]; // milliseconds
  const COPIES_KEPT = 14 * 24 * 3600 * 1000; // milliseconds
  const ABOUT_THE_PAGE = [
    ...["csrfmiddlewaretoken", "answering", "reviewing", "next", "go", "start_id"],
    ...["shown_at", "seen", "page", "number", "based_on"],
  ];
  const BETWEEN_NOTES = "\n\n* * *\n\n";

  // What each page holds, under a key of its own, so that tabs without a connection do not overwrite each other's.
  const copies = {
    // Copies whose URL passes the test, each with that URL, the last first.
    of: (test) => {
      try {
        const keys = Object.keys(localStorage).filter((key) => key.startsWith("draft ") && test(key.split(" ")[1]));
        const found = keys.map((key) => ({ url: key.split(" ")[1], ...JSON.parse(localStorage.getItem(key)) }));
        return found.sort((one, other) => other.at - one.at);
      } catch {
        return [];
      }
    },
    write: (key, value) => {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // Without storage a change can be lost in the second before it is saved; everything else works.
      }
    },
    remove: (key) => {
      try {
        localStorage.removeItem(key);
      } catch {
        // As above.
      }
    },
    removeOld: () => {
      try {
        for (const key of Object.keys(localStorage)) {
          if (key.startsWith("draft ") && Date.now() - JSON.parse(localStorage.getItem(key)).at > COPIES_KEPT) copies.remove(key);
        }
      } catch {
        // As above.
      }
    },
  };

  const isAbout = (name) => ABOUT_THE_PAGE.includes(name) || name.startsWith("marks-") || name.startsWith("note_seen");
  const isNote = (name) => name === "note" || name.startsWith("note-");
  const fieldsOf = (form) => [...new FormData(form)].filter(([name]) => !isAbout(name));
  const valuesOf = (fields, name) => fields.filter(([other]) => other === name).map(([, value]) => value);
  const keyOf = (url, page) => `draft ${url} ${page}`;
  const watched = new Map(); // form -> what is known about it

  const watch = (form) => {
    const url = form.dataset.autosave;
    const value = (name) => form.elements[name]?.value ?? "";
    const key = keyOf(url, value("page"));
    const content = () => JSON.stringify(fieldsOf(form));
    const state = { saved: content(), changedAt: 0, timer: 0, failures: 0, busy: false, submitted: false };

    const tell = (problem) => {
      for (const element of document.querySelectorAll("[data-save-problem]")) {
        element.hidden = element.dataset.saveProblem !== problem;
      }
    };

    const showStatus = (kept, at) => {
      const status = document.querySelector("[data-save-status]");
      const text = kept === "saved" ? form.dataset.saved : form.dataset.draft;
      if (status && text && form.isConnected) status.textContent = text.replace("#", at);
    };

    const takeIn = (answer, sent, body) => {
      state.failures = 0;
      tell("");
      if (answer.versions !== undefined) {
        const versions = document.querySelector("[data-versions]");
        if (versions && form.isConnected) versions.innerHTML = answer.versions;
      }
      // Where the server joined the text of two pages, the field shows both, unless more was typed meanwhile.
      const { joined } = answer;
      const isBehind = joined && content() !== sent;
      if (form.elements.seen && answer.kept !== "beside" && !isBehind) form.elements.seen.value = answer.seen;
      if (form.elements.based_on) form.elements.based_on.value = "";
      const isAllSent = content() === sent;
      for (const [name, note] of Object.entries(answer.notes ?? {})) takeInNote(name, note, body);
      if (joined && !isBehind) for (const name of Object.keys(joined)) form.elements[name].value = joined[name];
      if (isAllSent) copies.remove(key);
      state.saved = isAllSent ? content() : sent;
      showStatus(answer.kept, answer.at);
      document.dispatchEvent(new CustomEvent("attempt:time", { detail: answer }));
    };

    // If another page has changed the note as well, show its text too, and what was typed since the save.
    const takeInNote = (name, note, body) => {
      const seenName = name.replace("note", "note_seen");
      const [field, seen] = [form.elements[name], form.elements[seenName]];
      if (!field || !seen || seen.value !== body.get(seenName)) return; // the note was saved by its button meanwhile
      seen.value = note.seen;
      if (note.text === undefined) return;
      const sent = body.get(name);
      const fromEnd = field.value.length - field.selectionEnd;
      const now = field.value === sent ? "" : field.value;
      const isAtEnd = sent.trim() && note.text.endsWith(sent.trim());
      if (!now) field.value = note.text;
      else field.value = isAtEnd ? note.text.slice(0, -sent.trim().length) + now : note.text + BETWEEN_NOTES + now;
      if (document.activeElement === field) field.selectionEnd = Math.max(0, field.value.length - fromEnd);
    };

    // A log-in in another tab makes a new token: ask for it. Return whether the page may save with it.
    const renewToken = async () => {
      const response = await fetch(form.dataset.time, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) return false;
      const { csrf_token: token } = await response.json();
      for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = token;
      return true;
    };

    const post = async (body, keepalive, target = url) => {
      const send = () => fetch(target, { method: "POST", body, keepalive, headers: { Accept: "application/json" } });
      let response = await send();
      if (response.status === 403 && (await renewToken())) {
        body.set("csrfmiddlewaretoken", value("csrfmiddlewaretoken"));
        response = await send();
      }
      return response;
    };

    const retryLater = (problem) => {
      tell(problem);
      const pause = RETRIES[Math.min(state.failures, RETRIES.length - 1)];
      state.failures += 1;
      window.clearTimeout(state.timer);
      state.timer = window.setTimeout(save, pause);
    };

    // Send the page if it has changed; resolve to whether the server has all of it.
    const save = async ({ leaving = false } = {}) => {
      window.clearTimeout(state.timer);
      const sent = content();
      if (state.submitted || sent === state.saved) return true;
      if (state.busy && !leaving) {
        state.timer = window.setTimeout(save, 200);
        return false;
      }
      form.elements.number.value = Number(value("number")) + 1;
      const body = new FormData(form);
      state.busy = true;
      state.changedAt = 0;
      keepCopy(Number(value("number")));
      try {
        // A request that outlives its page may not be larger than 64 kB; without that, the copy in the browser remains.
        const response = await post(body, leaving && sent.length < 20_000);
        if (response.status === 413) tell("too-long");
        else if (response.status === 403 || response.status === 404) tell("log-in");
        else if (!response.ok) retryLater("offline");
        else takeIn(await response.json(), sent, body);
      } catch {
        retryLater("offline");
      } finally {
        state.busy = false;
      }
      return content() === state.saved;
    };

    // `number` is that of the save that the copy belongs to, or will belong to.
    const keepCopy = (number) => {
      const about = { page: value("page"), number, seen: value("seen"), based_on: value("based_on") };
      copies.write(key, { ...about, at: Date.now(), before: JSON.parse(state.saved), fields: fieldsOf(form) });
    };

    const changed = () => {
      if (content() === state.saved) return;
      keepCopy(Number(value("number")) + 1);
      const now = Date.now();
      state.changedAt ||= now;
      window.clearTimeout(state.timer);
      state.timer = window.setTimeout(save, Math.max(0, Math.min(PAUSE, state.changedAt + LONGEST_WAIT - now)));
    };

    const reveal = (element) => {
      for (let around = element.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    };

    // Put a copy into the fields, except for marks that were changed elsewhere since; the page is based on it then.
    const fill = (copy) => {
      const now = fieldsOf(form);
      for (const element of form.elements) {
        const { name } = element;
        if (name === "based_on" || name.startsWith("marks-")) {
          element.value = [element.value, `${copy.page}:${copy.number}`].filter(Boolean).join(",");
        }
        if (!name || isAbout(name) || element.type === "hidden") continue;
        if (name.startsWith("met-") && String(valuesOf(copy.before, name)) !== String(valuesOf(now, name))) continue;
        const texts = valuesOf(copy.fields, name);
        const before = [element.value, element.checked];
        if (["checkbox", "radio"].includes(element.type)) element.checked = texts.includes(element.value);
        else if (isNote(name)) fillNote(element, valuesOf(copy.before, name)[0], texts[0]);
        else if (texts.length) [element.value] = texts;
        if (name !== "flagged" && String(before) !== String([element.value, element.checked])) reveal(element);
      }
    };

    // Put a copy of a note into its field; if the note was changed elsewhere as well, below what it says now.
    const fillNote = (field, before, text) => {
      if (text === undefined || text === before || text === field.value) return;
      field.value = field.value === before ? text : field.value + BETWEEN_NOTES + text;
      for (let parent = field.closest("details"); parent; parent = parent.parentElement.closest("details")) parent.open = true;
    };

    // What an earlier page had not saved: put it back if the server has nothing newer, else send it as that page's.
    const recover = async (copy) => {
      const forget = () => copies.remove(keyOf(url, copy.page));
      const names = new Set([...form.elements].map((element) => element.name));
      const [basePage, baseNumber] = value("based_on").split(":");
      const isOlder = basePage === copy.page && Number(baseNumber) >= copy.number;
      const isNewest =
        copy.seen === value("seen") && (copy.based_on === value("based_on") || (basePage === copy.page && !isOlder));
      if (isOlder || JSON.stringify(copy.fields) === content()) {
        forget();
      } else if (isNewest && content() === state.saved && copy.fields.every(([name]) => names.has(name))) {
        fill(copy);
        changed();
        forget();
      } else {
        const answer = await sendCopy(copy);
        const isShown = !answer || (answer.kept === "saved" && answer.seen === value("seen"));
        if (!isShown && content() === state.saved) window.location.replace(window.location.pathname);
      }
    };

    // Resolve to what the server says of the copy; to nothing if it did not take it, so that it stays for the next page.
    const sendCopy = async (copy) => {
      const body = new FormData();
      for (const [name, text] of copy.fields) {
        if (!isNote(name) || valuesOf(copy.before, name)[0] !== text) body.append(name, text);
      }
      for (const name of ["page", "number", "seen", "based_on"]) body.set(name, copy[name]);
      body.set("csrfmiddlewaretoken", value("csrfmiddlewaretoken"));
      try {
        const response = await post(body, false, copy.url);
        if (!response.ok) return undefined;
        copies.remove(keyOf(copy.url, copy.page));
        return await response.json();
      } catch {
        return undefined;
      }
    };

    // A result also sends what question pages of its attempt could not send before the attempt ended.
    const recoverAll = async () => {
      for (const copy of copies.of((other) => other === url)) if (copy.page !== value("page")) await recover(copy);
      const { ended } = form.dataset;
      const late = ended ? copies.of((other) => other !== url && other.startsWith(ended)) : [];
      const answers = await Promise.all(late.map(sendCopy));
      if (answers.some((answer) => answer && answer.kept !== "saved") && content() === state.saved) window.location.replace(window.location.pathname);
    };

    // A button submits the page: what it holds is newer than every save before.
    const submit = () => {
      window.clearTimeout(state.timer);
      form.elements.number.value = Number(value("number")) + 1;
      if (content() !== state.saved) keepCopy(Number(value("number")));
      state.submitted = true;
    };

    Object.assign(state, { save, changed, submit });
    watched.set(form, state);
    recoverAll();
  };

  const saveAll = (options) => [...watched.values()].map((state) => state.save(options));
  const ofTarget = (target) => watched.get(target.form ?? target);

  const startAll = () => {
    for (const form of watched.keys()) if (!form.isConnected) watched.delete(form);
    for (const form of document.querySelectorAll("form[data-autosave]")) if (!watched.has(form)) watch(form);
  };

  // Resolve once the server has everything on the page; used at the deadline.
  window.quizsite = { saveEverything: async () => (await Promise.all(saveAll())).every(Boolean) };

  for (const name of ["input", "change"]) document.addEventListener(name, ({ target }) => ofTarget(target)?.changed());
  const submitted = ({ target }) => {
    ofTarget(target)?.submit();
    saveAll({ leaving: true });
  };
  document.addEventListener("submit", submitted, { capture: true }); // before htmx reads the fields
  document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
    if (!elt.dataset?.autosave) return;
    if (successful) copies.remove(keyOf(elt.dataset.autosave, elt.elements.page.value));
    const state = watched.get(elt);
    if (!state || successful) return;
    state.submitted = false;
    state.changed();
  });
  document.addEventListener("htmx:beforeSwap", () => saveAll({ leaving: true }));
  document.addEventListener("visibilitychange", () => saveAll({ leaving: document.hidden }));
  window.addEventListener("popstate", () => saveAll({ leaving: true }), { capture: true });
  window.addEventListener("pagehide", () => saveAll({ leaving: true }));
  window.addEventListener("online", () => saveAll());
  window.addEventListener("focus", () => saveAll());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && watched.size) window.location.reload(); // another page may have saved something since
  });
  document.addEventListener("DOMContentLoaded", () => {
    copies.removeOld();
    startAll();
  });
  document.addEventListener("htmx:load", startAll);
})();
