/* The console's own: a question before what cannot be taken back easily, ten seconds' regret after somebody was taken
   out, hands counted by option, forms that close when they have done their work, and hands that find things where they
   were. Pushes themselves: commands.js. */
(() => {
  "use strict";
  const { kickoff } = window;
  const ask = document.getElementById("ask"), offer = document.getElementById("offer"), adding = document.getElementById("new");
  const SECOND_TAP_MS = 600, SAME_PLACE_PX = 40;
  let agreed = null, asking = null, offerTimer = 0, removed = null;

  // Before commands.js hears the click.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-confirm]");
    if (!button || button === agreed) return;
    event.preventDefault();
    event.stopPropagation();
    asking = button;
    document.getElementById("ask-words").textContent = button.dataset.confirm;
    ask.returnValue = "";
    ask.showModal();
  }, true);

  ask.addEventListener("close", () => {
    const button = asking;
    asking = null;
    letGo();
    if (ask.returnValue !== "yes" || !button) return;
    agreed = button;
    if (button.isConnected) button.click();
    // The region was renewed while the question stood: the same push, and the server says if it no longer holds.
    else kickoff?.command(button.dataset.command, JSON.parse(button.dataset.data || "{}"));
    agreed = null;
  });

  /* A button that has become another one under the finger, or slid there: a second tap a moment later is not meant for
     it. The moment begins when it came to lie there, however long the push was on its way. Keys are meant, and so is
     the same push once more. */
  const TAPPED = "#region-activities button[data-command], .new summary, .new button";
  let tapped = null;
  function pushOf(button) { return button ? (button.dataset.command || button.textContent) + (button.dataset.data || button.value) : ""; }
  document.addEventListener("click", (event) => {
    const button = event.target.closest(TAPPED);
    if (!button || !event.detail) return;
    const same = pushOf(button), last = tapped;
    tapped = { same, under: same, x: event.clientX, y: event.clientY, at: performance.now() };
    if (!last || last.same === same || tapped.at - last.at > SECOND_TAP_MS) return;
    if (Math.hypot(tapped.x - last.x, tapped.y - last.y) > SAME_PLACE_PX) return;
    tapped = { ...tapped, same: last.same };
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("kickoff:morphed", () => {
    if (!tapped) return;
    const under = pushOf(document.elementFromPoint(tapped.x, tapped.y)?.closest(TAPPED));
    if (under !== tapped.under) Object.assign(tapped, { under, at: performance.now() });
  });

  /* After a push nothing has the focus: Enter and Space must not push what stands there now. In a form and in a dialog
     the focus is where somebody works. */
  function letGo() {
    const at = document.activeElement;
    if (at?.matches("button, summary") && !at.closest("form, dialog[open]")) at.blur();
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-command], summary")) letGo();
  });
  document.addEventListener("kickoff:ack", letGo);

  document.addEventListener("kickoff:ack", ({ detail }) => {
    if (detail.name === "participant.remove") {
      removed = JSON.parse(detail.source?.dataset.data || "null");
      offer.hidden = !removed;
      clearTimeout(offerTimer);
      offerTimer = setTimeout(() => { offer.hidden = true; }, 10000);
    }
    const box = detail.source?.closest("[data-closes]");
    if (box) {
      box.open = false;
      document.activeElement?.blur();
    }
    // A question that was just asked is what one looks at next.
    if (detail.name === "activity.create" && detail.data?.activity) {
      setTimeout(() => {
        const card = document.getElementById("activity-" + detail.data.activity);
        // What is higher than the window is read from its beginning.
        card?.scrollIntoView({ block: card.offsetHeight > innerHeight / 2 ? "start" : "nearest" });
      }, 300);
    }
  });

  offer.querySelector("button").addEventListener("click", () => {
    offer.hidden = true;
    kickoff?.command("participant.restore", removed);
  });

  // A count for each option: what the form cannot say by its fields' names alone.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("hands" in form.dataset) || kickoff?.state !== "live") return;
    event.preventDefault();
    event.stopPropagation();
    const counts = [];
    for (const field of form.elements) {
      const [, by, which] = /^counts\.(id|value)\.(.+)$/.exec(field.name) || [];
      if (by && field.value !== "") counts.push({ [by]: by === "value" ? Number(which) : which, count: Number(field.value) });
    }
    kickoff.command("activity.hands", { activity: form.dataset.hands, counts }, form);
  }, true);

  // How many sit at a phone is said by the field alone.
  document.addEventListener("change", (event) => {
    if (event.target.closest(".table-phone")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) document.getElementById("keys").showModal();
  });

  /* One thing is made at a time, in sight, and one can begin to type. On a touch screen the keyboard comes when asked. */
  const boxes = adding.querySelectorAll("details");
  for (const box of boxes) {
    box.addEventListener("toggle", () => {
      if (!box.open) return;
      for (const other of boxes) if (other !== box) other.open = false;
      if (matchMedia("(pointer: fine)").matches) box.querySelector("input.input")?.focus({ preventScroll: true });
      box.scrollIntoView({ block: "nearest" });
    });
  }

  const quietly = adding.querySelector("[data-quietly]");
  quietly.closest("[hidden]").hidden = false;
  quietly.addEventListener("change", () => {
    for (const field of adding.querySelectorAll(".ask-row [name=quietly]")) field.value = String(quietly.checked);
  });

  /* What is ready-made is found by a word of it. */
  for (const field of adding.querySelectorAll("[data-sift]")) {
    const panel = field.closest(".card");
    field.closest("[hidden]").hidden = false;
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      let left = 0;
      for (const part of panel.querySelectorAll("[data-sifted]")) {
        let here = 0;
        for (const row of part.querySelectorAll("form")) {
          row.hidden = !`${row.querySelector("[name=title]")?.value ?? ""} ${row.textContent}`.toLowerCase().includes(wanted);
          here += row.hidden ? 0 : 1;
        }
        part.hidden = here === 0;
        left += here;
      }
      panel.querySelector("[data-none]").hidden = left > 0;
    });
    // Enter is no answer: which of them it is to be is said by its button.
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }

  let block = document.getElementById("region-now").dataset.block;
  document.addEventListener("kickoff:morphed", () => {
    const now = document.getElementById("region-now").dataset;
    // What is typed stands in no region; in a day that is over there is nothing to ask.
    adding.hidden = now.status === "ended";
    // Another block is read from its beginning.
    if (now.block !== block) for (const scrolled of [document.getElementById("content"), document.scrollingElement]) scrolled.scrollTop = 0;
    block = now.block;
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    if (event.key.toLowerCase() === "u" && !document.querySelector('[data-key="u"]')) kickoff?.say(kickoff.text("nothing_to_undo"));
  });
})();
