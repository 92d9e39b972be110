// The editor of an event: what was typed in other sections outlives a save, and the example follows in all of them while
// one types.
const WAIT = 700;

const editor = document.querySelector("[data-editor]");
const forms = [...editor.querySelectorAll("form")];
const frame = editor.querySelector("iframe");
const KEY = `bewerken-${editor.dataset.editor}`;
let sending;
let showing;
let timer;
let scrolled = 0;

const keyOf = (form) => form.closest("section").id;
// The token belongs to this page; what the fields said when somebody began to type goes along, so nothing is overwritten.
const said = (form) => [...new FormData(form)].filter(([name]) => name !== "csrf_token");
const asText = (form) => JSON.stringify(said(form));
const began = new Map(forms.map((form) => [form, asText(form)]));
const changed = (form) => asText(form) !== began.get(form);

function mark(form) {
  form.querySelector("[data-unsaved]").hidden = !changed(form);
}

function fill(form, entries) {
  const values = new Map();
  for (const [name, value] of entries) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || field.name === "csrf_token") continue;
    const kept = values.get(field.name) ?? [];
    if (field.type === "checkbox") field.checked = kept.includes(field.value);
    else field.value = kept[0] ?? "";
  }
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  sessionStorage.removeItem(KEY);
  for (const form of forms) {
    const entries = kept[keyOf(form)];
    // A section that came back with errors holds what was typed already.
    if (entries && !form.querySelector(".error-summary")) fill(form, entries);
    mark(form);
  }
  const open = forms.find(changed);
  if (open) follow(open);
}

function keep() {
  const open = forms.filter((form) => form !== sending && changed(form));
  const entries = open.map((form) => [keyOf(form), said(form)]);
  if (entries.length) sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(entries)));
}

const visible = () => frame.getClientRects().length > 0 && frame.getBoundingClientRect().top < innerHeight;

const show = (form) => form.requestSubmit(form.querySelector("[data-example]"));

function follow(form) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (visible()) show(form);
  }, WAIT);
}

// The example is of the whole page: what was typed in the other sections goes along with the one that asks for it.
function gather(form, data) {
  for (const other of forms) {
    if (other === form || !changed(other)) continue;
    data.append("onderdeel", keyOf(other));
    for (const [name, value] of said(other)) if (name !== "was") data.append(name, value);
  }
}

for (const form of forms) {
  form.addEventListener("input", () => {
    mark(form);
    follow(form);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-example]")) {
      showing = form;
      scrolled = frame.contentWindow?.scrollY ?? 0;
    } else sending = form;
  });
  form.addEventListener("formdata", (event) => {
    if (form !== showing) return;
    showing = null;
    gather(form, event.formData);
  });
}
frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, scrolled));
editor.querySelector("[data-example-page]").addEventListener("click", (event) => {
  const form = forms.find(changed);
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("[data-example]");
  button.formTarget = "_blank";
  show(form);
  button.formTarget = frame.name;
});
addEventListener("pagehide", keep);
restore();
