/**
 * Travel seasons that growth is compared over, with their days in each year: what moves with the moon must not be compared by date. A
 * year that is not named is not compared.
 */
export interface Season {
  readonly name: string;
  /** First and last day, by year. */
  readonly days: Readonly<Record<string, readonly [from: string, to: string]>>;
}

const everyYear = (from: string, to: string): Season['days'] =>
  Object.fromEntries([2024, 2025, 2026, 2027].map((year) => [year, [`${year}-${from}`, `${year}-${to}`] as const]));

export const SEASONS = {
  /** The eve and the six days after it; new year's days as the Hong Kong Observatory lists them. */
  chinese_new_year: {
    name: 'Chinese New Year',
    days: {
      2024: ['2024-02-09', '2024-02-15'],
      2025: ['2025-01-28', '2025-02-03'],
      2026: ['2026-02-16', '2026-02-22'],
      2027: ['2027-02-05', '2027-02-11'],
    },
  },
  songkran: { name: 'Songkran', days: everyYear('04-13', '04-15') },
  golden_week_japan: { name: 'Golden Week (Japan)', days: everyYear('04-29', '05-05') },
  labour_day_china: { name: 'Labour Day (China)', days: everyYear('05-01', '05-05') },
  /** The day and one on each side. */
  mid_autumn: {
    name: 'Mid-Autumn Festival, Chuseok',
    days: {
      2024: ['2024-09-16', '2024-09-18'],
      2025: ['2025-10-05', '2025-10-07'],
      2026: ['2026-09-24', '2026-09-26'],
      2027: ['2027-09-14', '2027-09-16'],
    },
  },
  golden_week_china: { name: 'Golden Week (China)', days: everyYear('10-01', '10-07') },
  christmas: { name: 'Christmas', days: everyYear('12-24', '12-26') },
} as const satisfies Record<string, Season>;

export type SeasonKey = keyof typeof SEASONS;

/** Days of a season in a year, or null where they are not known. */
export const seasonIn = (key: SeasonKey, year: number): readonly [string, string] | null =>
  (SEASONS[key].days as Season['days'])[year] ?? null;
