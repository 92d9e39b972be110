// Keeps the screen on while somebody scans; the browser drops the lock whenever the page is hidden.

let lock = null;

export async function stayAwake() {
  try {
    lock ??= await navigator.wakeLock?.request("screen");
    lock?.addEventListener("release", () => (lock = null), { once: true });
  } catch {
    // Low battery or an old browser: the screen then sleeps as it always does.
    lock = null;
  }
}
