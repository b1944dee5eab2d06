/* Votes for questions, and what has become of one's own: painted from what is mine, what is on its way, and what is shown. */
(() => {
  "use strict";
  const { kickoff } = window;
  if (!kickoff || kickoff.folding?.questions) return;
  const KIND = "questions";

  kickoff.folding[KIND] = (mine, data, id) => {
    const votes = mine.votes || [];
    if (data.vote) return { ...mine, votes: [...votes.filter((each) => each !== data.vote), data.vote] };
    if (data.unvote) return { ...mine, votes: votes.filter((each) => each !== data.unvote) };
    const form = document.querySelector(`form[data-kind="${KIND}"]`);
    return kickoff.writing ? kickoff.writing.fold(mine, data, id, form?.dataset.state || "visible") : mine;
  };

  /* What I vote for, with what is on its way: entry → whether that is acknowledged. */
  function votesIn(activity) {
    const votes = new Map((kickoff.mine[activity]?.data?.votes || []).map((id) => [id, true]));
    for (const { activity: to, data } of kickoff.pending) {
      if (to !== activity) continue;
      if (data.vote) votes.set(data.vote, votes.get(data.vote) === true);
      if (data.unvote) votes.delete(data.unvote);
    }
    return votes;
  }

  /* Several may have asked it in their own words, and I may have voted for more than one of those. */
  function idsOf(row) { return [row.id.slice(2), ...(row.dataset.also || "").split(" ").filter(Boolean)]; }

  function words(name) {
    return document.getElementById("question-texts")?.content.querySelector(`[data-text="${name}"]`)?.textContent || "";
  }

  function paint() {
    for (const list of document.querySelectorAll("[data-asked]")) {
      const votes = votesIn(list.dataset.asked);
      for (const row of list.children) {
        const button = row.querySelector(".up"), mine = idsOf(row).filter((id) => votes.has(id));
        button.setAttribute("aria-pressed", String(mine.length > 0));
        button.toggleAttribute("data-own-sending", mine.some((id) => !votes.get(id)));
      }
    }
    paintOwn();
  }

  /* The list of what I wrote is writing.js's; what the room has made of it stands in what is shown. */
  function paintOwn() {
    for (const list of document.querySelectorAll(`[data-written][data-kind="${KIND}"]`)) {
      const activity = list.dataset.written, written = kickoff.mine[activity]?.data?.written || [];
      for (const row of list.children) {
        if (!["visible", "pending"].includes(row.dataset.state)) continue;
        const said = fateOf(activity, row.dataset.key, row.querySelector(".own-text").textContent, written);
        const place = row.querySelector(".own-how");
        if (said && place.textContent !== said) place.textContent = said;
      }
    }
  }

  function fateOf(activity, key, text, written) {
    const own = written.find((each) => each.id === key) || {};
    for (const row of document.querySelectorAll(`[data-asked="${CSS.escape(activity)}"] > li`)) {
      const ids = idsOf(row), same = row.querySelector("p").textContent === text;
      if (!ids.includes(key) && !same) continue;
      const { state } = row.dataset;
      if (state === "answered" || state === "backlog") return words(state);
      return ids[0] === key || same ? words("shown") : words("merged");
    }
    if (own.decided) return words(own.decided);
    return own.state === "pending" ? words("pending") : "";
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".up"), list = button?.closest("[data-asked]");
    if (!list || button.disabled) return;
    event.preventDefault();
    const activity = list.dataset.asked, votes = votesIn(activity), ids = idsOf(button.closest("li"));
    const mine = ids.filter((id) => votes.has(id));
    if (mine.length) for (const id of mine) kickoff.submit(activity, { unvote: id }, KIND);
    else kickoff.submit(activity, { vote: ids[0] }, KIND);
  });

  document.addEventListener("kickoff:error", ({ detail: { data, code, detail } }) => {
    if (data?.vote || data?.unvote) kickoff.say((code === "invalid" && detail) || kickoff.text(code) || kickoff.text("failed"));
  });

  for (const event of ["morphed", "mine", "connection"]) document.addEventListener("kickoff:" + event, () => queueMicrotask(paint));
  paint();
})();
