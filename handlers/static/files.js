// What a customer sent stands in a dialog of its own, and goes when it is closed or left.
"use strict";

const fileDialog = () => document.getElementById("opened");

function putAway() {
  document.getElementById("opened-file")?.replaceChildren();
  if (fileDialog()?.open) fileDialog().close();
}

document.addEventListener("htmx:after:swap", () => {
  const dialog = fileDialog();
  if (dialog && !dialog.open && dialog.querySelector("[data-opened]")) dialog.showModal();
});
document.addEventListener("close", (event) => event.target === fileDialog() && putAway(), true);
document.addEventListener("bye", putAway);
addEventListener("pagehide", putAway);
