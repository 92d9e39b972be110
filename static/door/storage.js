// What this phone remembers: a few values under keys of our own, in IndexedDB so that a service worker can reach them too.

const DATABASE = "deur";
const STORE = "values";

/** What was kept under this key; undefined when there is nothing. */
export async function read(key) {
  return withStore("readonly", (store) => store.get(key));
}

/** Keep a value; resolves when it is on disk. Rejects where the browser refuses to store, as in some private windows. */
export async function keep(key, value) {
  return withStore("readwrite", (store) => store.put(value, key));
}

/** Forget what was kept under this key. */
export async function forget(key) {
  return withStore("readwrite", (store) => store.delete(key));
}

async function withStore(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
