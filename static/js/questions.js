// Show a question as soon as the answer it depends on is given, and hide it again when that changes.
for (const block of document.querySelectorAll("[data-questions]")) {
  const form = block.closest("form");
  const seen = block.querySelector("[data-seen]");
  const questions = [...block.querySelectorAll("[data-question]")];

  const given = (name) => (form ? new FormData(form).getAll(name) : []);

  const applies = (question) => {
    const leading = question.dataset.leading;
    if (!leading) return true;
    const asked = questions.find((other) => `vraag-${other.dataset.question}` === leading);
    if (!asked || asked.hidden) return false;
    const values = JSON.parse(question.dataset.values);
    return given(leading).some((answer) => values.includes(answer));
  };

  const update = () => {
    // In the order of the page: what a question depends on always stands before it.
    for (const question of questions) question.hidden = !applies(question);
    seen.value = questions
      .filter((question) => !question.hidden)
      .map((question) => question.dataset.question)
      .join(" ");
  };

  block.addEventListener("change", update);
  update();
}
