/* What runs beside: opens over the page and closes by the bar, by Escape and by the phone's own "back". What is in it is
   fetched when it is opened, and again as long as it is open when a frame tells that it has changed (data-part). What is
   asked meanwhile is not lost sight of: a line says that there is something new. */
(() => {
  "use strict";
  const { kickoff } = window, AGAIN_MS = 2000, SPREAD_MS = 1500, PATIENCE_MS = 8000;
  const fetched = new Map(); // by id of what is open: the part that it shows
  let asked = "", fetching = "", timer = 0;

  function region() { return document.getElementById("region-aside"); }
  function opened() { return region()?.querySelector("details[data-aside][open]"); }
  function title() { return document.querySelector("#region-main > section")?.id || ""; }

  /* ---- What is in it ---------------------------------------------------------------------- */

  async function refresh() {
    const open = opened(), part = open?.dataset.part;
    if (!part || fetching || fetched.get(open.id) === part) return;
    fetching = part;
    // A whole room that has it open does not ask in one moment; who has just opened it does not wait.
    if (fetched.has(open.id)) await new Promise((go) => setTimeout(go, SPREAD_MS * Math.random()));
    try {
      const answer = await kickoff.fetchWithin(part, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      const html = await answer.text(), panel = open.querySelector(".aside-panel");
      await scriptsOf(html);
      fetched.set(open.id, part);
      if (panel) kickoff.morphWithin(panel, html);
    } catch {
      clearTimeout(timer);
      timer = setTimeout(refresh, AGAIN_MS);
    }
    fetching = "";
    if (fetched.get(open.id) !== open.dataset.part && fetched.get(open.id) === part) refresh();
  }

  /* A button is not shown before what it does is there. */
  function scriptsOf(html) {
    const named = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-script]");
    const all = [...named].map(({ dataset }) => kickoff.fetchScript(dataset.script));
    return Promise.race([Promise.all(all), new Promise((go) => setTimeout(go, PATIENCE_MS))]);
  }

  function dress() {
    for (const { dataset } of document.querySelectorAll("[data-aside] [data-style]")) {
      if (document.querySelector(`link[href="${dataset.style}"]`)) continue;
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: dataset.style }));
    }
  }

  /* ---- Open and shut ---------------------------------------------------------------------- */

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

  function opens(open) {
    asked = title();
    for (const other of region().querySelectorAll("details[data-aside][open]")) if (other !== open) other.open = false;
    if (history.state?.aside !== open.id) history.pushState({ aside: open.id }, "");
    open.scrollTo(0, 0);
    refresh();
  }

  function close() {
    const open = opened();
    if (open) open.open = false;
  }

  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches?.("details[data-aside]")) return;
    if (target.open) opens(target);
    else if (history.state?.aside === target.id) history.back();
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

  document.addEventListener("kickoff:morphed", ({ detail }) => {
    if (!detail.regions.length) return;
    cover();
    tellNews();
    refresh();
    // It was closed while somebody stood in it.
    if (history.state?.aside && !document.getElementById(history.state.aside)) history.replaceState(null, "");
  });

  dress();
  // It came because it was opened.
  if (opened()) opens(opened());
  cover();
})();
