// Where does this phone stand? Pure: which event and which breakout it is time for.

// One goes to one's door this long before it begins.
const EARLY = 2 * 3600_000;
const SESSION_EARLY = 20 * 60_000;

/** Of several couplings the one whose event is on at this moment; the one given when none is, or it is itself. */
export function rightEvent(current, others, now) {
  const on = ({ starts, ends }) => Date.parse(starts) - EARLY <= now && now <= Date.parse(ends);
  if (!current || on(current)) return current;
  return others.filter(on).sort((one, other) => Date.parse(one.starts) - Date.parse(other.starts))[0] ?? current;
}

/**
 * The breakout for which this door lets in now: the one chosen, until another one in the same room is about to begin.
 * Without a room of its own, or before anybody chose, a door stays where it is.
 */
export function rightSession(sessions, chosen, now) {
  const current = sessions.find((one) => one.slug === chosen);
  if (!current?.room) return chosen;
  const turn = sessions
    .filter((one) => one.room === current.room && Date.parse(one.starts_at) - SESSION_EARLY <= now && now < Date.parse(one.ends_at))
    .sort((one, other) => Date.parse(other.starts_at) - Date.parse(one.starts_at));
  const over = now >= Date.parse(current.ends_at);
  const next = turn.find((one) => one.slug !== chosen && one.starts_at > current.starts_at);
  return next && (over || Date.parse(current.ends_at) - now <= SESSION_EARLY) ? next.slug : chosen;
}

/** The breakouts in the order in which somebody at a door looks for one: what is on or comes next before what is over. */
export function byTheClock(sessions, now) {
  const over = (one) => Number(now >= Date.parse(one.ends_at));
  return [...sessions].sort((one, other) => over(one) - over(other) || Date.parse(one.starts_at) - Date.parse(other.starts_at));
}
