// The time left until something is due, kept right while the page is open: [data-countdown] is the instant in ms.
const MINUTE = 60_000;

function paint(element) {
  const left = Number(element.dataset.countdown) - Date.now();
  const words = element.querySelector("[data-left]");
  if (!words || left <= 0) return;
  const minutes = Math.floor(left / MINUTE);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const parts = hours ? [`${hours} ${element.dataset.hours}`] : [];
  if (rest || !hours) parts.push(`${rest} min`);
  words.textContent = parts.join(" ");
}

setInterval(() => document.querySelectorAll("[data-countdown]").forEach(paint), MINUTE / 2);
