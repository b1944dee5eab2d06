/* The projector's own: letters that fit their box, pages of answers, a pointer that hides, a screen that stays awake. */
(() => {
  "use strict";
  const TURN_MS = 12000, REST_MS = 60000;
  const line = document.getElementById("pages"), still = matchMedia("(prefers-reduced-motion: reduce)");
  let turnAt = 0, page = 0, turned = null;

  // Letters start as large as the style sheet has them and go down a step at a time (--fit) until nothing is cut.
  // Anew only when the box or its words are others: a figure more must not change the size of a question.
  const LEAST_FIT = 0.3, FIT_STEP = 0.94, WORTH_A_LINE = 0.82;
  let fitted = new WeakMap();
  const resized = new ResizeObserver(() => show());

  // A line's letters reach a little out of tight lines; a line too many is a whole one.
  function isCut(box) {
    const lines = [...box.querySelectorAll("p, .what"), ...(box.firstElementChild ? [] : [box])];
    const parts = [...box.querySelectorAll("[data-pages]")];
    return [box, ...parts].some((each) => each.scrollWidth > each.clientWidth + 1) || (box.firstElementChild && box.scrollHeight > box.clientHeight + 1)
      || lines.some((each) => each.scrollHeight > each.clientHeight + 0.5 * parseFloat(getComputedStyle(each).fontSize));
  }

  function isBeyond(box, each) {
    const edge = box.getBoundingClientRect(), at = each.getBoundingClientRect();
    return at.right > edge.right + 1 || at.bottom > edge.bottom + 1;
  }

  function fit() {
    for (const box of document.querySelectorAll("[data-fit]")) {
      const heading = box.tagName === "H1", least = Number(box.dataset.fit) || LEAST_FIT;
      const likeness = () => `${box.clientWidth} ${heading ? 0 : box.clientHeight} ${box.className} ${box.textContent.replace(/\d/g, "0")}`;
      if (fitted.get(box) === likeness()) continue;
      const take = (size) => { box.style.setProperty("--fit", size.toFixed(3)); return size; };
      let size = take(1);
      delete box.dataset.ownTight;
      while (size > least && isCut(box)) size = take(size * FIT_STEP);
      // What must be there is there, in fewer words if need be: the style sheet says how (data-own-tight).
      if ([...box.querySelectorAll(":scope > [data-must]")].some((each) => isBeyond(box, each))) box.dataset.ownTight = "";
      if (heading) spareLine(box, size, take);
      resized.observe(box);
      fitted.set(box, likeness());
    }
  }

  // A little smaller is better than a last line of a word or two.
  function spareLine(heading, size, take) {
    const lines = () => Math.round(heading.clientHeight / parseFloat(getComputedStyle(heading).lineHeight));
    const before = lines();
    for (let smaller = size; before > 1 && smaller > size * WORTH_A_LINE;) {
      smaller = take(smaller * FIT_STEP);
      if (lines() < before) return;
    }
    take(size);
  }

  function pages() {
    // What lies over the picture comes last.
    const last = [...document.querySelectorAll("[data-pages]")].filter((each) => each.clientWidth).pop();
    if (!last) return { boxes: [], count: 1 };
    // Columns side by side turn together; one that has come to its end stays there.
    const together = last.closest("[data-together]"), shown = together ? [...together.querySelectorAll("[data-pages]")] : [last];
    const boxes = shown.map((box) => {
      const wide = box.clientWidth + parseFloat(getComputedStyle(box).columnGap || 0);
      return { box, wide, count: Math.max(1, Math.ceil((box.scrollWidth - 1) / wide)) };
    });
    return { boxes, count: Math.max(...boxes.map((each) => each.count)) };
  }

  function show() {
    fit();
    const { boxes, count } = pages();
    // Other boxes begin at their beginning.
    page = boxes[0]?.box === turned ? Math.min(page, count - 1) : 0;
    turned = boxes[0]?.box || null;
    line.hidden = count < 2;
    const words = line.dataset.words.replace("{page}", page + 1).replace("{pages}", count);
    if (!line.hidden && line.textContent !== words) line.textContent = words;
  }

  function turn(way) {
    const { boxes, count } = pages();
    if (count < 2) return;
    page = (page + way + count) % count;
    for (const { box, wide, count: own } of boxes) {
      const left = Math.min(page, own - 1) * wide;
      if (box.scrollLeft === left) continue;
      box.scrollTo({ left });
      if (!still.matches) box.animate({ opacity: [0.2, 1] }, { duration: 350 });
    }
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
  function anew() {
    fitted = new WeakMap();
    show();
  }

  addEventListener("resize", anew);
  // `ready` may be kept already, before the first letter has asked for its face.
  document.fonts?.ready.then(anew);
  document.fonts?.addEventListener("loadingdone", anew);

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
