/* The risk dialogue on a phone: each risk is placed by two scales, or by a tap on the small matrix that shows the same.
   What is chosen on both is sent at once. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff || kickoff.risks) return;
  kickoff.risks = true;
  const FORMS = "form[data-places]", openedAt = performance.now();
  const refused = new Map(); // entry → why the last was refused, until the next try
  const order = new Map(); // submission → its place in order
  const newest = {}; // entry → the place of the newest that was acknowledged

  if (kickoff.folding) {
    kickoff.folding.risk_dialogue = (mine, data, id) => {
      if (!data.risk) return kickoff.writing ? kickoff.writing.fold(mine, data, id) : mine;
      const at = order.get(id) ?? 0;
      // Each risk by itself: what comes late says nothing of the others.
      if (at < (newest[data.risk] ?? 0)) return mine;
      newest[data.risk] = at;
      const { [data.risk]: _was, ...placed } = mine.placed || {};
      return { ...mine, placed: data.away ? placed : { ...placed, [data.risk]: `${data.probability}.${data.consequence}` } };
    };
  }

  function words(name, values = {}) {
    const found = document.getElementById("risk-texts")?.content.querySelector(`[data-text="${name}"]`);
    return found ? found.textContent.trim().replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "") : "";
  }

  function waitingFor({ dataset: { activity, entry } }) {
    return kickoff.pending.filter((each) => each.activity === activity && each.data.risk === entry).pop();
  }

  /* Where it stands for this phone: [probability, consequence], or nothing. */
  function placeOf(form) {
    const last = waitingFor(form);
    if (last) return last.data.away ? null : [last.data.probability, last.data.consequence];
    const given = kickoff.mine[form.dataset.activity]?.data?.placed?.[form.dataset.entry];
    return given ? given.split(".") : null;
  }

  function chosen(form) { return ["probability", "consequence"].map((name) => form.querySelector(`[name=${name}]:checked`)?.value); }

  function set(form, place) {
    ["probability", "consequence"].forEach((name, at) => {
      for (const each of form.querySelectorAll(`[name=${name}]`)) each.checked = each.value === place?.[at];
    });
  }

  function send(form) {
    const { activity, entry, kind } = form.dataset, [probability, consequence] = chosen(form);
    refused.delete(entry);
    form.removeAttribute("data-own-half");
    if (!probability || !consequence) form.setAttribute("data-own-half", "");
    else submit(activity, { risk: entry, probability, consequence }, kind);
    paint();
  }

  function submit(activity, data, kind) {
    const id = kickoff.submit(activity, data, kind), made = kickoff.pending.find((each) => each.id === id);
    if (made) order.set(id, made.seq);
  }

  function stateOf(form) {
    const { activity, entry } = form.dataset;
    if (refused.has(entry)) return "refused";
    if (form.hasAttribute("data-own-half")) return "half";
    if (waitingFor(form)) {
      const hopeful = (kickoff.state === "live" || performance.now() - openedAt < 6000) && !kickoff.overdue(activity);
      return hopeful ? "sending" : "unsent";
    }
    return placeOf(form) ? "saved" : "none";
  }

  function paint() {
    for (const form of document.querySelectorAll(FORMS)) {
      const place = placeOf(form), half = form.hasAttribute("data-own-half");
      if (!half) set(form, place);
      const [likely, serious] = half ? chosen(form) : place || [];
      for (const cell of form.querySelectorAll("[data-likely]")) {
        cell.toggleAttribute("data-own-here", cell.dataset.likely === likely && cell.dataset.serious === serious);
      }
      form.querySelector("[data-tap-matrix]").hidden = false;
      form.querySelector("[data-away]").hidden = !place;
      const state = stateOf(form), line = form.querySelector("[data-own-saved]");
      const said = state === "refused" ? refused.get(form.dataset.entry) : words(state);
      form.dataset.ownState = state;
      if (line.textContent !== said) line.textContent = said;
    }
    for (const line of document.querySelectorAll("[data-places-count]")) {
      const forms = [...document.querySelectorAll(`${FORMS}[data-activity="${CSS.escape(line.dataset.placesCount)}"]`)];
      const said = words("count", { placed: forms.filter(placeOf).length, all: forms.length });
      if (line.textContent !== said) line.textContent = said;
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.form?.matches(FORMS)) send(event.target.form);
  });
  document.addEventListener("click", (event) => {
    const form = event.target.closest(FORMS), pressed = event.target.closest("button");
    if (!form || !pressed) return;
    if (pressed.dataset.likely) {
      set(form, [pressed.dataset.likely, pressed.dataset.serious]);
      send(form);
    } else if ("away" in pressed.dataset) {
      event.preventDefault();
      const { activity, entry, kind } = form.dataset;
      refused.delete(entry);
      form.removeAttribute("data-own-half");
      submit(activity, { risk: entry, away: "yes" }, kind);
      form.querySelector("[name=probability]").focus({ preventScroll: true });
      paint();
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.(FORMS)) return;
    event.preventDefault();
    send(event.target);
  });
  document.addEventListener("kickoff:error", ({ detail }) => {
    const { risk } = detail.data || {};
    if (!risk) return;
    const reason = (detail.code === "invalid" && detail.detail) || kickoff.text(detail.code) || detail.detail || kickoff.text("failed");
    refused.set(risk, reason);
    if (!document.querySelector(`${FORMS}[data-entry="${CSS.escape(risk)}"]`)) kickoff.say(reason);
    paint();
  });
  for (const event of ["morphed", "mine", "connection"]) document.addEventListener("kickoff:" + event, paint);
  paint();
  setInterval(paint, 1000);
})();
