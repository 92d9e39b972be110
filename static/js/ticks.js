// Ticking a paper list by keyboard: letters narrow the list, Enter ticks the first, and each tick is sent at once.
const form = document.querySelector("[data-ticks]");

if (form) {
  const find = form.querySelector("[data-ticks-find]");
  const field = find.querySelector("input");
  const said = form.querySelector("[data-ticks-said]");
  const count = document.querySelector("[data-ticks-count]");
  const rows = [...form.querySelectorAll("tr[data-name]")].map((row) => ({
    row,
    box: row.querySelector("input[type=checkbox]"),
    name: row.querySelector("label").textContent,
    words: fold(row.dataset.name).split(" "),
  }));
  let next = null;

  find.hidden = false;
  narrow();
  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (!next || !field.value.trim()) return;
    if (next.box.checked) return say(`${next.name} was al gezien.`);
    next.box.checked = true;
    send(next);
    clear();
  });
  for (const one of rows) one.box.addEventListener("change", () => send(one));

  function narrow() {
    const typed = fold(field.value).split(" ").filter(Boolean);
    const matches = rows.filter(({ row, words }) => {
      const fits = typed.every((part) => words.some((word) => word.startsWith(part)));
      row.hidden = !fits;
      return fits;
    });
    next?.row.classList.remove("is-next");
    // Who is still to come goes before who was ticked already.
    next = typed.length ? (matches.find(({ box }) => !box.checked) ?? matches[0] ?? null) : null;
    next?.row.classList.add("is-next");
    if (!typed.length) return;
    say(next ? `${next.name}${next.box.checked ? ", al gezien" : ""}; ${matches.length} gevonden` : "Niemand met deze letters");
  }

  function clear() {
    field.value = "";
    const words = said.textContent;
    narrow();
    say(words);
    field.focus();
  }

  /** Only this one: what others tick meanwhile stays as they left it. */
  async function send(one) {
    const { row, box, name } = one;
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set(box.checked ? "kwam" : "al", box.value);
    say(box.checked ? `${name} is er.` : `${name} is er toch niet.`);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.status !== 204) throw new Error(`status ${answer.status}`);
      row.classList.remove("is-failed");
      keep(row, box);
    } catch {
      row.classList.add("is-failed");
      say(`${name} is niet bewaard. Druk straks op Bewaar de vinkjes.`);
    }
    count.textContent = rows.filter((other) => other.box.checked).length;
  }

  /** What the whole list would send must say the same. */
  function keep(row, box) {
    row.querySelector("[name=al]")?.remove();
    if (!box.checked) return;
    const there = Object.assign(document.createElement("input"), { type: "hidden", name: "al", value: box.value });
    box.after(there);
  }

  function say(words) {
    said.textContent = words;
  }
}

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N} ]/gu, " ").replace(/ +/g, " ").trim();
}
