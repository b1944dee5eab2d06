/* Merging on the console (templates/live/console/_merging.html): picking several, or drawing one onto another. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff || kickoff.merging) return;
  kickoff.merging = true;
  const picked = new Map(); // activity → the entries picked, in order
  const left = new Set(kickoff.view === "console" ? kickoff.kept(sessionStorage, "left", []) : []);
  const PICK = ".written-list.merging > li input[type=checkbox]";
  let drawn = null;

  function entryOf(row) { return row.id.slice(2); }

  function paintDesk(desk) {
    const bar = desk.querySelector("[data-merge]");
    for (const each of desk.querySelectorAll(".with-script[hidden], [data-leave][hidden]")) each.hidden = false;
    for (const each of desk.querySelectorAll("[data-leave]")) each.closest(".offer-card").toggleAttribute("data-own-left", left.has(each.dataset.leave));
    if (!bar) return picked.delete(desk.id.slice(5));
    const boxes = new Map([...desk.querySelectorAll(PICK)].map((box) => [entryOf(box.closest("li")), box]));
    const chosen = (picked.get(bar.dataset.merge) || []).filter((id) => boxes.has(id));
    picked.set(bar.dataset.merge, chosen);
    for (const [id, box] of boxes) {
      box.checked = chosen.includes(id);
      box.closest("li").toggleAttribute("data-own-picked", box.checked);
      box.closest("li").toggleAttribute("data-own-stands", chosen.length > 1 && chosen[0] === id);
    }
    bar.hidden = chosen.length < 2;
    const line = bar.querySelector("[data-stands]");
    line.textContent = chosen.length < 2 ? "" : line.dataset.words.replace("{text}", rowText(boxes.get(chosen[0]))).replace("{number}", chosen.length);
  }

  function rowText(box) { return box.closest("li").querySelector(".text").textContent.trim(); }
  function activityOf(element) { return element.closest(".question-desk").id.slice(5); }

  function merge(activity, into, entries) {
    kickoff.command("entry.merge", { activity, into, entries });
    picked.set(activity, []);
    paint();
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches?.(PICK)) return;
    const activity = activityOf(box), entry = entryOf(box.closest("li"));
    // What stands in another column is another thing.
    const here = [...box.closest("ul").children].map(entryOf);
    const before = (picked.get(activity) || []).filter((id) => id !== entry && here.includes(id));
    picked.set(activity, box.checked ? [...before, entry] : before);
    paint();
  });

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-merge-picked], [data-pick-none], [data-leave]");
    if (!pressed) return;
    const activity = activityOf(pressed);
    if ("leave" in pressed.dataset) {
      left.add(pressed.dataset.leave);
      kickoff.keep(sessionStorage, "left", [...left]);
    } else if ("mergePicked" in pressed.dataset) {
      const [into, ...entries] = picked.get(activity) || [];
      if (entries.length) return merge(activity, into, entries);
    } else picked.set(activity, []);
    paint();
  });

  function rowUnder(event) { return event.target.closest?.(".written-list.merging > li"); }

  document.addEventListener("dragstart", (event) => {
    drawn = rowUnder(event) || null;
    if (!drawn) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", drawn.querySelector(".text").textContent.trim());
    drawn.setAttribute("data-own-drawn", "");
  });
  document.addEventListener("dragover", (event) => {
    const row = drawn && rowUnder(event);
    for (const each of document.querySelectorAll("[data-own-under]")) if (each !== row) each.removeAttribute("data-own-under");
    if (!row || row === drawn || row.parentElement !== drawn.parentElement) return;
    event.preventDefault();
    row.setAttribute("data-own-under", "");
  });
  document.addEventListener("drop", (event) => {
    const row = drawn && rowUnder(event);
    if (!row || row === drawn || row.parentElement !== drawn.parentElement) return;
    event.preventDefault();
    merge(activityOf(row), entryOf(row), [entryOf(drawn)]);
  });
  document.addEventListener("dragend", () => {
    drawn = null;
    for (const each of document.querySelectorAll("[data-own-under], [data-own-drawn]")) {
      each.removeAttribute("data-own-under");
      each.removeAttribute("data-own-drawn");
    }
  });

  function paint() { document.querySelectorAll(".question-desk").forEach(paintDesk); }

  for (const event of ["morphed", "connection"]) document.addEventListener("kickoff:" + event, paint);
  paint();
})();
