// The search: `/` goes to its field, the arrow down to what was found, Esc back to the list, which went
// on living beneath.
"use strict";

const searched = () => document.getElementById("search");
const found = () => document.getElementById("found");

function leaveSearch() {
  found().replaceChildren();
  searched().reset();
  searched().querySelector("[type=search]").blur();
}

const searchKeys = {
  "/": (typing) => {
    if (typing) return false;
    const field = searched().querySelector("[type=search]");
    field.focus();
    field.select();
    return true;
  },
  Escape: (typing, field) => {
    if (!field.closest("#search") && (typing || !found().firstChild)) return false;
    leaveSearch();
    return true;
  },
  ArrowDown: (_, field) => {
    const first = field.closest("#search") && found().querySelector(".inbox a");
    first?.focus();
    return Boolean(first);
  },
};

// Before the inbox's own keys, of which Esc means to leave the chat.
document.addEventListener(
  "keydown",
  (event) => {
    if (!searched() || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, textarea, select");
    if (!searchKeys[event.key]?.(typing, event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

// What was found is said to who does not see it; a region that comes with its words is not heard.
document.addEventListener("htmx:after:swap", () => {
  const told = document.getElementById("told");
  if (told) told.textContent = found().querySelector(".told")?.textContent ?? "";
});

// An empty field shows the list again, as Esc does; so does the way back.
document.addEventListener("input", (event) => {
  if (event.target.closest("#search") && !event.target.value) found().replaceChildren();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-clears]")) return;
  event.preventDefault();
  leaveSearch();
});
