/* A soft sound when a part of the block begins, and when its time is out. No file: two sine tones.
   On by default on the projector alone, so that a room hears it once; M, or a button with data-sound, switches it. */
(() => {
  "use strict";
  const NAME = "kickoff:sound:" + document.body.dataset.view;
  let on = document.body.dataset.view === "projector", audio = null, chime = null, ended = null;
  try { on = JSON.parse(localStorage.getItem(NAME)) ?? on; } catch { /* this page only */ }

  function tones(...notes) {
    if (!on || !audio || audio.state !== "running") return;
    notes.forEach((pitch, place) => {
      const tone = audio.createOscillator(), loud = audio.createGain(), at = audio.currentTime + place * 0.22;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0, at);
      loud.gain.linearRampToValueAtTime(0.22, at + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
      tone.connect(loud).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.65);
    });
    root.dataset.sounded = String(Number(root.dataset.sounded || 0) + 1);
  }

  const root = document.documentElement;

  function show() {
    for (const button of document.querySelectorAll("[data-sound]")) button.setAttribute("aria-pressed", String(on));
  }

  function toggle() {
    on = !on;
    try { localStorage.setItem(NAME, JSON.stringify(on)); } catch { /* this page only */ }
    show();
    wake();
    document.dispatchEvent(new CustomEvent("kickoff:sound", { detail: on }));
    setTimeout(() => tones(660), 60);
  }

  /* Browsers let a page sound only after somebody has touched it. */
  function wake() {
    audio ||= window.AudioContext ? new AudioContext() : null;
    if (audio?.state === "suspended") audio.resume();
  }

  function phase() { return document.querySelector("[data-chime]")?.dataset.chime || ""; }

  document.addEventListener("kickoff:morphed", () => {
    const now = phase();
    if (chime !== null && now && now !== chime) tones(523, 784);
    chime = now;
    show();
  });
  setInterval(() => {
    const clock = document.querySelector("[data-chime] [data-timer][data-ends-at]");
    const ends = Number(clock?.dataset.endsAt), left = ends - (window.kickoff?.now() ?? NaN);
    // Once for each end, and not for one that was long ago when the page was opened.
    if (left <= 0 && left > -3000 && ended !== ends) {
      ended = ends;
      tones(784, 659, 523);
    }
  }, 500);

  document.addEventListener("kickoff:mute", toggle);
  // What else has something to ring for: {detail: pitches}.
  document.addEventListener("kickoff:tones", ({ detail }) => tones(...detail));
  document.addEventListener("click", (event) => { if (event.target.closest("[data-sound]")) toggle(); });
  for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, wake, { passive: true });
  document.addEventListener("DOMContentLoaded", show);
  show();
})();
