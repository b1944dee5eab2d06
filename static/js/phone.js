/* An attendee's answers: painted from what the server says is mine and from what is on its way. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff) return;
  const refusals = new Map(); // activity → the sentence of its last refusal, until the next try
  const asked = performance.now();

  function words(name, values) {
    const found = document.getElementById("answer-texts").content.querySelector(`[data-text="${name}"]`);
    return found.textContent.trim().replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  function forms() { return document.querySelectorAll("form[data-activity]"); }

  /* What this phone's attendee has answered, or is about to have. */
  function answerOf(activity) { return (kickoff.waiting(activity) || kickoff.mine[activity])?.data; }

  function paint() {
    for (const form of forms()) {
      const activity = form.dataset.activity, answer = answerOf(activity);
      const changed = form.hasAttribute("data-own-draft");
      if (answer && !changed) fill(form, answer);
      say(form, stateOf(activity, changed, answer));
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

  /* Who this phone is here: the only place that says which team somebody was put into. */
  function introduce() {
    const { name, team } = kickoff.me, line = document.getElementById("me");
    line.hidden = !name && !team;
    for (const [part, value] of Object.entries({ name, team })) {
      const place = line.querySelector(`[data-me="${part}"]`);
      place.hidden = !value;
      place.querySelector("bdi").textContent = value || "";
    }
  }

  function stateOf(activity, changed, answer) {
    if (refusals.has(activity)) return "refused";
    if (kickoff.waiting(activity)) return kickoff.state === "live" || performance.now() - asked < 6000 ? "sending" : "unsent";
    if (changed) return "changed";
    return answer ? "saved" : "";
  }

  function say(form, state) {
    const line = form.querySelector("[data-own-saved]"), activity = form.dataset.activity;
    const most = form.dataset.max, count = form.querySelectorAll("input:checked").length;
    const counted = most && count ? words("at_most", { count, most }) : "";
    const first = state === "refused" ? refusals.get(activity) : state ? words(state, {}) : counted || words("none", {});
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
      const value = answer[field.name];
      if (value === undefined) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = [].concat(value).map(String).includes(field.value);
      else if (field !== document.activeElement && field.value !== String(value)) field.value = value;
    }
  }

  function send(form) {
    const activity = form.dataset.activity;
    refusals.delete(activity);
    kickoff.forgetDraft(form);
    kickoff.submit(activity, kickoff.dataOf(form));
  }

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || !form.dataset.activity) return;
    const most = Number(form.dataset.max), chosen = form.querySelectorAll("input:checked").length;
    if (most && chosen > most) {
      event.target.checked = false;
      refusals.set(form.dataset.activity, words("too_many", { most }));
    } else refusals.delete(form.dataset.activity);
    if ("tap" in form.dataset) send(form);
    else paint();
  });

  document.addEventListener("input", (event) => { if (event.target.form?.dataset.activity) paint(); });

  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.activity) return;
    event.preventDefault();
    send(event.target);
    document.activeElement?.blur(); // the keyboard goes, and what was done can be read
  });

  document.addEventListener("kickoff:error", ({ detail }) => {
    if (!detail.activity) return;
    refusals.set(detail.activity, kickoff.text(detail.code) || detail.detail || kickoff.text("failed"));
    paint();
  });
  for (const event of ["morphed", "mine", "connection"]) document.addEventListener("kickoff:" + event, paint);

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
    if (!answerOf(form.dataset.activity) && form.querySelector("input:checked")) send(form);
  }
  paint();
  setInterval(paint, 1000);
})();
