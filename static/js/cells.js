// A cell of a table is changed where it stands: a click or Enter opens its field, Enter saves, Escape leaves.
// Arrows go from cell to cell. Without this the row's link leads to the whole form.
(() => {
  "use strict";
  const template = document.getElementById("cell-button");
  if (!template) return;
  const said = document.getElementById("cell-said");
  const words = template.dataset;
  let open = null; // { cell, before: nodes, sent: what the field held }

  const say = (text) => {
    said.textContent = "";
    requestAnimationFrame(() => { said.textContent = text; });
  };
  const buttonOf = (cell) => cell.querySelector(":scope > .cell-button");
  const focusOn = (cell) => {
    for (const other of document.querySelectorAll('.cell-button[tabindex="0"]')) other.tabIndex = -1;
    const button = buttonOf(cell);
    button.tabIndex = 0;
    button.focus();
  };
  const dress = (row) => {
    const name = row.querySelector("th").textContent.trim();
    for (const cell of row.querySelectorAll("[data-field]")) {
      const button = template.content.firstElementChild.cloneNode(true);
      button.tabIndex = -1;
      button.setAttribute("aria-label", `${words.change} ${cell.dataset.named}: ${name}`);
      cell.append(button);
    }
  };
  const contents = (form) => new URLSearchParams(new FormData(form)).toString();
  const leave = () => {
    const { cell, before } = open;
    open = null;
    cell.replaceChildren(...before);
    cell.classList.remove("is-open");
    return cell;
  };
  const fill = (cell, html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    cell.replaceChildren(holder.content);
    cell.classList.add("is-open");
    const field = cell.querySelector(".field :is(input:not([type=hidden]), select, textarea)");
    field?.focus();
    if (field?.matches("input:not([type=checkbox]), textarea")) field.select();
  };
  const fetched = async (url, options) => {
    const response = await fetch(url, { headers: { accept: "text/html" }, ...options });
    if (response.redirected) location.assign(response.url); // to sign in
    if (![200, 412, 422].includes(response.status)) throw new Error(String(response.status));
    return response;
  };
  const start = async (cell) => {
    if (open?.cell === cell) return;
    if (open) {
      const form = open.cell.querySelector("form");
      if (contents(form) !== open.sent) return form.querySelector("button").focus(); // nothing typed is lost
      leave();
    }
    try {
      const where = `${cell.closest("tr").dataset.cells}/${cell.dataset.field}`;
      const html = await (await fetched(where)).text();
      open = { cell, before: [...cell.childNodes], sent: "" };
      fill(cell, html);
      open.sent = contents(cell.querySelector("form"));
    } catch {
      say(words.failed);
    }
  };
  const save = async (form) => {
    const { cell } = open;
    try {
      const response = await fetched(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const html = await response.text();
      if (response.status !== 200) return fill(cell, html); // what was typed is in it
      const row = cell.closest("tr"), name = cell.dataset.field;
      const holder = document.createElement("template");
      holder.innerHTML = html;
      const fresh = [...holder.content.querySelector("tr").children];
      for (const [place, old] of [...row.children].entries()) if (fresh[place]) old.replaceWith(fresh[place]);
      open = null;
      dress(row);
      focusOn(row.querySelector(`[data-field="${name}"]`));
      say(words.saved);
    } catch {
      say(words.failed);
    }
  };
  const neighbour = (cell, key) => {
    const row = cell.closest("tr"), cells = [...row.querySelectorAll("[data-field]")], place = cells.indexOf(cell);
    if (key === "ArrowLeft") return cells[place - 1];
    if (key === "ArrowRight") return cells[place + 1];
    const rows = [...document.querySelectorAll("tr[data-cells]")];
    const other = rows[rows.indexOf(row) + (key === "ArrowUp" ? -1 : 1)];
    return other?.querySelectorAll("[data-field]")[place];
  };

  for (const row of document.querySelectorAll("tr[data-cells]")) dress(row);
  const first = document.querySelector(".cell-button");
  if (first) first.tabIndex = 0;

  document.addEventListener("click", (event) => {
    if (event.target.closest(".cell-form [data-cancel]")) return focusOn(leave());
    const cell = event.target.closest("tr[data-cells] [data-field]");
    if (!cell || event.target.closest("a, form") || !getSelection().isCollapsed) return;
    start(cell);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".cell-form")) return;
    event.preventDefault();
    save(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest(".cell-form");
    if (form && event.key === "Escape") {
      event.preventDefault();
      focusOn(leave());
    } else if (form && event.key === "Enter" && !event.isComposing && !event.target.matches("button, summary")) {
      if (event.target.matches("textarea") && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      form.requestSubmit();
    } else if (!form && event.key.startsWith("Arrow") && event.target.matches(".cell-button")) {
      const next = neighbour(event.target.closest("[data-field]"), event.key);
      if (!next) return;
      event.preventDefault();
      focusOn(next);
    }
  });
})();
