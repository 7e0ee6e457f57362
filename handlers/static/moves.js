// What is pushed to a list and to a chat: rows put in their place, rows removed, lines appended. All by
// id, so that what comes twice does no harm. A row is sent to many: the address that opens it, and
// whether it is the open one, are this page's own.
"use strict";

let htmxApi;

function adopt(list, item) {
  const link = item.querySelector("a");
  const key = item.id.replace("row-", "");
  if (item.id === "more") link.href = list.dataset.turns + encodeURIComponent(item.dataset.cursor);
  else link.href = list.dataset.opens + key;
  if (item.id !== "more" && key === list.dataset.opened) link.setAttribute("aria-current", "page");
}

function precedes(one, other, newestFirst) {
  if (!one.dataset.place || !other.dataset.place) return !other.dataset.place;
  const apart = Number(one.dataset.place) - Number(other.dataset.place);
  const before = apart ? apart < 0 : one.id < other.id;
  return newestFirst ? !before : before;
}

// Puts an item where it belongs; one that has the focus keeps it.
function settle(list, item, follows) {
  const next = [...list.children].find((other) => other !== item && follows(other)) ?? null;
  if (item.parentNode === list && item.nextElementSibling === next) return;
  if (item.parentNode === list && list.moveBefore) list.moveBefore(item, next);
  else list.insertBefore(item, next);
}

function put(list, item, follows) {
  const here = document.getElementById(item.id);
  if (here) {
    const fresh = document.createDocumentFragment();
    fresh.append(item);
    htmxApi.morph(here, fresh, false);
  }
  settle(list, here ?? item, follows);
  return here ?? item;
}

function bump(list, item) {
  adopt(list, item);
  const newest = "newestFirst" in list.dataset;
  const isRow = (other) => other.id.startsWith("row-") || other.id === "more" || other.classList.contains("empty");
  return put(list, item, (other) => isRow(other) && precedes(item, other, newest));
}

const number = (line) => line.id.slice(1).split("-").map(Number);

function tail(list, line) {
  const [at, place] = number(line);
  const follows = ([otherAt, otherPlace]) => otherAt > at || (otherAt === at && otherPlace > place);
  return put(list, line, (other) => /^e\d/.test(other.id) && follows(number(other)));
}

const swaps = { bump, tail, remove: (_, item) => document.getElementById(item.id)?.remove() };

htmx.registerExtension("moves", {
  init: (api) => {
    htmxApi = api;
  },
  handle_swap: (style, target, fragment) => {
    const swap = swaps[style];
    if (!swap) return false;
    return [...fragment.children].map((item) => swap(target, item)).filter(Boolean);
  },
});
