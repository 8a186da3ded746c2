/**
 * Made-up mid rates that look like a market: each currency has a usual rate against the dollar, wanders around it from day to
 * day by at most three percent, and moves within the day by at most three in a thousand. A rate follows from the seed, the
 * currency and the minute alone, so that it can be recalculated later. Integers all the way: units for one dollar, times 10⁸.
 */
import { createHash } from 'node:crypto';
import { MS_PER_DAY } from '../../src/base/clock.ts';
import type { Currency } from '../../src/base/currency.ts';

export const SCALE = 100_000_000n;
export const MINUTE_MS = 60_000;

/** Major units for one dollar, times 10⁸, as they usually are. */
const USUAL: Readonly<Partial<Record<Currency, bigint>>> = {
  USD: SCALE,
  EUR: 92_200_000n,
  GBP: 78_600_000n,
  CHF: 87_800_000n,
  JPY: 15_330_000_000n,
  CNY: 722_300_000n,
  HKD: 780_600_000n,
  MOP: 804_000_000n,
  KRW: 136_240_000_000n,
  SGD: 134_500_000n,
  MYR: 445_200_000n,
  THB: 3_521_000_000n,
  PHP: 5_747_000_000n,
  IDR: 1_589_800_000_000n,
  VND: 2_512_500_000_000n,
  TWD: 3_215_000_000n,
  MNT: 345_000_000_000n,
  KZT: 47_900_000_000n,
  UZS: 1_268_000_000_000n,
  PKR: 27_850_000_000n,
  INR: 8_396_000_000n,
  BRL: 551_900_000n,
  AUD: 152_700_000n,
  NZD: 166_300_000n,
  CAD: 137_200_000n,
  SEK: 1_054_900_000n,
  NOK: 1_085_800_000n,
  DKK: 688_200_000n,
  PLN: 395_100_000n,
  CZK: 2_331_000_000n,
  HUF: 36_364_000_000n,
  TRY: 3_289_500_000n,
  ILS: 368_300_000n,
  AED: 367_250_000n,
  SAR: 375_000_000n,
  MXN: 1_831_500_000n,
  ZAR: 1_808_300_000n,
  KWD: 30_730_000n,
  BHD: 37_700_000n,
};

// The table's keys are currencies; Object.keys forgets that.
export const QUOTED = Object.keys(USUAL) as readonly Currency[];

/** Hundredths of a thousandth that a rate may be away from the usual one, by the day and within it. */
const DAY_SPREAD = 3000n;
const MINUTE_SPREAD = 300n;

/** Units of the currency for one dollar in the minute of `ms` since 1970, times 10⁸. */
export function midRate(seed: string, currency: Currency, ms: number): bigint {
  const usual = USUAL[currency] ?? SCALE;
  if (currency === 'USD') return SCALE;
  const day = Math.floor(ms / MS_PER_DAY);
  const within = BigInt(Math.floor((ms % MS_PER_DAY) / MINUTE_MS));
  const minutes = BigInt(MS_PER_DAY / MINUTE_MS);
  const [from, to] = [wander(`${seed} ${currency} ${day}`), wander(`${seed} ${currency} ${day + 1}`)];
  // From day to day it glides; a jump at midnight would be no market.
  const daily = (DAY_SPREAD * (from * (minutes - within) + to * within)) / minutes / SCALE;
  const intraday = (MINUTE_SPREAD * wander(`${seed} ${currency} ${day} ${within}`)) / SCALE;
  return (usual * (100_000n + daily + intraday)) / 100_000n;
}

/** From −10⁸ to 10⁸, by the text alone. */
function wander(text: string): bigint {
  const bits = createHash('sha256').update(text).digest().readUInt32BE(0);
  return (BigInt(bits) * 2n * SCALE) / 4_294_967_295n - SCALE;
}

/** Eight decimals. */
export const rateText = (rate: bigint): string => `${rate / SCALE}.${String(rate % SCALE).padStart(8, '0')}`;
