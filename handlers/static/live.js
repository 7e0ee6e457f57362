// What every live page does: the badge, and logs that stay at their end unless one has scrolled up.
"use strict";

const badge = () => document.querySelector(".live");

function show(on) {
  const mark = badge();
  if (!mark) return;
  mark.classList.toggle("on", on);
  mark.classList.toggle("off", !on);
  mark.textContent = on ? "en vivo" : "sin conexión";
}

document.addEventListener("htmx:sse:after:connection", () => show(true));
document.addEventListener("htmx:sse:error", () => show(false));
document.addEventListener("htmx:sse:before:connection", (event) => {
  if (event.detail.connection.attempt > 0) show(false);
});

// A browser that knows that it has no network says so at once, and begins anew when there is one.
addEventListener("offline", () => show(false));
addEventListener("online", () => {
  const stream = document.querySelector("[hx-sse\\:connect]");
  if (stream) begin(stream);
});

// The extension repeats a connection that broke. One that never stood, because the first request met
// an outage (5xx) or nobody, is begun again here, when the server says.
function begin(stream) {
  const anew = stream.cloneNode();
  anew.removeAttribute("data-htmx-powered");
  stream.replaceWith(anew);
  htmx.process(anew);
}

function beginLater(event) {
  const { sourceElement: stream, response } = event.detail.ctx ?? {};
  if (!stream?.hasAttribute?.("hx-sse:connect") || stream._htmx?.sse) return;
  if (response && response.status < 500) return;
  show(false);
  const seconds = Number(response?.headers.get("Retry-After")) || 2;
  setTimeout(() => stream.isConnected && begin(stream), 1000 * seconds * (1 + Math.random() / 2));
}

document.addEventListener("htmx:after:request", beginLater);
document.addEventListener("htmx:error", beginLater);

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

// What was typed leaves the field when it is sent, not when it has arrived: whoever types fast goes
// on at once, under a new id. What could not be sent comes back, before what was typed since.
document.addEventListener("htmx:config:request", (event) => {
  const form = event.detail.ctx.sourceElement.closest("form");
  const field = form?.querySelector("[data-clear]");
  if (!field) return;
  event.detail.ctx.typed = field.value;
  event.detail.ctx.delivery = form.elements.delivery.value;
  field.value = "";
  form.elements.delivery.value = fresh();
});

// Sent again as they came back, words keep their id: only their answer may have been lost.
document.addEventListener("input", (event) => {
  const { form, dataset } = event.target;
  if (dataset?.clear != null && form?.elements.delivery) form.elements.delivery.value = fresh();
});

function giveBack(event) {
  const field = event.detail.ctx?.sourceElement?.closest?.("form")?.querySelector("[data-clear]");
  const typed = event.detail.ctx?.typed;
  if (!field || !typed) return;
  if (!field.value) field.form.elements.delivery.value = event.detail.ctx.delivery;
  else field.form.elements.delivery.value = fresh();
  const queued = field.value === field.dataset.back; // several came back, in this order
  const words = queued ? [field.value, typed] : [typed, field.value];
  field.value = field.dataset.back = words.filter(Boolean).join("\n");
}

// Any other form keeps its id until it has been answered: a double press is one message.
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  const form = sourceElement.closest("form");
  if (!form || !response) return;
  if (response.status >= 300) giveBack(event);
  else if (!form.querySelector("[data-clear]") && form.elements.delivery) form.elements.delivery.value = fresh();
});
document.addEventListener("htmx:error", giveBack);

// Enter sends, Shift+Enter makes a new line.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && field.matches("textarea[data-clear]")) {
    event.preventDefault();
    if (field.value.trim()) field.form.requestSubmit();
  }
});
