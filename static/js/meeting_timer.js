// A meeting's timer: part after part, each with its minutes. It is this browser's own, and goes on after a reload.
const button = document.querySelector("[data-meeting-timer]");
const parts = [...document.querySelectorAll("[data-part]")];
const key = `meeting-timer ${location.pathname}`;

function clock(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  return `${ms < 0 ? "−" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function paint() {
  const started = Number(sessionStorage.getItem(key));
  const words = button.querySelector("[data-words]");
  words.textContent = started ? words.dataset.stop : words.dataset.start;
  let begins = started;
  parts.forEach((part, number) => {
    const shown = part.querySelector(".meeting-time");
    shown.dataset.planned ??= shown.textContent;
    const ends = begins + Number(part.dataset.minutes) * 60_000;
    const now = Date.now();
    const last = number === parts.length - 1;
    const running = Boolean(started) && now >= begins && (now < ends || last);
    part.toggleAttribute("data-now", running);
    part.toggleAttribute("data-over", running && now >= ends);
    shown.textContent = running ? clock(ends - now) : shown.dataset.planned;
    begins = ends;
  });
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if (sessionStorage.getItem(key)) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, String(Date.now()));
    paint();
  });
  paint();
  setInterval(paint, 500);
}
