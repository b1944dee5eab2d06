/* What a facilitator pushes. A command says which revision it was given at, so that a double click or a second
   console cannot skip a block; a stale one is a conflict, and the newest state is shown instead.

   One push is on its way at a time, the others wait in line: what one does oneself while an own push travels is no
   conflict with somebody else. The second was given at what the first makes of the room, one revision later; if
   somebody else came between, that revision is taken, and the server says so.

   <button data-command="agenda.next" data-data='{"…": …}' data-key="ArrowRight PageDown">, or
   <form data-command="activity.create" data-data='{…}'> whose fields make the data (live.js: dataOf). */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff) return;
  const RESEND_MS = 10000;
  const line = []; // not answered yet, in order; only the first has been sent
  let taken = ""; // the key that is down and has been a push
  let done = [], reached = 0; // acknowledged, but not shown yet; the revision that they led to
  kickoff.command = command;

  function tell(name, detail) { document.dispatchEvent(new CustomEvent("kickoff:" + name, { detail })); }

  /* Resolves with what the command made; rejects with {code, detail}. Nobody needs to listen. */
  function command(name, data = {}, source = null) {
    const same = JSON.stringify([name, data]), rev = Math.max(kickoff.control, reached);
    done = done.filter((each) => each.rev >= kickoff.control);
    // Pressed again before one has seen what it did: a double click is one push.
    const twin = [...line, ...done].find((each) => each.same === same);
    if (twin) return twin.promise;
    const made = { id: kickoff.randomId(), name, data, source, same, rev, at: performance.now(), typed: typedIn(source) };
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
    made.promise.catch(() => {});
    line.push(made);
    if (!kickoff.isLive) failed(made, "not_connected");
    else {
      source?.setAttribute("aria-busy", "true");
      if (line.length === 1) sendFirst();
    }
    return made.promise;
  }

  function typedIn(source) { return source?.tagName === "FORM" ? JSON.stringify(kickoff.dataOf(source)) : ""; }

  function sendFirst() {
    if (!line.length || !kickoff.isLive) return; // a welcome will
    const { id, name, rev, data } = line[0];
    kickoff.send({ type: "command", id, name, rev, data });
  }

  function leave(made) {
    line.splice(line.indexOf(made), 1);
    made.source?.removeAttribute("aria-busy");
  }

  function succeeded(made, answer) {
    const { id, name, source, resolve } = made;
    leave(made);
    done.push(made);
    reached = made.rev + 1;
    for (const each of line) each.rev = Math.max(each.rev, reached);
    // What is typed meanwhile is the next one, and stays.
    if (source?.tagName === "FORM" && made.typed === typedIn(source)) {
      kickoff.forgetDraft(source);
      source.reset();
    }
    tell("ack", { id, name, data: answer, source });
    resolve(answer);
  }

  function failed(made, code, detail = "") {
    const { id, name, source, reject } = made;
    leave(made);
    kickoff.say(kickoff.text(code) || detail || kickoff.text("failed"));
    tell("error", { id, name, source, code, detail });
    reject({ code, detail });
  }

  document.addEventListener("kickoff:answer", ({ detail: { frame } }) => {
    const [first] = line;
    if (!first || first.id !== frame.id) return;
    if (frame.type === "ack") succeeded(first, frame.data || {});
    else failed(first, frame.code, frame.detail);
    sendFirst();
  });

  document.addEventListener("kickoff:welcome", () => {
    // The state that came with it is newer, or of another history.
    done = [];
    reached = 0;
    // Sent again it is safe: the same id is done once, and an old revision is a conflict. But nobody expects a late one.
    for (const made of [...line]) if (performance.now() - made.at >= RESEND_MS) failed(made, "not_connected");
    sendFirst();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-command]");
    // While cut off, the form around the button is posted as without a script.
    if (!button || button.disabled || (button.form && kickoff.isCutOff)) return;
    event.preventDefault();
    const typed = button.form && "command" in button.form.dataset ? kickoff.dataOf(button.form) : {};
    // In a list of hundreds the data stands once, as the value that is posted without a script.
    command(button.dataset.command, { ...typed, ...JSON.parse(button.dataset.data || button.value || "{}") }, button);
  });

  document.addEventListener("submit", (event) => {
    // A second button of a form may be another command (data-as).
    const form = event.target, name = event.submitter?.dataset.as || form.dataset.command;
    if (!name || kickoff.isCutOff) return;
    event.preventDefault();
    command(name, { ...JSON.parse(form.dataset.data || "{}"), ...kickoff.dataOf(form) }, form);
  });

  /* data-key: the first such element that can be pressed is pressed. */
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // With Shift this arrow is another key; of a sign ("+", "?") Shift is a part.
    const shift = event.shiftKey && event.key === "ArrowRight" ? "shift+" : "";
    const key = shift + (event.key === " " ? "Space" : event.key).toLowerCase(), at = event.target;
    if (at.closest("input, textarea, select, [contenteditable]")) return;
    // Enter is the button's that has the focus. Space is the next step all the same, as on every clicker, except where
    // somebody fills in or unfolds something.
    if (key === "enter" && at.closest("button, a, summary")) return;
    if (key === "space" && at.closest("form, dialog, a, summary")) return;
    const dialog = document.querySelector("dialog[open]");
    const pressed = [...document.querySelectorAll("[data-key]")].find((each) =>
      each.dataset.key.toLowerCase().split(" ").includes(key) && !each.disabled &&
      !each.closest("[hidden], [inert]") && (!dialog || dialog.contains(each)));
    if (!pressed) return;
    event.preventDefault();
    taken = key;
    pressed.click();
  });

  // Some browsers press the focused button when Space is let go of.
  document.addEventListener("keyup", (event) => {
    if (event.key === " " && taken === "space") event.preventDefault();
    taken = "";
  });
})();
