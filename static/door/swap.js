// "Iemand anders komt": who that is, with the address by which the organisation knows its own.

const form = document.getElementById("swap");
const whose = document.getElementById("swap-whose");
const help = document.getElementById("swap-help");
const fields = form.elements;
const HELP = "Het mailadres van het werk: daaraan zien wij dat het een collega is.";

/** Wire the form; `onNewcomer` gets {given_name, infix, family_name, email}, `onBack` that nobody comes instead. */
export function prepareSwap({ onNewcomer, onBack }) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const newcomer = filledIn();
    if (!newcomer.family_name) return complain(fields.family_name, "Vul de naam in.");
    if (!/^[^@\s]+@[^@\s]+\.[^@\s.]+$/.test(newcomer.email)) return complain(fields.email, "Vul het hele mailadres in.");
    onNewcomer(newcomer);
  });
  document.getElementById("swap-back").addEventListener("click", onBack);
}

/** An empty form, for who comes instead of the person with this name. */
export function startSwap(name) {
  form.reset();
  whose.textContent = name;
  help.textContent = HELP;
  for (const field of [fields.family_name, fields.email]) field.removeAttribute("aria-invalid");
  fields.given_name.focus();
}

/** As the server reads it; who has one name only may write it in either field. */
function filledIn() {
  const [given, infix, family, email] = ["given_name", "infix", "family_name", "email"].map((one) => fields[one].value.trim());
  const name = family ? { given_name: given, family_name: family } : { given_name: "", family_name: given };
  return { ...name, infix, email };
}

function complain(field, words) {
  for (const one of [fields.family_name, fields.email]) one.toggleAttribute("aria-invalid", false);
  field.setAttribute("aria-invalid", "true");
  help.textContent = words;
  field.focus();
}
