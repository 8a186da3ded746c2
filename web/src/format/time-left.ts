/**
 * How long until an instant, in whole units, rounded down: `3 d 4 h`, `4 h 12 min`, `12 min`; null once it has passed. From
 * business time, which in the sandbox is not the clock of this machine.
 */
export function timeLeft(now: string, until: string): string | null {
  const minutes = Math.floor((Date.parse(until) - Date.parse(now)) / 60_000);
  if (minutes < 0) return null;
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
}

/** Less than this is shown as a matter for today. */
const SOON_MS = 3 * 86_400_000;

export const isSoon = (now: string, until: string): boolean => Date.parse(until) - Date.parse(now) < SOON_MS;
