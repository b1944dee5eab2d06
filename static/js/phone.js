/* An attendee's answers: painted from what the server says is mine and from what is on its way. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff) return;
  // The page may be the answer to a form: a reload asks for the page, and does not join again.
  history.replaceState(history.state, "", location.href);
  document.getElementById(history.state?.aside)?.setAttribute("open", "");
  const refusals = new Map(); // activity → the sentence of its last refusal, until the next try
  const changed = new Set(); // activities answered more than once from this page
  const asked = new Map(); // activity → its question and its options' words, also when its form is gone
  const openedAt = performance.now(), still = matchMedia("(prefers-reduced-motion: reduce)");

  function words(name, values) {
    const found = document.getElementById("answer-texts").content.querySelector(`[data-text="${name}"]`);
    return found.textContent.trim().replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  /* Those whose kind takes several answers of one attendee are painted by its own script (data-own-way). */
  const OURS = "form[data-activity]:not([data-own-way])";
  function forms() { return document.querySelectorAll(OURS); }

  /* What this phone's attendee has answered, or is about to have. */
  function answerOf(activity) { return (kickoff.waiting(activity) || kickoff.mine[activity])?.data; }

  /* Of a kind that asks for something beside what was written: what was said of that. */
  function answerIn(form) {
    const { activity, beside } = form.dataset;
    if (!beside) return answerOf(activity);
    const last = kickoff.pending.filter((each) => each.activity === activity && beside in each.data).pop();
    return { [beside]: (last?.data || kickoff.mine[activity]?.data)?.[beside] || [] };
  }

  /* Nothing chosen is no answer, where one has written too. */
  function hasAnswered(form, answer) { return Boolean(answer) && (!form.dataset.beside || answer[form.dataset.beside].length > 0); }

  function paint() {
    for (const form of forms()) {
      const activity = form.dataset.activity, answer = answerIn(form);
      const draft = form.hasAttribute("data-own-draft");
      if (answer && !draft) fill(form, answer);
      say(form, stateOf(activity, draft, hasAnswered(form, answer)));
    }
    // A table's phone is counted with the tables, and nowhere else.
    const among = kickoff.me.people > 1 ? "tables" : "phones";
    for (const row of document.querySelectorAll("[data-mine-of]")) {
      const value = row.dataset.mineAmong === among ? answerOf(row.dataset.mineOf)?.[row.dataset.mineName] : undefined;
      row.toggleAttribute("data-own-mine", value !== undefined && [].concat(value).map(String).includes(row.dataset.mineValue));
    }
    introduce();
    lookAwake();
  }

  /* Who this phone is here: the only place that says which team or group somebody was put into. */
  function introduce() {
    const { name, team, people, table } = kickoff.me, line = document.getElementById("me");
    const sign = line.querySelector('[data-me="group"]').dataset.table.replace("{table}", table);
    const group = [kickoff.me.group, table && sign].filter(Boolean).join(" · ");
    if (people === undefined) return; // nobody has said yet
    line.hidden = false;
    line.querySelector('[data-me="nobody"]').hidden = Boolean(name);
    document.documentElement.toggleAttribute("data-nameless", !name);
    for (const [part, value] of Object.entries({ name, group, team: group ? "" : team })) {
      const place = line.querySelector(`[data-me="${part}"]`);
      place.hidden = !value;
      place.querySelector("bdi").textContent = value || "";
    }
    if (line.open) return; // somebody is writing there
    const field = document.getElementById("me-name"), choice = document.getElementById("me-team");
    if (field) field.value = name;
    if (choice) choice.value = [...choice.options].find((each) => team && each.text === team)?.value ?? "";
  }

  function stateOf(activity, draft, answer) {
    if (refusals.has(activity)) return "refused";
    if (kickoff.waiting(activity)) {
      const hopeful = kickoff.state === "live" || performance.now() - openedAt < 6000;
      return hopeful && !kickoff.overdue(activity) ? "sending" : "unsent";
    }
    if (draft) return "changed";
    return answer ? "saved" : "";
  }

  function say(form, state) {
    const line = form.querySelector("[data-own-saved]"), activity = form.dataset.activity;
    const most = form.dataset.max, count = form.querySelectorAll("input:checked").length;
    const counted = most && count ? words("at_most", { count, most }) : "";
    const name = state === "saved" && changed.has(activity) ? "saved_anew" : state || "none";
    const first = state === "refused" ? refusals.get(activity) : state ? words(name, {}) : counted || words(name, {});
    const more = state === "saved" ? words("saved_more", {}) : state === "unsent" ? words("unsent_more", {}) : "";
    const second = [state ? counted : "", more].filter(Boolean).join(" · ");
    form.dataset.ownState = state;
    if (line.dataset.said === first + "\n" + second) return;
    line.dataset.said = first + "\n" + second;
    line.textContent = first;
    if (second) line.append(Object.assign(document.createElement("small"), { textContent: second }));
  }

  function fill(form, answer) {
    for (const field of form.elements) {
      const value = field.name.split(".").reduce((whole, part) => whole?.[part], answer);
      if (value === undefined) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = [].concat(value).map(String).includes(field.value);
      else if (field !== document.activeElement && field.value !== String(value)) field.value = value;
    }
  }

  function send(form) {
    const activity = form.dataset.activity, wrong = window.countedWrong(form);
    if (wrong) {
      refusals.set(activity, wrong);
      return paint();
    }
    refusals.delete(activity);
    if (hasAnswered(form, answerIn(form))) changed.add(activity);
    kickoff.forgetDraft(form);
    kickoff.submit(activity, kickoff.dataOf(form), form.dataset.beside ? form.dataset.kind : "");
  }

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || !form.matches(OURS)) return;
    const most = Number(form.dataset.max), chosen = form.querySelectorAll("input:checked").length;
    if (most && chosen > most) {
      event.target.checked = false;
      refusals.set(form.dataset.activity, words("too_many", { most }));
      if ("tap" in form.dataset) kickoff.forgetDraft(form);
      return paint();
    } else refusals.delete(form.dataset.activity);
    if ("tap" in form.dataset) send(form);
    else paint();
  });

  document.addEventListener("input", (event) => {
    if (!event.target.form?.matches(OURS)) return;
    const { activity } = event.target.form.dataset;
    refusals.delete(activity);
    paint();
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(OURS)) return;
    event.preventDefault();
    send(event.target);
    if (refusals.has(event.target.dataset.activity)) return;
    document.activeElement?.blur(); // the keyboard goes, and what was done can be read
  });

  document.addEventListener("kickoff:error", ({ detail }) => {
    if (!detail.activity || document.querySelector(`form[data-own-way][data-activity="${CSS.escape(detail.activity)}"]`)) return;
    // What breaks the question's own rule has its own reason; else the code has the words.
    const reason = detail.code === "invalid" ? detail.detail : "";
    if (detail.code === "activity_closed" && !formOf(detail.activity)) keepUnsent(detail.activity, detail.data, "closed_late");
    else refusals.set(detail.activity, reason || kickoff.text(detail.code) || detail.detail || kickoff.text("failed"));
    paint();
  });

  /* That it was saved is seen also when the words stay the same. */
  document.addEventListener("kickoff:ack", ({ detail }) => {
    const bar = formOf(detail.activity)?.querySelector(".bar");
    if (bar && !still.matches) bar.animate({ backgroundColor: ["#a9dcbb", "#faf7f1"] }, { duration: 900, easing: "ease-out" });
  });

  /* ---- What was written and not sent when the question was closed ------------------------- */

  const box = document.getElementById("unsent");
  let drafts = [];

  function formOf(activity) { return document.querySelector(`form[data-activity="${CSS.escape(activity)}"]`); }

  function remember() {
    for (const form of document.querySelectorAll("form[data-activity]")) {
      const labels = {};
      for (const field of form.querySelectorAll("[type=radio], [type=checkbox]")) labels[field.value] = field.closest("label").innerText.trim();
      asked.set(form.dataset.activity, { title: form.querySelector("legend")?.textContent || "", labels });
    }
  }

  function inWords(activity, data) {
    const labels = asked.get(activity)?.labels || {};
    return Object.values(data).flat().map((value) => labels[value] ?? String(value)).join(", ").trim();
  }

  function keepUnsent(activity, data, why) {
    if (!inWords(activity, data)) return;
    showUnsent({ activity, data, why, title: asked.get(activity)?.title || "", text: inWords(activity, data), at: performance.now() });
  }

  kickoff.keepUnsent = keepUnsent; // for writing.js

  function showUnsent(kept) {
    kickoff.keep(sessionStorage, "unsent", kept);
    box.hidden = !kept;
    if (!kept) return;
    box.open = true;
    for (const part of ["title", "text"]) box.querySelector(`[data-unsent="${part}"]`).textContent = kept[part];
    box.querySelector('[data-unsent="why"]').textContent = words(kept.why, {});
  }

  /* Opened again, the question has what was written in its form once more. */
  function giveBack() {
    const kept = kickoff.kept(sessionStorage, "unsent", null), form = kept && formOf(kept.activity);
    if (!form) return;
    fill(form, kept.data);
    form.querySelector("textarea, input:checked, input")?.dispatchEvent(new Event("input", { bubbles: true }));
    showUnsent(null);
  }

  function noteDrafts() {
    remember();
    drafts = [...forms()].filter((form) => form.hasAttribute("data-own-draft"))
      .map((form) => ({ activity: form.dataset.activity, data: kickoff.dataOf(form) }));
  }

  function lookForLost() {
    const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    for (const { activity, data } of drafts) {
      if (!formOf(activity) && !isSame(data, answerOf(activity))) keepUnsent(activity, data, "closed_unsent");
    }
    drafts = [];
    giveBack();
  }

  box.querySelector("button").hidden = false;
  box.querySelector("button").addEventListener("click", () => showUnsent(null));

  /* ---- A new question begins at its beginning, and so does each of its stages --------------------------------------------- */

  let first = null;

  function beginAtTitle() {
    const asked = document.querySelector("#region-main > section"), now = asked && asked.id + (asked.dataset.stage || "");
    const isNew = first !== null && now !== first;
    first = now;
    // It has been seen by now, and makes room for what is asked next.
    if (isNew && kickoff.kept(sessionStorage, "unsent", null)?.at < performance.now() - 1000) box.open = false;
    if (isNew && !document.activeElement?.matches("textarea, input:not([type=radio], [type=checkbox]), select")) scrollTo(0, 0);
  }

  document.addEventListener("kickoff:before", noteDrafts);
  document.addEventListener("kickoff:morphed", () => {
    lookForLost();
    beginAtTitle();
  });
  for (const event of ["morphed", "mine", "connection"]) document.addEventListener("kickoff:" + event, paint);

  document.addEventListener("click", (event) => {
    if (!event.target.closest('a[href="#me"]')) return;
    event.preventDefault();
    document.getElementById("me").open = true;
    scrollTo(0, 0);
    document.getElementById("me-name")?.focus();
  });

  /* The screen stays lit while something is asked, where the browser lets a page say so (not on plain http). */
  let lock = null;
  async function lookAwake() {
    const wanted = !document.hidden && forms().length > 0 && kickoff.state === "live";
    if (!navigator.wakeLock || wanted === Boolean(lock)) return;
    if (!wanted) {
      lock.release();
      lock = null;
      return;
    }
    lock = {release() {}};
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { lock = null; });
    } catch { /* low battery, or not allowed: then not */ }
  }

  // Somebody was faster than this script: what they tapped is their answer.
  for (const form of document.querySelectorAll("form[data-tap]")) {
    if (!hasAnswered(form, answerIn(form)) && form.querySelector("input:checked")) send(form);
  }
  // A page that was rendered for a browser without a script, in one that has it after all.
  for (const part of document.querySelectorAll("fieldset[disabled]")) part.disabled = false;
  remember();
  if (kickoff.kept(sessionStorage, "unsent", null)) showUnsent(kickoff.kept(sessionStorage, "unsent", null));
  giveBack();
  beginAtTitle();
  paint();
  setInterval(paint, 1000);
})();
