// The worker that reads QR codes. It alone may compile WebAssembly; its own response says so.

import { prepareZXingModule, readBarcodes } from "../vendor/zxing/reader/index.js";

const READING = {
  formats: ["QRCode"],
  maxNumberOfSymbols: 1,
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
};

// Its default is a file on somebody else's server.
const own = (file) => new URL(`../vendor/zxing/reader/${file}`, import.meta.url).href;
const ready = prepareZXingModule({ overrides: { locateFile: own }, fireImmediately: true });
ready.catch((error) => postMessage({ failed: String(error) }));

onmessage = async ({ data: { pixels, width, height } }) => {
  try {
    const [found] = await readBarcodes(new ImageData(new Uint8ClampedArray(pixels), width, height), READING);
    postMessage({ text: found?.text ?? "" });
  } catch {
    // One unreadable frame is no reason to stop.
    postMessage({ text: "" });
  }
};
