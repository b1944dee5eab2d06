// While a goal is typed: which of the SMART criteria it meets by now. The server reads it by the same rule as when it is
// saved, and keeps nothing. Without JavaScript the same words are there after saving.
(() => {
  "use strict";
  const box = document.querySelector("[data-smart]");
  const form = document.getElementById("record");
  if (!box || !form) return;
  const PAUSE_MS = 400;
  let waiting = 0;
  let asked = 0;

  const told = (html) => {
    const open = new Set([...box.querySelectorAll("details[open]")].map((one) => one.id));
    const at = box.contains(document.activeElement) ? document.activeElement.closest("details")?.id : "";
    const fresh = new DOMParser().parseFromString(html, "text/html");
    // What somebody has opened stays open, and whoever stands in it stays there.
    for (const one of fresh.querySelectorAll("details")) one.open = open.has(one.id);
    box.querySelector(".criteria").replaceWith(fresh.querySelector(".criteria"));
    if (at) document.getElementById(at)?.querySelector("summary").focus();
    // Read aloud where the number is another one, and only then.
    const [status, now] = [box, fresh].map((one) => one.querySelector("[role=status]"));
    if (status.textContent !== now.textContent) status.textContent = now.textContent;
  };

  const ask = async () => {
    const turn = ++asked;
    try {
      const answer = await fetch(box.dataset.smart, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const html = await answer.text();
      // An answer to what was typed before has been overtaken.
      if (answer.ok && turn === asked) told(html);
    } catch {
      // Off line it stands as it was: it is advice, and is there again after saving.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  });
})();
