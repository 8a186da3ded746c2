import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Day } from '../../base/clock.ts';
import { HOLIDAY_CALENDARS } from './holidays.ts';
import { addWorkingDays, isWorkingDay } from './working-days.ts';

const after = (day: string, count: number, country: string) => addWorkingDays(day as Day, count, country);

test('weekends and holidays are left out, and the days after them roll on together', () => {
  assert.deepEqual(after('2026-11-24', 2, 'SG'), { day: '2026-11-26', known: true });
  for (const day of ['2026-11-27', '2026-11-28', '2026-11-29']) assert.equal(after(day, 2, 'SG').day, '2026-12-01');
  assert.equal(after('2026-09-29', 2, 'CN').day, '2026-10-08', 'all of the national holiday');
  assert.equal(after('2026-12-31', 1, 'JP').day, '2027-01-04', 'banks in Japan begin on the fourth');
});

test('a weekend that is worked in return for a holiday counts', () => {
  assert.equal(isWorkingDay('2026-10-10' as Day, 'CN'), true);
  assert.equal(isWorkingDay('2026-10-10' as Day, 'HK'), false);
});

test('a year or a calendar that is not known leaves out weekends only, and says so', () => {
  assert.deepEqual(after('2026-12-31', 1, 'CN'), { day: '2027-01-01', known: false });
  assert.deepEqual(after('2026-11-27', 1, 'MO'), { day: '2026-11-30', known: false });
  assert.equal(after('2026-12-30', 1, 'CN').known, true);
});

test('every day of the data is a day of its year, in order, and on a weekday', () => {
  for (const [country, { holidays, weekend }] of Object.entries(HOLIDAY_CALENDARS))
    for (const [year, days] of Object.entries(holidays)) {
      assert.deepEqual([...days].sort(), days, `${country} ${year}`);
      for (const day of days) {
        const date = new Date(`${year}-${day}T00:00:00Z`);
        assert.equal(date.toISOString().slice(5, 10), day);
        assert.ok(!weekend.includes(date.getUTCDay()), `${country} ${year}-${day}`);
      }
    }
});
