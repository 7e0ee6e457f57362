// The inbox's keys, and the composer that opens to whoever holds the chat.
"use strict";

function openComposer() {
  const composer = document.getElementById("composer");
  const mine = document.getElementById("mine");
  if (composer && mine) composer.disabled = mine.dataset.mine !== "yes";
}

document.addEventListener("htmx:sse:after:message", openComposer);

function move(step) {
  const links = [...document.querySelectorAll("#inbox a")];
  if (!links.length) return;
  const here = links.findIndex((link) => link === document.activeElement || link.hasAttribute("aria-current"));
  links[Math.min(links.length - 1, Math.max(0, here + step))].focus();
}

const actions = {
  j: () => move(1),
  k: () => move(-1),
  t: () => document.querySelector("[data-key=t]")?.click(),
  b: () => document.querySelector("[data-key=b]")?.click(),
  r: () => document.querySelector(".composer textarea")?.focus(),
  "?": () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "Escape") {
    if (typing) event.target.blur();
    else if (location.pathname !== "/consola") location.href = "/consola";
    return;
  }
  const action = actions[event.key];
  if (!action || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action();
});
