// The whole list by keyboard: a letter sets the status and goes on, arrows walk through the list, a field finds a name.
for (const form of document.querySelectorAll("[data-presence]")) {
  const keys = JSON.parse(form.dataset.keys);
  const choices = [...form.querySelectorAll("select[name^='status-']")];
  const said = form.querySelector("[data-presence-changes]");
  const find = form.querySelector("[data-presence-find]");
  let saving = false;

  const seen = (choice) => form.elements[choice.name.replace("status-", "gezien-")].value;
  const changed = () => choices.filter((choice) => choice.value !== seen(choice));

  const tell = () => {
    for (const choice of choices) choice.closest("tr").classList.toggle("is-changed", choice.value !== seen(choice));
    const number = changed().length;
    said.textContent = number ? `${number} ${number === 1 ? "wijziging" : "wijzigingen"} nog niet bewaard` : "";
  };

  const go = (from, step) => {
    const shown = choices.filter((choice) => choice.offsetParent !== null);
    const next = shown[shown.indexOf(from) + step];
    if (next) next.focus();
  };

  const steps = { ArrowDown: 1, Enter: 1, ArrowUp: -1 };

  form.addEventListener("keydown", (event) => {
    const choice = event.target;
    if (!choices.includes(choice) || event.ctrlKey || event.metaKey || event.altKey) return;
    const status = keys[event.key.toUpperCase()];
    const step = steps[event.key];
    if (!status && !step) return;
    event.preventDefault();
    if (status) {
      choice.value = status;
      tell();
    }
    go(choice, step ?? 1);
  });

  find.querySelector("input").addEventListener("input", (event) => {
    const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const wanted = plain(event.target.value.trim());
    for (const choice of choices) {
      const row = choice.closest("tr");
      if (wanted) row.closest("details")?.setAttribute("open", "");
      row.hidden = !plain(row.cells[0].textContent).includes(wanted);
    }
  });
  find.querySelector("input").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    choices.find((choice) => choice.offsetParent !== null)?.focus();
  });

  form.addEventListener("change", tell);
  form.addEventListener("submit", () => (saving = true));
  window.addEventListener("beforeunload", (event) => {
    if (!saving && changed().length) event.preventDefault();
  });
  for (const part of form.querySelectorAll("[data-presence-help], [data-presence-find]")) part.hidden = false;
  tell();
}
