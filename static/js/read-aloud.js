// Question pages of an interview: read the question aloud, by a voice of this device only, so that nothing is sent. Where
// there is no such voice for the language of the question, no button is shown. Whether each question is read without a
// click is remembered in this browser; at first it is not.
"use strict";

(() => {
  const speech = window.speechSynthesis;
  if (!speech || !window.SpeechSynthesisUtterance) return;

  const KEY = "read aloud";
  const isWanted = () => {
    try {
      return localStorage.getItem(KEY) === "on";
    } catch {
      return false;
    }
  };
  const remember = (wanted) => {
    try {
      if (wanted) localStorage.setItem(KEY, "on");
      else localStorage.removeItem(KEY);
    } catch {
      // Without storage the choice is forgotten with the page; the button works.
    }
  };

  // A voice of this device for the language, such as "en": the same region first, then the one that the browser prefers.
  const voiceFor = (language) => {
    const [base] = language.toLowerCase().split("-");
    const rank = (voice) => 2 * (voice.lang.toLowerCase().replace("_", "-") === language.toLowerCase()) + voice.default;
    const local = speech.getVoices().filter((voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === base);
    return local.sort((one, other) => rank(other) - rank(one))[0];
  };

  // The words of the question without its blocks of code, which nobody would read aloud.
  const wordsOf = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("pre, button, .visually-hidden").forEach((part) => part.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  const enable = (root) => {
    const asked = document.getElementById(root.dataset.readAloud);
    const button = root.querySelector("[data-read]");
    const always = root.querySelector("[data-read-always]");
    const label = button.textContent;
    const language = asked?.closest("[lang]")?.lang || "en";
    let spoken = null;
    let isOffered = false;

    const ended = (utterance) => {
      if (spoken !== utterance) return;
      spoken = null;
      button.textContent = label;
    };
    const stop = () => {
      speech.cancel();
      ended(spoken);
    };
    const read = () => {
      const voice = voiceFor(language);
      if (!voice) return;
      stop();
      const utterance = new SpeechSynthesisUtterance(wordsOf(asked));
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.onend = utterance.onerror = () => ended(utterance); // a browser may refuse to speak before a click
      spoken = utterance;
      button.textContent = button.dataset.stop;
      speech.speak(utterance);
    };

    button.addEventListener("click", () => (spoken ? stop() : read()));
    always.addEventListener("change", () => remember(always.checked));
    document.addEventListener("recorder:begun", stop);
    window.addEventListener("pagehide", stop);

    // Browsers load their voices late.
    const offer = () => {
      if (isOffered || !asked || !voiceFor(language)) return;
      isOffered = true;
      root.hidden = false;
      always.checked = isWanted();
      if (always.checked) read();
    };
    speech.addEventListener?.("voiceschanged", offer);
    offer();
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-read-aloud]").forEach(enable));
})();
