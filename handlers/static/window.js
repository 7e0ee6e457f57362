// WhatsApp's 24 hours go on while nothing else changes; a template's words leave the composer once
// they are sent, and not before.
"use strict";

function tellLeft() {
  for (const bar of document.querySelectorAll("[data-until]")) {
    const text = bar.querySelector("[data-left]");
    const left = bar.dataset.until - Date.now();
    if (!text) continue;
    if (left <= 0) {
      delete bar.dataset.until;
      begin(document.getElementById("stream")); // a picture says what may be written now
      continue;
    }
    const hours = Math.floor(left / 3_600_000);
    const minutes = Math.max(1, Math.floor(left / 60_000));
    if (hours) text.textContent = hours === 1 ? "queda 1 h" : `quedan ${hours} h`;
    else text.textContent = minutes === 1 ? "queda 1 min" : `quedan ${minutes} min`;
  }
}

setInterval(tellLeft, 20_000);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-discard]")) document.getElementById("preview").replaceChildren();
});

document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  const form = sourceElement.closest("[data-template]");
  const field = document.querySelector("#reply-form [name=text]");
  if (!form || !response || response.status >= 300 || field?.value.trim() !== form.elements.text.value) return;
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
