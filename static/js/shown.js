/* What the hall looks at, opened over the phone's page: whoever followed the link would leave the room. */
(() => {
  "use strict";
  const SPREAD_MS = 1500;
  let open = null, asked = "", timer = 0;

  async function show(link) {
    const answer = await fetch(link.href).catch(() => null);
    if (!answer?.ok) {
      location.assign(link.href);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const sheet of page.querySelectorAll("head link[rel=stylesheet]")) {
      if (!document.querySelector(`link[href="${CSS.escape(sheet.getAttribute("href"))}"]`)) document.head.append(document.importNode(sheet));
    }
    if (open) {
      open.replaceChildren(...contents(page));
      wire(open);
      return;
    }
    const dialog = document.createElement("dialog");
    dialog.className = "shown-page shown-over";
    dialog.append(...contents(page));
    dialog.setAttribute("aria-labelledby", "shown-title");
    wire(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      open = null;
      if (history.state?.shown) history.back();
    });
    document.body.append(dialog);
    open = dialog;
    asked = question();
    dialog.dataset.wall = document.querySelector(".on-wall")?.id || "";
    // The phone's own way back closes it.
    history.pushState({ shown: true }, "");
    dialog.showModal();
  }

  function contents(page) { return document.importNode(page.querySelector("main"), true).childNodes; }

  function wire(dialog) {
    dialog.querySelector("h1").id = "shown-title";
    dialog.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
  }

  function question() { return document.querySelector("#region-main > section.ask")?.id || ""; }

  /* It follows the hall; and what is asked of everybody comes before what everybody looks at. */
  function follow() {
    if (!open) return;
    const link = document.querySelector(".on-wall a[href]"), wall = document.querySelector(".on-wall")?.id || "";
    if (!wall || question() !== asked || !link) open.close();
    else if (wall !== open.dataset.wall) {
      open.dataset.wall = wall;
      clearTimeout(timer);
      timer = setTimeout(() => open && show(link), SPREAD_MS * Math.random());
    }
  }

  new MutationObserver(follow).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["id", "class"] });
  addEventListener("popstate", () => open?.close());
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".on-wall a[href]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!open) show(link);
  });
})();
