// Records spoken answers of an interview and plays them on the question page and on the report. Recordings stay in this
// browser's IndexedDB and are never sent. They are written every second, so a reload loses no more than that.
"use strict";

(() => {
  if (!window.MediaRecorder || !navigator.mediaDevices || !window.indexedDB) return;

  const SLICE = 1000; // milliseconds
  const running = new Set(); // functions that end a recording

  const database = new Promise((resolve, reject) => {
    const request = indexedDB.open("interviews", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("chunks", { keyPath: ["attempt", "position", "part", "number"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  const chunks = async (mode, work) => {
    const transaction = (await database).transaction("chunks", mode);
    return new Promise((resolve, reject) => {
      const request = work(transaction.objectStore("chunks"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  };
  const range = (...key) => IDBKeyRange.bound(key, [...key, []]); // all keys with this prefix, since arrays sort after every other type

  const enable = (root) => {
    const part = [root.dataset.attempt, Number(root.dataset.position), root.dataset.part];
    const find = (name) => root.querySelector(`[data-${name}]`);
    const buttons = Object.fromEntries(["record", "stop", "play", "delete"].map((name) => [name, find(name)]));
    const told = find("told");
    const sound = new Audio();
    const playLabel = buttons.play.textContent;

    const show = (...names) => {
      for (const [name, button] of Object.entries(buttons)) if (button) button.hidden = !names.includes(name);
    };
    const tell = (name) => {
      told.textContent = name ? told.dataset[name] : "";
    };
    const focus = (...names) => {
      const shown = names.map((name) => buttons[name]).find((button) => button && !button.hidden);
      (shown ?? told).focus();
    };

    const showLength = (exact) => {
      const seconds = Math.round(exact ?? 0);
      find("length").textContent = seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
    };

    // Tick "answered aloud": without text, a recording alone would not count as an answer.
    const answeredAloud = () => {
      const box = document.querySelector('#turn [name="aloud"]');
      if (box && part.at(-1) === "answer") box.checked = true;
    };

    const refresh = async () => {
      const kept = await chunks("readonly", (store) => store.getAll(range(...part)));
      if (kept.length) answeredAloud();
      showLength(kept.at(-1)?.seconds);
      show(...(kept.length ? ["play", "delete"] : ["record"]));
      root.hidden = !kept.length && !buttons.record && !told.textContent;
    };

    const record = async () => {
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        tell("refused");
        return;
      }
      const recorder = new MediaRecorder(stream);
      const begun = performance.now();
      let written = Promise.resolve();
      let number = 0;
      let lost = false;
      recorder.addEventListener("dataavailable", ({ data }) => {
        if (!data.size) return;
        const [attempt, position, name] = part;
        const seconds = (performance.now() - begun) / 1000;
        const chunk = { attempt, position, part: name, number, seconds, blob: data, type: recorder.mimeType };
        number += 1;
        written = written
          .then(() => chunks("readwrite", (store) => store.put(chunk)))
          .then(() => showLength(seconds))
          .catch(() => (lost = true));
      });
      const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
      const end = async () => {
        if (recorder.state !== "inactive") recorder.stop();
        stream.getTracks().forEach((track) => track.stop());
        await stopped;
        await written;
        running.delete(end);
        tell(lost ? "lost" : number ? "recorded" : "");
        await refresh();
      };
      stream.getTracks()[0].addEventListener("ended", end); // the microphone was unplugged or blocked
      buttons.stop.onclick = async () => {
        await end();
        focus("play", "record");
      };
      running.add(end);
      recorder.start(SLICE);
      answeredAloud();
      document.dispatchEvent(new CustomEvent("recorder:begun"));
      show("stop");
      tell("recording");
      focus("stop");
    };

    const play = async () => {
      if (!sound.paused) {
        sound.pause();
        return;
      }
      if (!sound.src) {
        const kept = await chunks("readonly", (store) => store.getAll(range(...part)));
        sound.src = URL.createObjectURL(new Blob(kept.map((chunk) => chunk.blob), { type: kept[0].type }));
      }
      await sound.play();
    };
    sound.addEventListener("play", () => (buttons.play.textContent = buttons.play.dataset.pause));
    for (const name of ["pause", "ended"]) sound.addEventListener(name, () => (buttons.play.textContent = playLabel));

    const forget = () => {
      sound.pause();
      if (sound.src) URL.revokeObjectURL(sound.src);
      sound.removeAttribute("src");
    };
    const remove = async () => {
      if (!window.confirm(buttons.delete.dataset.sure)) return;
      await chunks("readwrite", (store) => store.delete(range(...part)));
      forget();
      tell("deleted");
      await refresh();
      focus("record");
    };

    if (buttons.record) buttons.record.onclick = record;
    buttons.play.onclick = play;
    buttons.delete.onclick = remove;
    document.addEventListener("recordings:deleted", () => {
      forget();
      refresh();
    });
    root.hidden = false;
    return refresh().catch(() => {
      show();
      tell("lost");
    });
  };

  const offerDeletion = async (section) => {
    const of = range(...(section.dataset.recordings ? [section.dataset.recordings] : []));
    const button = section.querySelector("[data-delete-all]");
    section.hidden = !(await chunks("readonly", (store) => store.count(of)));
    button.onclick = async () => {
      if (!window.confirm(button.dataset.sure)) return;
      await chunks("readwrite", (store) => store.delete(of));
      section.hidden = true;
      const told = document.querySelector("[data-all-deleted]");
      told.textContent = told.dataset.allDeleted;
      told.focus();
      document.dispatchEvent(new CustomEvent("recordings:deleted"));
    };
  };

  // Finish and store a running recording before the form is submitted.
  document.addEventListener("submit", async (event) => {
    if (!running.size || event.target.id !== "turn") return;
    event.preventDefault();
    await Promise.all([...running].map((end) => end()));
    event.target.requestSubmit(event.submitter);
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-recorder]").forEach(enable);
    document.querySelectorAll("[data-recordings]").forEach((section) => offerDeletion(section).catch(() => {}));
  });
})();
