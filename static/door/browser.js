// Which browser is this? Some apps open links in a window of their own that keeps nothing and has no camera.

const APPS = [
  [/\bInstagram\b/, "Instagram"],
  [/\bFB(?:AN|AV|_IAB)\b/, "Facebook"],
  [/\bLinkedInApp\b/, "LinkedIn"],
  [/\b(?:Teams(?:Mobile)?[-/]|MSTeams)/, "Teams"],
  [/\bOutlook(?:-iOS|-Android|Mobile)?\//, "Outlook"],
  [/\bWhatsApp\//, "WhatsApp"],
  [/\bSnapchat\b/, "Snapchat"],
  [/\b(?:musical_ly|BytedanceWebview|TikTok)\b/i, "TikTok"],
  [/\bTwitter for i/, "X"],
  [/\bGSA\//, "de Google-app"],
];
const IPHONE = /\b(?:iPhone|iPad|iPod)\b/;

/** The app in whose own window this is, "deze app" for one we do not know; "" in a browser. */
export function inApp(userAgent) {
  const known = APPS.find(([sign]) => sign.test(userAgent));
  if (known) return known[1];
  const nameless = IPHONE.test(userAgent) ? !/\bSafari\//.test(userAgent) : /; wv\)/.test(userAgent);
  return nameless ? "deze app" : "";
}

/** The browser to use instead. */
export function ownBrowser(userAgent) {
  return IPHONE.test(userAgent) ? "Safari" : "Chrome";
}

/** Say on this page what this browser is not good for: the window of an app, or on an iPhone a page of the home screen. */
export function warn({ standalone = navigator.standalone === true, userAgent = navigator.userAgent } = {}) {
  const app = inApp(userAgent);
  // A page on the home screen of an iPhone has no "Safari" in its name either, and is no app.
  const box = document.getElementById(standalone ? "on-home-screen" : app ? "in-app" : "on-iphone");
  if (!box || (!standalone && !app && !IPHONE.test(userAgent))) return;
  box.querySelectorAll("[data-app]").forEach((place) => (place.textContent = app));
  box.querySelectorAll("[data-browser]").forEach((place) => (place.textContent = ownBrowser(userAgent)));
  box.hidden = false;
}
