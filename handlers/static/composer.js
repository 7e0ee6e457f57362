// What one writes in: who gets it, how long it is, and the dialogs before a chat changes hands. The
// fields are never taken from under the fingers: the server tells what may not go out.
"use strict";

const composer = () => document.querySelector(".composer");
const voice = () => document.getElementById("voice")?.dataset ?? {};
const panels = ["reply", "note"];

// What becomes of the words, told beside the fields: `_holder.html` is pushed, they are not.
function tellVoice() {
  const reply = document.getElementById("reply-form");
  if (!reply || !voice().voice || composer().dataset.voice === voice().voice) return;
  const free = voice().voice === "free";
  composer().dataset.voice = voice().voice;
  reply.elements.takes.value = free ? "sí" : "";
  reply.querySelector("[data-send]").textContent = free ? "Tomar y responder" : "Enviar";
}

// --- To the customer, or a note

function choose(name) {
  if (!document.getElementById(`${name}-tab`)) return null;
  for (const one of panels) {
    const tab = document.getElementById(`${one}-tab`);
    if (!tab) continue;
    tab.setAttribute("aria-selected", one === name);
    tab.tabIndex = one === name ? 0 : -1;
    document.getElementById(`${one}-panel`).hidden = one !== name;
  }
  composer().dataset.writes = name;
  tellLength();
  return document.querySelector(`#${name}-panel textarea`);
}

const write = (name) => choose(name)?.focus();

// --- How long it is: told when little room is left; what is too long, the server refuses whole

const written = (number) => number.toLocaleString("es-CO", { useGrouping: "always" });

function counterOf(field) {
  if (field.closest(".composer")) return document.getElementById("count");
  const label = field.closest("label");
  const counter = label.querySelector(".count") ?? document.createElement("output");
  counter.className = "count";
  label.append(counter);
  return counter;
}

function tellLength(field = document.querySelector(".composer [role=tabpanel]:not([hidden]) textarea")) {
  if (!field) return;
  const longest = Number(field.dataset.longest);
  const near = field.value.length > longest * 0.8;
  const counter = counterOf(field);
  counter.textContent = near ? `${written(field.value.length)} de ${written(longest)}` : "";
  counter.classList.toggle("over", field.value.length > longest);
}

document.addEventListener("input", (event) => event.target.dataset?.longest && tellLength(event.target));
for (const sent of ["htmx:config:request", "htmx:after:request", "htmx:error"]) {
  document.addEventListener(sent, () => tellLength());
}

// --- From hand to hand

function ask(id) {
  const dialog = document.getElementById(id);
  const { holder, steps } = voice();
  const since = document.querySelector("#holder time")?.textContent;
  if (id === "seize") {
    const who = holder || "El celular de la empresa";
    dialog.querySelector("[data-told]").textContent = since ? `${who} tomó este chat a las ${since}.` : `${who} lleva este chat.`;
    dialog.querySelector("[name=over]").value = holder;
  }
  for (const button of dialog.querySelectorAll("[data-step]")) {
    button.hidden = !steps.split(" ").includes(button.dataset.step);
  }
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  if (button.dataset.opens) ask(button.dataset.opens);
  if (button.dataset.closes != null) button.closest("dialog").close();
  if (button.getAttribute("role") === "tab") write(button.id.replace("-tab", ""));
  if (button.dataset.key === "t" && !button.dataset.opens) write("reply");
  if (button.dataset.number) button.closest("dialog").close();
});

document.addEventListener("submit", (event) => {
  if (event.target.closest?.("#seize") == null) return;
  document.getElementById("seize").close();
  write("reply");
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const menu = target.closest?.("#hand-back");
  if (menu) menu.querySelector(`[data-number="${CSS.escape(key)}"]:not([hidden])`)?.click();
  if (target.getAttribute?.("role") !== "tab" || !["ArrowLeft", "ArrowRight"].includes(key)) return;
  const other = panels.find((name) => `${name}-tab` !== target.id);
  choose(other);
  document.getElementById(`${other}-tab`)?.focus();
});

// --- Whether the customer is greeted: each browser remembers

const GREETS = "saludar";

document.addEventListener("change", (event) => {
  if (event.target.id === "greets") localStorage.setItem(GREETS, event.target.checked ? "sí" : "no");
});

document.addEventListener("DOMContentLoaded", () => {
  const greets = document.getElementById("greets");
  if (greets) greets.checked = localStorage.getItem(GREETS) !== "no";
  const holder = document.getElementById("holder");
  if (holder) new MutationObserver(tellVoice).observe(holder, { subtree: true, childList: true, attributes: true });
  tellVoice();
  tellLength();
});
