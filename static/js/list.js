// Narrows a list while somebody types or chooses: the page itself is the source, its address keeps the state.
const WAIT = 250;

const form = document.querySelector("form[data-live]");
const list = document.getElementById(form?.dataset.live);
const said = document.querySelector("[data-live-words]");
let timer;
let current;

function address() {
  const chosen = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) chosen.append(name, value);
  // The usual columns need not stand in the address.
  const ticks = [...form.querySelectorAll("input[name=kolom]")];
  if (ticks.every((one) => one.checked === one.hasAttribute("data-usual"))) chosen.delete("kolom");
  const query = chosen.toString();
  return location.pathname + (query ? `?${query}` : "");
}

async function show(url) {
  current?.abort();
  const asked = (current = new AbortController());
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" }, signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(list.id);
    // Signed out meanwhile, or something wrong: the whole page says what.
    if (!answer.ok || !fresh) return location.assign(url);
    list.replaceChildren(...fresh.childNodes);
    said.textContent = fresh.dataset.words;
    return page;
  } catch (problem) {
    if (problem.name !== "AbortError") location.assign(url);
  }
}

// Letters that follow each other are one step back, a choice is a step of its own.
let typing = false;

function later(wait, letter) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const url = address();
    const same = url === location.pathname + location.search;
    if (!same) {
      history[letter && typing ? "replaceState" : "pushState"](null, "", url);
      show(url);
    }
    typing = letter && (typing || !same);
  }, wait);
}

form?.addEventListener("input", (event) => {
  if (event.target.type === "search") later(WAIT, true);
});
form?.addEventListener("change", (event) => {
  if (event.target.type !== "search") later(0, false);
});
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  later(0, false);
});

addEventListener("popstate", async () => {
  clearTimeout(timer);
  typing = false;
  const page = await show(location.href);
  const before = page?.querySelector("form[data-live]");
  if (!before) return;
  // What has the focus stays there: only what the fields say goes back.
  for (const field of form.elements) {
    const was = [...before.elements].find((one) => one.name === field.name && (one.type !== "checkbox" || one.value === field.value));
    if (!was) continue;
    if (field.type === "checkbox") field.checked = was.checked;
    else field.value = was.value;
  }
});

// How many are ticked stands beside the buttons.
list?.addEventListener("change", () => {
  const words = list.querySelector("[data-ticked]");
  if (!words) return;
  const ticked = list.querySelectorAll("input[name=id]:checked").length;
  words.textContent = list.querySelector("input[name=alles]")?.checked ? ": alles" : ticked ? `: ${ticked}` : "";
});
