/* What changes place moves there: elements with data-flip (boxes) and data-flip-svg="x y size" (words of a cloud)
   are looked at before and after a frame, and travel the difference. With reduced motion they are just there. */
(() => {
  "use strict";
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const easing = { duration: 420, easing: "cubic-bezier(.2, .8, .2, 1)" };
  let places = new Map();

  function look() {
    const found = new Map();
    for (const each of document.querySelectorAll("[data-flip][id]")) found.set(each.id, [each.offsetLeft, each.offsetTop]);
    for (const each of document.querySelectorAll("[data-flip-svg][id]")) found.set(each.id, each.dataset.flipSvg.split(" ").map(Number));
    return found;
  }

  document.addEventListener("kickoff:before", () => { places = still.matches ? new Map() : look(); });
  document.addEventListener("kickoff:morphed", () => {
    if (still.matches || !places.size) return;
    for (const [id, [x, y, size]] of look()) {
      const [oldX, oldY, oldSize] = places.get(id) || [];
      const element = document.getElementById(id);
      if (oldX === undefined) {
        if (size) element.animate({ opacity: [0, 1] }, easing);
      } else if (oldX !== x || oldY !== y || oldSize !== size) {
        const grown = size ? ` scale(${oldSize / size})` : "";
        element.animate({ transform: [`translate(${oldX - x}px, ${oldY - y}px)${grown}`, "none"] }, easing);
      }
    }
    places = new Map();
  });
})();
