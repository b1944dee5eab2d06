/* The obstacles' own script. On a phone: ranking up to five by tapping, and taking one of the five on. On the console: a
   window that was chosen. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff || kickoff.obstacles) return;
  kickoff.obstacles = true;
  const PLACES = 5, openedAt = performance.now();

  function wordsOf(place, name, values = {}) {
    const found = place.querySelector("template[data-texts]").content.querySelector(`[data-text="${name}"]`);
    return found ? found.textContent.trim().replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "") : "";
  }

  function plain(text) { return text.toLocaleLowerCase().normalize("NFC").replace(/\s+/g, " ").trim(); }

  /* ---- Ranking ---------------------------------------------------------------------------- */

  if (kickoff.folding) {
    kickoff.folding.top_obstacles = (mine, data, id, newest) => {
      if (data.ranking && data.text === undefined && !data.withdraw && !data.restore) return newest ? { ...mine, ranking: data.ranking } : mine;
      return kickoff.writing ? kickoff.writing.fold(mine, data, id) : mine;
    };
  }

  /* What is looked for, in each list that came anew. */
  function arrange() {
    for (const form of document.querySelectorAll("form[data-ranks]")) search(form.querySelector("[data-search]"));
  }

  function rankingOf(form) {
    const { activity } = form.dataset, standing = new Map();
    for (const button of form.querySelectorAll("[data-entry]")) {
      for (const id of [button.dataset.entry, ...(button.dataset.parts || "").split(" ")]) if (id) standing.set(id, button.dataset.entry);
    }
    const last = kickoff.pending.filter((each) => each.activity === activity && each.data.ranking).pop();
    const given = last ? last.data.ranking : kickoff.mine[activity]?.data?.ranking || [];
    // What was merged meanwhile counts for the one that stands; what was hidden is not shown.
    return [...new Set(given.map((id) => standing.get(id)).filter(Boolean))];
  }

  function button(form, icon, label, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "step-of" });
    const drawn = form.querySelector("template[data-icons]").content.querySelector(`[data-icon="${icon}"]`);
    made.append(...[...drawn.childNodes].map((node) => node.cloneNode(true)));
    made.setAttribute("aria-label", label);
    made.dataset.act = act;
    return made;
  }

  function textOf(form, id) { return form.querySelector(`[data-entry="${CSS.escape(id)}"] [dir]`).textContent; }

  function paintRanking(form) {
    const ranking = rankingOf(form), chosen = form.querySelector("[data-chosen]"), list = form.querySelector("[data-list]");
    for (const each of list.querySelectorAll("[data-entry]")) {
      const place = ranking.indexOf(each.dataset.entry) + 1;
      each.setAttribute("aria-pressed", String(place > 0));
      const at = each.querySelector(".at");
      if (at.textContent !== (place ? String(place) : "")) at.textContent = place || "";
    }
    list.toggleAttribute("data-own-full", ranking.length >= PLACES);
    if (chosen.dataset.shown !== ranking.join(" ")) {
      const held = chosen.contains(document.activeElement) && document.activeElement;
      const [id, act] = held ? [held.closest("li").dataset.id, held.dataset.act] : [];
      chosen.dataset.shown = ranking.join(" ");
      chosen.replaceChildren(...ranking.map((entry, at) => rowOf(form, entry, at, ranking.length)));
      if (held) (chosen.querySelector(`[data-id="${id}"] [data-act="${act}"]:not([disabled])`) || chosen.querySelector(`[data-id="${id}"] button:not([disabled])`) || chosen.querySelector("button:not([disabled])") || list.querySelector("button"))?.focus();
    }
    form.querySelector("[data-none]").hidden = ranking.length > 0;
    for (const count of form.querySelectorAll("[data-count]")) count.textContent = ranking.length ? `${ranking.length}/${PLACES}` : "";
    saySaved(form, ranking);
  }

  function rowOf(form, entry, at, of) {
    const row = document.createElement("li"), text = textOf(form, entry);
    row.dataset.id = entry;
    const words = Object.assign(document.createElement("span"), { textContent: text, dir: "auto" });
    const up = button(form, "up", wordsOf(form, "up", { text }), "up"), down = button(form, "down", wordsOf(form, "down", { text }), "down");
    up.disabled = at === 0;
    down.disabled = at === of - 1;
    row.append(words, up, down, button(form, "take", wordsOf(form, "take", { text }), "take"));
    return row;
  }

  function saySaved(form, ranking) {
    const { activity } = form.dataset, waits = kickoff.pending.some((each) => each.activity === activity);
    const hopeful = (kickoff.state === "live" || performance.now() - openedAt < 6000) && !kickoff.overdue(activity);
    const state = waits ? (hopeful ? "sending" : "unsent") : ranking.length ? "saved" : "";
    const more = state === "saved" || state === "unsent" ? wordsOf(form, state + "_more") : "";
    const line = form.querySelector("[data-own-saved]"), words = wordsOf(form, state || "none");
    form.dataset.ownState = state;
    if (line.dataset.said === words + more) return;
    line.dataset.said = words + more;
    line.textContent = words;
    if (more) line.append(Object.assign(document.createElement("small"), { textContent: more }));
  }

  function announce(form, words) { form.querySelector("[data-announce]").textContent = words; }

  function rank(form, ranking) {
    kickoff.submit(form.dataset.activity, { ranking }, form.dataset.kind);
    paintRanking(form);
  }

  function tap(form, entry) {
    const ranking = rankingOf(form), text = textOf(form, entry);
    if (ranking.includes(entry)) {
      rank(form, ranking.filter((id) => id !== entry));
      announce(form, wordsOf(form, "removed", { text }));
    } else if (ranking.length >= PLACES) {
      announce(form, wordsOf(form, "full"));
      kickoff.say(wordsOf(form, "full"));
    } else {
      rank(form, [...ranking, entry]);
      announce(form, wordsOf(form, "added", { text, place: ranking.length + 1 }));
    }
  }

  function step(form, entry, act) {
    const ranking = rankingOf(form), at = ranking.indexOf(entry), text = textOf(form, entry);
    if (at < 0) return;
    if (act === "take") return tap(form, entry);
    const to = act === "up" ? at - 1 : at + 1;
    if (to < 0 || to >= ranking.length) return;
    [ranking[at], ranking[to]] = [ranking[to], ranking[at]];
    rank(form, ranking);
    announce(form, wordsOf(form, "added", { text, place: to + 1 }));
  }

  function search(field) {
    const form = field.form, wanted = plain(field.value);
    let hits = 0;
    for (const row of form.querySelectorAll("[data-list] > li")) {
      row.hidden = Boolean(wanted) && !plain(row.textContent).includes(wanted);
      if (!row.hidden) hits += 1;
    }
    form.querySelector("[data-no-hits]").hidden = hits > 0;
  }

  document.addEventListener("submit", (event) => {
    if (event.target.matches?.("form[data-ranks]")) event.preventDefault();
  });
  document.addEventListener("input", (event) => { if (event.target.matches?.("[data-search]")) search(event.target); });
  document.addEventListener("click", (event) => {
    const form = event.target.closest("form[data-ranks]"), pressed = event.target.closest("button");
    if (!form || !pressed) return;
    // The list above grows and shrinks; what is under the finger stays there.
    const before = pressed.getBoundingClientRect().top;
    if (pressed.dataset.entry) {
      tap(form, pressed.dataset.entry);
      scrollBy({ top: pressed.getBoundingClientRect().top - before, behavior: "instant" });
    } else if (pressed.dataset.act) step(form, pressed.closest("li").dataset.id, pressed.dataset.act);
  });
  document.addEventListener("kickoff:error", ({ detail }) => {
    if (!detail.data?.ranking || !document.querySelector(`form[data-ranks][data-activity="${CSS.escape(detail.activity)}"]`)) return;
    kickoff.say((detail.code === "invalid" && detail.detail) || kickoff.text(detail.code) || detail.detail);
  });

  /* ---- Taking one on ---------------------------------------------------------------------- */

  function paintTaking(form) {
    const { name = "", person, people } = kickoff.me;
    const alone = !(people > 1), field = form.querySelector(".who-am-i");
    if (field) field.hidden = Boolean(name) && alone;
    for (const row of form.querySelectorAll("[data-entry]")) {
      const { owner, ownerName } = row.dataset;
      const isMe = Boolean(owner) && (owner === person || (Boolean(name) && plain(name) === plain(ownerName)));
      row.toggleAttribute("data-own-mine", isMe && alone);
      row.toggleAttribute("data-own-shared", Boolean(owner) && !alone);
      // Whom one knows not to be is nobody's to accept.
      row.toggleAttribute("data-own-other", Boolean(owner) && !isMe && Boolean(name) && alone);
    }
  }

  async function takeOn(form, pressed) {
    const { activity } = form.dataset, field = form.elements.name, name = (field && !field.closest("[hidden]") && field.value.trim()) || "";
    if (!name && !kickoff.me.name) {
      for (const each of form.querySelectorAll(".name-first")) each.remove();
      const words = Object.assign(document.createElement("span"), { className: "name-first", textContent: wordsOf(form, "name") });
      words.setAttribute("role", "alert");
      pressed.after(words);
      return field?.focus();
    }
    for (const each of form.querySelectorAll(".name-first")) each.remove();
    pressed.setAttribute("aria-busy", "true");
    const answer = await kickoff.command(`top_obstacles.${pressed.dataset.do}`, { activity, entry: pressed.value, ...(name && { name }) });
    pressed.removeAttribute("aria-busy");
    if (answer.code) return said(form, answer.detail || kickoff.text(answer.code) || kickoff.text("failed"), true);
    kickoff.me = { ...kickoff.me, ...answer.data };
    kickoff.keep(sessionStorage, "me", kickoff.me);
    said(form, wordsOf(form, pressed.dataset.do === "release" ? "released" : "taken"));
    document.dispatchEvent(new CustomEvent("kickoff:mine", { detail: { activity } }));
  }

  function said(form, words, wrong = false) {
    const line = form.querySelector("[data-said]");
    line.textContent = words;
    line.toggleAttribute("data-own-wrong", wrong);
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("form[data-takes]")) return;
    event.preventDefault();
    const pressed = event.submitter?.dataset.do ? event.submitter : null;
    if (pressed) takeOn(event.target, pressed);
  });

  // A window that was chosen is not contradicted by the date that was proposed.
  document.addEventListener("change", (event) => {
    const due = event.target.matches?.(".own-form [name=window]") && event.target.value && event.target.form.elements.due;
    if (due && due.value === due.defaultValue) due.value = "";
  });

  function paint() {
    document.querySelectorAll("form[data-ranks]").forEach(paintRanking);
    document.querySelectorAll("form[data-takes]").forEach(paintTaking);
  }

  document.addEventListener("kickoff:morphed", arrange);
  for (const event of ["morphed", "mine", "connection"]) document.addEventListener("kickoff:" + event, paint);
  arrange();
  paint();
  if (kickoff.folding) setInterval(() => document.querySelectorAll("form[data-ranks]").forEach(paintRanking), 1000);
})();
