// Keep the summary of what was picked per round up to date, and let a breakout that goes on fill its other rounds.
for (const block of document.querySelectorAll("[data-rounds]")) {
  const update = () => {
    for (const line of block.querySelectorAll("[data-picked]")) {
      const picked = block.querySelector(`input[name="${CSS.escape(line.dataset.picked)}"]:checked`);
      line.textContent = picked ? picked.dataset.title : "nog niets gekozen";
    }
  };

  block.addEventListener("change", (event) => {
    const picked = event.target;
    if (!picked.matches?.("input[type=radio]") || !picked.checked) return;
    for (const other of block.querySelectorAll("input[data-goes-on]")) {
      if (other.value === picked.value) other.checked = true;
      // What went on into this round too is let go everywhere.
      else if (other.checked && block.querySelector(`input[name="${CSS.escape(picked.name)}"][value="${CSS.escape(other.value)}"]`)) other.checked = false;
    }
    update();
  });
  update();
}
