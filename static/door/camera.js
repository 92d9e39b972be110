// The camera of this phone: opening it, closing it, its lamp, and saying why it does not open.

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };
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

/** The moving picture of this camera, or of the one at the back. Rejects with NoCamera. */
export async function openCamera(deviceId) {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera(window.isSecureContext ? "absent" : "insecure");
  const which = deviceId ? { deviceId: { ideal: deviceId } } : { facingMode: { ideal: "environment" } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...SIZE } });
  } catch (error) {
    throw new NoCamera(REASONS[error.name] ?? "busy");
  }
}

export function closeCamera(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

/** The cameras of this phone, [{id, label}]; they have names only once one was allowed. */
export async function cameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return devices
    .filter(({ kind, deviceId }) => kind === "videoinput" && deviceId)
    .map(({ deviceId, label }, number) => ({ id: deviceId, label: label || `Camera ${number + 1}` }));
}

/** Whether the camera that looks now has a lamp of its own. */
export function hasLamp(stream) {
  return Boolean(stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
}

export async function switchLamp(stream, on) {
  await stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: on }] });
}

/** Call back once with the next frame of a playing video. */
export function nextFrame(video, callback) {
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(callback);
  else setTimeout(callback, 60);
}
