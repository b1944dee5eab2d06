/* The projector's own: pages of answers, a pointer that hides, a screen that stays awake. */
(() => {
  "use strict";
  const TURN_MS = 12000, REST_MS = 60000;
  const line = document.getElementById("pages"), still = matchMedia("(prefers-reduced-motion: reduce)");
  let turnAt = 0, page = 0;

  function pages() {
    const box = document.querySelector("[data-pages]");
    if (!box || !box.clientWidth) return { count: 1 };
    const wide = box.clientWidth + parseFloat(getComputedStyle(box).columnGap || 0);
    return { box, wide, count: Math.max(1, Math.ceil((box.scrollWidth - 1) / wide)) };
  }

  function show() {
    const { count } = pages();
    page = Math.min(page, count - 1);
    line.hidden = count < 2;
    const words = line.dataset.words.replace("{page}", page + 1).replace("{pages}", count);
    if (!line.hidden && line.textContent !== words) line.textContent = words;
  }

  function turn(way) {
    const { box, wide, count } = pages();
    if (!box || count < 2) return;
    page = (page + way + count) % count;
    box.scrollTo({ left: page * wide });
    if (!still.matches) box.animate({ opacity: [0.2, 1] }, { duration: 350 });
    show();
  }

  // By itself, until somebody turns by hand: then that page rests a minute.
  setInterval(() => {
    const at = performance.now();
    if (pages().count < 2) turnAt = at + TURN_MS;
    else if (at > turnAt) {
      turnAt = at + TURN_MS;
      turn(1);
    }
  }, 1000);
  document.addEventListener("kickoff:page", (event) => {
    turnAt = performance.now() + REST_MS;
    turn(event.detail);
  });
  document.addEventListener("kickoff:morphed", show);
  addEventListener("resize", show);
  document.fonts?.ready.then(show);

  let pointerTimer = 0;
  document.addEventListener("pointermove", () => {
    delete document.documentElement.dataset.pointer;
    clearTimeout(pointerTimer);
    pointerTimer = setTimeout(() => { document.documentElement.dataset.pointer = "away"; }, 3000);
  }, { passive: true });

  // Where the context allows it (https, localhost) the screen does not go to sleep.
  async function awake() {
    try { if (!document.hidden) await navigator.wakeLock?.request("screen"); } catch { /* then it is the machine's settings */ }
  }
  document.addEventListener("visibilitychange", awake);
  awake();
  show();
})();
