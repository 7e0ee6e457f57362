// The lines of a chat: runs of one author, days set apart, older lines on the way up, and how many
// came while one reads further up.
"use strict";

const RUN = 3 * 60_000; // ms between two lines of one author that still are one run

const theLog = () => document.getElementById("log");
const theBox = () => theLog()?.closest("[data-pinned]");
const listLines = () => [...theLog().querySelectorAll(":scope > li[id^=e]")];
const timeOf = (line) => line.querySelector("time").dateTime;
const authorOf = (line) => line.firstElementChild.textContent;

function nameDay(day) {
  const date = new Date(`${day}T00:00`);
  const ago = Math.round((new Date().setHours(0, 0, 0, 0) - date) / 86_400_000);
  if (ago === 0 || ago === 1) return ago ? "Ayer" : "Hoy";
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString("es-CO", { weekday: "long", day: "numeric", month: "long", year });
}

function makeDay(day) {
  const mark = Object.assign(document.createElement("li"), { className: "day", id: `day-${day}` });
  mark.textContent = nameDay(day);
  return mark;
}

// What stands between two lines depends on both: it is set here, whichever way they came.
function arrange() {
  if (!theLog()) return;
  const days = new Set();
  let before = null;
  for (const line of listLines()) {
    const day = timeOf(line).slice(0, 10);
    days.add(`day-${day}`);
    const mark = document.getElementById(`day-${day}`);
    if (!before || timeOf(before).slice(0, 10) !== day) {
      if (line.previousElementSibling !== mark || !mark) line.before(mark ?? makeDay(day));
      before?.classList.remove("run");
    } else {
      const near = new Date(timeOf(line)) - new Date(timeOf(before)) < RUN;
      before.classList.toggle("run", near && authorOf(line) === authorOf(before));
    }
    before = line;
  }
  before?.classList.remove("run");
  for (const mark of theLog().querySelectorAll(".day")) if (!days.has(mark.id)) mark.remove();
}

// Ids are the stream's: two numbers. A line is newer by the first, then by the second.
function isNewer(line, id) {
  const [one, other] = [line.id, id].map((text) => text.slice(1).split("-").map(Number));
  return one[0] > other[0] || (one[0] === other[0] && one[1] > other[1]);
}

let seen = ""; // the id of the newest line that was looked at

function countNew() {
  const button = document.getElementById("newer");
  if (!button || !theBox()) return;
  const lines = listLines();
  const end = theBox().scrollHeight - theBox().scrollTop - theBox().clientHeight < 80;
  if (end || !seen) seen = lines.at(-1)?.id ?? "";
  let count = 0;
  while (seen && count < lines.length && isNewer(lines.at(-1 - count), seen)) count += 1;
  button.hidden = !count;
  button.firstElementChild.textContent = count === 1 ? "1 nuevo" : `${count} nuevos`;
}

function refresh() {
  arrange();
  pin(); // what was set between the lines made them longer
  countNew();
}

document.addEventListener("DOMContentLoaded", () => {
  refresh();
  theBox()?.addEventListener("scroll", onScroll, { passive: true });
  document.getElementById("newer")?.addEventListener("click", () => {
    theBox().scrollTop = theBox().scrollHeight;
    theBox().focus({ preventScroll: true });
  });
});
document.addEventListener("htmx:sse:after:message", refresh);

// What a stream begins with shows the last lines again: older ones stay, none stands there twice. After
// so long an outage that lines between would be missing, the older ones go, to be asked for anew.
function mergeLines(list, lines) {
  const shown = listLines();
  if (shown.length && lines.length && !lines.some((line) => document.getElementById(line.id))) {
    list.replaceChildren();
    document.getElementById("before").replaceChildren();
    const path = `/consola/c/${document.querySelector("form[data-chat]").dataset.chat}/lineas`;
    htmx.ajax("GET", `${path}?antes=${lines[0].id.slice(1)}`, { swap: "none" });
  }
  return lines.map((line) => tail(list, line));
}

htmx.registerExtension("lines", {
  handle_swap: (style, list, fragment) => style === "lines" && mergeLines(list, [...fragment.children]),
});

// Older lines come when one is near the beginning; what one reads stays where it is.
function onScroll() {
  countNew();
  const button = document.getElementById("older");
  if (theBox().scrollTop > 400 || !button || "asked" in button.dataset) return;
  button.dataset.asked = "";
  button.click();
}

let below = 0; // how far the end was, before older lines came

const isOlder = (event) => event.detail.ctx?.sourceElement?.id === "older";

document.addEventListener("htmx:error", (event) => {
  if (isOlder(event)) delete event.detail.ctx.sourceElement.dataset.asked;
});
document.addEventListener("htmx:before:swap", (event) => {
  if (isOlder(event)) below = theBox().scrollHeight - theBox().scrollTop;
});
document.addEventListener("htmx:after:swap", (event) => {
  if (!isOlder(event)) return;
  arrange();
  theBox().scrollTop = theBox().scrollHeight - below;
});
