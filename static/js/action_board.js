// Drag an action to another window of the 30-60-90-day plan. Why it is moved is asked in the card itself, by the
// form that its menu opens without a mouse: until that is sent nothing is moved, and Escape puts the card back.
(() => {
  "use strict";
  const board = document.querySelector("[data-drag-board]");
  if (!board || !window.Sortable) return;
  board.dataset.dragged = "";
  let waiting = null;

  const back = () => {
    if (!waiting) return;
    const { card, from, next, menu, put, hidden } = waiting;
    waiting = null;
    from.insertBefore(card, next);
    for (const button of hidden) button.hidden = false;
    put.remove();
    menu.open = false;
    card.classList.remove("is-waiting");
  };

  const ask = (card, from, next, to) => {
    const menu = card.querySelector(".card-move"), row = menu.querySelector(".row");
    const wanted = row.querySelector(`[name="window"][value="${to.dataset.window}"]`);
    const hidden = [...row.querySelectorAll('[name="window"]')].filter((button) => button !== wanted);
    for (const button of hidden) button.hidden = true;
    row.prepend(wanted); // Enter in the field presses the first button
    const put = Object.assign(document.createElement("button"), { type: "button", className: "button plain", textContent: board.dataset.back });
    put.addEventListener("click", back);
    row.append(put);
    waiting = { card, from, next, menu, put, hidden };
    card.classList.add("is-waiting");
    menu.open = true;
    menu.querySelector("input[name=reason]").focus();
  };

  document.addEventListener("keydown", (event) => { if (event.key === "Escape") back(); });
  let next = null;
  for (const list of board.querySelectorAll("ul[data-window]")) {
    new window.Sortable(list, {
      group: { name: "actions", put: Boolean(list.dataset.window) },
      sort: false, // their order is the plan's
      handle: ".card-grip",
      draggable: ".action-card",
      ghostClass: "card-ghost",
      animation: 150,
      onStart: ({ item }) => { back(); next = item.nextElementSibling; },
      onAdd: ({ item, from, to }) => ask(item, from, next, to),
    });
  }
})();
