/* How much still fits, said while somebody writes, and fields that grow with what is in them. Nothing is cut silently: what
   is too long stays as it is, is said to be, and the server refuses it with the reason.

   <textarea id="x" data-most="280">, <input id="x" data-most-words="3" data-longest="40">, and where it is said:
   <small data-counts="x" data-left="{left} …" data-over="{over} …" data-long="…">. A field without one is only marked. */
(() => {
  "use strict";
  const TELL_FROM = 0.75; // of the limit: before that a figure only disturbs

  function fill(words, values) { return (words || "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? ""); }

  /* As the server counts: characters, not the halves of which a script thinks. */
  function lengthOf(text) { return [...text.normalize("NFC").trim()].length; }

  function look(field) {
    const { most, mostWords, longest } = field.dataset;
    const parts = new Map(field.value.split(/[,;\n]/).map((part) => part.trim().replace(/\s+/g, " ")).filter(Boolean)
      .map((part) => [part.toLocaleLowerCase(), part]));
    const limit = Number(most || mostWords), used = most ? lengthOf(field.value) : parts.size;
    const long = longest ? [...parts.values()].find((part) => [...part].length > longest) : undefined;
    const values = { left: limit - used, over: used - limit, most: limit, longest, word: long && [...long].slice(0, 15).join("") };
    return { values, wrong: used > limit ? "over" : long ? "long" : "", tell: mostWords ? limit > 1 && used > 0 : used >= limit * TELL_FROM };
  }

  function paint(field) {
    const { values, wrong, tell } = look(field), line = document.querySelector(`[data-counts="${CSS.escape(field.id)}"]`);
    const words = !line ? "" : wrong ? fill(line.dataset[wrong], values) : tell ? fill(line.dataset.left, values) : "";
    if (line && line.textContent !== words) line.textContent = words;
    // What the server found wrong is the server's to say.
    if (line && Boolean(wrong) !== line.hasAttribute("data-own-wrong")) {
      line.toggleAttribute("data-own-wrong", Boolean(wrong));
      if (wrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    if (field.tagName === "TEXTAREA" && !CSS.supports("field-sizing", "content")) {
      field.style.height = "auto";
      field.style.height = field.scrollHeight + 4 + "px";
    }
  }

  function fields() { return document.querySelectorAll("[data-most], [data-most-words]"); }

  /* Why a form's field cannot be sent as it is; "" where it can. */
  window.countedWrong = (form) => {
    for (const field of form.querySelectorAll("[data-most], [data-most-words]")) {
      const { values, wrong } = look(field), line = document.querySelector(`[data-counts="${CSS.escape(field.id)}"]`);
      if (wrong && line) return fill(line.dataset[wrong], values);
    }
    return "";
  };

  document.addEventListener("input", (event) => { if (event.target.matches?.("[data-most], [data-most-words]")) paint(event.target); });
  for (const event of ["morphed", "mine"]) document.addEventListener("kickoff:" + event, () => fields().forEach(paint));
  fields().forEach(paint);
})();
