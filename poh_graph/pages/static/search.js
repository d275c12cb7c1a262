// Candidates below a search field while one types. Without this script the form asks the server.
"use strict";

const ROOT = new URL("..", document.currentScript.src);
const PAUSE = 150; // milliseconds without a key

function listed(candidate) {
  const link = document.createElement("a");
  link.href = new URL("search?q=" + encodeURIComponent(candidate.id), ROOT);
  link.textContent = `${candidate.label || candidate.id} (${candidate.id})`;
  const item = document.createElement("li");
  item.append(link);
  return item;
}

function completed(form) {
  const field = form.querySelector("input[type=search]");
  let list = null;
  let timer = 0;
  let asked = 0;

  const close = () => {
    list?.remove();
    list = null;
  };

  const ask = async () => {
    const text = field.value.trim();
    const mine = ++asked;
    if (text.length < 2) {
      close();
      return;
    }
    const answer = await fetch(new URL("api/resolve?limit=8&text=" + encodeURIComponent(text), ROOT));
    if (!answer.ok) {
      return;
    }
    const { candidates } = await answer.json();
    if (mine !== asked || list?.contains(document.activeElement)) {
      return; // typed on, or already choosing
    }
    close();
    if (candidates.length) {
      list = document.createElement("ul");
      list.setAttribute("aria-label", "Candidates");
      list.append(...candidates.map(listed));
      form.append(list);
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  form.addEventListener("keydown", (event) => {
    const places = list ? [field, ...list.querySelectorAll("a")] : [field];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    if (event.key === "Escape") {
      field.focus(); // first: a list that has the focus loses it as it goes, and would be put away twice
      close();
    } else if (step && list) {
      event.preventDefault();
      const next = places.indexOf(document.activeElement) + step;
      places[(next + places.length) % places.length].focus();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) {
      close();
    }
  });
}

document.querySelectorAll("form.search").forEach(completed);
