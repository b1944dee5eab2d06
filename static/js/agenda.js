// Drag a block of the agenda to its new place. The arrows on each block do the same without a mouse.
(() => {
  "use strict";
  const list = document.querySelector("[data-agenda]");
  if (!list || !window.Sortable) return;

  const blockBefore = (item) => {
    let before = item.previousElementSibling;
    while (before && !before.dataset.block) before = before.previousElementSibling;
    return before ? before.dataset.block : "";
  };

  new window.Sortable(list, {
    handle: ".agenda-time",
    draggable: ".agenda-block",
    ghostClass: "agenda-ghost",
    animation: 150,
    onEnd: async ({ item, oldIndex, newIndex }) => {
      if (oldIndex === newIndex) return;
      const body = new URLSearchParams({ after_id: blockBefore(item) });
      const headers = { "X-CSRF-Token": list.dataset.token };
      try {
        await fetch(`${list.dataset.agenda}/${item.dataset.block}/move`, { method: "POST", body, headers });
      } finally {
        // Every time after it has moved too: the server has the day.
        location.reload();
      }
    },
  });
})();
