// Suggestions, captions, editing, and the conversation as a transcript.
"use strict";

const composer = () => document.getElementById("composer");

// One tap types and sends.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-suggest]");
  if (!chosen) return;
  composer().elements.value.value = chosen.dataset.suggest;
  composer().requestSubmit();
});

// The composer holds the words of the last text: what is sent then changes it.
function edit(bubble, words) {
  const form = composer();
  form.elements.about.value = bubble;
  form.classList.toggle("editing", Boolean(bubble));
  form.elements.value.value = words;
  form.elements.value.focus();
}

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-edit]");
  if (chosen) edit(chosen.dataset.edit, chosen.dataset.words);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && composer().classList.contains("editing")) edit("", "");
});

// What is written goes beneath the picture that is sent, or changes what was written before.
document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  const form = sourceElement.closest("form");
  if (form === composer() && form.elements.about.value) {
    request.action = request.action.replace(/\/say$/, "/edit");
    form.elements.about.value = "";
    form.classList.remove("editing");
  } else if (form?.querySelector("[data-caption]")) {
    request.body.set("caption", composer().elements.value.value);
    composer().elements.value.value = "";
  }
});

// The transcript is copied as soon as it is there, where the browser lets us.
document.addEventListener("htmx:after:swap", async () => {
  const transcript = document.getElementById("transcript");
  if (!transcript || transcript.dataset.copied || !navigator.clipboard) return;
  transcript.dataset.copied = "yes";
  try {
    await navigator.clipboard.writeText(transcript.value);
    document.getElementById("copied").textContent = "Copiada. Péguela en tests/conversations/ y diga en su primera línea qué demuestra.";
  } catch {
    transcript.select(); // it is not allowed: the keys copy what is selected
  }
});
