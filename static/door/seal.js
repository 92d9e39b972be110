// From a ticket's code to its row in the list, and to what only that ticket opens. Needs https, as all of crypto.subtle.

const utf8 = new TextEncoder();

/** Whether this page may do so at all. */
export const canUnseal = Boolean(globalThis.crypto?.subtle);

/** What the list of an event calls the ticket with this code. */
export async function listId(event, code) {
  const digest = await crypto.subtle.digest("SHA-256", utf8.encode(`door-id|${event}|${code}`));
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Name, organisation, category, note, sessions and the marks of its colleagues' mail of a row, or null when the row is damaged. */
export async function unseal(row, event, code) {
  try {
    const secret = await crypto.subtle.importKey("raw", utf8.encode(code), "HKDF", false, ["deriveKey"]);
    const recipe = { name: "HKDF", hash: "SHA-256", salt: utf8.encode(event), info: utf8.encode("door-seal") };
    const key = await crypto.subtle.deriveKey(recipe, secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const lock = { name: "AES-GCM", iv: bytes(row.nonce), additionalData: unhex(row.id) };
    const words = await crypto.subtle.decrypt(lock, key, bytes(row.sealed));
    return { note: "", sessions: [], mail: "", ...JSON.parse(new TextDecoder().decode(words)) };
  } catch {
    return null;
  }
}

/** Whether somebody at this address is a colleague, by the marks of the mail domains that its row holds. */
export async function isColleague(id, email, marks) {
  const typed = email.slice(email.lastIndexOf("@") + 1);
  const domain = URL.canParse?.(`http://${typed}`) ? new URL(`http://${typed}`).hostname : typed.toLowerCase();
  const digest = await crypto.subtle.digest("SHA-256", utf8.encode(`door-mail|${id}|${domain}`));
  const mark = btoa(String.fromCharCode(...new Uint8Array(digest, 0, 3))).slice(0, 3).replaceAll("+", "-").replaceAll("/", "_");
  return (marks.match(/.{3}/g) ?? []).includes(mark);
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function unhex(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}
