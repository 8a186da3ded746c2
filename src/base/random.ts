/**
 * The only home of randomness. Secrets and ids use the system's generator; simulations use a seeded one, so that the
 * same seed gives the same actions.
 */
import { randomBytes as systemRandomBytes } from 'node:crypto';

const POOL_BYTES = 8192;
let pool = Buffer.alloc(0);
let used = 0;

/** Cryptographically strong bytes. Small ones come from a pool: asking the system costs more than making an id. */
export function randomBytes(length: number): Buffer {
  if (length > POOL_BYTES / 8) return systemRandomBytes(length);
  if (used + length > pool.length) {
    pool = systemRandomBytes(POOL_BYTES);
    used = 0;
  }
  used += length;
  return pool.subarray(used - length, used);
}

/** A URL-safe secret with `bytes` × 8 bits of entropy. */
export const randomSecret = (bytes = 24): string => systemRandomBytes(bytes).toString('base64url');

/** Decimal digits that nobody can guess, each as likely as the others (to 10⁻¹⁰ for at most 20 of them). */
export function randomDigits(count: number): string {
  const number = BigInt(`0x${randomBytes(16).toString('hex')}`) % 10n ** BigInt(count);
  return number.toString().padStart(count, '0');
}

/** A uniform fraction in [0, 1): jitter only, never money. */
export const randomFraction = (): number => Math.random();

export interface SeededRandom {
  /** A uniform fraction in [0, 1). */
  next(): number;
  /** A uniform integer from low to high, both included. */
  integer(low: number, high: number): number;
  pick<Value>(values: readonly Value[]): Value;
  /** True with the given probability (0..1). */
  chance(probability: number): boolean;
}

/** A small seeded generator (mulberry32) for simulations and stories. Not for secrets. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    integer,
    pick: (values) => values[integer(0, values.length - 1)] as (typeof values)[number],
    chance: (probability) => next() < probability,
  };
}
