/* The live client of phone, projector and console: one socket, morphed regions, the server's time, forms that
   keep what is typed. What goes the other way: submissions.js (phones), commands.js (console and projector).

   A page is live when its <body> has data-live (components/live.html). Other scripts use window.kickoff and
   these events on document:
     kickoff:before     {regions}  the named regions are about to change
     kickoff:morphed    {regions}  they have changed (also once, with all of them, at the start)
     kickoff:mine       {activity} what this attendee answered, or is about to have answered, changed
     kickoff:connection {state}    connecting, live, lost, polling, gone; also data-connection on <html>
     kickoff:ack, kickoff:error    {id, name | activity, code, detail, data, source}
     kickoff:welcome, kickoff:answer {frame}, kickoff:beat   for the two scripts above
   Attributes named data-own-… are the browser's: a frame never touches them. */
(() => {
  "use strict";
  const page = document.body.dataset;
  if (!("live" in page)) return;

  const CONNECTING_MS = 5000, WELCOME_MS = 10000, SILENT_MS = 40000;
  const PROBE_MS = 1500, STUCK_MS = 3000, SAY_MS = 3000, FALLBACK_MS = 6000, POLL_MS = 4000, FETCH_MS = 8000;
  const RESET_MS = 2000; // within which the phones of a room that begins anew come to its door
  // Wall and console say within six seconds that nothing comes any more. Of phones there are thousands: one that waits
  // for nothing asks every 20 s, one that has something on its way as often as the wall. A little less than two seconds,
  // so that the second beat after one finds it due.
  const OFTEN_MS = 1900, SELDOM_MS = 20000, UNANSWERED_MS = 2900;
  // Facilitator and projector come back first; a room full of phones must not come in one second.
  const CAP_MS = page.view === "phone" ? 10000 : 1500;
  const PASSING = ["not_saved", "too_fast", "unavailable", "internal"]; // tried again, with the same id
  const NOT_DATA = ["csrf", "control", "submission_id", "seq"];

  const secret = /^\/j\/([^/]+)/.exec(location.pathname);
  const code = secret ? secret[1] : page.code;
  const url = location.origin.replace(/^http/, "ws") + "/live/" + code;

  const kickoff = {
    view: page.view, code, epoch: page.epoch || null, rev: Number(page.rev || 0), control: Number(page.control || 0),
    role: "", mine: {}, me: {}, state: "connecting", sockets: 0, frames: 0,
    now, text, say, send, morphWithin, fetchScript, dataOf, forgetDraft, randomId, keep, kept, token, fetchWithin, passing: PASSING,
    // Set by submissions.js: whether something is on its way that ought to have been answered.
    awaits: () => false,
    get isLive() { return welcomed; },
    // No socket for so long that one goes the way that works without: plain POST, and the page anew.
    get isCutOff() { return !welcomed && performance.now() - downAt > FALLBACK_MS; },
    pollSoon() { pollAt = 0; },
  };
  window.kickoff = kickoff;

  let socket = null, welcomed = false, over = false, attempt = 0, span = 0;
  let retryTimer = 0, openTimer = 0, heardAt = 0, triedAt = 0, downAt = performance.now(), downSince = NaN;

  /* A kind's own script comes with its first fragment, and what is folded away (data-aside) brings its own when it is
     opened: the first page carries none of them. */
  const nonce = document.currentScript.nonce, fetched = new Map();
  /* Not before the page's own scripts have run, which they build on: a frame can come between two of them. */
  const built = new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));

  function fetchScripts() {
    for (const { dataset } of document.querySelectorAll("[data-script]:not([data-aside]:not([open]) *)")) fetchScript(dataset.script);
  }

  /* Resolves when it is there, or cannot be had. */
  function fetchScript(named) {
    const { href, origin, pathname } = new URL(named, location.href);
    if (!fetched.has(href) && origin === location.origin && pathname.startsWith("/static/")) {
      fetched.set(href, built.then(() => new Promise((done) => document.head.append(
        Object.assign(document.createElement("script"), { src: href, nonce, onload: done, onerror: done })))));
    }
    return fetched.get(href);
  }

  document.addEventListener("kickoff:morphed", fetchScripts);
  document.addEventListener("toggle", fetchScripts, true);

  function tell(name, detail) { document.dispatchEvent(new CustomEvent("kickoff:" + name, { detail })); }

  function randomId() {
    // Not randomUUID: absent on http by LAN address.
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  }

  function text(name, values = {}) {
    const found = document.getElementById("texts")?.content.querySelector(`[data-text="${CSS.escape(name)}"]`);
    return found && found.textContent.trim().replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  }

  /* ---- One socket ------------------------------------------------------------------------- */

  function connect() {
    clearTimeout(retryTimer);
    retryTimer = 0;
    if (over || socket) return;
    triedAt = performance.now();
    kickoff.sockets += 1;
    welcomed = false;
    const made = (socket = new WebSocket(url, "kickoff.html.v1"));
    openTimer = setTimeout(() => drop(made), CONNECTING_MS);
    made.onopen = () => {
      clearTimeout(openTimer);
      openTimer = setTimeout(() => drop(made), WELCOME_MS);
      heardAt = performance.now();
      const hello = { type: "hello", rev: kickoff.rev, view: kickoff.view };
      if (kickoff.epoch) hello.epoch = kickoff.epoch;
      send(hello);
    };
    made.onmessage = (event) => { if (made === socket) receive(JSON.parse(event.data)); };
    made.onclose = () => drop(made);
  }

  /* since: the last moment at which the line was known to be alive; by default now. */
  function drop(which, since = performance.now()) {
    if (which !== socket) return;
    clearTimeout(openTimer);
    socket = null;
    pingedAt = 0;
    which.onopen = which.onmessage = which.onclose = null;
    which.close();
    if (welcomed) {
      downAt = since;
      downSince = now() - (performance.now() - since);
    }
    welcomed = false;
    // A phone in a pocket does not call; it comes back when its screen lights up.
    if (!over && !(document.hidden && kickoff.view === "phone")) {
      const widest = span || Math.min(CAP_MS, 1000 * 3 ** attempt);
      attempt += 1;
      retryTimer = setTimeout(connect, Math.random() * widest);
    }
    span = 0;
    report();
  }

  /* Something tells that the network may be back, or that we have slept. */
  function tryNow() {
    if (over) return;
    if (!socket) {
      if (performance.now() - triedAt > 250) connect();
    } else if (!welcomed) {
      if (performance.now() - triedAt > STUCK_MS) replace();
    } else {
      if (performance.now() - heardAt > SELDOM_MS + PROBE_MS) replace();
      else {
        const asked = performance.now(), which = socket;
        pingedAt = 0;
        ping();
        setTimeout(() => { if (which === socket && heardAt < asked) replace(); }, PROBE_MS);
      }
    }
  }

  function replace() {
    drop(socket);
    connect();
  }

  /* The browser knows that there is no network: no need to wait until silence tells. */
  function wentOffline() {
    if (socket && welcomed) drop(socket, Math.min(heardAt, performance.now() - SAY_MS));
    else report();
  }

  function isDead() {
    const at = performance.now();
    return at - heardAt > SILENT_MS || (asksOften() && isUnanswered() && at - askedAt > UNANSWERED_MS);
  }

  function isUnanswered() { return heardAt < askedAt; }

  function asksOften() { return kickoff.view !== "phone" || kickoff.awaits(); }

  function send(message) { socket.send(JSON.stringify(message)); }

  function receive(frame) {
    heardAt = performance.now();
    kickoff.frames += 1;
    switch (frame.type) {
      case "welcome":
        clearTimeout(openTimer);
        welcomed = true;
        attempt = 0;
        kickoff.role = frame.role;
        kickoff.mine = frame.mine || {};
        // Before anything is painted: what was acknowledged on another way may be newer than this.
        tell("told", { anew: frame.epoch !== kickoff.epoch });
        kickoff.me = frame.me || kickoff.me;
        adopt(frame);
        report();
        burst = 4;
        ping();
        tell("welcome", {});
        break;
      case "regions": adopt(frame); break;
      case "pong": measured(frame.now); break;
      case "ack": tell("answer", { frame }); break;
      case "error":
        if (!frame.id && frame.code === "unknown_room") end(frame.code);
        else tell("answer", { frame });
        break;
      case "bye":
        // Without a span the server wants us gone, unless it only lost patience with the network or with itself.
        if (frame.reason === "reset") {
          setTimeout(() => location.reload(), Math.random() * RESET_MS);
          end("reset");
        } else if (frame.retry_after_ms) span = frame.retry_after_ms;
        else if (frame.reason !== "no_hello" && !PASSING.includes(frame.reason)) end(frame.reason);
    }
  }

  function end(reason) {
    over = true;
    kickoff.reason = reason;
    if (socket) drop(socket);
    report();
  }

  /* ---- What the reader is told of the connection ------------------------------------------ */

  let polled = false;

  function report() {
    const down = performance.now() - downAt;
    const state = over ? "gone" : welcomed ? "live" : polled ? "polling" : down < SAY_MS ? kickoff.state : "lost";
    if (welcomed) polled = false;
    const line = document.getElementById("connection");
    if (line) {
      line.hidden = state === "live" || (state !== "gone" && down < SAY_MS);
      if (!line.hidden) {
        const words = state === "gone" ? text("gone_" + kickoff.reason) || text("gone") : text(
          state === "polling" ? "polling" : isNaN(downSince) ? "connecting" : "lost", { time: hourAndMinute(downSince) });
        const place = line.querySelector("[data-words]") || line;
        if (place.textContent !== words) place.textContent = words;
      }
    }
    document.documentElement.dataset.connection = state;
    if (state !== kickoff.state) {
      kickoff.state = state;
      tell("connection", { state });
    }
  }

  function hourAndMinute(ms) {
    const zone = page.zone || undefined;
    try {
      return new Intl.DateTimeFormat("nb", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(ms);
    } catch {
      return "";
    }
  }

  /* A short message that goes by itself. */
  let sayTimer = 0;

  function say(words) {
    const line = document.getElementById("said");
    if (!line || !words) return;
    line.textContent = words;
    line.hidden = false;
    clearTimeout(sayTimer);
    sayTimer = setTimeout(() => { line.hidden = true; }, 6000);
  }

  /* ---- Frames: newest wins ---------------------------------------------------------------- */

  const wanted = {}, held = {}, heldWithin = new Map();
  let composing = null, isPressed = false;

  function adopt({ epoch, rev, control, regions = {} }) {
    if (epoch === kickoff.epoch && rev < kickoff.rev) return;
    Object.assign(kickoff, { epoch, rev });
    if (control !== undefined) kickoff.control = control;
    const ready = {};
    for (const [name, html] of Object.entries(regions)) {
      wanted[name] = html;
      if (typeof html === "string") ready[name] = html;
      else fetchRegion(name, html);
    }
    morph(ready);
  }

  async function fetchRegion(name, place) {
    try {
      const answer = await fetch(place.href, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      const html = await answer.text();
      if (wanted[name] === place) morph({ [name]: html });
    } catch {
      setTimeout(() => { if (wanted[name] === place) fetchRegion(name, place); }, 1000 + 2000 * Math.random());
    }
  }

  function morph(regions) {
    if (isPressed) return void Object.assign(held, regions);
    const names = [];
    for (const [name, html] of Object.entries(regions)) {
      const region = document.getElementById("region-" + name);
      if (!region) continue;
      // Characters that are still being composed would be torn.
      if (composing && region.contains(composing) && !composing.closest("[data-keep]")) held[name] = html;
      else names.push(name);
    }
    if (!names.length) return;
    tell("before", { regions: names });
    for (const name of names) {
      const region = document.getElementById("region-" + name);
      if (window.Idiomorph) window.Idiomorph.morph(region, regions[name], { ...MORPHING, ignoreActiveValue: isTyping() });
      else region.outerHTML = regions[name];
    }
    settleIn(names);
  }

  /* What a script fetched for itself, in a place that frames leave alone. */
  function morphWithin(place, html) {
    if (isPressed) return void heldWithin.set(place, html);
    tell("before", { regions: [] });
    window.Idiomorph.morph(place, html, { ...MORPHING, morphStyle: "innerHTML", ignoreActiveValue: isTyping() });
    settleIn([]);
  }

  function settleIn(names) {
    restoreDrafts();
    paintClocks();
    tell("morphed", { regions: names });
  }

  /* What has the focus is spared, words within it too: right for a field, wrong for a button that was just pressed
     and is another one now. */
  function isTyping() { return document.activeElement?.matches("input, textarea, select, [contenteditable]") ?? false; }

  /* data-steady: while somebody points at a list its rows stay where they are; what is new comes last. */
  function keepOrder(old, fresh) {
    const place = new Map([...old.children].map((row, number) => [row.id, number]));
    const rows = [...fresh.children].sort((a, b) => (place.get(a.id) ?? place.size) - (place.get(b.id) ?? place.size));
    fresh.replaceChildren(...rows);
  }

  /* Chromium (seen in 156) dies of a field with suggestions that is moved like this; refused, Idiomorph goes another way. */
  const { moveBefore } = Element.prototype;
  if (moveBefore) {
    Element.prototype.moveBefore = function (node, next) {
      if (node.matches?.("input[list]") || node.querySelector?.("input[list]")) throw new DOMException("", "NotSupportedError");
      return moveBefore.call(this, node, next);
    };
  }

  const MORPHING = {
    morphStyle: "outerHTML",
    callbacks: {
      beforeNodeMorphed(old, fresh) {
        if (old.nodeType !== 1) return true;
        if ("steady" in old.dataset && old.matches(":hover, :focus-within")) keepOrder(old, fresh);
        const kept = "keep" in old.dataset && old.id === fresh.id && old.dataset.version === fresh.dataset?.version;
        return !kept && !old.isEqualNode(fresh);
      },
      beforeAttributeUpdated: (name, element) =>
        // Whose script paints a form, and where, is the frame's to say: another one's at another stage.
        name === "data-own-way" || name === "data-own-saved" || !(name.startsWith("data-own-") || name === "style" || (name === "open" && element.tagName === "DETAILS")),
    },
  };

  document.addEventListener("compositionstart", (event) => { composing = event.target; });
  document.addEventListener("compositionend", () => {
    composing = null;
    morphHeld();
  });

  function morphHeld() {
    const late = { ...held }, within = [...heldWithin];
    for (const name of Object.keys(held)) delete held[name];
    heldWithin.clear();
    morph(late);
    for (const [place, html] of within) if (place.isConnected) morphWithin(place, html);
  }

  /* A row that moves between press and release would lose the click, or give it to another. A tap's click comes a
     little after its release; who holds on for longer is reading, or dragging. */
  const PRESS_MS = 600, TAP_MS = 80;
  let pressTimer = 0;

  function releaseIn(ms) {
    clearTimeout(pressTimer);
    pressTimer = setTimeout(() => { isPressed = false; morphHeld(); }, ms);
  }

  document.addEventListener("pointerdown", () => { isPressed = true; releaseIn(PRESS_MS); }, true);
  for (const [sign, ms] of [["pointerup", TAP_MS], ["pointercancel", 0], ["click", 0]]) {
    document.addEventListener(sign, () => { if (isPressed) releaseIn(ms); }, true);
  }

  /* ---- The server's time ------------------------------------------------------------------ */

  let samples = [], best = null, pingedAt = 0, askedAt = 0, burst = 0, skew = Date.now() - performance.now();

  function now() { return best ? performance.now() + best.offset : NaN; }

  function ping() {
    if (pingedAt || !socket || socket.readyState !== 1) return;
    pingedAt = askedAt = performance.now();
    send({ type: "ping" });
  }

  function measured(serverNow) {
    const at = performance.now();
    if (pingedAt) {
      const rtt = at - pingedAt, offset = serverNow - (pingedAt + at) / 2;
      pingedAt = 0;
      // Two honest measurements overlap; where they do not, a clock was set or this machine slept.
      if (best && Math.abs(offset - best.offset) > (rtt + best.rtt) / 2 + 50) samples = [];
      samples = samples.filter((sample) => at - sample.at < 180000).slice(-90);
      samples.push({ rtt, offset, at });
      best = samples.reduce((a, b) => (b.rtt < a.rtt ? b : a));
      paintClocks();
    }
    if (--burst > 0) setTimeout(ping, 250);
  }

  function paintClocks() {
    for (const clock of document.querySelectorAll("[data-timer]")) {
      const left = clock.dataset.endsAt ? Number(clock.dataset.endsAt) - now() : Number(clock.dataset.leftMs);
      if (isNaN(left)) continue;
      const whole = Math.trunc(left / 1000), size = Math.abs(whole);
      clock.toggleAttribute("data-over", left < 0);
      clock.toggleAttribute("data-soon", left >= 0 && left < 60000);
      const words = [(whole < 0 ? "−" : "") + Math.floor(size / 60), String(size % 60).padStart(2, "0")];
      if (clock.textContent === words.join(":")) continue;
      const parts = clock.querySelectorAll(".num");
      if (parts.length === 2) parts.forEach((part, i) => { part.textContent = words[i]; });
      else {
        const [minutes, seconds] = words.map((word) => {
          const part = document.createElement("span");
          part.className = "num";
          part.textContent = word;
          return part;
        });
        clock.replaceChildren(minutes, ":", seconds);
      }
    }
    for (const line of document.querySelectorAll("[data-progress]")) {
      const from = Number(line.dataset.startsAt), to = Number(line.dataset.endsAt);
      const done = (now() - from) / (to - from);
      if (!isNaN(done)) line.style.setProperty("--done", Math.min(1, Math.max(0, done)).toFixed(4));
    }
  }

  /* ---- Storage that may be full, forbidden or absent ------------------------------------- */

  function keep(store, name, value) {
    try { store.setItem(`kickoff:${name}:${code}`, JSON.stringify(value)); } catch { /* then for this page only */ }
  }

  function kept(store, name, otherwise) {
    try { return JSON.parse(store.getItem(`kickoff:${name}:${code}`)) || otherwise; } catch { return otherwise; }
  }

  /* ---- Without a socket: the page itself, every few seconds ------------------------------- */

  function token() {
    const field = document.querySelector('input[name="csrf"]'), meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.content : field ? field.value : "";
  }

  /* fetch, but not for ever: on a line that died silently it would hang until the system gives up. */
  async function fetchWithin(address, options) {
    const patience = new AbortController(), timer = setTimeout(() => patience.abort(), FETCH_MS);
    try {
      return await fetch(address, { ...options, signal: patience.signal });
    } finally {
      clearTimeout(timer);
    }
  }

  let pollAt = 0, polling = false;

  async function poll() {
    polling = true;
    try {
      const answer = await fetchWithin(location.pathname, { cache: "no-cache", credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const there = fresh.body.dataset;
      // Removed, or the room is gone: what the server says instead is the page to see.
      if ([200, 403, 404, 410].includes(answer.status) && !("live" in there)) return location.reload();
      if (!answer.ok || welcomed) return;
      polled = true;
      const regions = {};
      for (const region of fresh.querySelectorAll("[data-region]")) regions[region.id.slice(7)] = region.outerHTML;
      const theirs = fresh.querySelector('input[name="csrf"]');
      if (theirs) for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = theirs.value;
      adopt({ epoch: there.epoch, rev: Number(there.rev), control: Number(there.control), regions });
    } catch {
      polled = false;
    } finally {
      polling = false;
      pollAt = performance.now() + POLL_MS * (0.75 + Math.random() / 2) * (polled ? 1 : 2);
      report();
    }
  }

  /* What a form says, as data. data-type on a field: "list" (of ticked values), "number", "boolean", "lines"
     (of a textarea); else text. A dot in a name makes a part: config.max. Empty numbers are left out. */
  function dataOf(form) {
    const data = {};
    for (const field of form.elements) {
      if (!field.name || field.disabled || NOT_DATA.includes(field.name) || field.type === "submit") continue;
      const path = field.name.split("."), name = path.pop();
      const into = path.reduce((whole, part) => (whole[part] ||= {}), data);
      const ticks = field.type === "radio" || field.type === "checkbox", type = field.dataset.type;
      if (type === "list") (into[name] ||= []).push(...(ticks && !field.checked ? [] : [field.value]));
      else if (type === "boolean") into[name] = ticks ? field.checked : field.value === "true";
      else if (ticks && !field.checked) continue;
      else if (type === "lines") into[name] = field.value.split("\n").map((line) => line.trim()).filter(Boolean);
      else if (type === "number") { if (field.value !== "") into[name] = Number(field.value); }
      else into[name] = field.value;
    }
    return data;
  }

  /* ---- Half-filled forms survive frames (data-keep), reconnects and reload ---------------- */

  const restored = new WeakSet();

  function fieldsOf(form) { return [...form.elements].filter((f) => f.name && f.type !== "hidden" && f.type !== "submit"); }

  function restoreDrafts() {
    const drafts = kept(sessionStorage, "drafts", {});
    for (const form of document.querySelectorAll("form[data-keep]")) {
      if (restored.has(form)) continue;
      restored.add(form);
      const draft = drafts[form.id];
      if (!draft || (draft.version && draft.version !== form.dataset.version)) continue;
      for (const field of fieldsOf(form)) {
        const values = draft.values[field.name] || [];
        if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
        else if (values.length) field.value = values.shift();
      }
      form.setAttribute("data-own-draft", "");
    }
  }

  function forgetDraft(form) {
    const drafts = kept(sessionStorage, "drafts", {});
    delete drafts[form.id];
    keep(sessionStorage, "drafts", drafts);
    form.removeAttribute("data-own-draft");
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !("keep" in form.dataset)) return;
    const values = {};
    for (const field of fieldsOf(form)) {
      const ticks = field.type === "radio" || field.type === "checkbox";
      if (!ticks || field.checked) (values[field.name] ||= []).push(field.value);
    }
    form.setAttribute("data-own-draft", "");
    keep(sessionStorage, "drafts", { ...kept(sessionStorage, "drafts", {}), [form.id]: { version: form.dataset.version, values } });
  });

  /* ---- The heartbeat: everything that is due; survives being frozen ----------------------- */

  let beatAt = Date.now();

  function beat() {
    const at = performance.now(), gap = Date.now() - beatAt, drift = Date.now() - at - skew;
    beatAt = Date.now();
    skew += drift;
    if (document.hidden && kickoff.view === "phone" && !socket) return;
    // Slept, or somebody set the clock: look whether the socket is alive, and measure anew.
    if (gap > 5000 || Math.abs(drift) > 1000) {
      burst = 4;
      tryNow();
    }
    if (welcomed) {
      if (isDead()) drop(socket, heardAt);
      // Not asked again before it is answered or given up: that is what the silence is measured by.
      else if (at - askedAt > (asksOften() && !isUnanswered() ? OFTEN_MS : SELDOM_MS)) { pingedAt = 0; ping(); }
    } else if (!over) {
      if (!socket && !retryTimer) connect();
      if (kickoff.isCutOff && !document.hidden && !polling && at > pollAt) poll();
    }
    tell("beat", {});
    report();
  }

  for (const sign of ["visibilitychange", "online", "pageshow", "focus", "resume"]) {
    (sign === "visibilitychange" || sign === "resume" ? document : window).addEventListener(sign, () => {
      if (!document.hidden) tryNow();
    });
  }
  window.addEventListener("offline", wentOffline);
  // In the back/forward cache there is no socket; the page comes back by pageshow.
  window.addEventListener("pagehide", () => { if (socket) drop(socket); clearTimeout(retryTimer); retryTimer = 0; });

  document.documentElement.dataset.connection = "connecting";
  settleIn([...document.querySelectorAll("[data-region]")].map((region) => region.id.slice(7)));
  connect();
  setInterval(beat, 1000);
  setInterval(paintClocks, 250);
})();
