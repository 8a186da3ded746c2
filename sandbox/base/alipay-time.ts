/** Instants and days as Alipay+ counts and writes them: in UTC+8, wherever the reader is. */

const UTC8_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** To the second. */
export const timeText = (ms: number): string => `${new Date(ms + UTC8_MS).toISOString().slice(0, 19)}+08:00`;

/** Midnight in UTC+8 at the start of the day after the one that `ms` is in. */
export const nextDayUtc8 = (ms: number): number => (Math.floor((ms + UTC8_MS) / DAY_MS) + 1) * DAY_MS - UTC8_MS;

/** The first instant of the calendar year in UTC+8. */
export function yearStartUtc8(ms: number): number {
  return Date.UTC(new Date(ms + UTC8_MS).getUTCFullYear(), 0, 1) - UTC8_MS;
}

/** `2026-11-28 17:30 UTC+8`. */
export const clockText = (ms: number): string => `${timeText(ms).slice(0, 16).replace('T', ' ')} UTC+8`;

/** `2026-11-28` of the day in UTC+8 that `ms` is in. */
export const dayText = (ms: number): string => timeText(ms).slice(0, 10);
