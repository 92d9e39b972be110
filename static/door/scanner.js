// Looks through the camera for codes and reports each one once.

import { closeCamera, nextFrame, openCamera } from "./camera.js";

// A code that stays in sight is one scan; away for this long, it is shown anew.
const SAME_SCAN = 1500;
// Nor is it shown anew when one only looked away to a form: so long after the camera opened again.
const REOPENED = 8000;

export class Scanner {
  #video;
  #onCode;
  #onBroken;
  #canvas = document.createElement("canvas");
  #pen = this.#canvas.getContext("2d", { willReadFrequently: true });
  #decoder = null;
  #busy = false;
  // Every start and stop begins a new turn, so that what an earlier one still had under way comes to nothing.
  #turn = 0;
  #last = { text: "", seenAt: 0 };

  /** `onCode` gets the text of a code and answers whether it took it; `onBroken` hears that this browser cannot decode. */
  constructor(video, { onCode, onBroken }) {
    this.#video = video;
    this.#onCode = onCode;
    this.#onBroken = onBroken;
  }

  /** The moving picture, while it looks. */
  get stream() {
    return this.#video.srcObject;
  }

  /** Open this camera, or the one at the back, and look. Rejects with NoCamera. */
  async start(cameraId) {
    this.stop();
    const turn = this.#turn;
    this.#decoder ??= this.#startDecoder();
    const stream = await openCamera(cameraId);
    if (turn !== this.#turn) return closeCamera(stream);
    this.#video.srcObject = stream;
    this.#last.seenAt = performance.now() + REOPENED;
    // A stop meanwhile interrupts the playing; nothing is wrong then.
    await this.#video.play().catch(() => {});
    this.#look(turn);
  }

  /** Close the camera: it lights a lamp, uses the battery, and films people. */
  stop() {
    this.#turn += 1;
    closeCamera(this.#video.srcObject);
    this.#video.srcObject = null;
  }

  #startDecoder() {
    const decoder = new Worker(new URL("./decoder.js", import.meta.url), { type: "module" });
    decoder.onerror = () => this.#onBroken();
    decoder.onmessage = ({ data }) => {
      if (data.failed) return this.#onBroken();
      this.#busy = false;
      if (data.text) this.#saw(data.text);
    };
    return decoder;
  }

  /** One frame at a time goes to the decoder; what comes meanwhile is dropped. */
  #look(turn) {
    nextFrame(this.#video, () => {
      if (turn !== this.#turn) return;
      if (!this.#busy && this.#video.videoWidth) this.#send();
      this.#look(turn);
    });
  }

  #send() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    this.#pen.drawImage(this.#video, 0, 0);
    const pixels = this.#pen.getImageData(0, 0, width, height).data.buffer;
    this.#busy = true;
    this.#decoder.postMessage({ pixels, width, height }, [pixels]);
  }

  #saw(text) {
    if (!this.#video.srcObject) return;
    const now = performance.now();
    const same = text === this.#last.text && now - this.#last.seenAt < SAME_SCAN;
    if (same || this.#onCode(text)) this.#last = { text, seenAt: now };
  }
}
