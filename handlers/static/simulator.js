// Suggestions: one tap types and sends.
"use strict";

document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-suggest]");
  if (!chosen) return;
  const composer = document.getElementById("composer");
  composer.elements.value.value = chosen.dataset.suggest;
  composer.requestSubmit();
});
