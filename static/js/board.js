/* Sprint boards on phones and consoles: cards opened, written and moved, by menu and keyboard first, then by a handle.
   What is done is a submission on a phone (submissions.js keeps it until it is acknowledged) and a command on a console.
   The card's form stands outside the regions (kit.html): no frame touches what somebody writes.

   On the projector only the sprint's last minutes are its business. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff) return;
  const SOON_MS = 120000, LATE_MS = 3000, OFFER_MS = 8000, LIFT_PX = 6, HOVER_MS = 500, EDGE_PX = 70;
  const onConsole = kickoff.view === "console", kits = new Map(), loads = new Map(), rung = new Set();
  let editing = null, drag = null, offerTimer = 0;
  if (kickoff.folding) kickoff.folding.sprint_board = (mine) => mine;

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const cardOf = (id) => document.getElementById("k-" + id);
  const boardOf = (element) => element.closest(".board[data-board]");
  const columnOf = (element) => element.closest(".col[data-column]");
  const titleOf = (li) => li.querySelector(".face b")?.textContent || "";
  const listOf = (board, column) => board.querySelector(`.col[data-column="${column}"] .cards`);
  const nameOf = (board, column) => board.querySelector(`[data-tab="${column}"] span`)?.textContent || "";
  const cardsIn = (list) => all(":scope > .k:not(.on-its-way)", list);
  const isOpen = (board) => "open" in board.dataset;

  /* ---- What is sent ------------------------------------------------------------------------- */

  function push(board, what) {
    const activity = board.dataset.activityOf;
    if (!onConsole) return { id: kickoff.submit(activity, { board: board.dataset.board, ...what }, "sprint_board") };
    const { do: verb, ...data } = what;
    if (verb === "add") data.board = board.dataset.board;
    const sent = kickoff.command("sprint_board." + verb, { activity, ...data });
    sent.then(() => saved("saved"), () => {});
    return { sent };
  }

  function move(board, li, column, beside) {
    const list = listOf(board, column);
    if (!list) return;
    place(li, list, beside);
    count(board);
    push(board, { do: "move", card: li.dataset.card, column, ...beside });
    tellPlace(board, li);
    if (editing?.card === li.dataset.card) fillMoves();
  }

  /* beside: {after}, {before} or {to}. The card is there at once; the frame that comes says the same. */
  function place(li, list, { after, before, to }) {
    const mark = cardOf(after || before || "");
    if (after && mark?.parentElement === list) mark.after(li);
    else if (before && mark?.parentElement === list) mark.before(li);
    else if (to === "top") list.prepend(li);
    else list.append(li);
  }

  function step(li, by) {
    const board = boardOf(li), list = li.parentElement, cards = cardsIn(list), at = cards.indexOf(li);
    const other = cards[at + by], column = Number(columnOf(li).dataset.column);
    if (other) move(board, li, column, by < 0 ? { before: other.dataset.card } : { after: other.dataset.card });
    else tellPlace(board, li);
  }

  function aside(li, by) {
    const board = boardOf(li), column = Number(columnOf(li).dataset.column) + by;
    if (!listOf(board, column)) return tellPlace(board, li);
    move(board, li, column, { to: "bottom" });
    show(board, column);
  }

  function remove(board, li) {
    const card = li.dataset.card, title = titleOf(li);
    li.remove();
    count(board);
    push(board, { do: "remove", card });
    say(board, "removed", { card: title });
    offer(board, words(board, "removed", { card: title }), () => restore(board, card, title));
  }

  function restore(board, card, title) {
    push(board, { do: "restore", card });
    say(board, "restored", { card: title });
  }

  async function act(board, li) {
    const data = { activity: board.dataset.activityOf, card: li.dataset.card };
    const answer = await (onConsole
      ? kickoff.command("sprint_board.take_on", data).then((made) => ({ data: made }), (error) => error)
      : kickoff.command("sprint_board.act", data));
    if (answer.code) return saved("", kickoff.text(answer.code) || answer.detail || kickoff.text("failed"));
    say(board, "acted", { card: titleOf(li) });
    saved("saved");
    if (editing?.card === data.card) showAction(true);
  }

  /* ---- What is said ------------------------------------------------------------------------- */

  function kitOf(board) { return kits.get(board?.dataset.activityOf)?.root; }

  function words(board, name, values = {}) {
    const found = kitOf(board)?.querySelector("template").content.querySelector(`[data-text="${name}"]`);
    return found ? found.textContent.trim().replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "") : "";
  }

  function say(board, name, values) {
    const line = document.getElementById("board-said-" + board.dataset.activityOf);
    if (line) line.textContent = words(board, name, values);
  }

  function tellPlace(board, li) {
    const column = columnOf(li).dataset.column, cards = cardsIn(li.parentElement);
    say(board, "moved", { card: titleOf(li), column: nameOf(board, column), place: cards.indexOf(li) + 1, of: cards.length });
  }

  function offer(board, text, undo) {
    const bar = kitOf(board)?.querySelector(".board-offer"), button = bar?.querySelector("button");
    if (!bar) return;
    bar.querySelector("span").textContent = text;
    button.hidden = !undo;
    button.onclick = () => { bar.hidden = true; undo(); };
    bar.hidden = false;
    clearTimeout(offerTimer);
    offerTimer = setTimeout(() => { bar.hidden = true; }, OFFER_MS);
  }

  /* ---- The board as it is painted ----------------------------------------------------------- */

  function show(board, column) {
    board.dataset.ownColumn = column;
    if (!onConsole) kickoff.keep(sessionStorage, "column", column);
    for (const tab of all("[data-tab]", board)) tab.setAttribute("aria-selected", String(tab.dataset.tab === String(column)));
  }

  function count(board) {
    for (const list of all(".col .cards", board)) {
      const column = columnOf(list).dataset.column, number = String(cardsIn(list).length);
      for (const place of [board.querySelector(`[data-tab="${column}"] b`), columnOf(list).querySelector("h3 b")]) {
        if (place && place.textContent !== number) place.textContent = number;
      }
    }
  }

  function paint() {
    for (const board of all(".board[data-board]")) {
      const last = all("[data-tab]", board).length - 1;
      const column = board.dataset.ownColumn ?? (onConsole ? 0 : kickoff.kept(sessionStorage, "column", 0));
      show(board, Math.min(Number(column), Math.max(last, 0)));
      awaiting(board);
      count(board);
      for (const grip of all(".grip", board)) {
        const text = words(board, "grip", { card: titleOf(grip.parentElement) });
        if (text && grip.getAttribute("aria-label") !== text) grip.setAttribute("aria-label", text);
      }
    }
    fetchKits();
    fetchOpened();
    ring();
  }

  /* What is on its way stands where it is going, also when a frame comes that knows nothing of it. */
  function awaiting(board) {
    for (const { id, activity, data } of kickoff.pending || []) {
      if (activity !== board.dataset.activityOf || (data.board && data.board !== board.dataset.board)) continue;
      const li = data.card && cardOf(data.card), list = listOf(board, data.column);
      if (data.do === "move" && li && list) place(li, list, data);
      else if (data.do === "remove") li?.remove();
      else if (data.do === "add" && list && !list.querySelector(`[data-sent="${id}"]`)) {
        const made = Object.assign(document.createElement("li"), { className: "k on-its-way" });
        made.dataset.sent = id;
        made.append(Object.assign(document.createElement("b"), { textContent: data.text }));
        list.append(made);
      }
    }
  }

  /* ---- Fragments that are fetched ------------------------------------------------------------ */

  async function fetchKits() {
    for (const place of all("[data-kit]")) {
      const activity = place.dataset.activityOf || place.dataset.boardsOf, address = place.dataset.kit;
      const known = kits.get(activity);
      if (known?.address === address || known?.root?.querySelector("dialog[open]")) continue;
      const asked = { address, root: known?.root };
      kits.set(activity, asked);
      const html = await fragment(address);
      // Another one is wanted by now, or somebody has begun to write in the one that is there.
      if (kits.get(activity) !== asked || asked.root?.querySelector("dialog[open]")) { asked.address = ""; continue; }
      if (html === null) { asked.address = ""; continue; }
      asked.root?.remove();
      const root = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
      document.body.append(document.adoptNode(root));
      kits.set(activity, { address, root });
      prepare(root);
      paint();
    }
  }

  async function fragment(address) {
    try {
      const answer = await kickoff.fetchWithin(address, { credentials: "same-origin", headers: { Accept: "text/fragment" } });
      return answer.ok ? await answer.text() : null;
    } catch {
      return null;
    }
  }

  async function fetchOpened() {
    for (const details of all("details[data-board-details][open]")) {
      const box = details.querySelector(".opened"), { digest, part } = details.dataset;
      if (drag || loads.get(box)?.digest === digest) continue;
      const load = { digest };
      loads.set(box, load);
      const html = await fragment(part);
      if (loads.get(box) !== load) continue;
      if (html === null) { loads.delete(box); continue; }
      window.Idiomorph.morph(box, html, { morphStyle: "innerHTML" });
      paint();
      refresh();
    }
  }

  /* ---- A card's form ------------------------------------------------------------------------- */

  function field(name) { return editing.form.elements[name]; }

  function open(board, card, column) {
    const dialog = kitOf(board)?.querySelector("dialog");
    if (!dialog || !isOpen(board)) return;
    editing = { board: board.dataset.board, activity: board.dataset.activityOf, card, column, dialog, form: dialog.querySelector("form"), sent: new Set() };
    editing.form.reset();
    saved("");
    for (const part of all("[data-of-card]", dialog)) part.hidden = !card;
    dialog.querySelector("[data-gone]").hidden = true;
    dialog.querySelector("[data-finish]").textContent = words(board, card ? "finished" : "add");
    heading();
    if (card) fill();
    dialog.showModal();
    if (!card) field("text").focus();
  }

  function theBoard() { return all(".board[data-board]").find((each) => each.dataset.board === editing?.board && each.dataset.activityOf === editing.activity); }

  function heading() {
    const board = theBoard();
    if (board) editing.dialog.querySelector("[data-heading]").textContent = words(board, editing.card ? "card" : "new", { column: nameOf(board, editing.column) });
  }

  function toldOf(li) { return { text: titleOf(li), ...JSON.parse(li.dataset.told || "{}") }; }

  /* As the card is now; what somebody is writing in stays. */
  function fill() {
    const li = cardOf(editing.card), busy = isBusy();
    editing.dialog.querySelector("[data-gone]").hidden = Boolean(li);
    if (!li) return;
    editing.column = Number(columnOf(li).dataset.column);
    const told = toldOf(li);
    for (const name of ["text", "owner", "due", "link"]) {
      const at = field(name);
      if (at && at !== document.activeElement && !busy && at.value !== (told[name] || "")) at.value = told[name] || "";
    }
    if (!busy) field("colour").value = told.colour || "";
    if (!busy) fillChecks(told.checks || []);
    heading();
    fillMoves();
    showAction(Boolean(li.querySelector(".of-action")));
  }

  function isBusy() {
    return editing.sent.size > 0 || (kickoff.pending || []).some((each) => each.data.card === editing.card && each.data.do === "edit");
  }

  function fillMoves() {
    const board = theBoard(), li = cardOf(editing.card), goes = editing.dialog.querySelector("[data-goes]");
    if (!board || !li) return;
    const now = columnOf(li).dataset.column;
    editing.column = Number(now);
    const names = all("[data-tab]", board).map((tab) => [tab.dataset.tab, tab.querySelector("span").textContent]);
    const same = goes.children.length === names.length;
    if (!same) goes.replaceChildren(...names.map(() => Object.assign(document.createElement("button"), { type: "button" })));
    names.forEach(([column, name], number) => {
      const button = goes.children[number];
      button.dataset.goes = column;
      button.textContent = name;
      button.setAttribute("aria-pressed", String(column === now));
    });
    heading();
  }

  function fillChecks(checks) {
    const list = editing.dialog.querySelector("[data-checks]");
    const rows = checks.map(([key, text, done]) => {
      const row = [...list.children].find((each) => each.dataset.check === key) || checkRow(key);
      row.querySelector("span").textContent = text;
      row.querySelector("input").checked = Boolean(done);
      return row;
    });
    if (rows.length !== list.children.length || rows.some((row, at) => list.children[at] !== row)) list.replaceChildren(...rows);
  }

  function checkRow(key) {
    const row = document.createElement("li"), label = document.createElement("label"), drop = document.createElement("button");
    row.dataset.check = key;
    label.append(Object.assign(document.createElement("input"), { type: "checkbox" }), document.createElement("span"));
    Object.assign(drop, { type: "button", textContent: "×" });
    drop.dataset.dropCheck = key;
    drop.setAttribute("aria-label", words(theBoard(), "drop"));
    row.append(label, drop);
    return row;
  }

  function showAction(is) {
    editing.dialog.querySelector('[data-do="act"]').hidden = is;
    editing.dialog.querySelector("[data-is-action]").hidden = !is;
  }

  function refresh() { if (editing?.card && editing.dialog.open) fill(); }

  function saved(name, text = "") {
    if (!editing) return;
    editing.dialog.querySelector("[data-saved]").textContent = text || (name && words(theBoard(), name));
  }

  /* One aspect at a time, so that two who change different ones both have their way. */
  function edit(what) {
    const board = theBoard();
    if (!board || !editing.card) return;
    saved("saving");
    const { id, sent } = push(board, { do: "edit", card: editing.card, ...what }), of = editing;
    of.sent.add(id || sent);
    sent?.then(() => of.sent.delete(sent), () => of.sent.delete(sent));
  }

  function addCard() {
    const board = theBoard(), text = field("text").value.trim();
    if (!board || !text) return;
    const what = { do: "add", column: editing.column, text };
    for (const name of ["owner", "due", "colour", "link"]) if (field(name)?.value) what[name] = field(name).value;
    const { id, sent } = push(board, what);
    awaiting(board);
    show(board, editing.column);
    return id || sent;
  }

  /* Another one follows, most often: the field stays, empty, and the keyboard with it. */
  function addAnother() {
    const id = addCard(), of = editing;
    if (!id) return;
    of.form.reset();
    field("text").focus();
    saved("saving");
    of.sent.add(id);
    id.then?.(() => of.sent.delete(id), () => of.sent.delete(id));
  }

  function addItem() {
    const at = editing.dialog.querySelector("[data-item]"), text = at.value.trim();
    if (text) edit({ item: text });
    at.value = "";
    at.focus();
  }

  function prepare(root) {
    const dialog = root.querySelector("dialog"), form = dialog.querySelector("form");
    form.addEventListener("submit", (event) => {
      if (!editing) return;
      if (!editing.card && event.submitter && "finish" in event.submitter.dataset) addCard();
      else if (editing.card && document.activeElement?.name) document.activeElement.dispatchEvent(new Event("change", { bubbles: true }));
    });
    form.addEventListener("change", ({ target }) => {
      if (!editing?.card) return;
      const row = target.closest("[data-check]");
      if (row) edit({ check: row.dataset.check, done: target.checked });
      else if (target.name && (target.name !== "text" || target.value.trim())) {
        const li = cardOf(editing.card), was = li ? toldOf(li)[target.name] || "" : "";
        if (target.value.trim() !== was) edit({ [target.name]: target.value.trim() });
      }
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      if (event.target.matches("[data-item]")) { event.preventDefault(); addItem(); }
      else if (event.target.matches("textarea, input:not([type=checkbox], [type=radio])")) {
        event.preventDefault();
        if (editing.card) event.target.blur();
        else addAnother();
      }
    });
    form.addEventListener("click", ({ target }) => {
      const board = theBoard(), li = editing?.card && cardOf(editing.card);
      const goes = target.closest("button[data-goes]"), drop = target.closest("[data-drop-check]"), does = target.closest("[data-do]")?.dataset.do;
      if (!board) return;
      if (drop) { drop.closest("li").remove(); edit({ check: drop.dataset.dropCheck, item: "" }); }
      else if (does === "item") addItem();
      else if (does === "restore") restore(board, editing.card, field("text").value);
      else if (!li) return;
      else if (goes) { move(board, li, Number(goes.dataset.goes), { to: "bottom" }); show(board, goes.dataset.goes); }
      else if (does === "up" || does === "down") step(li, does === "up" ? -1 : 1);
      else if (does === "top" || does === "bottom") move(board, li, editing.column, { to: does });
      else if (does === "act") act(board, li);
      else if (does === "remove") { dialog.close(); remove(board, li); }
    });
    dialog.addEventListener("close", () => {
      const card = editing?.card;
      editing = null;
      cardOf(card)?.querySelector(".face").focus();
      fetchKits();
    });
  }

  document.addEventListener("kickoff:ack", ({ detail }) => {
    if (!editing || !editing.sent.delete(detail.id)) return;
    if (!editing.sent.size) saved("saved");
  });

  document.addEventListener("kickoff:error", ({ detail }) => {
    const board = all(".board[data-board]").find((each) => each.dataset.activityOf === detail.activity);
    if (!board) return;
    const reason = (detail.code === "invalid" && detail.detail) || kickoff.text(detail.code) || detail.detail || kickoff.text("failed");
    editing?.sent.delete(detail.id);
    if (editing?.dialog.open) saved("", reason);
    else offer(board, reason);
  });

  /* ---- Menu and keyboard ---------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const board = boardOf(event.target), at = (selector) => event.target.closest(selector);
    if (!board) return;
    if (at("[data-tab]")) show(board, at("[data-tab]").dataset.tab);
    else if (at("[data-add]")) open(board, "", Number(at("[data-add]").dataset.add));
    else if (at("[data-restore]")) restore(board, at("[data-restore]").dataset.restore, at("li").querySelector("span").textContent);
    else if (at(".face") || (at(".grip") && !dragged)) open(board, at(".k").dataset.card, Number(columnOf(at(".k")).dataset.column));
  });

  // Before the console's own keys, for which an arrow is the next block.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && drag) { event.preventDefault(); drop(false); return; }
    const tab = event.target.closest?.("[data-tab]"), grip = event.target.closest?.(".grip");
    const arrow = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Enter" || event.key === " ") { if (boardOf(event.target) && event.target.matches("button")) event.stopPropagation(); return; }
    if (!arrow || !(tab || grip)) return;
    event.preventDefault();
    event.stopPropagation();
    const board = boardOf(event.target);
    if (tab) {
      const next = board.querySelector(`[data-tab="${Number(tab.dataset.tab) + arrow}"]`);
      if (next) { show(board, next.dataset.tab); next.focus(); }
      return;
    }
    const li = grip.closest(".k");
    if (event.key === "ArrowUp" || event.key === "ArrowDown") step(li, arrow);
    else aside(li, arrow);
    li.querySelector(".grip").focus();
  }, true);

  /* ---- The handle: mouse, pen and finger -------------------------------------------------------- */

  let dragged = false;

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.(".grip");
    dragged = false;
    if (!grip || event.button !== 0 || !isOpen(boardOf(grip))) return;
    const li = grip.closest(".k"), box = li.getBoundingClientRect();
    drag = { card: li.dataset.card, pointer: event.pointerId, x: event.clientX, y: event.clientY, dx: event.clientX - box.left, dy: event.clientY - box.top, ghost: null, mark: null, hover: 0 };
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    if (!drag.ghost) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < LIFT_PX) return;
      lift();
      if (!drag) return;
    }
    Object.assign(drag, { x: event.clientX, y: event.clientY });
    follow();
  });

  function lift() {
    const li = cardOf(drag.card);
    if (!li) { drag = null; return; }
    dragged = true;
    drag.ghost = li.cloneNode(true);
    drag.ghost.removeAttribute("id");
    drag.ghost.classList.add("ghost");
    drag.ghost.style.width = li.offsetWidth + "px";
    drag.ghost.setAttribute("aria-hidden", "true");
    document.body.append(drag.ghost);
    document.documentElement.dataset.ownDrags = "";
    say(boardOf(li), "lifted", { card: titleOf(li) });
  }

  function follow() {
    const li = cardOf(drag.card), board = li && boardOf(li);
    if (!board) return drop(false);
    li.setAttribute("data-own-lifted", "");
    drag.ghost.style.transform = `translate(${drag.x - drag.dx}px, ${drag.y - drag.dy}px)`;
    const under = document.elementFromPoint(drag.x, drag.y);
    const tab = under?.closest("[data-tab]"), column = under && board.contains(under) ? columnOf(under) : null;
    unmark();
    drag.target = null;
    if (tab && board.contains(tab)) {
      tab.setAttribute("data-own-drop", "");
      drag.target = { column: Number(tab.dataset.tab), beside: { to: "bottom" } };
      if (drag.over !== tab) {
        clearTimeout(drag.hover);
        drag.hover = setTimeout(() => { if (drag?.over === tab) show(board, tab.dataset.tab); }, HOVER_MS);
      }
    } else if (column) target(board, column, li);
    drag.over = tab;
    scroll();
  }

  function target(board, column, li) {
    const number = Number(column.dataset.column), cards = cardsIn(column.querySelector(".cards")).filter((each) => each !== li);
    const below = cards.find((each) => { const box = each.getBoundingClientRect(); return drag.y < box.top + box.height / 2; });
    const last = cards[cards.length - 1];
    drag.target = { column: number, beside: below ? { before: below.dataset.card } : last ? { after: last.dataset.card } : { to: "bottom" } };
    if (below) below.setAttribute("data-own-drop", "before");
    else if (last) last.setAttribute("data-own-drop", "after");
    else column.setAttribute("data-own-drop", "");
  }

  function scroll() {
    const by = drag.y < EDGE_PX ? -1 : drag.y > innerHeight - EDGE_PX ? 1 : 0;
    if (by && !drag.scrolling) {
      const on = () => {
        if (!drag) return;
        const still = drag.y < EDGE_PX ? -1 : drag.y > innerHeight - EDGE_PX ? 1 : 0;
        drag.scrolling = still ? requestAnimationFrame(on) : 0;
        scrollBy(0, still * 9);
      };
      drag.scrolling = requestAnimationFrame(on);
    }
  }

  function unmark() { for (const each of all("[data-own-drop]")) each.removeAttribute("data-own-drop"); }

  function drop(isMeant) {
    const { card, target: to, ghost, hover } = drag, li = cardOf(card), board = li && boardOf(li);
    clearTimeout(hover);
    ghost?.remove();
    unmark();
    li?.removeAttribute("data-own-lifted");
    delete document.documentElement.dataset.ownDrags;
    drag = null;
    if (!board || !ghost) return;
    if (isMeant && to) {
      move(board, li, to.column, to.beside);
      if (!matchMedia("(min-width: 900px)").matches && String(to.column) !== board.dataset.ownColumn) show(board, board.dataset.ownColumn);
    } else say(board, "dropped", { card: titleOf(li) });
    fetchOpened();
  }

  document.addEventListener("pointerup", (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    if (!drag.ghost) { drag = null; return; }
    drop(true);
    // The click that follows is no tap on the handle.
    setTimeout(() => { dragged = false; }, 50);
  });
  document.addEventListener("pointercancel", (event) => { if (drag && event.pointerId === drag.pointer) drop(false); });

  /* ---- The sprint ------------------------------------------------------------------------------- */

  function ring() {
    const now = kickoff.now();
    for (const clock of all("[data-sprint]")) {
      const ends = Number(clock.dataset.sprint), left = ends - now;
      if (isNaN(left)) continue;
      clock.toggleAttribute("data-own-soon", left > 0 && left <= SOON_MS);
      clock.toggleAttribute("data-own-over", left <= 0);
      once(ends, "soon", left <= SOON_MS && left > SOON_MS - LATE_MS, [660, 660]);
      once(ends, "over", left <= 0 && left > -LATE_MS, [784, 659, 523]);
    }
  }

  function once(ends, name, isNow, notes) {
    if (!isNow || rung.has(name + ends)) return;
    rung.add(name + ends);
    document.dispatchEvent(new CustomEvent("kickoff:tones", { detail: notes }));
    const board = document.querySelector(".board[data-board]");
    if (!board || onConsole) return;
    say(board, name);
    navigator.vibrate?.(name === "over" ? [200, 100, 200] : 150);
  }

  document.addEventListener("toggle", (event) => { if (event.target.matches?.("[data-board-details]")) fetchOpened(); }, true);
  // What was acknowledged is in the next frame: until then the form is right, and the board old.
  document.addEventListener("kickoff:mine", paint);
  document.addEventListener("kickoff:morphed", () => {
    paint();
    refresh();
  });
  setInterval(ring, 500);
  paint();
})();
