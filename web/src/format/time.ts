/**
 * Instants on the screen: the viewer's zone, always named, with UTC at hand. Two people who compare a screen with a file
 * must be able to see that they read different zones.
 */

/** The viewer's zone as IANA names it, such as `Europe/Berlin`. */
export const viewerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `12 Mar 2026, 14:05`, or with the zone `12 Mar 2026, 14:05 GMT+1`. */
export function instantText(
  instant: string,
  options: { readonly zone?: string; readonly named?: boolean } = {},
): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(options.zone === undefined ? {} : { timeZone: options.zone }),
    ...(options.named === true ? { timeZoneName: 'short' } : {}),
  }).format(new Date(instant));
}

/** `2026-03-12 13:05:00 UTC`. */
export const utcText = (instant: string): string =>
  `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** The first and last instant of the days of a filter, in UTC, the report zone; undefined for what is not a day. */
export function dayBounds(from: string | undefined, to: string | undefined): { from?: string; to?: string } {
  return {
    ...(isDay(from) ? { from: `${from}T00:00:00.000Z` } : {}),
    ...(isDay(to) ? { to: `${to}T23:59:59.999Z` } : {}),
  };
}

/** True for `YYYY-MM-DD` of a day that exists. */
export function isDay(text: string | undefined): text is string {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return Number.isFinite(parsed.getTime()) && parsed.toISOString().startsWith(text);
}
