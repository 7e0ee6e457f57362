// The inbox's keys. Letters that were meant for a field never become commands: not even when the
// field is lost, to a picture that takes it away or to anything else that its writer did not do.
"use strict";

function move(step) {
  const listed = document.querySelectorAll("#found .inbox a, #inbox a");
  const links = [...listed].filter((link) => link.checkVisibility());
  if (!links.length) return;
  const focused = links.indexOf(document.activeElement);
  const here = focused < 0 ? links.findIndex((link) => link.hasAttribute("aria-current")) : focused;
  links[Math.min(links.length - 1, Math.max(0, here + step))].focus();
}

function turnView(step) {
  const links = [...document.querySelectorAll("#views a")];
  const here = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[here + step]?.click();
}

// What a button, a link or a field does that carries the key in `data-key`; fields are gone to.
function use(key) {
  const found = document.querySelector(`[data-key="${key}"]`);
  if (found?.matches("input, textarea")) found.focus();
  else found?.click();
}

// Every key: what it does, as the help says it, and how. The help is made of this table.
const KEYS = {
  j: ["Ir a la siguiente", () => move(1)],
  k: ["Ir a la anterior", () => move(-1)],
  Enter: ["Abrir la conversación", null], // a link does that by itself
  Escape: ["Dejar de escribir, cerrar lo que esté encima, volver a la lista", null],
  "[": ["Ir a la lista de antes", () => turnView(-1)],
  "]": ["Ir a la lista que sigue", () => turnView(1)],
  "/": ["Buscar", null], // search.js does that
  t: ["Tomar la conversación", () => use("t")],
  r: ["Responder", () => write("reply")],
  n: ["Escribir una nota", () => write("note")],
  b: ["Devolver al asistente", () => use("b")],
  e: ["Cerrar la conversación", () => use("e")],
  i: ["Ver los datos del cliente", showDetails],
  "?": ["Ver las teclas", showKeys],
};

function showDetails() {
  const details = document.getElementById("details");
  const button = document.querySelector("[popovertarget=details]");
  if (button?.checkVisibility()) details.showPopover();
  details.querySelector("[tabindex]").focus();
}

const NAMES = { Escape: "Esc", Enter: "Entrar" };

function showKeys() {
  const list = document.getElementById("keys-list");
  const rows = Object.entries(KEYS).flatMap(([key, [does]]) => {
    const [term, what] = ["dt", "dd"].map((tag) => document.createElement(tag));
    term.append(Object.assign(document.createElement("kbd"), { textContent: NAMES[key] ?? key }));
    what.textContent = does;
    return [term, what];
  });
  list.replaceChildren(...rows);
  document.getElementById("keys").showModal();
}

const isTyping = (element) =>
  element.matches("input:not([type=checkbox], [type=radio]), textarea, select") || element.isContentEditable;

let field = null; // in which somebody writes, until it is left on purpose

document.addEventListener("focusin", (event) => {
  if (isTyping(event.target)) field = event.target;
});
document.addEventListener("pointerdown", () => (field = null), true);
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-chat]")) field = null;
});

// Keys by which one leaves a field, whoever obeys them; a one-line field by the arrows, too.
addEventListener(
  "keydown",
  ({ key, target }) => {
    if (isTyping(target)) field = target;
    const arrow = (key === "ArrowDown" || key === "ArrowUp") && target.matches("input");
    if (key === "Tab" || arrow || (key === "Escape" && isTyping(target))) field = null;
  },
  true,
);

function leave(element) {
  if (isTyping(element)) element.blur();
  else if (!document.querySelector(":popover-open")) document.querySelector("#head a.back")?.click();
}

// What is typed where no field is, though one was being written in, goes on in it, or nowhere.
function goOnWriting(event) {
  if (event.key.length > 1) return;
  if (field.isConnected && !field.disabled && field.getClientRects().length) field.focus();
  else event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (!field || isTyping(event.target)) leave(event.target);
    field = null;
    return;
  }
  const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key][1] : null;
  const chord = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
  if (chord || isTyping(event.target)) return;
  if (field) return goOnWriting(event);
  if (!act) return;
  event.preventDefault();
  act();
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

// What is told beside the lists goes with them: how many there are, and who waits longest.
document.addEventListener("htmx:sse:after:message", () => {
  for (const told of document.querySelectorAll("[data-count]")) {
    told.textContent = document.getElementById(`count-${told.dataset.count}`).textContent || "0";
  }
  const first = document.querySelector("#inbox[data-opens*='v=esperan'] [data-since]");
  const longest = document.querySelector("#vacant [data-since]");
  if (first && longest) longest.dataset.since = first.dataset.since;
  tellWaits();
});
