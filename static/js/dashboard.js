/* The dashboard changes while one looks: told by its socket that something changed, it fetches itself and morphs.
   Without this the page is as it was when it was loaded, and says so. */
(() => {
  "use strict";
  const board = document.getElementById("dashboard"), asOf = document.querySelector(".as-of");
  if (!board || !window.Idiomorph) return;

  const QUIET_MS = 400, SHORTEST_MS = 1000, LONGEST_MS = 30000;
  const address = location.origin.replace(/^http/, "ws") + "/live/kickoffs/" + board.dataset.kickoff;
  let due = 0, again = SHORTEST_MS, fetching = false, once_more = false;

  // Several changes in a row are one for the reader.
  function changed() { clearTimeout(due); due = setTimeout(renew, QUIET_MS); }

  async function renew() {
    if (fetching) { once_more = true; return; }
    fetching = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.redirected) { location.reload(); return; } // signed out meanwhile
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { /* the network is away: the socket comes back when it does, and then this too */ }
    fetching = false;
    if (once_more) { once_more = false; changed(); }
  }

  function show(page) {
    for (const place of [board, asOf]) {
      const now = place.id ? page.getElementById(place.id) : page.querySelector(".as-of");
      if (now) window.Idiomorph.morph(place, now.innerHTML, { morphStyle: "innerHTML", ignoreActiveValue: true });
    }
  }

  function connect() {
    const socket = new WebSocket(address);
    socket.addEventListener("open", () => { again = SHORTEST_MS; asOf.dataset.live = ""; });
    socket.addEventListener("message", changed);
    socket.addEventListener("close", ({ code }) => {
      delete asOf.dataset.live;
      if (code === 1008) return; // not allowed any more
      setTimeout(connect, again * (0.5 + Math.random()));
      again = Math.min(LONGEST_MS, again * 2);
    });
  }
  connect();
})();
