/* What stands first in a list must not win by that: each phone shows [data-shuffled] in an order of its own, and keeps it.
   The server lists the rows alike for everybody, each with data-entry on itself or on something in it: anew after each
   frame that brought another list. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff || kickoff.ownOrder) return;
  kickoff.ownOrder = true;

  function shuffle(list) {
    const seed = kickoff.kept(localStorage, "seed", "") || kickoff.randomId();
    kickoff.keep(localStorage, "seed", seed);
    const rows = [...list.children];
    const place = new Map(rows.map((row) => [row, mixed(seed + (row.dataset.entry || row.querySelector("[data-entry]")?.dataset.entry))]));
    rows.sort((a, b) => place.get(a) - place.get(b));
    if (rows.every((row, at) => list.children[at] === row)) return;
    const held = list.contains(document.activeElement) && document.activeElement;
    list.append(...rows);
    // What is moved lets go of the focus.
    if (held) held.focus({ preventScroll: true });
  }

  function mixed(text) {
    let hash = 2166136261;
    for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
    hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
    return (hash ^ (hash >>> 13)) >>> 0;
  }

  function arrange() { document.querySelectorAll("[data-shuffled]").forEach(shuffle); }

  document.addEventListener("kickoff:morphed", arrange);
  arrange();
})();
