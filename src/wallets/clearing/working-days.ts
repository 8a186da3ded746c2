/**
 * Working days by country: weekends and public holidays, as data with its source and its years (holidays.ts). A year that the data
 * does not have is one of which only the weekends are known: the day is still found, because money must move, and the
 * answer says so, so that a person sees it.
 */
import { addDays, type Day, dayOf, instant } from '../../base/clock.ts';
import { HOLIDAY_CALENDARS, SATURDAY_SUNDAY } from './holidays.ts';

export interface WorkingDay {
  readonly day: Day;
  /** False: the holidays of a year on the way are not known, or there is no such calendar. */
  readonly known: boolean;
}

/** `count` working days after `day`, which need not be one itself. `country`: ISO 3166-1 alpha-2. */
export function addWorkingDays(day: Day, count: number, country: string): WorkingDay {
  let found = day;
  let known = true;
  for (let left = count; left > 0; ) {
    found = dayOf(addDays(startOf(found), 1));
    known &&= isYearKnown(found, country);
    if (isWorkingDay(found, country)) left -= 1;
  }
  return { day: found, known };
}

export function isWorkingDay(day: Day, country: string): boolean {
  const calendar = HOLIDAY_CALENDARS[country];
  if (calendar?.workingWeekends.includes(day) === true) return true;
  const weekday = new Date(startOf(day)).getUTCDay();
  if ((calendar?.weekend ?? SATURDAY_SUNDAY).includes(weekday)) return false;
  return calendar?.holidays[yearOf(day)]?.includes(day.slice(5)) !== true;
}

export const isYearKnown = (day: Day, country: string): boolean =>
  HOLIDAY_CALENDARS[country]?.holidays[yearOf(day)] !== undefined;

const yearOf = (day: Day): string => day.slice(0, 4);
const startOf = (day: Day) => instant(Date.parse(`${day}T00:00:00.000Z`));
