/**
 * Cut-offs. The sandbox's banks work Monday to Friday without holidays, in UTC, so that a story's dates are the same every
 * year. All arithmetic is on milliseconds since 1970 in UTC.
 */
import { type Day, dayOf, instant, MS_PER_DAY } from '../../src/base/clock.ts';

/** Milliseconds after midnight UTC. */
export const timeOfDay = (hours: number, minutes = 0): number => (hours * 60 + minutes) * 60_000;

export const dayOfMs = (ms: number): Day => dayOf(instant(ms));

/** Midnight UTC at the start of a day. */
export const startOf = (day: Day): number => Date.parse(`${day}T00:00:00.000Z`);

/** The first instant strictly after `ms` at this time of day. */
export function nextDaily(ms: number, ofDay: number): number {
  const today = startOfDayMs(ms) + ofDay;
  return today > ms ? today : today + MS_PER_DAY;
}

/** The first instant strictly after `ms` at this time of a working day. */
export function nextWorking(ms: number, ofDay: number): number {
  let next = nextDaily(ms, ofDay);
  while (!isWorkingDay(next)) next += MS_PER_DAY;
  return next;
}

/** `count` working days after `ms`, at this time of day. */
export function addWorkingDays(ms: number, count: number, ofDay: number): number {
  let day = startOfDayMs(ms);
  for (let left = count; left > 0; ) {
    day += MS_PER_DAY;
    if (isWorkingDay(day)) left -= 1;
  }
  return day + ofDay;
}

export function isWorkingDay(ms: number): boolean {
  // 1970-01-01 was a Thursday; 0 is Sunday.
  const weekday = (Math.floor(ms / MS_PER_DAY) + 4) % 7;
  return weekday !== 0 && weekday !== 6;
}

const startOfDayMs = (ms: number): number => ms - (ms % MS_PER_DAY);
