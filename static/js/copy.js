// A button beside everything with data-copy that puts its value on the clipboard, and says so.

for (const value of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet";
  button.textContent = "Kopieer";
  button.setAttribute("aria-label", `Kopieer ${value.dataset.copyName}`);
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  said.className = "muted";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(value.dataset.copy);
    said.textContent = " gekopieerd";
  });
  value.after(" ", button, said);
}
