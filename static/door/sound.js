// What the ear and the hand notice: a high tone and a short buzz for welcome, a low double tone and a long one for stop.

const TONES = {
  good: { notes: [[1320, 0, 0.14]], buzz: 60 },
  bad: { notes: [[220, 0, 0.2], [220, 0.28, 0.3]], buzz: [180, 80, 320] },
  wait: { notes: [[440, 0, 0.12], [330, 0.18, 0.2]], buzz: [100, 60, 100] },
};

let context = null;
let on = true;

/** Ask for sound within a tap: browsers allow it only then. */
export function wakeSound() {
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!Context) return;
  context ??= new Context();
  if (context.state === "suspended") context.resume().catch(() => {});
}

export function switchSound(wanted) {
  on = wanted;
}

/** Play and buzz what belongs to this tone of verdict; unknown tones are silent. */
export function sound(tone) {
  const wanted = on && TONES[tone];
  if (!wanted) return;
  navigator.vibrate?.(wanted.buzz);
  if (context?.state === "running") wanted.notes.forEach(([pitch, start, length]) => note(pitch, start, length));
}

function note(pitch, start, length) {
  const begin = context.currentTime + start;
  const volume = context.createGain();
  volume.gain.setValueAtTime(0.5, begin);
  volume.gain.exponentialRampToValueAtTime(0.001, begin + length);
  const tone = context.createOscillator();
  tone.type = "square";
  tone.frequency.value = pitch;
  tone.connect(volume).connect(context.destination);
  tone.start(begin);
  tone.stop(begin + length);
}
