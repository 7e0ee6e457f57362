// What every live page does: the badge, and logs that stay at their end unless one has scrolled up.
"use strict";

const badge = () => document.querySelector(".live");

function show(on) {
  const mark = badge();
  if (!mark) return;
  mark.classList.toggle("on", on);
  mark.textContent = on ? "en vivo" : "sin conexión";
}

document.addEventListener("htmx:sse:after:connection", () => show(true));
document.addEventListener("htmx:sse:error", () => show(false));
document.addEventListener("htmx:sse:before:connection", (event) => {
  if (event.detail.connection.attempt > 0) show(false);
});

const fresh = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const pinned = new WeakMap();

function atEnd(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

function pin() {
  for (const box of document.querySelectorAll("[data-pinned]")) {
    if (!pinned.has(box)) {
      pinned.set(box, true);
      box.addEventListener("scroll", () => pinned.set(box, atEnd(box)));
    }
    if (pinned.get(box)) box.scrollTop = box.scrollHeight;
  }
}

document.addEventListener("DOMContentLoaded", pin);
document.addEventListener("htmx:sse:after:message", pin);

// A form that has been sent is empty again and gets a new id: a second press is a second message,
// the same request sent twice is not.
document.addEventListener("htmx:after:request", (event) => {
  const form = event.detail.ctx.sourceElement.closest("form");
  const answer = event.detail.ctx.response;
  if (!form || !answer || answer.status >= 300) return;
  for (const field of form.querySelectorAll("[data-clear]")) field.value = "";
  for (const field of document.querySelectorAll("input[name=delivery]")) field.value = fresh();
});

// Enter sends, Shift+Enter makes a new line.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && field.matches("textarea[data-clear]")) {
    event.preventDefault();
    if (field.value.trim()) field.form.requestSubmit();
  }
});
