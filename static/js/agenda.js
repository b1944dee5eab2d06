// Drag a block of the agenda to its new place. The arrows on each block do the same without a mouse.
(() => {
  "use strict";
  const list = document.querySelector("[data-agenda]");
  if (!list || !window.Sortable) return;
  list.dataset.sortable = "";

  const blockBefore = (item) => {
    let before = item.previousElementSibling;
    while (before && !before.dataset.block) before = before.previousElementSibling;
    return before ? before.dataset.block : "";
  };

  const move = async (item) => {
    const body = new URLSearchParams({ after_id: blockBefore(item) });
    const headers = { "X-CSRF-Token": list.dataset.token };
    const answer = await fetch(`${list.dataset.agenda}/${item.dataset.block}/move`, { method: "POST", body, headers });
    if (!answer.ok) throw new Error(answer.statusText);
    // Every time after it has moved too: the server has the day.
    history.replaceState(null, "", `${answer.url}#record-${item.dataset.block}`);
    location.reload();
  };

  const say = (text) => {
    document.querySelector(".said")?.remove();
    const said = Object.assign(document.createElement("p"), { className: "said", textContent: text });
    said.setAttribute("role", "alert");
    document.body.append(said);
    setTimeout(() => said.remove(), 10000);
  };

  let next = null;
  new window.Sortable(list, {
    handle: ".agenda-time, .agenda-grip",
    draggable: ".agenda-block",
    ghostClass: "agenda-ghost",
    animation: 150,
    onStart: ({ item }) => { next = item.nextSibling; },
    onEnd: ({ item, oldIndex, newIndex }) => {
      if (oldIndex === newIndex) return;
      move(item).catch(() => {
        // Back to where it is, and a word about it: nobody should believe that it stayed.
        list.insertBefore(item, next);
        say(list.dataset.failed);
      });
    },
  });
})();
