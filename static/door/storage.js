// What this phone remembers, in IndexedDB under string keys of our own: values, the rows of its list, and its scans.

const DATABASE = "deur";
const VERSION = 2;
let opened = null;

/**
 * Do something in one transaction over these stores; resolves with what `act` answers once all of it is on disk.
 *
 * `act` gets the stores by name and may await nothing but `asked(…)`. Rejects, and changes nothing, when the phone is full
 * or refuses to store, as in some private windows.
 */
export async function work(names, mode, act) {
  const database = await open();
  const transaction = database.transaction(names, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });
  // Somebody always hears of it: below, or where `act` itself failed.
  done.catch(() => {});
  const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
  let answer;
  try {
    answer = await act(stores);
  } catch (error) {
    if (transaction.error === null) abort(transaction);
    throw error;
  }
  await done;
  return answer;
}

/** The result of one request of a transaction. */
export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** What was kept under this key; undefined when there is nothing. */
export function read(key) {
  return work(["values"], "readonly", ({ values }) => asked(values.get(key)));
}

/** Keep a value; resolves when it is on disk. */
export function keep(key, value) {
  return work(["values"], "readwrite", ({ values }) => asked(values.put(value, key)));
}

/** Forget what was kept under this key. */
export function forget(key) {
  return work(["values"], "readwrite", ({ values }) => asked(values.delete(key)));
}

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = (event) => upgrade(request.result, event.oldVersion);
    request.onsuccess = () => resolve(watched(request.result));
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => (opened = null));
  return opened;
}

/** Every step only adds: unsent scans of an older release must survive it. */
function upgrade(database, from) {
  if (from < 1) database.createObjectStore("values");
  if (from < 2) {
    database.createObjectStore("rows", { keyPath: "key" }).createIndex("marks", "marks", { multiEntry: true });
    database.createObjectStore("scans", { keyPath: "key" }).createIndex("state", "state");
  }
}

/** A newer release in another tab may upgrade; a browser may close what lies idle. */
function watched(database) {
  database.onversionchange = () => {
    database.close();
    opened = null;
  };
  database.onclose = () => (opened = null);
  return database;
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It had ended already.
  }
}
