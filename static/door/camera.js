// The camera of this phone: opening it, closing it, and saying why it does not open.

const WANTED = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
};
const REASONS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
};

/** The camera did not open; `reason` is refused, absent, busy or insecure. */
export class NoCamera extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** The moving picture of the camera at the back. Rejects with NoCamera. */
export async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera(window.isSecureContext ? "absent" : "insecure");
  try {
    return await navigator.mediaDevices.getUserMedia(WANTED);
  } catch (error) {
    throw new NoCamera(REASONS[error.name] ?? "busy");
  }
}

export function closeCamera(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

/** Call back once with the next frame of a playing video. */
export function nextFrame(video, callback) {
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(callback);
  else setTimeout(callback, 60);
}
