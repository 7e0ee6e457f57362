// The session of an open page: it may end, and one signs in again over the page, which goes on.
"use strict";

const signIn = () => document.getElementById("sign-in");
const isStream = (element) => element?.hasAttribute?.("hx-sse:connect");
const isSignIn = (form) => form?.closest?.("#sign-in") != null;

function tell(id, words) {
  const told = document.getElementById(id);
  if (told) told.textContent = words;
}

let ended = false; // until somebody signed in again, here or in another tab

function askAgain() {
  ended = true;
  const mark = document.querySelector(".live");
  if (mark) {
    mark.classList.remove("on");
    mark.textContent = "la sesión terminó";
  }
  if (signIn() && !signIn().open) signIn().showModal();
}

// The stream says `bye`, or a request of a script is answered 401.
document.addEventListener("bye", askAgain);
document.addEventListener("htmx:sse:error", (event) => {
  if (event.detail.status === 401) askAgain();
});

document.addEventListener("htmx:after:request", (event) => {
  const { response, sourceElement, text } = event.detail.ctx;
  if (!response) return;
  if (isSignIn(sourceElement)) return goOn(response, text);
  if (response.status === 401) return askAgain();
  if (ended && response.status < 400) lookAgain();
  if (isStream(sourceElement)) return; // the badge tells it, and it is begun again
  tell("refusal", response.status >= 400 ? text || "No se pudo. Intente otra vez." : "");
});

// The same member goes on where the page stands; anybody else gets a page of their own.
function goOn(response, text) {
  if (response.status >= 400) {
    tell("sign-in-refusal", text);
    signIn().querySelector("[type=password]").select();
    return;
  }
  const me = document.querySelector("[data-me]").dataset.me;
  if (!me || response.headers.get("X-Member") !== me) return location.reload();
  ended = false;
  tell("sign-in-refusal", "");
  signIn().querySelector("[type=password]").value = "";
  signIn().close();
  const stream = document.getElementById("stream");
  if (stream) begin(stream);
}

const askServer = () => fetch("/consola/sesion", { headers: { "HX-Request": "true" } }).catch(() => null);

// A plain form would leave the page for the sign-in, and what was typed with it: ask first.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.checked == null) return;
  event.preventDefault();
  const answer = await askServer();
  if (answer?.status === 401) askAgain();
  else form.submit();
});

// Another tab may have signed in meanwhile: then this page goes on.
async function lookAgain() {
  const answer = await askServer();
  if (answer?.ok) goOn(answer, "");
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && ended) lookAgain();
});

// A one-time link is copied by a press; without scripts one selects it.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
  button.textContent = "Copiado";
});
