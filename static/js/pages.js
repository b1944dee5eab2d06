// What every page with forms may use. Each works without this too, only less conveniently.
(() => {
  "use strict";

  // A question that opens is seen whole and has the focus; Escape and "Cancel" close it again.
  const close = (confirm) => {
    confirm.open = false;
    confirm.querySelector("summary").focus();
  };
  document.addEventListener("toggle", (event) => {
    const confirm = event.target;
    if (!confirm.matches("details.confirm") || !confirm.open) return;
    for (const other of document.querySelectorAll("details.confirm[open]")) if (other !== confirm) other.open = false;
    const box = confirm.querySelector(".confirm-box");
    box.scrollIntoView({ block: "nearest" });
    box.querySelector("[data-cancel]")?.focus({ preventScroll: true });
  }, true);
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest("details.confirm [data-cancel]");
    if (!cancel) return;
    event.preventDefault();
    close(cancel.closest("details.confirm"));
  });
  document.addEventListener("keydown", (event) => {
    const confirm = event.key === "Escape" && event.target.closest("details.confirm[open]");
    if (confirm) close(confirm);
  });

  // Copy what may be seen once. On a network without TLS the clipboard is only reached through a selection.
  const copied = async (source) => {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(source.textContent);
      return true;
    }
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  };
  for (const button of document.querySelectorAll("button[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copies);
      if (!await copied(source).catch(() => false)) getSelection().selectAllChildren(source);
      else button.querySelector("span").textContent = button.dataset.done;
    });
  }
})();
