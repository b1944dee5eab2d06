/* The console's own: a question before what cannot be taken back easily, ten seconds' regret after somebody was taken
   out, hands counted by option, forms that close when they have done their work. Pushes themselves: live.js. */
(() => {
  "use strict";
  const ask = document.getElementById("ask"), offer = document.getElementById("offer");
  let agreed = null, asking = null, offerTimer = 0, removed = null;

  // Before live.js hears the click.
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
    if (ask.returnValue !== "yes" || !button) return;
    agreed = button;
    if (button.isConnected) button.click();
    // The region was renewed while the question stood: the same push, and the server says if it no longer holds.
    else window.kickoff?.command(button.dataset.command, JSON.parse(button.dataset.data || "{}"));
    agreed = null;
  });

  document.addEventListener("kickoff:ack", ({ detail }) => {
    if (detail.name === "participant.remove") {
      removed = JSON.parse(detail.source?.dataset.data || "null");
      offer.hidden = !removed;
      clearTimeout(offerTimer);
      offerTimer = setTimeout(() => { offer.hidden = true; }, 10000);
    }
    const box = detail.source?.closest("[data-closes]");
    if (box) box.open = false;
    // A question that was just asked is what one looks at next.
    if (detail.name === "activity.create" && detail.data?.activity) {
      setTimeout(() => document.getElementById("activity-" + detail.data.activity)?.scrollIntoView({ block: "nearest" }), 300);
    }
  });

  offer.querySelector("button").addEventListener("click", () => {
    offer.hidden = true;
    window.kickoff?.command("participant.restore", removed);
  });

  // A count for each option: what the form cannot say by its fields' names alone.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("hands" in form.dataset) || window.kickoff?.state !== "live") return;
    event.preventDefault();
    event.stopPropagation();
    const counts = [];
    for (const field of form.elements) {
      const [, by, which] = /^counts\.(id|value)\.(.+)$/.exec(field.name) || [];
      if (by && field.value !== "") counts.push({ [by]: by === "value" ? Number(which) : which, count: Number(field.value) });
    }
    window.kickoff.command("activity.hands", { activity: form.dataset.hands, counts }, form);
  }, true);

  // How many sit at a phone is said by the field alone.
  document.addEventListener("change", (event) => {
    if (event.target.closest(".table-phone")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) document.getElementById("keys").showModal();
  });

  // What is typed stands in no region; in a day that is over there is nothing to ask.
  document.addEventListener("kickoff:morphed", () => {
    document.getElementById("new").hidden = document.getElementById("region-now").dataset.status === "ended";
  });

  // O: to the day, by keyboard.
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "o" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    const place = document.querySelector(".day .next, .day button");
    place?.focus();
    place?.scrollIntoView({ block: "center" });
  });
})();
