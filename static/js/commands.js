/* What a facilitator pushes. A command says which revision it was given at, so that a double click or a second
   console cannot skip a block; a stale one is a conflict, and the newest state is shown instead.

   <button data-command="agenda.next" data-data='{"…": …}' data-key="ArrowRight PageDown">, or
   <form data-command="activity.create" data-data='{…}'> whose fields make the data (live.js: dataOf). */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff) return;
  const RESEND_MS = 10000;
  const underWay = new Map();
  kickoff.command = command;

  function tell(name, detail) { document.dispatchEvent(new CustomEvent("kickoff:" + name, { detail })); }

  /* Resolves with what the command made; rejects with {code, detail}. Nobody needs to listen. */
  function command(name, data = {}, source = null) {
    const same = JSON.stringify([name, data, kickoff.control]);
    for (const each of underWay.values()) if (each.same === same) return each.promise; // a double click is one push
    const made = { id: kickoff.randomId(), name, data, source, same, rev: kickoff.control, at: performance.now() };
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
    made.promise.catch(() => {});
    underWay.set(made.id, made);
    if (kickoff.isLive) {
      source?.setAttribute("aria-busy", "true");
      kickoff.send({ type: "command", id: made.id, name, rev: made.rev, data });
    } else failed(made.id, "not_connected");
    return made.promise;
  }

  function finish(id) {
    const found = underWay.get(id);
    underWay.delete(id);
    found.source?.removeAttribute("aria-busy");
    return found;
  }

  function done(id, data) {
    const { name, source, resolve } = finish(id);
    if (source?.tagName === "FORM") {
      kickoff.forgetDraft(source);
      source.reset();
    }
    tell("ack", { id, name, data, source });
    resolve(data);
  }

  function failed(id, code, detail = "") {
    const { name, source, reject } = finish(id);
    kickoff.say(kickoff.text(code) || detail || kickoff.text("failed"));
    tell("error", { id, name, source, code, detail });
    reject({ code, detail });
  }

  document.addEventListener("kickoff:answer", ({ detail: { frame } }) => {
    if (!underWay.has(frame.id)) return;
    if (frame.type === "ack") done(frame.id, frame.data || {});
    else failed(frame.id, frame.code, frame.detail);
  });

  document.addEventListener("kickoff:welcome", () => {
    for (const { id, name, rev, data, at } of [...underWay.values()]) {
      // Safe: the same id is done once, and an old revision is a conflict. But nobody expects a late one.
      if (performance.now() - at < RESEND_MS) kickoff.send({ type: "command", id, name, rev, data });
      else failed(id, "not_connected");
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-command]");
    // While cut off, the form around the button is posted as without a script.
    if (!button || button.disabled || (button.form && kickoff.isCutOff)) return;
    event.preventDefault();
    const typed = button.form && "command" in button.form.dataset ? kickoff.dataOf(button.form) : {};
    command(button.dataset.command, { ...typed, ...JSON.parse(button.dataset.data || "{}") }, button);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target, name = form.dataset.command;
    if (!name || kickoff.isCutOff) return;
    event.preventDefault();
    command(name, { ...JSON.parse(form.dataset.data || "{}"), ...kickoff.dataOf(form) }, form);
  });

  /* data-key: the first such element that can be pressed is pressed. */
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const key = (event.key === " " ? "Space" : event.key).toLowerCase(), at = event.target;
    if (at.closest("input, textarea, select, [contenteditable]")) return;
    if ((key === "space" || key === "enter") && at.closest("button, a, summary")) return;
    const dialog = document.querySelector("dialog[open]");
    const pressed = [...document.querySelectorAll("[data-key]")].find((each) =>
      each.dataset.key.toLowerCase().split(" ").includes(key) && !each.disabled &&
      !each.closest("[hidden], [inert]") && (!dialog || dialog.contains(each)));
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  });
})();
