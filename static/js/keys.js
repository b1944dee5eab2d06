/* The keys that hands and clickers expect, on projector and console alike. A clicker sends PageDown, PageUp,
   "." (or b), F5 or Shift+F5, and Esc. Buttons with data-key are pressed by live.js; this is all the rest:
   full screen, help, G and a number, and on the projector, which has no buttons, the commands themselves. */
(() => {
  "use strict";
  const root = document.documentElement, help = document.getElementById("keys"), line = document.getElementById("typed");
  const onProjector = document.body.dataset.view === "projector";
  const mayFacilitate = !onProjector || "mayFacilitate" in document.body.dataset;
  let typed = null, confirming = false, lineTimer = 0;

  const over = () => document.getElementById("region-over")?.dataset || {};
  const told = (name, values = {}) => line.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

  function say(words, ms = 5000) {
    line.textContent = words;
    line.hidden = !words;
    clearTimeout(lineTimer);
    if (words) lineTimer = setTimeout(forget, ms);
  }

  function forget() {
    typed = null;
    confirming = false;
    say("");
  }

  /* What only this screen shows: "day", and where nobody may steer or the line is down, "blank" and "join". */
  function local(name) {
    if (root.dataset.local === name) delete root.dataset.local;
    else root.dataset.local = name;
  }

  function push(name, data) {
    delete root.dataset.local;
    window.kickoff?.command(name, data);
  }

  function screen(name) {
    if (!mayFacilitate || window.kickoff?.state !== "live") local(name);
    else push("screen.set", { screen: over().screen === name ? "" : name });
  }

  function fullScreen(on) {
    if (!on && document.fullscreenElement) document.exitFullscreen();
    else if (on && !document.fullscreenElement) root.requestFullscreen?.().catch(() => {});
  }

  function confirmEnd() {
    confirming = true;
    say(told("end"));
  }

  const steering = {
    next() {
      const step = over().next;
      if (step === "end") confirmEnd();
      else if (over().show) push("stage.show", JSON.parse(over().show));
      else if (step) push({ start: "room.start", phase: "agenda.next_phase", block: "agenda.next" }[step]);
    },
    leap() {
      const within = ["phase", "item", "part"].includes(over().next);
      if (within && over().leap) push("agenda.next");
      else if (within) confirmEnd();
      else steering.next();
    },
    back() {
      if (over().before) push("stage.show", JSON.parse(over().before));
      else push(Number(over().phase) > 0 ? "agenda.previous_phase" : "agenda.back");
    },
    reveal() { if (over().activity) push(over().shown === "yes" ? "activity.hide" : "activity.reveal", { activity: over().activity }); },
    close() { if (over().activity) push(over().status === "open" ? "activity.close" : "activity.open", { activity: over().activity }); },
    undo() { push("room.undo"); },
  };
  const STEERING = {
    arrowright: "next", "shift+arrowright": "leap", pagedown: "next", " ": "next", arrowleft: "back", pageup: "back", v: "reveal", s: "close", u: "undo",
  };

  function goTo(number) {
    const place = document.querySelector(`[data-goto="${CSS.escape(number)}"]`);
    if (!place) return;
    if (onProjector) push("agenda.goto", { block: place.dataset.block });
    else place.click();
  }

  function escape() {
    if (help.open) help.close();
    else if (typed !== null || confirming) forget();
    else if (root.dataset.local) delete root.dataset.local;
    else if (onProjector && mayFacilitate && over().screen) push("screen.set", { screen: "" });
    else return false;
    return true;
  }

  /* Whether a number has something to put on the projector now: that is another one with each block. */
  function stands(key) {
    return onProjector ? document.querySelectorAll("[data-stage]")[Number(key) - 1] : document.querySelector(`[data-key~="${key}"]:not([disabled])`);
  }

  /* True when the key was ours. */
  function pressed(key, event) {
    if (typed !== null) {
      if (/^\d$/.test(key)) {
        typed = (typed + key).slice(-3);
        say(told("goto", { number: typed }));
        return true;
      }
      const number = typed;
      if (key === "backspace") typed = number.slice(0, -1);
      else forget();
      if (key === "enter") goTo(number);
      if (["enter", "backspace", "escape"].includes(key)) return true;
    } else if (confirming) {
      forget();
      if (key === "enter") push("room.end");
      if (key === "enter" || key === "escape") return true;
    }
    if (key === "escape") return escape();
    if (key === "?" || key === "h") {
      if (help.open) help.close();
      else help.showModal();
      return true;
    }
    if (help.open) help.close();
    if (key === "f5" || key === "f") {
      // F5 is what a clicker sends to begin: the show goes on, and the page is never loaded anew.
      fullScreen(key === "f5" || !document.fullscreenElement);
      return true;
    }
    if (key === "m") {
      document.dispatchEvent(new CustomEvent("kickoff:mute"));
      return true;
    }
    if (key === "g" && mayFacilitate) {
      typed = "";
      say(told("goto", { number: "…" }));
      return true;
    }
    if (/^[1-9]$/.test(key) && mayFacilitate && !stands(key)) {
      say(told("nothing", { number: key }), 2500);
      return true;
    }
    if (!onProjector) return false;
    if (key === "b" || key === ".") screen("blank");
    else if (key === "j") screen("join");
    else if (key === "t" && document.querySelector(".over-groups li")) screen("groups");
    else if (key === "o") local("day");
    else if (key === "arrowdown" || key === "arrowup") document.dispatchEvent(new CustomEvent("kickoff:page", { detail: key === "arrowdown" ? 1 : -1 }));
    else if (!mayFacilitate && key in STEERING) say(told("looking"));
    else if (!mayFacilitate || event.repeat) return key in STEERING;
    else if (key in STEERING) steering[STEERING[key]]();
    else if (/^[1-9]$/.test(key)) {
      const place = document.querySelectorAll("[data-stage]")[Number(key) - 1];
      if (place) push("activity.stage", { activity: place.dataset.stage });
    } else return false;
    return true;
  }

  // Before live.js hears it: digits belong to the number that is being typed.
  document.addEventListener("keydown", (event) => {
    const key = (event.shiftKey && event.key === "ArrowRight" ? "shift+" : "") + event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (key === "f5" || !event.target.closest("input, textarea, select, [contenteditable]")) {
      // A dialog that asks has its own keys.
      if (document.querySelector("dialog[open]:not(#keys)") && key !== "f5") return;
      if (pressed(key, event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    }
  }, true);

  document.addEventListener("kickoff:sound", (event) => say(told(event.detail ? "soundOn" : "soundOff"), 1500));
})();
