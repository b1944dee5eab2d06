/* What runs beside: opens over the page and closes by the bar, by Escape and by the phone's own "back". What is being
   asked meanwhile is not lost sight of: a line says that there is something new. */
(() => {
  "use strict";
  const region = () => document.getElementById("region-aside");
  const opened = () => region()?.querySelector("details[data-aside][open]");
  let asked = "";

  function title() { return document.querySelector("#region-main > section")?.id || ""; }

  /* The rest of the page is out of reach as long as it is covered. */
  function cover() {
    const open = opened();
    for (const part of document.body.children) {
      if (part !== region() && part.id !== "connection" && !["SCRIPT", "TEMPLATE"].includes(part.tagName)) part.inert = Boolean(open);
    }
    document.documentElement.toggleAttribute("data-aside-open", Boolean(open));
  }

  function tellNews() {
    const open = opened(), news = open?.querySelector(".aside-news"), now = title();
    if (news) news.hidden = !now.startsWith("ask-") || now === asked;
  }

  function close() {
    const open = opened();
    if (open) open.open = false;
  }

  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches?.("details[data-aside]")) return;
    if (target.open) {
      asked = title();
      for (const other of region().querySelectorAll("details[data-aside][open]")) if (other !== target) other.open = false;
      if (history.state?.aside !== target.id) history.pushState({ aside: target.id }, "");
      scrollTo(0, 0);
    } else if (history.state?.aside === target.id) history.back();
    cover();
    tellNews();
  }, true);

  window.addEventListener("popstate", ({ state }) => {
    const open = opened();
    if (open && state?.aside !== open.id) close();
    const wanted = state?.aside && document.getElementById(state.aside);
    if (wanted && !wanted.open) wanted.open = true;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || !opened()) return;
    const bar = opened().querySelector("summary");
    close();
    bar.focus();
  });

  document.addEventListener("click", ({ target }) => {
    if (target.closest(".aside-news button")) close();
  });

  document.addEventListener("kickoff:morphed", () => {
    cover();
    tellNews();
    // It was closed while somebody stood in it.
    if (history.state?.aside && !document.getElementById(history.state.aside)) history.replaceState(null, "");
  });

  // A reload, or the way back from another page, with it open.
  const kept = history.state?.aside && document.getElementById(history.state.aside);
  if (kept) kept.open = true;
  cover();
})();
