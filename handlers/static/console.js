// The inbox's keys, and the composer that opens to whoever holds the chat.
"use strict";

function openComposer() {
  const composer = document.getElementById("composer");
  const mine = document.getElementById("mine");
  if (composer && mine) composer.disabled = mine.dataset.mine !== "yes";
}

document.addEventListener("htmx:sse:after:message", openComposer);

function move(step) {
  const listed = document.querySelectorAll("#found .inbox a, #inbox a");
  const links = [...listed].filter((link) => link.checkVisibility());
  if (!links.length) return;
  const here = links.findIndex((link) => link === document.activeElement || link.hasAttribute("aria-current"));
  links[Math.min(links.length - 1, Math.max(0, here + step))].focus();
}

const actions = {
  j: () => move(1),
  k: () => move(-1),
  t: () => document.querySelector("[data-key=t]")?.click(),
  b: () => document.querySelector("[data-key=b]")?.click(),
  e: () => document.querySelector("[data-key=e]")?.click(),
  r: () => document.querySelector(".composer textarea")?.focus(),
  "?": () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "Escape") {
    if (typing) event.target.blur();
    else document.querySelector("#head a.back")?.click();
    return;
  }
  const action = actions[event.key];
  if (!action || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action();
});

// How long somebody has waited goes on while nothing else changes; as `_show_wait` says it.
function tellWaits() {
  for (const mark of document.querySelectorAll("[data-since]")) {
    const minutes = Math.floor(Math.max(0, Date.now() - mark.dataset.since) / 60_000);
    const hours = Math.floor(minutes / 60);
    mark.textContent = hours >= 48 ? `${Math.floor(hours / 24)} d` : hours ? `${hours} h` : `${minutes} min`;
    mark.classList.toggle("late", minutes >= 15);
    mark.classList.toggle("soon", minutes >= 5 && minutes < 15);
  }
}

setInterval(tellWaits, 20_000);
