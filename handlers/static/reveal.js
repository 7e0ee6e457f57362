// What was revealed stands in a dialog of its own: it goes after its time, when it is closed, and
// when the page is left or hidden. Nothing that is pushed to the page touches it.
"use strict";

const revealed = () => document.getElementById("revealed");
const revealedLines = () => document.getElementById("revealed-lines");
let ending = 0;

function cover() {
  clearTimeout(ending);
  revealedLines()?.replaceChildren();
  if (revealed()?.open) revealed().close();
}

document.addEventListener("htmx:after:swap", () => {
  const log = revealedLines()?.querySelector("[data-seconds]");
  if (!log || revealed().open) return;
  revealed().showModal();
  ending = setTimeout(cover, log.dataset.seconds * 1000);
});

document.addEventListener("close", (event) => event.target === revealed() && cover(), true);
document.addEventListener("visibilitychange", () => document.hidden && cover());
document.addEventListener("bye", cover);
addEventListener("pagehide", cover);
