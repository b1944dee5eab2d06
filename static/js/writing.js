/* Forms in which an attendee writes several entries one after the other: obstacles, questions. What is sent leaves the
   field at once and stands below it with how it goes: sending, saved, not saved yet, refused with the reason.

   What a kind gives (templates/live/phone/_writing.html has macros for all of it):
     <form data-own-way data-writes data-activity data-kind data-keep …>  the field named "text", further fields go with
         it. data-most-each="5": so many may stand at a time. data-state="pending": what is new waits for approval.
         data-enter in a textarea: Enter sends. <p data-writes-said role="status"> is where it speaks.
     <ul data-written="ACTIVITY" id data-keep data-version>               the own list, filled here
     <template id="writing-texts">                                        the words
   A field named "column" says under which heading it stands: the same words under another are another entry, and the own
   list says which it is (data-text="column_NAME").
   What the kind's Submission takes: {"text", …} | {"withdraw": ENTRY} | {"restore": ENTRY}, ENTRY being the id of an own
   entry or of the submission that made it (BallotState.own). What its `answer` tells: {"written": [{"id", "text",
   "state"}], …}, with "state" one of visible, pending, hidden, withdrawn; and "column".
   A form of phone.js whose answer stands beside what one has written says which field that is: data-beside="votes".
   A kind that takes other answers too has a script of its own with
     kickoff.folding.KIND = (mine, data, id) => "ranking" in data ? { ...mine, ranking: data.ranking } : kickoff.writing.fold(mine, data, id)
   and else needs none: this one folds for every kind whose form it finds. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff || kickoff.writing) return;
  const FORMS = "form[data-writes]", BESIDE = "form[data-beside]";
  const openedAt = performance.now();
  const withdrawn = new Set(); // keys of what was withdrawn from this page: shown, so that it can be taken back
  let refused = kickoff.kept(sessionStorage, "refused", []); // [{key, activity, text, reason}]
  let drafts = [];
  kickoff.writing = { fold };

  function forms() { return document.querySelectorAll(FORMS); }
  function formOf(activity) { return document.querySelector(`${FORMS}[data-activity="${CSS.escape(activity)}"]`); }

  function words(name, values = {}) {
    const found = document.getElementById("writing-texts")?.content.querySelector(`[data-text="${name}"]`);
    return found ? found.textContent.trim().replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "") : "";
  }

  function isSame(one, other) { return plain(one.text) === plain(other.text) && (one.column || "") === (other.column || ""); }

  function plain(text) { return text.normalize("NFC").trim().replace(/\s+/g, " "); }

  /* What is mine once this has been acknowledged. What a welcome told meanwhile is not there twice. */
  function fold(mine, data, id, state = "visible") {
    const written = mine.written || [], named = data.withdraw || data.restore;
    if (named) {
      const changed = written.map((each) => (each.id === named ? { ...each, state: data.withdraw ? "withdrawn" : state } : each));
      return { ...mine, written: changed };
    }
    if (data.text === undefined || written.some((each) => each.state !== "withdrawn" && isSame(each, data))) return mine;
    const { text, column } = data;
    return { ...mine, written: [...written, { id, text: text.trim(), state, ...(column && { column }) }] };
  }

  function foldFor(form) {
    const { kind, state } = form.dataset;
    kickoff.folding[kind] ||= (mine, data, id) => fold(mine, data, id, state || "visible");
  }

  /* The same kind asks for something else now: what was written stays mine. */
  function foldBeside({ dataset: { kind, beside } }) {
    const wrote = kickoff.folding[kind] || fold;
    if (wrote.beside) return;
    kickoff.folding[kind] = (mine, data, id, newest) => (beside in data ? (newest ? { ...mine, [beside]: data[beside] } : mine) : wrote(mine, data, id));
    kickoff.folding[kind].beside = true;
  }

  /* ---- The own list ----------------------------------------------------------------------- */

  function itemsOf(activity) {
    const waiting = kickoff.pending.filter((each) => each.activity === activity);
    const hopeful = (kickoff.state === "live" || performance.now() - openedAt < 6000) && !kickoff.overdue(activity);
    const under = hopeful ? "sending" : "unsent";
    const items = (kickoff.mine[activity]?.data?.written || []).map(({ id, text, state, column }) => ({ key: id, text, state, column }));
    for (const { id, data } of waiting) {
      const named = data.withdraw || data.restore, item = named && items.find((each) => each.key === named);
      if (item) item.state = under;
      else if (data.text !== undefined && !items.some((each) => isSame(each, data))) {
        items.push({ key: id, text: data.text, column: data.column, state: under });
      }
    }
    for (const each of refused) if (each.activity === activity) items.push({ ...each, state: "refused" });
    return items.filter(({ key, state }) => state !== "withdrawn" || withdrawn.has(key));
  }

  function standing(activity) { return itemsOf(activity).filter(({ state }) => state !== "withdrawn" && state !== "refused").length; }

  const BUTTONS = { visible: ["withdraw"], pending: ["withdraw"], withdrawn: ["restore"], refused: ["edit", "discard"] };

  function paintList(list) {
    const items = itemsOf(list.dataset.written), rows = new Map([...list.children].map((row) => [row.dataset.key, row]));
    for (const [key, row] of rows) if (!items.some((item) => item.key === key)) row.remove();
    items.forEach((item, place) => {
      const row = rows.get(item.key) || Object.assign(document.createElement("li"), { className: "own-entry" });
      if (row.dataset.state !== item.state || row.dataset.reason !== (item.reason || "")) fillRow(row, item);
      if (list.children[place] !== row) list.insertBefore(row, list.children[place] || null);
    });
    const heading = document.querySelector(`[data-written-heading="${CSS.escape(list.dataset.written)}"]`);
    if (heading) heading.hidden = !items.length;
  }

  function fillRow(row, { key, text, state, column, reason = "" }) {
    const hadFocus = row.contains(document.activeElement);
    Object.assign(row.dataset, { key, state, reason, ...(column && { column }) });
    const parts = [["bdi", "own-text", text], ["span", "own-how", state === "refused" ? reason : words(state)]];
    if (column) parts.unshift(["span", "own-column", words("column_" + column)]);
    row.replaceChildren(...parts.map(([tag, className, textContent]) => Object.assign(document.createElement(tag), { className, textContent })));
    for (const what of BUTTONS[state] || []) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "own-act", textContent: words("do_" + what) });
      button.dataset.do = what;
      button.setAttribute("aria-label", `${words("do_" + what)}: ${text}`);
      row.append(button);
    }
    if (hadFocus) (row.querySelector("button") || focusable(row))?.focus();
  }

  function focusable(row) { return Object.assign(row, { tabIndex: -1 }); }

  function paint() {
    for (const form of forms()) {
      foldFor(form);
      const { activity, mostEach } = form.dataset, full = Boolean(mostEach) && standing(activity) >= Number(mostEach);
      if (full !== form.hasAttribute("data-own-full")) {
        form.toggleAttribute("data-own-full", full);
        tell(form, full ? words("full", { most: mostEach }) : "");
      }
      for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = full;
    }
    for (const form of document.querySelectorAll(BESIDE)) foldBeside(form);
    for (const list of document.querySelectorAll("[data-written]")) paintList(list);
  }

  function tell(form, said, wrong = false) {
    const line = form.querySelector("[data-writes-said]");
    if (!line) return;
    if (line.textContent !== said) line.textContent = said;
    line.toggleAttribute("data-own-wrong", wrong);
  }

  /* ---- Writing ---------------------------------------------------------------------------- */

  function send(form) {
    const { activity, kind, mostEach } = form.dataset, field = form.elements.text, data = kickoff.dataOf(form);
    const wrong = window.countedWrong?.(form) || (mostEach && standing(activity) >= Number(mostEach) ? words("full", { most: mostEach }) : "");
    if (!plain(field.value)) return tell(form, words("empty"), true);
    if (wrong) return tell(form, wrong, true);
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    kickoff.forgetDraft(form);
    // Said at once, and a reader of the screen hears where it went.
    tell(form, "");
    kickoff.submit(activity, data, kind);
    field.focus();
  }

  function act(what, row, activity) {
    const { key } = row.dataset, form = formOf(activity), kind = form?.dataset.kind || row.parentElement.dataset.kind;
    if (what === "withdraw" || what === "restore") {
      if (what === "withdraw") withdrawn.add(key);
      return kickoff.submit(activity, { [what]: key }, kind);
    }
    const item = refused.find((each) => each.key === key);
    if (what === "edit") {
      if (!form || plain(form.elements.text.value)) return tell(form, words("busy"), true);
      const field = form.elements.text;
      field.value = item.text;
      for (const choice of form.querySelectorAll("[name=column]")) choice.checked = choice.value === item.column;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
    forget(key);
    if (what === "discard") form?.elements.text.focus();
  }

  function forget(key) {
    refused = refused.filter((each) => each.key !== key);
    kickoff.keep(sessionStorage, "refused", refused);
    paint();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.(FORMS)) return;
    event.preventDefault();
    send(event.target);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches?.("textarea[data-enter]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches(FORMS) && form.querySelector("[data-writes-said][data-own-wrong]")) tell(form, "");
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-written] button[data-do]");
    if (button) act(button.dataset.do, button.closest("li"), button.closest("[data-written]").dataset.written);
  });

  /* Refused for good: the text stays, with the reason, to be sent again when it is another. */
  document.addEventListener("kickoff:error", ({ detail }) => {
    const { id, activity, code, data = {} } = detail;
    const list = activity && document.querySelector(`[data-written="${CSS.escape(activity)}"]`);
    const reason = (code === "invalid" && detail.detail) || kickoff.text(code) || detail.detail || kickoff.text("failed");
    if (list && data.text !== undefined && formOf(activity)) {
      refused = [...refused, { key: id, activity, text: data.text, column: data.column, reason }];
      kickoff.keep(sessionStorage, "refused", refused);
    } else if (list && (data.withdraw || data.restore)) {
      withdrawn.delete(data.withdraw);
      kickoff.say(reason);
    } else if (data.text !== undefined && activity && code === "activity_closed" && !formOf(activity)) {
      kickoff.keepUnsent?.(activity, { text: data.text }, "closed_late");
    }
    paint();
  });

  /* ---- What was written and not sent when there was no field for it any more --------------- */

  document.addEventListener("kickoff:before", () => {
    drafts = [...forms()].map((form) => ({ activity: form.dataset.activity, data: { text: form.elements.text.value } }))
      .filter(({ data }) => plain(data.text));
  });

  document.addEventListener("kickoff:morphed", () => {
    for (const { activity, data } of drafts) if (!formOf(activity)) kickoff.keepUnsent?.(activity, data, "closed_unsent");
    drafts = [];
  });

  for (const event of ["morphed", "mine", "connection"]) document.addEventListener("kickoff:" + event, paint);
  paint();
  setInterval(paint, 1000);
})();
