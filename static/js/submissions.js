/* What an attendee sends: with an id and a place in order, kept on the phone until it is acknowledged, sent again
   with the same id after a lost line or a reload, by plain POST where the socket never comes up. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff) return;
  const RESEND_MS = 10000, OVERDUE_MS = 5000;
  // When, and on which of this tab's sockets, each was last sent: not worth remembering longer than the tab.
  const sent = new Map();
  // When this page first had each: what waits for longer than people do is said to be not saved.
  const since = new Map();
  // What the server's refusals of an answer are called (PROTOCOL.md); whatever else comes is "not now".
  const REFUSALS = ["invalid", "activity_closed", "id_reused", "not_allowed", "not_found", "too_large"];
  // By kind: how what was just acknowledged becomes part of what is mine, (mine, data, id, newest) => mine; `newest`: none
  // that was sent later has been acknowledged. Else it takes its place.
  const folding = {};
  // Commands under way: id → what to do with the answer.
  const commanded = new Map();
  let posting = false, acknowledgedHere = {};

  Object.assign(kickoff, { submit, command, folding, waiting, overdue, awaits: () => sent.size > 0, pending: kickoff.kept(localStorage, "pending", []) });
  if (!kickoff.isLive) Object.assign(kickoff, {
    mine: kickoff.kept(sessionStorage, "mine", {}), me: kickoff.kept(sessionStorage, "me", {}),
  });

  function tell(name, detail) { document.dispatchEvent(new CustomEvent("kickoff:" + name, { detail })); }

  /* kind: of an activity that takes several answers, whose script has a say in `folding`. */
  function submit(activity, data, kind = "") {
    const places = kickoff.kept(localStorage, "places", {});
    const seq = 1 + Math.max(0, places[activity] || 0, kickoff.mine[activity]?.seq || 0,
      ...kickoff.pending.filter((each) => each.activity === activity).map((each) => each.seq));
    kickoff.keep(localStorage, "places", { ...places, [activity]: seq });
    const made = { id: kickoff.randomId(), seq, activity, data, ...(kind && { kind }) };
    kickoff.pending = [...kickoff.pending, made];
    // Other tabs of this browser keep theirs in the same place.
    kickoff.keep(localStorage, "pending", [...kickoff.kept(localStorage, "pending", []), made].slice(-50));
    tell("mine", { activity });
    flush();
    return made.id;
  }

  /* The newest of this attendee's submissions to an activity that is not acknowledged yet. */
  function waiting(activity) { return kickoff.pending.filter((each) => each.activity === activity).pop(); }

  /* Whether an answer has waited so long that it must be called unsaved, whatever the line looks like. A line on which
     nothing comes back is dropped by live.js; one that answers pings is alive, and to leave a server that is only slow
     would send a whole room back to its door at once. */
  function overdue(activity) {
    const each = waiting(activity);
    if (!each) return false;
    if (!since.has(each.id)) since.set(each.id, performance.now());
    return performance.now() - since.get(each.id) > OVERDUE_MS;
  }

  function flush() {
    if (!kickoff.isLive) return;
    const now = performance.now();
    for (const each of kickoff.pending) {
      const last = sent.get(each.id);
      if (last && (last.at > now || (last.on === kickoff.sockets && now - last.at < RESEND_MS))) continue;
      sent.set(each.id, { on: kickoff.sockets, at: now });
      const { id, seq, activity, data } = each;
      kickoff.send({ type: "submit", id, seq, activity, data });
    }
  }

  function settle(id) {
    const found = kickoff.pending.find((each) => each.id === id);
    sent.delete(id);
    since.delete(id);
    if (!found) return null;
    kickoff.pending = kickoff.pending.filter((each) => each.id !== id);
    kickoff.keep(localStorage, "pending", kickoff.kept(localStorage, "pending", []).filter((each) => each.id !== id));
    return found;
  }

  function acknowledged(id) {
    const found = settle(id);
    if (!found) return;
    const known = kickoff.mine[found.activity], newest = found.seq >= (known?.seq || 0);
    if (newest || found.kind) {
      // Before a kind's script is there its answer is only not shown: it must not take the place of all the others.
      const fold = folding[found.kind] || ((mine, data) => (found.kind ? mine : data));
      const data = fold(known?.data || {}, found.data, id, newest);
      kickoff.mine[found.activity] = acknowledgedHere[found.activity] = { seq: newest ? found.seq : known.seq, data };
      kickoff.keep(sessionStorage, "mine", kickoff.mine);
    }
    tell("ack", { id, activity: found.activity });
    tell("mine", { activity: found.activity });
  }

  function refused(id, code, detail) {
    if (kickoff.passing.includes(code)) {
      // Not now: the same one again in a moment.
      const pause = 1000 + 2000 * Math.random();
      if (kickoff.pending.some((each) => each.id === id)) sent.set(id, { on: 0, at: performance.now() + pause });
      return;
    }
    const found = settle(id);
    if (!found) return;
    tell("error", { id, activity: found.activity, code, detail, data: found.data });
    tell("mine", { activity: found.activity });
  }

  /* A proxy that never lets the socket up: the form's own way. */
  async function post() {
    const first = kickoff.pending.find((each) => !((sent.get(each.id)?.at || 0) > performance.now()));
    if (!first || posting) return;
    posting = true;
    const body = new URLSearchParams({ submission_id: first.id, seq: first.seq });
    for (const [name, value] of Object.entries(first.data)) for (const one of [].concat(value)) body.append(name, one);
    try {
      const answer = await kickoff.fetchWithin("answers/" + first.activity, {
        method: "POST", body, redirect: "manual", credentials: "same-origin",
        headers: { "X-CSRF-Token": kickoff.token(), Accept: "application/json" },
      });
      const said = (await answer.json().catch(() => null)) || {};
      // Only the server's own word is one: a guest network's sign-in page answers everything with 200 or a redirect.
      if (said.type === "ack" && said.id === first.id) {
        acknowledged(first.id);
        setTimeout(post, 0);
      // The next look at the page brings a token that holds.
      } else if (said.code === "form_expired") kickoff.pollSoon();
      else if (REFUSALS.includes(said.code) || kickoff.passing.includes(said.code)) refused(first.id, said.code, said.detail);
    } catch { /* no network: the next beat tries again */ }
    posting = false;
  }

  /* What an attendee takes on, there and then: never kept to be sent later. Resolves to {data} or {code, detail}. */
  async function command(name, data) {
    const id = kickoff.randomId();
    if (kickoff.isLive) {
      return new Promise((resolve) => {
        commanded.set(id, resolve);
        setTimeout(() => answered({ id, code: "not_saved" }), RESEND_MS);
        kickoff.send({ type: "command", id, name, rev: kickoff.control, data });
      });
    }
    try {
      const answer = await kickoff.fetchWithin("commands/" + name, {
        method: "POST", body: new URLSearchParams({ submission_id: id, ...data }), redirect: "manual",
        credentials: "same-origin", headers: { "X-CSRF-Token": kickoff.token(), Accept: "application/json" },
      });
      const said = (await answer.json().catch(() => null)) || {};
      return said.type === "ack" || said.code ? said : { code: "not_saved" };
    } catch {
      return { code: "not_saved" };
    }
  }

  function answered({ id, code, detail, data }) {
    const resolve = commanded.get(id);
    commanded.delete(id);
    resolve?.(code ? { code, detail } : { data });
    return Boolean(resolve);
  }

  function welcome() {
    kickoff.keep(sessionStorage, "mine", kickoff.mine);
    kickoff.keep(sessionStorage, "me", kickoff.me);
    tell("mine", {});
    flush();
  }

  /* A welcome tells what stood when the server looked. What was acknowledged since, by the form's way, is newer: the
     place in order decides, within one history. */
  document.addEventListener("kickoff:told", ({ detail: { anew } }) => {
    if (!anew) {
      for (const [activity, own] of Object.entries(acknowledgedHere)) {
        if (own.seq > (kickoff.mine[activity]?.seq || 0)) kickoff.mine[activity] = own;
      }
    }
    acknowledgedHere = {};
  });
  document.addEventListener("kickoff:welcome", welcome);
  document.addEventListener("kickoff:answer", ({ detail: { frame } }) => {
    if (answered(frame)) return;
    if (frame.type === "ack") acknowledged(frame.id);
    else refused(frame.id, frame.code, frame.detail);
  });
  document.addEventListener("kickoff:beat", () => {
    flush();
    if (kickoff.isCutOff) post();
  });
  // The socket may have been faster than this script.
  if (kickoff.isLive) welcome();
})();
