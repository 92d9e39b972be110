// What the page says when the door cannot work as meant: a title and the way on.

/** Why this phone is no door any more, by the server's code. */
export const UNCOUPLED = {
  token_revoked: ["Deze telefoon is losgekoppeld", "De organisatie heeft de koppeling ingetrokken."],
  token_expired: ["De koppeling is verlopen", "De bijeenkomst waarvoor deze telefoon scande, is voorbij."],
  invalid_token: ["Deze telefoon is niet meer bekend", "Koppel hem opnieuw om verder te scannen."],
  no_storage: ["Deze browser bewaart niets", "Open een gewoon venster van Chrome of Safari, geen privévenster."],
};

/** Why the camera shows nothing. */
export const TROUBLE = {
  refused: [
    "De camera mag niet",
    "Tik op het slotje of op aA in de adresbalk en sta de camera toe. Code typen kan intussen ook.",
  ],
  absent: ["Geen camera gevonden", "Typ de code onder de QR-code, of gebruik een losse scanner bij Code typen."],
  busy: ["De camera geeft geen beeld", "Sluit andere apps die de camera gebruiken."],
  insecure: ["Zonder https geen camera", "Open deze pagina met https ervoor. Code typen kan wel."],
  decoder: ["Deze browser kan niet scannen", "Werk de browser bij. Code typen kan wel."],
};

const CANNOT_SCAN = { true: "Deze telefoon kan niet scannen, wel zoeken en codes typen.", false: "Deze telefoon kan niet scannen, wel codes typen." };

/** What a phone is good for, after a rehearsal in which these failed. */
export function ability(failed, { search }) {
  const has = (...steps) => steps.some((step) => failed.includes(step));
  if (failed.length === 0) return "Deze telefoon is klaar voor de deur.";
  if (has("storage")) return "Deze telefoon bewaart niets. Open een gewoon venster van Chrome of Safari, of neem een andere telefoon.";
  return [
    has("camera", "decoder") && CANNOT_SCAN[Boolean(search)],
    has("roster", "offline") && "Zonder internet werkt hij nog niet.",
    has("sound") && "U hoort geen toon: kijk bij elk ticket naar het scherm.",
  ].filter(Boolean).join(" ");
}

/** What a scan of this device did, for taking it back. */
export const ACTED = { admitted: "binnengelaten", overridden: "toch toegelaten", left: "naar buiten" };

/** What was heard of a welcome when it was too late to take it back. */
export const LATE = {
  unpaid: "welkom getoond, maar nog niet betaald of bevestigd.",
  cancelled: "welkom getoond, maar de aanmelding was geannuleerd.",
  replaced: "welkom getoond, maar het ticket was vervangen.",
  unknown: "welkom getoond, maar het ticket klopt niet. De balie weet ervan.",
  not_swapped: "binnengelaten in de plaats van een ander, maar dat kon niet. De balie weet ervan.",
};
