// What is being written stays in this browser for a day: over another chat, a crash, a session that
// ended. It is never sent anywhere but as the message, and signing out forgets all of it.
"use strict";

const DRAFT = "borrador:";
const DAY = 24 * 3600 * 1000;

const drafts = () => Object.keys(localStorage).filter((name) => name.startsWith(DRAFT));

function readDraft(name) {
  try {
    const { text, at } = JSON.parse(localStorage.getItem(name));
    return Date.now() - at < DAY ? text : "";
  } catch {
    return "";
  }
}

const nameChat = (key) => `${DRAFT}${document.querySelector("[data-me]").dataset.me}:${key}`;
const nameDraft = (form) => nameChat(form.dataset.chat) + (form.dataset.kind ? `:${form.dataset.kind}` : "");

function keep(form) {
  const text = form.elements.text.value;
  try {
    if (text) localStorage.setItem(nameDraft(form), JSON.stringify({ text, at: Date.now() }));
    else localStorage.removeItem(nameDraft(form));
  } catch {
    // no room, or none allowed: the page goes on without a draft
  }
  markRows();
}

// The chats of the list in which something waits to be sent.
function markRows() {
  const mine = drafts();
  for (const row of document.querySelectorAll("#inbox > [id^=row-]")) {
    const name = nameChat(row.id.replace("row-", ""));
    const waits = mine.some((draft) => draft === name || draft.startsWith(`${name}:`));
    const mark = row.querySelector(".draft");
    if (waits && !mark) row.querySelector("a").append(makeMark());
    if (!waits) mark?.remove();
  }
}

function makeMark() {
  const mark = document.createElement("span");
  mark.className = "draft";
  mark.textContent = "✎ borrador";
  return mark;
}

document.addEventListener("DOMContentLoaded", () => {
  for (const name of drafts()) if (!readDraft(name)) localStorage.removeItem(name);
  for (const form of document.querySelectorAll("form[data-chat]")) {
    if (!form.elements.text.value) form.elements.text.value = readDraft(nameDraft(form));
  }
  const list = document.getElementById("inbox");
  if (list) new MutationObserver(markRows).observe(list, { childList: true, subtree: true });
  markRows();
});

addEventListener("storage", markRows); // another tab

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-chat]");
  if (form) keep(form);
});

// Answered: what stands in the field now, given back or typed since, is the draft.
for (const answered of ["htmx:after:request", "htmx:error"]) {
  document.addEventListener(answered, (event) => {
    const form = event.detail.ctx?.sourceElement?.closest?.("form[data-chat]");
    if (form) keep(form);
  });
}

document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/consola/salir") return;
  for (const name of drafts()) localStorage.removeItem(name);
});
