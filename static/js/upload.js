// A form that sends a large file: a file that is too large is told before it is sent, and while it is
// under way the form says so and is not sent twice. Without this the form works too.
(() => {
  "use strict";

  for (const form of document.querySelectorAll("form[data-upload]")) {
    const file = form.querySelector("input[type=file]");
    const underWay = form.querySelector("[data-under-way]");
    const send = form.querySelector("button:not([type=button])");

    file.addEventListener("change", () => {
      const chosen = file.files[0];
      const tooLarge = chosen && chosen.size > Number(file.dataset.most);
      file.setCustomValidity(tooLarge ? file.dataset.tooLarge : "");
      file.reportValidity();
    });
    form.addEventListener("submit", () => {
      underWay.hidden = false;
      // Not at once: a button that is disabled now would be left out of what is sent.
      setTimeout(() => { send.disabled = true; });
    });
    // Who comes back to the page finds it ready again.
    addEventListener("pageshow", () => {
      underWay.hidden = true;
      send.disabled = false;
    });
  }
})();
