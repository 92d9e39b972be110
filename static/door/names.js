// Looking for a name in this phone's own list, for phones that may.

import { allRows } from "./roster.js";

const MOST = 20;
const FORGIVING_FROM = 5;
const order = new Intl.Collator("nl").compare;

/** People whose names have a word beginning with each word typed, as the server finds them; else who nearly has. */
export async function lookUp(event, text) {
  const wanted = wordsOf(text);
  if (wanted.join("").length < 2) return [];
  const rows = (await allRows(event)).filter((row) => row.name);
  const exact = rows.filter((row) => wanted.every((word) => wordsOf(row.name).some((own) => own.startsWith(word))));
  const found = exact.length ? exact : rows.filter((row) => wanted.every((word) => nearly(word, wordsOf(row.name))));
  return found.sort((one, other) => order(one.name, other.name)).slice(0, MOST).map(person);
}

function person({ id, name, type, state, since, mail }) {
  return { list_id: id, name, mail, organisation: "", category: type, state, inside_since: since };
}

/** Lower case without accents, cut at everything that is no letter. */
function wordsOf(text) {
  const plain = text.toLowerCase().replace(/ĳ/g, "ij").replace(/ø/g, "o").replace(/ł/g, "l").replace(/ı/g, "i");
  return plain.normalize("NFKD").replace(/\p{M}/gu, "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

function nearly(word, own) {
  return word.length >= FORGIVING_FROM && own.some((one) => differs(word, one.slice(0, word.length + 1)) <= 1);
}

/** How many letters one must add, drop, change or swap to make `two` begin like `one`; more than one counts as two. */
function differs(one, two) {
  let at = 0;
  while (at < one.length && one[at] === two[at]) at += 1;
  if (at === one.length) return 0;
  const rest = one.slice(at);
  const tries = [two.slice(at + 1), two.slice(at), two.slice(at)];
  const lefts = [rest.slice(1), rest.slice(1), rest];
  if (tries[0].startsWith(lefts[0]) || tries[1].startsWith(lefts[1]) || tries[0].startsWith(lefts[2])) return 1;
  const swapped = rest[1] + rest[0] + rest.slice(2);
  return rest.length > 1 && two.slice(at).startsWith(swapped) ? 1 : 2;
}
