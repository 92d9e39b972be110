// Is this one of our codes? The same forgiveness as the server's: case, spaces, O for 0, I and L for 1.

const LENGTH = 20;
const SHAPE = /^T[0-9A-HJKMNP-TV-Z]{19}$/;

/** The code as the server knows it, or null when it is not one of ours. */
export function normaliseCode(text) {
  if (text.length > 4 * LENGTH) return null;
  const letters = text.replace(/[\s\-.]/g, "").toUpperCase();
  const code = letters.slice(0, 1) + letters.slice(1).replaceAll("O", "0").replace(/[IL]/g, "1");
  return SHAPE.test(code) ? code : null;
}
