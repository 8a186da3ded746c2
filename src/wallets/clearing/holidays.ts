/**
 * Holidays on which banks do not settle, by calendar: countries by their code, EU for payments in euro. Years that are named are known,
 * others are not (working-days.ts). Only days from Monday to Friday are listed, where the weekend is Saturday and Sunday.
 * Islamic and lunar holidays of coming years are computed ones: a government may still move them, and this file is then changed.
 */

export interface HolidayCalendar {
  /** Days of the week without work; Sunday is 0. */
  readonly weekend: readonly number[];
  readonly source: string;
  /** By year, as MM-DD. */
  readonly holidays: Readonly<Record<string, readonly string[]>>;
  /** Days of a weekend that are worked, in return for a holiday. */
  readonly workingWeekends: readonly string[];
}

export const SATURDAY_SUNDAY: readonly number[] = [6, 0];

/** npm date-holidays 3.37.0 (data CC BY 3.0), read on 2026-11-28: national holidays of the kinds public and bank. */
const NATIONAL = 'date-holidays 3.37.0, national public and bank holidays';

type Holidays = HolidayCalendar['holidays'];

const calendar = (source: string, holidays: Holidays, workingWeekends: readonly string[] = []): HolidayCalendar => ({
  weekend: SATURDAY_SUNDAY,
  source,
  holidays,
  workingWeekends,
});

/** Days as text, for a table that can be read. */
const days = (text: string): readonly string[] => text.split(' ');

export const HOLIDAY_CALENDARS: Readonly<Record<string, HolidayCalendar>> = {
  CN: calendar(
    'State Council, notices of holidays for 2025 and 2026; that of 2027 is not in it',
    {
      2025: days(
        '01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08',
      ),
      2026: days(
        '01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07',
      ),
    },
    days(
      '2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10',
    ),
  ),
  EU: calendar('European Central Bank, closing days of TARGET', {
    2025: days('01-01 04-18 04-21 05-01 12-25 12-26'),
    2026: days('01-01 04-03 04-06 05-01 12-25'),
    2027: days('01-01 03-26 03-29'),
  }),
  GB: calendar('GOV.UK, bank holidays of England and Wales', {
    2025: days('01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26'),
    2026: days('01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28'),
    2027: days('01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28'),
  }),
  HK: calendar(NATIONAL, {
    2025: days('01-01 01-29 01-30 01-31 04-04 04-18 04-21 05-01 05-05 07-01 10-01 10-07 10-29 12-25 12-26'),
    2026: days('01-01 02-17 02-18 02-19 04-03 04-06 04-07 05-01 05-25 06-19 07-01 10-01 10-19 12-25'),
    2027: days('01-01 02-08 02-09 03-26 03-29 04-05 05-13 06-09 07-01 09-16 10-01 10-08 12-27'),
  }),
  ID: calendar(NATIONAL, {
    2025: days('01-01 01-27 01-29 03-31 04-18 05-01 05-12 05-29 06-06 06-26 09-05 12-25'),
    2026: days('01-01 01-16 02-17 03-19 03-20 04-03 05-01 05-14 05-27 06-01 06-16 08-17 08-25 12-25'),
    2027: days('01-01 01-05 03-08 03-09 03-10 03-26 05-06 05-20 06-01 08-17'),
  }),
  IT: calendar(NATIONAL, {
    2025: days('01-01 01-06 04-21 04-25 05-01 06-02 08-15 12-08 12-25 12-26'),
    2026: days('01-01 01-06 04-06 05-01 06-02 12-08 12-25'),
    2027: days('01-01 01-06 03-29 06-02 10-04 11-01 12-08'),
  }),
  JP: calendar(NATIONAL, {
    2025: days(
      '01-01 01-02 01-03 01-13 02-11 02-24 03-20 04-29 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-24 12-31',
    ),
    2026: days(
      '01-01 01-02 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23 12-31',
    ),
    2027: days('01-01 01-11 02-11 02-23 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23 12-31'),
  }),
  KR: calendar(NATIONAL, {
    2025: days('01-01 01-29 01-30 01-31 03-03 05-05 05-06 06-06 08-15 10-03 10-06 10-07 10-08 10-09 12-25'),
    2026: days('01-01 02-17 02-18 02-19 03-02 05-05 05-25 07-17 08-17 09-24 09-25 10-05 10-09 12-25'),
    2027: days('01-01 02-08 02-09 03-01 05-05 05-13 07-19 08-16 09-14 09-15 09-16 10-04 10-11 12-27'),
  }),
  KZ: calendar(NATIONAL, {
    2025: days('01-01 01-02 01-07 03-10 03-21 03-24 03-25 05-01 05-07 05-09 06-06 07-07 09-01 10-27 12-16'),
    2026: days('01-01 01-02 01-07 03-09 03-16 03-23 03-24 05-01 05-07 05-11 05-27 07-06 10-26 12-16'),
    2027: days('01-01 01-04 01-07 03-08 03-15 03-22 03-23 05-03 05-07 05-10 07-06 10-25 12-16'),
  }),
  MY: calendar(NATIONAL, {
    2025: days('01-01 01-29 01-30 03-17 03-31 05-01 05-12 06-02 06-06 06-26 09-01 09-04 09-16 10-20 12-25'),
    2026: days('01-01 02-17 02-18 05-01 05-27 06-01 06-17 08-25 08-31 09-16 11-09 12-25'),
    2027: days('01-01 02-08 02-24 03-09 03-10 06-07 08-31 09-16 10-28'),
  }),
  PH: calendar(NATIONAL, {
    2025: days('01-01 04-09 04-17 04-18 05-01 06-06 06-12 08-25 12-25 12-30'),
    2026: days('01-01 03-20 04-02 04-03 04-09 05-01 05-27 06-12 08-31 11-30 12-25 12-30'),
    2027: days('01-01 03-09 03-25 03-26 04-09 08-30 11-30 12-30'),
  }),
  PK: calendar(NATIONAL, {
    2025: days('02-05 03-31 04-01 05-01 05-28 06-06 07-04 08-14 09-04 12-25'),
    2026: days('02-05 03-20 03-23 05-01 05-27 05-28 05-29 06-24 06-25 08-14 08-25 11-09 12-25'),
    2027: days('02-05 03-09 03-10 03-11 03-23 05-17 05-18 05-28 06-14 06-15 11-09'),
  }),
  SG: calendar(NATIONAL, {
    2025: days('01-01 01-29 01-30 03-31 04-18 05-01 05-12 10-20 12-25'),
    2026: days('01-01 02-17 02-18 04-03 05-01 05-27 06-01 08-10 11-09 12-25'),
    2027: days('01-01 02-08 03-09 03-26 08-09 10-28'),
  }),
  TH: calendar(NATIONAL, {
    2025: days('01-01 02-13 04-14 04-15 05-12 06-03 07-10 07-11 07-28 08-12 10-13 10-23 12-05 12-10 12-31'),
    2026: days('01-01 03-03 04-06 04-13 04-14 04-15 05-04 06-03 07-28 07-29 07-30 08-12 10-13 10-23 12-10 12-31'),
    2027: days('01-01 04-06 04-13 04-14 04-15 05-04 06-03 07-28 08-12 10-13 12-10 12-31'),
  }),
  US: calendar('Federal Reserve Banks, holiday schedule: one on a Saturday is not moved', {
    2025: days('01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25'),
    2026: days('01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25'),
    2027: days('01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25'),
  }),
  UZ: calendar(NATIONAL, {
    2025: days('01-01 03-10 03-21 03-31 05-09 06-06 09-01 10-01 12-08'),
    2026: days('01-01 03-09 03-20 03-23 05-11 05-27 09-01 10-01 12-08'),
    2027: days('01-01 03-08 03-09 03-22 05-10 05-17 09-01 10-01 12-08'),
  }),
  VN: calendar(NATIONAL, {
    2025: days('01-01 01-28 01-29 01-30 01-31 04-07 04-30 05-01 09-02'),
    2026: days('01-01 02-16 02-17 02-18 02-19 02-20 04-30 05-01 09-02'),
    2027: days('01-01 02-05 02-08 02-09 04-16 04-30 09-02'),
  }),
};
