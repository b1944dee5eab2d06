/* What the hall looks at, opened over the phone's page: whoever followed the link would leave the room. */
(() => {
  "use strict";
  let open = null;

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
    const dialog = document.createElement("dialog");
    dialog.className = "shown-page shown-over";
    dialog.append(...document.importNode(page.querySelector("main"), true).childNodes);
    dialog.setAttribute("aria-labelledby", "shown-title");
    dialog.querySelector("h1").id = "shown-title";
    dialog.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      open = null;
      if (history.state?.shown) history.back();
    });
    document.body.append(dialog);
    open = dialog;
    // The phone's own way back closes it.
    history.pushState({ shown: true }, "");
    dialog.showModal();
  }

  addEventListener("popstate", () => open?.close());
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".on-wall a[href]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!open) show(link);
  });
})();
