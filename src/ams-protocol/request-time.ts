/**
 * Request-Time and response-time: an opaque text inside what is signed, and an instant for freshness. The official clients
 * write it in five ways: epoch milliseconds (Java, Go), ISO 8601 with `+00:00` (Python), `+0000` (PHP), `Z` with seven decimals
 * (.NET), `Z` or an offset without decimals (documentation).
 */

const ISO = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})$/i;

/** Wall-clock milliseconds since 1970; null when it is none of the five. */
export function parseRequestTime(text: string): number | null {
  if (/^\d{13}$/.test(text)) return Number(text);
  const found = ISO.exec(text);
  if (found === null) return null;
  const [, day, time, fraction = '', zone] = found as unknown as [string, string, string, string | undefined, string];
  const offset = /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const ms = Date.parse(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`);
  return Number.isNaN(ms) ? null : ms;
}

/** ISO 8601 in UTC, to the second, as the documentation samples it. */
export const formatTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
